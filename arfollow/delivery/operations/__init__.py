"""Writes of the outbox, by who asks for them: callers, the worker, people who decide."""

from arfollow.delivery.operations.deciding import AlreadyDecidedError, give_up, resend, sent_after_all
from arfollow.delivery.operations.queueing import AlreadyQueuedError, NotQueuedError, cancel, enqueue
from arfollow.delivery.operations.sending import (
    LeaseLostError,
    begin_sending,
    cancel_claimed,
    claim,
    expire,
    put_back,
    settle,
)

__all__ = [
    "AlreadyDecidedError",
    "AlreadyQueuedError",
    "LeaseLostError",
    "NotQueuedError",
    "begin_sending",
    "cancel",
    "cancel_claimed",
    "claim",
    "enqueue",
    "expire",
    "give_up",
    "put_back",
    "resend",
    "sent_after_all",
    "settle",
]
