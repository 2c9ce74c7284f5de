"""Where customers stand when somebody acts: the follow-up that was begun, and what decides about them today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.followup.clicks import Click
from arfollow.followup.queries.facts import facts_of
from arfollow.followup.tables import FollowUp
from arfollow.levels.rules.facts import Facts, level_terms
from arfollow.levels.rules.surfacing import decide, is_early


@dataclass(frozen=True, kw_only=True)
class Standings:
    """By customer; those without an open follow-up are not in `begun`."""

    begun: Mapping[int, FollowUp]
    facts: Mapping[int, Facts]

    def level_id(self, customer_id: int) -> int | None:
        """The level whose words are used: the open follow-up's, else today's; None where no level was reached."""
        if customer_id in self.begun:
            return self.begun[customer_id].level_id
        facts = self.facts[customer_id]
        level = level_terms(facts, decide(facts, facts.account.as_of))
        return level.id if level else None

    def is_courtesy(self, customer_id: int) -> bool:
        """Whether that level is due for an item that is not overdue yet."""
        facts, level_id = self.facts[customer_id], self.level_id(customer_id)
        return level_id is not None and is_early(facts, facts.account.as_of, level_id=level_id)

    def is_followed(self, customer_id: int) -> bool:
        """Whether an action belongs to a follow-up: one is open, or the customer is on today's list."""
        facts = self.facts[customer_id]
        return customer_id in self.begun or decide(facts, facts.account.as_of).listed


def standings(session: Session, clicks: Sequence[Click]) -> Standings:
    """Where the customers of these clicks stand; all clicks are of one company and one day."""
    numbers = {click.customer_id: click.number for click in clicks}
    begun = session.scalars(
        select(FollowUp).where(FollowUp.customer_id.in_(numbers), FollowUp.done_on.is_(None))
    )
    facts: dict[int, Facts] = {}
    if clicks:
        at = clicks[0]
        facts = facts_of(session, company_id=at.company_id, customer_ids=numbers, day=at.today)
    return Standings(
        begun={each.customer_id: each for each in begun if each.number == numbers[each.customer_id]},
        facts=facts,
    )
