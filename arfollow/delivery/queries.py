"""Reads of the outbox."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.companies.tables import Company
from arfollow.delivery import rules


def mail_domain(session: Session, *, company_id: int) -> str:
    """The domain that the company's Message-IDs end in."""
    email, website = (
        session.execute(select(Company.email, Company.website).where(Company.id == company_id)).one().tuple()
    )
    return rules.domain_of(email=email, website=website)
