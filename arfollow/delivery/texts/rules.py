"""What a gateway tells: reports of what became of text messages, and those that customers wrote. Pure."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from arfollow.receivables.rules.numbers import Owner
from arfollow.values.phones import PhoneError, parse_number

REPORT, TEXT = "report", "text"
"""The kinds of requests that a gateway signs."""

LARGEST = 65_536
"""Bytes that a request of a gateway may have."""

_LONGEST_NAME = 200
_LONGEST_SENDER = 40
_LONGEST_TEXT = 5000


class Fate(StrEnum):
    """What became of a text message on its way to the telephone."""

    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"


class PayloadError(ValueError):
    """The request does not say what it has to; the message says which field is wrong, for whoever connects the gateway."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What became of a text message: of that which the gateway calls `id`, or we `reference`. One of them may be empty."""

    id: str
    reference: str
    fate: Fate
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text message that came in. `sender`: its number as E.164, or what stands in its place."""

    id: str
    sender: str
    recipient: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """In which company a text message belongs, and to which of its customers; None: nobody knows."""

    company_id: int
    customer_id: int | None


def report_of(body: bytes) -> Report:
    """The report in the body of a request; raise PayloadError."""
    told = _object(body)
    id_, reference = _text(told, "id"), _text(told, "reference")
    if not id_ and not reference:
        raise PayloadError("Give id (what you call the message) or reference (the id that we sent).")
    try:
        fate = Fate(_text(told, "status"))
    except ValueError:
        raise PayloadError('status has to be "delivered" or "undelivered".') from None
    return Report(id=id_, reference=reference, fate=fate, reason=_text(told, "reason", longest=500))


def text_of(body: bytes, *, now: datetime) -> Text:
    """The text message in the body of a request, of now at the latest; raise PayloadError."""
    told = _object(body)
    id_, sender = _text(told, "id"), _text(told, "from", longest=_LONGEST_SENDER)
    if not id_ or not sender:
        raise PayloadError("Give id and from.")
    return Text(
        id=id_,
        sender=_number(sender),
        recipient=_number(_text(told, "to", longest=_LONGEST_SENDER)),
        text=_text(told, "text", longest=_LONGEST_TEXT),
        at=min(_instant(_text(told, "at")), now),
    )


def whose(
    owners: Collection[Owner], *, written_to: Owner | None, company_ids: Collection[int]
) -> Whose | None:
    """Whose a text message is. `owners` have its number; `written_to`: whom the last one to that number was for; None: no company.

    A number that several customers of the company share tells nobody's name. One that nobody has any more belongs to whom it was
    written for. What tells no company goes to the first.
    """
    companies = {owner.company_id for owner in owners}
    if written_to is not None and (not companies or written_to.company_id in companies):
        company_id = written_to.company_id
    elif companies or company_ids:
        company_id = min(companies or company_ids)
    else:
        return None
    known = {owner.customer_id for owner in owners if owner.company_id == company_id}
    if not known and written_to is not None:
        known = {written_to.customer_id}
    return Whose(company_id=company_id, customer_id=next(iter(known)) if len(known) == 1 else None)


def step_of(key: str) -> tuple[int, str] | None:
    """Enrolment and step of a workflow's delivery, by its key `workflow:<enrolment>:<path>:<step>:<round>`; None: it is none."""
    match key.split(":"):
        case ["workflow", enrolment, _, step, _] if enrolment.isdecimal():
            return int(enrolment), step
    return None


def _object(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise PayloadError("The body has to be a JSON object in UTF-8.")
    return told


def _text(told: dict[str, Any], name: str, *, longest: int = _LONGEST_NAME) -> str:
    value = told.get(name)
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or len(value) > longest:
        raise PayloadError(f"{name} has to be a text of at most {longest} characters.")
    # Neither database keeps all that JSON can say.
    return "".join(
        c for c in value if c == "\n" or (c.isprintable() and not "\ud800" <= c <= "\udfff")
    ).strip()


def _number(text: str) -> str:
    try:
        return parse_number(text, country="")
    except PhoneError:
        return text


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise PayloadError("at has to be an instant such as 2026-11-29T09:30:00Z.") from None
    if found.tzinfo is None:
        raise PayloadError("at has to say its time zone, such as 2026-11-29T09:30:00Z.")
    try:
        return found.astimezone(UTC)
    except OverflowError:
        raise PayloadError("at lies outside the calendar.") from None
