"""Reads of who is responsible for which customers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.receivables.rules.responsibility import By, Columns, Rule, chooser
from arfollow.receivables.tables import ResponsibilityRule, ResponsibilityVersion
from arfollow.users.tables import Membership


def responsibility_rules(session: Session, *, company_id: int) -> Sequence[Rule]:
    """The company's rules, the one that is asked first coming first."""
    rows = session.execute(
        select(ResponsibilityRule.by, ResponsibilityRule.asked, ResponsibilityRule.user_id)
        .where(ResponsibilityRule.company_id == company_id)
        .order_by(ResponsibilityRule.position)
    )
    return [Rule(by=By(by), asked=asked, user_id=user_id) for by, asked, user_id in rows]


def chooser_of(session: Session, *, company_id: int) -> Callable[[Columns], int | None] | None:
    """What chooses by the company's rules; None: it has none. Rules that name somebody who left do not count."""
    here = set(session.scalars(select(Membership.user_id).where(Membership.company_id == company_id)))
    rules = [rule for rule in responsibility_rules(session, company_id=company_id) if rule.user_id in here]
    return chooser(rules) if rules else None


def is_carried_out(session: Session, *, company_id: int) -> bool:
    """Whether every customer is whose the rules say; no while a worker still has to go through them."""
    version = session.get(ResponsibilityVersion, company_id, populate_existing=True)
    return version is None or version.wanted == version.applied


def companies_to_go_through(session: Session) -> Sequence[int]:
    """The companies whose rules have changed since they were last carried out."""
    changed = ResponsibilityVersion.wanted != ResponsibilityVersion.applied
    return session.scalars(
        select(ResponsibilityVersion.company_id).where(changed).order_by(ResponsibilityVersion.company_id)
    ).all()
