"""What the engine may look at of customers, read for many at once.

Facts: `customer.number name country language currency city postal_code` · `field.NAME` of the company's own, text or a day ·
`lists`: names · `consent.CHANNEL` · `money.open money.overdue`: minor units of the company's currency, and `money.owes`: whether
anything is overdue in any · `invoice.open` and `invoice.paid` of the invoice that the enrolment is about. What events told is
added by the engine.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.companies.tables import Company
from arfollow.profiles.queries import NOTHING_KNOWN, Happened, Profile, events_since, profiles
from arfollow.receivables.queries.accounts import accounts
from arfollow.receivables.queries.customers import CustomerCard, cards_of
from arfollow.receivables.rules.accounts import Account
from arfollow.workflows.rules.conditions import Facts, Value
from arfollow.workflows.rules.engine import Known
from arfollow.workflows.rules.facts import Event
from arfollow.workflows.rules.waits import Place

_OF_CUSTOMER = tuple("number name country language currency city postal_code".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """All that was read of one company's customers. `events`: since the earliest of them entered."""

    company: Company
    cards: Mapping[int, CustomerCard]
    profiles: Mapping[int, Profile]
    accounts: Mapping[int, Account]
    events: Mapping[int, Sequence[Happened]]
    today: date

    def known(self, customer_id: int, *, key: str, since: datetime) -> Known:
        """What is known of one who entered then, about that key."""
        happened = [each for each in self.events.get(customer_id, ()) if each.at >= since]
        return Known(
            facts=self._facts(customer_id, key),
            events=[Event(kind=each.kind, at=each.at, of=each.of, facts=each.data) for each in happened],
            place=self.place(customer_id),
            key=key,
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
        facts |= {f"field.{name}": value for name, value in profile.fields.items()}
        facts |= {f"consent.{channel}": given for channel, given in profile.consents.items()}
        facts["lists"] = profile.lists
        facts |= _money(self.accounts[customer_id], self.company.currency, key, self.today)
        return facts


def snapshot(
    session: Session, *, company_id: int, customer_ids: Collection[int], since: datetime, today: date
) -> Snapshot:
    """What is known of these customers of the company today, with what happened to them since then."""
    return Snapshot(
        company=session.scalars(select(Company).where(Company.id == company_id)).one(),
        cards=cards_of(session, company_id=company_id, customer_ids=customer_ids),
        profiles=profiles(session, customer_ids=customer_ids),
        accounts=accounts(session, customer_ids=customer_ids, day=today),
        events=events_since(session, customer_ids=customer_ids, since=since),
        today=today,
    )


def _is_timezone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return bool(name)


def _money(account: Account, currency: str, key: str, today: date) -> dict[str, Value]:
    own = [item for item in account.items if item.currency == currency]
    about = [item for item in account.items if key and item.invoice == key]
    return {
        "money.open": sum(item.residual for item in own),
        "money.overdue": sum(item.residual for item in own if item.overdue(today)),
        "money.owes": any(item.overdue(today) for item in account.items),
        "invoice.open": sum(item.residual for item in about) if key else None,
        "invoice.paid": not about if key else None,
    }
