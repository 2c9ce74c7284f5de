"""The plans to choose from, with what each would do tomorrow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from arfollow.followup.queries.forecast import Forecast, forecasts
from arfollow.levels.drafts import WholePlan
from arfollow.levels.queries.plans import plans, terms_of, terms_of_level
from arfollow.levels.rules.steps import PlanTerms
from arfollow.levels.shipped import shipped_plans


@dataclass(frozen=True, kw_only=True)
class PlanChoice:
    """A plan to choose. `key`: GENTLE, USUAL or STRICT, or the id of a plan of the company's own; `plan_id`: of one that is there."""

    key: str
    plan_id: int | None
    whole: WholePlan
    is_current: bool
    is_shipped: bool

    @property
    def terms(self) -> PlanTerms:
        """The plan as the rules see it."""
        levels = [terms_of_level(level, level_id=-number) for number, level in enumerate(self.whole.levels)]
        return terms_of(self.whole.plan, plan_id=self.plan_id or 0, levels=levels)


def plan_choices(session: Session, *, company_id: int, language: str) -> Mapping[str, PlanChoice]:
    """The plans to choose from by key: ours from gentle to strict, and the company's own that have other names."""
    present = {plan.draft.name: plan for plan in plans(session, company_id=company_id)}
    found: dict[str, PlanChoice] = {}
    for key, shipped in shipped_plans(language).items():
        own = present.pop(shipped.plan.name, None)
        if own is None or own.retired_on is None:
            found[key] = PlanChoice(
                key=key,
                plan_id=own.id if own else None,
                whole=own.whole if own else shipped,
                is_current=own is not None and own.is_default,
                is_shipped=own is None or own.whole == shipped,
            )
    for own in present.values():
        if own.retired_on is None:
            found[str(own.id)] = PlanChoice(
                key=str(own.id), plan_id=own.id, whole=own.whole, is_current=own.is_default, is_shipped=False
            )
    return found


def what_each_would_do(
    session: Session, *, company_id: int, choices: Mapping[str, PlanChoice], today: date
) -> Mapping[str, Forecast]:
    """For each choice who would be on the list tomorrow."""
    terms = {key: choice.terms for key, choice in choices.items()}
    return forecasts(session, company_id=company_id, plans=terms, day=today + timedelta(days=1))
