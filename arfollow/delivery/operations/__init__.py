"""Writes of the outbox, by who asks for them: callers, the worker, people who decide."""

from arfollow.delivery.operations.deciding import AlreadyDecidedError, give_up, resend, sent_after_all
from arfollow.delivery.operations.letters import add_letter, discard_letter, letter_returned, post_letters
from arfollow.delivery.operations.notices import queue_notice
from arfollow.delivery.operations.queueing import AlreadyQueuedError, NotQueuedError, cancel, enqueue
from arfollow.delivery.operations.sending import (
    LeaseLostError,
    begin_sending,
    cancel_claimed,
    claim,
    expire,
    keep_letter,
    put_back,
    release,
    settle,
)

__all__ = [
    "AlreadyDecidedError",
    "AlreadyQueuedError",
    "LeaseLostError",
    "NotQueuedError",
    "add_letter",
    "begin_sending",
    "cancel",
    "cancel_claimed",
    "claim",
    "discard_letter",
    "enqueue",
    "expire",
    "give_up",
    "keep_letter",
    "letter_returned",
    "post_letters",
    "put_back",
    "queue_notice",
    "release",
    "resend",
    "sent_after_all",
    "settle",
]
