"""Rules of the outbox: states, back-off, what an answer means, a message's lasting id."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum


class State(StrEnum):
    """Where a delivery stands; DESIGN 3.7. The last three are a letter's, which leaves by hand; a text message comes back, too."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    CANCELLED = "cancelled"
    PRINTED = "printed"
    POSTED = "posted"
    RETURNED = "returned"


class Cause(StrEnum):
    """Why a message was not taken, as far as somebody who sets up mail can do something about it."""

    ANSWER = "answer"
    NO_HOST = "no host"
    UNREACHABLE = "unreachable"
    TIMED_OUT = "timed out"
    TLS = "tls"
    LOGIN = "login"
    BROKEN_OFF = "broken off"
    FOLDER = "folder"
    NOT_SET_UP = "not set up"


FOLLOWING: dict[State, frozenset[State]] = {
    State.QUEUED: frozenset({State.SENDING, State.CANCELLED, State.FAILED, State.PRINTED}),
    State.SENDING: frozenset({State.SENT, State.FAILED, State.UNCERTAIN, State.QUEUED}),
    State.UNCERTAIN: frozenset({State.SENT, State.RETURNED}),
    State.SENT: frozenset({State.RETURNED}),
    State.FAILED: frozenset(),
    State.CANCELLED: frozenset(),
    State.PRINTED: frozenset({State.POSTED, State.CANCELLED}),
    State.POSTED: frozenset({State.RETURNED}),
    State.RETURNED: frozenset({State.SENT}),
}
"""The states that may follow each; a queued one fails when it cannot be built, and is printed if it is a letter that the
worker writes; an uncertain one is sent by decision only.

A text message comes back when its gateway reports that it was not delivered; that it was, told later, counts more."""

OPEN_QUESTIONS = frozenset({State.FAILED, State.UNCERTAIN, State.RETURNED})
"""States that keep a customer from escalating until somebody decides."""

WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(hours=6),
    timedelta(hours=12),
)
MAX_ATTEMPTS = len(WAITS) + 1

_PERMANENT = 5
_JITTER = 0.2
_MAIL_ACCEPTED = 250


@dataclass(frozen=True, kw_only=True)
class Sent:
    """The other side has taken the message over. `reference`: what it calls the message, where it names it in later reports."""

    answer: str = ""
    reference: str = ""


@dataclass(frozen=True, kw_only=True)
class Refused:
    """The message was certainly not taken; `permanent`: trying again cannot help. By default the server itself has answered so."""

    answer: str
    permanent: bool
    cause: Cause = field(default=Cause.ANSWER, compare=False)


@dataclass(frozen=True, kw_only=True)
class Doubtful:
    """Nobody can tell whether the message was taken."""

    answer: str


Outcome = Sent | Refused | Doubtful


def may_follow(before: State, after: State) -> bool:
    """Whether a delivery may go from `before` to `after`."""
    return after in FOLLOWING[before]


def wait_after(attempts: int, *, jitter: float) -> timedelta | None:
    """How long to wait after that many attempts (1 or more), None: no more; `jitter` from 0 to 1 adds up to a fifth."""
    if attempts >= MAX_ATTEMPTS:
        return None
    return WAITS[attempts - 1] * (1 + _JITTER * jitter)


def outcome_of(code: int, answer: str, *, handed_over: bool) -> Outcome:
    """What an SMTP answer means; `handed_over`: the final dot has left, from where on only a clear refusal is one.

    Source: RFC 5321, 4.2.1 and 4.5.3.2.6.
    """
    if code // 100 in (4, 5):
        return Refused(answer=answer, permanent=code // 100 == _PERMANENT)
    if not handed_over:
        return Refused(answer=answer, permanent=False)
    return Sent(answer=answer) if code == _MAIL_ACCEPTED else Doubtful(answer=answer)


def message_id(*, key: str, domain: str) -> str:
    """The Message-ID of the delivery with this key: always the same, so that mail servers can drop a second copy."""
    digest = hashlib.sha256(key.encode()).hexdigest()[:40]
    return f"<{digest}@{domain}>"


def identity_of(message_id: str) -> str:
    """What of a Message-ID tells one message from all others."""
    return message_id.strip("<>").partition("@")[0]


def domain_of(*, email: str, website: str) -> str:
    """The ASCII domain a company's Message-IDs end in; one that cannot exist where it has neither address nor site."""
    host = email.rpartition("@")[2] or website.partition("//")[2].partition("/")[0] or website
    try:
        return host.strip().rstrip(".").lower().encode("idna").decode("ascii") or "arfollow.invalid"
    except UnicodeError:
        return "arfollow.invalid"


def key_of_next_copy(key: str) -> str:
    """The key under which a delivery is sent again: one per delivery, so that two clicks make one copy."""
    root, _, number = key.partition(":again:")
    return f"{root}:again:{int(number or 0) + 1}"
