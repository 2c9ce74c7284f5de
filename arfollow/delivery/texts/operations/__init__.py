"""Writes of text messages: what gateways report, and what customers wrote."""

from arfollow.delivery.texts.operations.receiving import (
    AlreadySettledError,
    assign,
    put_aside,
    receive,
)
from arfollow.delivery.texts.operations.reporting import TooEarlyError, UnknownMessageError, report

__all__ = [
    "AlreadySettledError",
    "TooEarlyError",
    "UnknownMessageError",
    "assign",
    "put_aside",
    "receive",
    "report",
]
