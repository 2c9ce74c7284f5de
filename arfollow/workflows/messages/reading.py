"""What words may speak of, of many customers: each part is read for all of them at once, when the first one asks for it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from arfollow.companies.queries import CompanyProfile, find_company
from arfollow.receivables.queries.accounts import accounts
from arfollow.receivables.queries.customers import CustomerCard, cards_of
from arfollow.statements.queries import Correspondence, correspondences
from arfollow.workflows.messages.history import Past, pasts_of
from arfollow.workflows.messages.knowing import facts_in
from arfollow.workflows.messages.people import sales_representatives
from arfollow.workflows.messages.surveys import survey_asked
from arfollow.workflows.queries.campaigns import campaigns_named, values_of
from arfollow.workflows.queries.kept import InvoiceTerms, invoice_terms
from arfollow.workflows.queries.known import snapshot
from arfollow.workflows.rules.conditions import Facts
from arfollow.workflows.rules.definition import Definition
from arfollow.workflows.rules.surveys import Survey
from arfollow.workflows.tables import Enrolment

Part = TypeVar("Part")


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Whom and what a message is about. `workflow`: its name; `key`: the enrolment's; `since`: when the customer entered.

    `enrolment_id` None: of none, as in a dry run; then there is no history.
    """

    company_id: int
    customer_id: int
    workflow: str
    definition: Definition
    since: datetime
    key: str = ""
    enrolment_id: int | None = None


def about_enrolment(enrolment: Enrolment, definition: Definition, *, workflow: str) -> About:
    """Whom and what a message of the enrolment is about; `workflow`: its name."""
    return About(
        company_id=enrolment.company_id,
        customer_id=enrolment.customer_id,
        workflow=workflow,
        definition=definition,
        since=enrolment.told_from or enrolment.entered_at,
        key=enrolment.key,
        enrolment_id=enrolment.id,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceOf:
    """The invoice that a message is about: what is open of it in minor units, and its first due date that is open, else its first."""

    number: str
    currency: str
    open: int
    due_date: date


@dataclass(slots=True, kw_only=True)
class Reading:
    """Of these, all of one company, of whom nobody changes anything as long as it is used."""

    company_id: int
    today: date
    abouts: Sequence[About]
    _parts: dict[Hashable, Any] = field(default_factory=dict)

    def without(self, customer_id: int) -> None:
        """A customer whom nobody will ask for any more."""
        self.abouts = [each for each in self.abouts if each.customer_id != customer_id]

    def company(self, session: Session) -> CompanyProfile:
        """Theirs."""
        return self._once("company", lambda: find_company(session, company_id=self.company_id))

    def card(self, session: Session, about: About) -> CustomerCard | None:
        """The customer; None: there is none."""
        return self._once("cards", lambda: self._cards(session)).get(about.customer_id)

    def correspondence(self, session: Session, about: About) -> Correspondence:
        """The customer's account, as a statement shows it."""
        found: Mapping[int, Correspondence] = self._once(
            "correspondence",
            lambda: correspondences(
                session, company_id=self.company_id, customer_ids=self._customer_ids, day=self.today
            ),
        )
        return found[about.customer_id]

    def facts(self, session: Session, about: About) -> Facts:
        """As the engine computes them."""
        found = self._once(
            "facts",
            lambda: snapshot(
                session,
                company_id=self.company_id,
                customer_ids=self._customer_ids,
                since=min(each.since for each in self.abouts),
                today=self.today,
                keys=self._keys,
            ),
        )
        return facts_in(
            found, about.customer_id, about.definition, since=about.since, key=about.key, today=self.today
        )

    def campaign(self, session: Session, about: About) -> Facts:
        """The list that the enrolment is about, as a campaign; nothing where it is about none."""
        found: Mapping[str, Facts] = self._once(
            "campaigns",
            lambda: campaigns_named(session, company_id=self.company_id, names=self._keys),
        )
        return found.get(about.key, {})

    def own_values(self, session: Session, about: About) -> Mapping[str, str]:
        """Those of that campaign."""
        if about.enrolment_id is None:
            return {}
        found: Mapping[int, Mapping[str, str]] = self._once(
            "values", lambda: values_of(session, enrolment_ids=self._enrolment_ids)
        )
        return found.get(about.enrolment_id, {})

    def past(self, session: Session, about: About) -> Sequence[Past]:
        """What was done with the customer, and what happened since."""
        if about.enrolment_id is None:
            return ()
        found: Mapping[int, Sequence[Past]] = self._once(
            "past", lambda: pasts_of(session, enrolment_ids=self._enrolment_ids)
        )
        return found.get(about.enrolment_id, ())

    def sales(self, session: Session, about: About) -> str:
        """The name of the sales representative; empty: there is none."""
        found: Mapping[int, str] = self._once(
            "sales", lambda: sales_representatives(session, customer_ids=self._customer_ids)
        )
        return found.get(about.customer_id, "")

    def survey(self, session: Session, key: str) -> Survey | None:
        """The survey as it is asked now; None: it is gone."""
        return self._once(("survey", key), lambda: survey_asked(session, company_id=self.company_id, key=key))

    def invoice(self, session: Session, about: About) -> InvoiceOf | None:
        """The one that the enrolment's key names; None: it names none."""
        found: Mapping[tuple[int, str], InvoiceTerms] = self._once(
            "invoices",
            lambda: invoice_terms(session, customer_ids=self._customer_ids, numbers=self._keys),
        )
        terms = found.get((about.customer_id, about.key))
        if terms is None:
            return None
        of_all = self._once(
            "accounts", lambda: accounts(session, customer_ids=self._customer_ids, day=self.today)
        )
        items = [item for item in of_all[about.customer_id].items if item.invoice == about.key]
        return InvoiceOf(
            number=about.key,
            currency=terms.currency,
            open=sum(item.residual for item in items),
            due_date=min((item.due_date for item in items), default=terms.due_date),
        )

    def _cards(self, session: Session) -> Mapping[int, CustomerCard]:
        return cards_of(session, company_id=self.company_id, customer_ids=self._customer_ids)

    @property
    def _customer_ids(self) -> Sequence[int]:
        return sorted({each.customer_id for each in self.abouts})

    @property
    def _enrolment_ids(self) -> Sequence[int]:
        return sorted({each.enrolment_id for each in self.abouts if each.enrolment_id is not None})

    @property
    def _keys(self) -> Sequence[str]:
        return sorted({each.key for each in self.abouts if each.key})

    def _once(self, part: Hashable, read: Callable[[], Part]) -> Part:
        if part not in self._parts:
            self._parts[part] = read()
        found: Part = self._parts[part]
        return found
