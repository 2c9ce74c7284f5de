"""What a gateway's answer means; DESIGN 3.7. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from arfollow.delivery.causes import words
from arfollow.delivery.rules import Cause, Doubtful, Outcome, Refused, Sent

LONGEST_REFERENCE = 200

_ABOUT_US = frozenset(
    {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.PROXY_AUTHENTICATION_REQUIRED}
)
_NOT_NOW = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})
_ELSEWHERE = frozenset(
    {
        HTTPStatus.MOVED_PERMANENTLY,
        HTTPStatus.FOUND,
        HTTPStatus.TEMPORARY_REDIRECT,
        HTTPStatus.PERMANENT_REDIRECT,
    }
)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A gateway's answer. `retries`: it says when to come again, which only who has taken nothing does."""

    status: int
    body: bytes
    retries: bool = False


def outcome_of_answer(answer: Answer) -> Outcome:
    """Whether the gateway has the message. What it does not say clearly is in doubt: nothing is sent twice."""
    said = f"{answer.status} {words(answer.body)}".strip()
    told = _told(answer.body)
    match answer.status // 100:
        case 2:
            return Sent(answer=said, reference=_reference(told))
        case 3 if answer.status in _ELSEWHERE:
            refusal = f"{answer.status} It sends us to another address, where we do not follow."
            return Refused(answer=refusal, permanent=False)
        case 4 if answer.status in _ABOUT_US:
            return Refused(answer=said, permanent=False, cause=Cause.LOGIN)
        case 4:
            return Refused(answer=said, permanent=answer.status not in _NOT_NOW)
        case 5 if answer.status == HTTPStatus.SERVICE_UNAVAILABLE and _is_refusal(answer, told):
            return Refused(answer=said, permanent=False)
    return Doubtful(answer=said)


def _is_refusal(answer: Answer, told: dict[str, Any]) -> bool:
    return answer.retries or told.get("accepted") is False


def _told(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _reference(told: dict[str, Any]) -> str:
    named = told.get("id")
    # A number that is no text is a name all the same; True is one, too, for Python.
    is_name = isinstance(named, str | int) and not isinstance(named, bool)
    return str(named) if is_name and len(str(named)) <= LONGEST_REFERENCE else ""
