"""Reads of signed links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.receivables.rules.links import TOKEN_LENGTH, LinkState, Page, digest_of, token_of
from arfollow.receivables.tables import SignedLink


class UnknownLinkError(LookupError):
    """There is no such link (any more)."""

    def __init__(self, link_id: int) -> None:
        super().__init__(f"There is no link {link_id}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link as it stands; nothing of its token."""

    id: int
    company_id: int
    customer_id: int
    page: Page
    about: Mapping[str, str]
    issued_at: datetime
    expires_at: datetime
    used_at: datetime | None
    state: LinkState


def secret_key() -> str:
    """The key that tokens are made with."""
    key: str = current_app.config["SETTINGS"].secret_key
    return key


def address_of(session: Session, link_id: int) -> str:
    """The whole address that a message shows, the same each time; raise UnknownLinkError."""
    nonce = session.scalar(select(SignedLink.nonce).where(SignedLink.id == link_id))
    if nonce is None:
        raise UnknownLinkError(link_id)
    return f"{current_app.config['SETTINGS'].base_url}/l/{token_of(nonce, key=secret_key())}"


def link_by_token(session: Session, *, token: str, now: datetime) -> Link | None:
    """The link of that token, whatever its state; None: there is none."""
    if len(token) != TOKEN_LENGTH:
        return None
    row = session.scalar(select(SignedLink).where(SignedLink.digest == digest_of(token)))
    return _link(row, now) if row else None


def find_link(session: Session, *, link_id: int, now: datetime) -> Link | None:
    """The link of that id, whatever its state; None: there is none."""
    row = session.scalar(select(SignedLink).where(SignedLink.id == link_id))
    return _link(row, now) if row else None


def links_of(session: Session, *, customer_id: int, now: datetime, most: int = 50) -> Sequence[Link]:
    """The customer's latest links, the newest first."""
    rows = session.scalars(
        select(SignedLink)
        .where(SignedLink.customer_id == customer_id)
        .order_by(SignedLink.issued_at.desc(), SignedLink.id.desc())
        .limit(most)
    )
    return [_link(row, now) for row in rows]


def _link(row: SignedLink, now: datetime) -> Link:
    return Link(
        id=row.id,
        company_id=row.company_id,
        customer_id=row.customer_id,
        page=Page(row.page),
        about=row.about,
        issued_at=row.issued_at,
        expires_at=row.expires_at,
        used_at=row.used_at,
        state=_state(row, now),
    )


def _state(row: SignedLink, now: datetime) -> LinkState:
    if row.revoked_at is not None:
        return LinkState.REVOKED
    return LinkState.VALID if now < row.expires_at else LinkState.EXPIRED
