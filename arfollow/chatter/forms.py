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
from arfollow.web.forms import Form


class FilterForm(Form):
    """Which entries to show; what can't be read filters nothing."""

    words = SearchField(_("Search"))
    kind = SelectField(_("Kind"), [Optional()])
    person = SelectField(_("Person"), [Optional()])
    since = DateField(_("From"), [Optional()])
    until = DateField(_("To"), [Optional()])
    customer = HiddenField()

    @classmethod
    def of_request(cls, people: Sequence[Person]) -> FilterForm:
        """The form of this address, offering these people."""
        form = cls(request.args)
        form.kind.choices = [("", _("All")), *((kind.value, name) for kind, name in KINDS.items())]
        form.person.choices = [("", _("Everybody")), *((person.digest, person.name) for person in people)]
        form.validate()
        return form

    def filters(self) -> Filters:
        """What they let through; days are those of the company's time zone, both included."""
        customer = self.customer.data or ""
        until = None if self.until.errors else self.until.data
        return Filters(
            kind=None if self.kind.errors else Kind(self.kind.data) if self.kind.data else None,
            person=None if self.person.errors else self.person.data or None,
            customer_id=int(customer) if customer.isascii() and customer.isdigit() else None,
            since=_midnight(None if self.since.errors else self.since.data),
            until=_midnight(until + timedelta(days=1) if until else None),
            words=self.words.data or "",
        )


def _midnight(day: date | None) -> datetime | None:
    """When the day begins where the company is."""
    return None if day is None else to_utc(datetime.combine(day, time())).replace(tzinfo=UTC)
