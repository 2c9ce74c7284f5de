"""What the steps of a batch need to know of its customers and colleagues, read for all of them at once when the first one asks."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.bulk import new_ids, one_of
from arfollow.database import plain_rows
from arfollow.followup.queries.facts import facts_of
from arfollow.followup.queries.gap import NEVER, Contacts, contacts
from arfollow.levels.rules.facts import Facts
from arfollow.tasks.tables import Task
from arfollow.workflows.messages.people import Staff
from arfollow.workflows.messages.reading import About, Reading
from arfollow.workflows.rules.sharing import Waiter
from arfollow.workflows.tables import StepPosition

# Made once: to build it anew would take longer than to run it.
_WAITERS = select(StepPosition.customer_id, StepPosition.waits_since, StepPosition.enrolment_id).where(
    one_of(StepPosition.customer_id, "ids"), StepPosition.waits_since.is_not(None), ~StepPosition.held
)


@dataclass(slots=True, kw_only=True)
class Together:
    """Of the customers of a batch, whom its transaction holds, so that nobody else changes what was read of them.

    A step changes nothing of another customer; what was read of its own is forgotten after it.
    """

    company_id: int
    today: date
    customer_ids: Sequence[int]
    staff: Staff
    _reading: Reading
    _task_ids: deque[int] = field(default_factory=deque)
    _facts: dict[int, Facts] = field(default_factory=dict)
    _contacts: dict[int, Contacts] = field(default_factory=dict)
    _waiters: dict[int, list[Waiter]] = field(default_factory=dict)
    _forgotten: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, abouts: Sequence[About], *, company_id: int, today: date) -> Together:
        """Nothing is read yet."""
        customer_ids = sorted({each.customer_id for each in abouts})
        return cls(
            company_id=company_id,
            today=today,
            customer_ids=customer_ids,
            staff=Staff(company_id=company_id, today=today, customer_ids=customer_ids),
            _reading=Reading(company_id=company_id, today=today, abouts=abouts),
        )

    def reading(self, about: About) -> Reading:
        """What words may speak of."""
        if about.customer_id in self._forgotten:
            return Reading(company_id=self.company_id, today=self.today, abouts=[about])
        return self._reading

    def task_id(self, session: Session) -> int:
        """For a new task; nobody else adds any in this transaction."""
        if not self._task_ids:
            session.flush()
            self._task_ids.extend(new_ids(session, Task, len(self.customer_ids)))
        return self._task_ids.popleft()

    def facts(self, session: Session, customer_id: int) -> Facts:
        """What decides about the customer's follow-up."""
        if customer_id not in self._facts:
            self._facts |= facts_of(
                session, company_id=self.company_id, customer_ids=self._asked(customer_id), day=self.today
            )
        return self._facts[customer_id]

    def contacts(self, session: Session, customer_id: int) -> Contacts:
        """When the customer was written to."""
        if customer_id not in self._contacts:
            asked = self._asked(customer_id)
            found: Mapping[int, Contacts] = contacts(session, customer_ids=asked)
            self._contacts |= {each: found.get(each, NEVER) for each in asked}
        return self._contacts[customer_id]

    def waiters(self, session: Session, customer_id: int) -> Sequence[Waiter]:
        """What waits for the customer's contact gap; the workflows that are paused do not."""
        if customer_id not in self._waiters:
            asked = self._asked(customer_id)
            self._waiters |= {each: [] for each in asked}
            for of, since, enrolment_id in plain_rows(session, _WAITERS, {"ids": [*asked]}):
                self._waiters[of].append(Waiter(since, enrolment_id))
        return self._waiters[customer_id]

    def forget(self, customer_id: int) -> None:
        """A step has been done for the customer: what was read may not be so any more."""
        self._facts.pop(customer_id, None)
        self._contacts.pop(customer_id, None)
        self._waiters.pop(customer_id, None)
        self._reading.without(customer_id)
        self._forgotten.add(customer_id)

    def _asked(self, customer_id: int) -> Sequence[int]:
        """All whose steps are still to come; of one who had some, that one alone."""
        if customer_id in self._forgotten:
            return [customer_id]
        return [each for each in self.customer_ids if each not in self._forgotten]
