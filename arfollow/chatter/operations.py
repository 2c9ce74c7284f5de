"""Recording what happened: entries wait in the session until `database.commit` seals them, its last step."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from arfollow import clock, database
from arfollow.chatter import rules
from arfollow.chatter.sealing import Draft, append

SYSTEM = "system"
"""Who acts when nobody does."""

BY_LINK = "customer (by link)"
"""Who acts when a customer does, on a page that a link of its own opened."""

_DRAFTS = "chatter_drafts"
_SAVEPOINTS = "chatter_savepoints"
_FOLLOWING = "chatter_following"


def record(
    session: Session,
    *,
    company_id: int,
    customer_id: int | None,
    tag: str,
    who: str,
    text: str,
    facts: Mapping[str, object] | None = None,
    personal: Mapping[str, str] | None = None,
    documents: Sequence[str] = (),
) -> None:
    """Write an entry in this transaction, dated now. Raise TagError or FactError.

    `facts` are never erased: amounts, levels, numbers of invoices, no personal data. What names a person, an address
    or free words goes into `text` and `personal`. Entries that share `facts["delivery"]` are shown as one.
    `documents` are what `documents.store` gave, in the order of the message.
    """
    facts = facts or {}
    thread = facts.get("delivery")
    draft = Draft(
        company_id=company_id,
        customer_id=customer_id,
        at=rules.instant_text(clock.now()),
        tag=rules.checked_tag(tag),
        thread=None if thread is None else rules.storable(str(thread)),
        who=rules.storable(who),
        text=rules.storable(text),
        facts=rules.canonical_json(facts),
        data=rules.canonical_json(personal or {}),
        documents=tuple(documents),
    )
    session.info.setdefault(_DRAFTS, []).append(draft)


def seal(session: Session) -> None:
    """Append the waiting entries to their companies' chains; companies in order, so that no two transactions block."""
    drafts: list[Draft] = session.info.pop(_DRAFTS, [])
    session.info.pop(_SAVEPOINTS, None)
    if not drafts:
        return
    session.flush()
    for company_id in sorted({draft.company_id for draft in drafts}):
        append(session, [draft for draft in drafts if draft.company_id == company_id])
    for follow in session.info.pop(_FOLLOWING, ()):
        follow(session)


def after_sealing(session: Session, follow: Callable[[Session], None]) -> None:
    """Run this in the same transaction once the entries stand: the database lets some things happen only then."""
    session.info.setdefault(_FOLLOWING, []).append(follow)


@event.listens_for(Session, "after_transaction_create")
def _remember(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        savepoints = session.info.setdefault(_SAVEPOINTS, {})
        savepoints[transaction] = len(session.info.get(_DRAFTS, ()))


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, previous_transaction: SessionTransaction) -> None:
    """What was rolled back to a savepoint did not happen."""
    kept = session.info.get(_SAVEPOINTS, {}).pop(previous_transaction, None)
    if kept is not None:
        del session.info.get(_DRAFTS, [])[kept:]


database.on_seal(seal)
