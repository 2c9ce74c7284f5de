"""The filters of the company-wide page, from its address."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from flask import request
from flask_babel import lazy_gettext as _
from flask_babel import to_utc
from wtforms import DateField, HiddenField, SearchField, SelectField
from wtforms.validators import Optional

from arfollow.chatter.kinds import Kind
from arfollow.chatter.presentation import KINDS
from arfollow.chatter.queries import Filters, Person
from arfollow.chatter.rules import storable
from arfollow.chatter.words import who_words
from arfollow.web.forms import Form

LARGEST_ID = 2**31 - 1
_LONGEST_SEARCH = 200


class FilterForm(Form):
    """Which entries to show; what can't be read filters nothing."""

    words = SearchField(_("Search"))
    kind = SelectField(_("Kind"), [Optional(strip_whitespace=False)])
    person = SelectField(_("Person"), [Optional(strip_whitespace=False)])
    since = DateField(_("From"), [Optional()])
    until = DateField(_("To"), [Optional()])
    customer = HiddenField()

    @classmethod
    def of_request(cls, people: Sequence[Person]) -> FilterForm:
        """The form of this address, offering these people."""
        form = cls(request.args)
        form.kind.choices = [("", _("All")), *((kind.value, name) for kind, name in KINDS.items())]
        form.person.choices = [
            ("", _("Everybody")),
            *((person.digest, who_words(person.name)) for person in people),
        ]
        form.validate()
        return form

    def filters(self) -> Filters:
        """What they let through; days are those of the company's time zone, both included."""
        kind = None if self.kind.errors or not self.kind.data else Kind(self.kind.data)
        until = None if self.until.errors else self.until.data
        return Filters(
            kind=kind,
            person=None if self.person.errors else self.person.data or None,
            customer_id=_customer_id(self.customer.data or ""),
            since=None if self.since.errors else _midnight(self.since.data),
            until=_midnight(until, days=1),
            words=storable(self.words.data or "")[:_LONGEST_SEARCH],
        )


def _customer_id(text: str) -> int | None:
    """The id; None for what can't be one."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < len(str(LARGEST_ID)) else 0
    return number or None


def _midnight(day: date | None, *, days: int = 0) -> datetime | None:
    """When the day, or one some days after, begins where the company is; None beyond the calendar's ends."""
    if day is None:
        return None
    try:
        start: datetime = to_utc(datetime.combine(day + timedelta(days=days), time()))
    except OverflowError:
        return None
    return start.replace(tzinfo=UTC)
