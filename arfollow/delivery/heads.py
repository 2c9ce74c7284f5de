"""Every day the head of each company's log goes outside the database: into a file, and by e-mail to the company's auditor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

import structlog
from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow import clock
from arfollow.chatter.heads import are_outside, current_heads, read_outside, write_outside
from arfollow.companies.queries import CompanyName, auditor_email, company_names, find_company
from arfollow.database import begin_write, commit
from arfollow.delivery.message import Mailbox, Message
from arfollow.delivery.operations import queue_notice
from arfollow.delivery.protocol import Cancel, QueuedDelivery
from arfollow.delivery.tables import Delivery
from arfollow.fence.queries import is_closed
from arfollow.values.refusals import N_, Remark

PURPOSE = "heads"
log = structlog.get_logger(__name__)


def send_heads(session: Session) -> None:
    """The worker's job. Any number of workers may run it any number of times: a day has one line and one e-mail.

    A copied or restored database has nothing to say that could be trusted, and sends nothing.
    """
    if is_closed(session):
        return
    folder = current_app.config["SETTINGS"].heads_folder
    companies = company_names(session)
    session.rollback()
    for company in companies:
        day = clock.today(company.timezone)
        try:
            _write(session, folder, company, day)
            _mail(session, folder, company.id, day)
        except (OSError, ValueError) as error:
            log.exception("head not sent outside", company=company.id, folder=str(folder), problem=str(error))
            session.rollback()


def _write(session: Session, folder: Path, company: CompanyName, day: date) -> None:
    if are_outside(folder, company_id=company.id, day=day):
        return
    heads = current_heads(session, company_id=company.id, company=company.name, day=day)
    session.rollback()
    if heads:
        write_outside(folder, company_id=company.id, day=day, heads=heads)


def _mail(session: Session, folder: Path, company_id: int, day: date) -> None:
    key = f"heads:{company_id}:{day.isoformat()}"
    wanted = auditor_email(session, company_id=company_id) and not _is_queued(session, key)
    session.rollback()
    if wanted and are_outside(folder, company_id=company_id, day=day):
        heads = read_outside(folder, company_id=company_id, day=day)
        begin_write(session)
        queue_notice(
            session,
            company_id=company_id,
            key=key,
            purpose=PURPOSE,
            facts={"heads": list(heads)},
            text="Head of the log queued for the auditor",
            told={},
        )
        commit(session)


@dataclass(frozen=True, kw_only=True)
class HeadsMail:
    """What the auditor is told: the very lines of the file."""

    company: Mailbox
    to: str
    day: str
    lines: tuple[tuple[str, int, str, int], ...]


class HeadsPreparer:
    """Prepares the messages of the purpose `heads`; see delivery/protocol.py."""

    def facts(self, session: Session, delivery: QueuedDelivery, *, today: date) -> HeadsMail | Cancel:
        """The heads as they were queued, to whoever is the auditor now."""
        del today
        company = find_company(session, company_id=delivery.company_id)
        to = auditor_email(session, company_id=delivery.company_id)
        if not to:
            return Cancel(reason=Remark(N_("Not sent: the company has no address of an auditor any more.")))
        heads: Sequence[Mapping[str, Any]] = delivery.facts["heads"]
        return HeadsMail(
            company=Mailbox(email=company.email or to, name=company.name),
            to=to,
            day=heads[0]["date"],
            lines=tuple((each["chain"], each["sequence"], each["hash"], each["documents"]) for each in heads),
        )

    def render(self, facts: HeadsMail) -> Message:
        """The e-mail; keeping it is all that is asked of the auditor."""
        lines = [
            f"Chain {chain}: {sequence} entries, {documents} documents\n{sequence}:{found}"
            for chain, sequence, found, documents in facts.lines
        ]
        text = "\n\n".join(
            [
                f"The log of {facts.company.name} on {facts.day}.",
                *lines,
                "Keep this message. It shows later whether the log was cut off or written anew:",
                "arfollow chatter verify --head SEQUENCE:HASH",
            ]
        )
        return Message(
            sender=facts.company,
            to=Mailbox(email=facts.to),
            subject=f"Head of the log, {facts.day}",
            text=f"{text}\n",
            html=f"<!doctype html><title>Head of the log</title><pre>{escape(text)}</pre>",
            facts={
                "day": facts.day,
                "heads": [f"{sequence}:{found}" for _, sequence, found, _ in facts.lines],
            },
        )


def _is_queued(session: Session, key: str) -> bool:
    return session.scalar(select(Delivery.id).where(Delivery.key == key)) is not None
