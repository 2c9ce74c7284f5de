"""Signed links: issue, use, revoke."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from arfollow.chatter.operations import record
from arfollow.receivables.operations.lookup import lock_customer
from arfollow.receivables.queries.links import secret_key
from arfollow.receivables.rules.links import DAYS, Page, digest_of, token_of
from arfollow.receivables.tables import SignedLink
from arfollow.values.refusals import N_, Refusal


class NoLinkError(Refusal, LookupError):
    """There is no such link of this customer, or it opens nothing any more."""

    def __init__(self) -> None:
        super().__init__(N_("This link does not open anything any more."))


def issue(
    session: Session,
    *,
    company_id: int,
    customer_id: int,
    page: str,
    about: Mapping[str, str],
    now: datetime,
    days: int = DAYS,
) -> int:
    """Make a link by which the customer opens the page, for so many days; gives its id. `queries.links.address_of` gives its address.

    `about`: what it is sent for, as far as it is known: workflow, enrolment, key, step, survey, channel, invoice. Raise
    UnknownCustomerError.
    """
    lock_customer(session, company_id=company_id, customer_id=customer_id)
    nonce = secrets.token_hex(32)
    link = SignedLink(
        company_id=company_id,
        customer_id=customer_id,
        page=Page(page).value,
        about=dict(about),
        nonce=nonce,
        digest=digest_of(token_of(nonce, key=secret_key())),
        issued_at=now,
        expires_at=now + timedelta(days=days),
    )
    session.add(link)
    session.flush()
    return link.id


def use(session: Session, *, link_id: int, now: datetime) -> None:
    """Note that the customer opened the page by hand. Raise NoLinkError when it may not any more."""
    used = session.execute(
        update(SignedLink)
        .where(SignedLink.id == link_id, SignedLink.revoked_at.is_(None), SignedLink.expires_at > now)
        .values(used_at=now)
        .returning(SignedLink.id)
    ).first()
    if used is None:
        raise NoLinkError


def revoke(
    session: Session, *, company_id: int, customer_id: int, link_id: int, now: datetime, who: str
) -> None:
    """Let the link open nothing from now on. Raise NoLinkError."""
    lock_customer(session, company_id=company_id, customer_id=customer_id)
    link = session.scalar(
        select(SignedLink)
        .where(SignedLink.id == link_id, SignedLink.customer_id == customer_id)
        .execution_options(populate_existing=True)
    )
    if link is None or link.revoked_at is not None or link.expires_at <= now:
        raise NoLinkError
    link.revoked_at = now
    record(
        session,
        company_id=company_id,
        customer_id=customer_id,
        tag="link:revoked",
        who=who,
        text=f"Link to the page “{link.page}” revoked",
        facts={"link": link.id, "page": link.page},
    )
