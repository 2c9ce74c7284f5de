"""What the engine may look at of customers, read for many at once; `rules/facts.py` says what each fact is.

What events told is added by the engine.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.companies.tables import Company
from arfollow.profiles.queries import NOTHING_KNOWN, Happened, Profile, events_since, profiles
from arfollow.receivables.queries.accounts import accounts
from arfollow.receivables.queries.customers import CustomerCard, cards_of
from arfollow.receivables.queries.numbers import mobiles
from arfollow.receivables.rules.accounts import Account
from arfollow.workflows.queries.answering import with_what_they_answer
from arfollow.workflows.queries.kept import (
    Campaign,
    Purchases,
    due_dates,
    names_of_workflows,
    purchases,
)
from arfollow.workflows.queries.kept import campaigns as campaigns_named
from arfollow.workflows.rules.conditions import Facts, Value
from arfollow.workflows.rules.engine import Known
from arfollow.workflows.rules.facts import Event
from arfollow.workflows.rules.waits import Hours, Place

_OF_CUSTOMER = tuple("number name country language currency city postal_code".split())
_OF_CAMPAIGN = ("day", "time", "place")
CLOSED = "closed"
"""The field of the company's own that says that an account is closed: since a day, or with any word but a no."""

_NO = frozenset({"", "0", "no", "false", "nein", "non"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """All that was read of one company's customers. `events`: since the earliest of them entered."""

    company: Company
    cards: Mapping[int, CustomerCard]
    profiles: Mapping[int, Profile]
    events: Mapping[int, Sequence[Happened]]
    today: date
    mobiles: Mapping[int, str] = field(default_factory=dict)
    accounts: Mapping[int, Account] = field(default_factory=dict)
    purchases: Mapping[int, Purchases] = field(default_factory=dict)
    workflows: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    due_dates: Mapping[tuple[int, str], date] = field(default_factory=dict)
    campaigns: Mapping[str, Campaign] = field(default_factory=dict)

    def known(self, customer_id: int, *, key: str, since: datetime, enrolment_id: int | None = None) -> Known:
        """What is known of one whose events count from then on, about that key; `enrolment_id`: None: it is in nothing yet."""
        happened = [each for each in self.events.get(customer_id, ()) if each.at >= since]
        return Known(
            facts=self._facts(customer_id, key),
            events=[Event(kind=each.kind, at=each.at, of=each.of, facts=each.data) for each in happened],
            place=self.place(customer_id),
            quiet=self.quiet,
            key=key,
            enrolment=str(enrolment_id or ""),
        )

    @property
    def quiet(self) -> Hours:
        """When the company sends no text messages."""
        return Hours(
            first=self.company.texts_until,
            last=self.company.texts_from,
            days_of_rest=not self.company.texts_on_days_of_rest,
        )

    def place(self, customer_id: int) -> Place:
        """The customer's own time zone where a field names one that there is, and its country; else the company's."""
        own = str(self.profiles.get(customer_id, NOTHING_KNOWN).fields.get("timezone", ""))
        return Place(
            timezone=own if _is_timezone(own) else self.company.timezone,
            country=self.cards[customer_id].country or self.company.country,
        )

    def _facts(self, customer_id: int, key: str) -> Facts:
        card = self.cards[customer_id]
        profile = self.profiles.get(customer_id, NOTHING_KNOWN)
        facts: dict[str, Value] = {f"customer.{name}": getattr(card, name) for name in _OF_CUSTOMER}
        facts["customer.email"] = card.mailbox.email
        facts["customer.mobile"] = self.mobiles.get(customer_id, "")
        facts["customer.closed"] = _is_closed(profile, self.today)
        facts |= {f"field.{name}": value for name, value in profile.fields.items()}
        facts |= {f"consent.{channel}": given for channel, given in profile.consents.items()}
        facts["lists"] = profile.lists
        facts["workflows"] = self.workflows.get(customer_id, ())
        bought = self.purchases.get(customer_id, Purchases())
        facts |= {"purchases.first": bought.first, "purchases.last": bought.last}
        if campaign := self.campaigns.get(key):
            facts["campaign.name"] = key
            facts |= {f"campaign.{name}": getattr(campaign, name) for name in _OF_CAMPAIGN}
        if customer_id in self.accounts:
            facts |= self._money(customer_id, key)
        return facts

    def _money(self, customer_id: int, key: str) -> dict[str, Value]:
        items = self.accounts[customer_id].items
        own = [item for item in items if item.currency == self.company.currency]
        facts: dict[str, Value] = {
            "money.open": sum(item.residual for item in own),
            "money.overdue": sum(item.residual for item in own if item.overdue(self.today)),
            "money.owes": any(item.overdue(self.today) for item in items),
        }
        due = self.due_dates.get((customer_id, key))
        if due is not None:
            about = [item for item in items if item.invoice == key]
            facts["invoice.due_date"] = due
            facts["invoice.open"] = sum(item.residual for item in about)
            facts["invoice.paid"] = not about
        return facts


def snapshot(
    session: Session,
    *,
    company_id: int,
    customer_ids: Collection[int],
    since: datetime,
    today: date,
    until: datetime | None = None,
    keys: Collection[str] = (),
    asked: Collection[str] | None = None,
) -> Snapshot:
    """What is known of these customers of the company today, with what happened to them since then.

    `until`: what happened later is not known yet. `keys`: what enrolments are about, such as invoices and campaigns.
    `asked`: the names of the facts that somebody looks at; what takes a while to read is left out if it is not among them.
    """
    ids = sorted(customer_ids)
    about = sorted({key for key in keys if key})
    asks = _Asks(asked)
    money = asks.any("money.", "invoice.")
    return Snapshot(
        company=session.scalars(select(Company).where(Company.id == company_id)).one(),
        cards=cards_of(session, company_id=company_id, customer_ids=ids),
        profiles=profiles(session, customer_ids=ids),
        events=with_what_they_answer(
            session, events_since(session, customer_ids=ids, since=since, until=until)
        ),
        today=today,
        mobiles=mobiles(session, customer_ids=ids) if asks.any("customer.mobile") else {},
        accounts=accounts(session, customer_ids=ids, day=today) if money else {},
        purchases=purchases(session, customer_ids=ids, today=today) if asks.any("purchases.") else {},
        workflows=names_of_workflows(session, customer_ids=ids) if asks.any("workflows") else {},
        due_dates=due_dates(session, customer_ids=ids, numbers=about) if asks.any("invoice.") else {},
        campaigns=campaigns_named(session, company_id=company_id, names=about)
        if asks.any("campaign.")
        else {},
    )


@dataclass(frozen=True, slots=True)
class _Asks:
    names: Collection[str] | None

    def any(self, *beginnings: str) -> bool:
        """Whether a fact is asked for whose name begins like this."""
        return self.names is None or any(name.startswith(beginnings) for name in self.names)


def _is_closed(profile: Profile, today: date) -> bool:
    since = profile.fields.get(CLOSED, "")
    return since <= today if isinstance(since, date) else since.casefold() not in _NO


def _is_timezone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return bool(name)
