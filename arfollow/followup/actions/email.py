"""Send e-mail: queue it at the click, prepare and render it when the worker claims it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from arfollow.chatter.operations import record
from arfollow.delivery.message import Attachment, Mailbox, Message
from arfollow.delivery.operations import enqueue
from arfollow.delivery.protocol import Cancel, QueuedDelivery
from arfollow.followup.actions.letter import PDF, summary
from arfollow.followup.clicks import Click
from arfollow.followup.operations.recording import (
    facts_for,
    is_followed,
    level_in_use,
    lock,
    record_action,
)
from arfollow.followup.queries.messages import MessageFacts, message_facts
from arfollow.levels.rules.facts import Facts
from arfollow.levels.rules.surfacing import is_early
from arfollow.statements.catalogue import words
from arfollow.statements.email import filename, render_email
from arfollow.statements.items import XLSX, items_workbook, workbook_name
from arfollow.statements.letter import render_letter, render_statement
from arfollow.statements.rules import NothingToClaimError
from arfollow.values.refusals import N_, Refusal, Remark

PURPOSE = "follow-up"


class NoAddressError(Refusal, ValueError):
    """No e-mail address is on file."""

    def __init__(self) -> None:
        super().__init__(
            N_(
                "No e-mail address is on file for this customer. Print the letter instead, or add a contact with an address."
            )
        )


class NoSenderError(Refusal, ValueError):
    """The company has no address to send from."""

    def __init__(self) -> None:
        super().__init__(
            N_("Your company has no e-mail address to send from. An administrator enters it under Settings.")
        )


def send_email(session: Session, click: Click) -> int:
    """Queue the e-mail of the level in use (the plain statement where none was reached) and record it; gives the delivery's id.

    Raise OutdatedError, NoAddressError, NoSenderError, NothingToClaimError, NoWordingError; AlreadyQueuedError for a second one in
    this follow-up, off the list for a second one on the day.
    """
    lock(session, click)
    known, level_id = facts_for(session, click), level_in_use(session, click)
    courtesy = level_id is not None and is_early(known, click.today, level_id=level_id)
    facts = message_facts(
        session,
        company_id=click.company_id,
        customer_id=click.customer_id,
        day=click.today,
        channel="email",
        level_id=level_id,
        courtesy=courtesy,
    )
    if not facts.email:
        raise NoAddressError
    if not facts.letter.creditor.email:
        raise NoSenderError
    delivery_id = _queue(session, click, facts, known, courtesy=courtesy)
    record_action(session, click, kind="email", level_id=facts.level_id, delivery_id=delivery_id)
    record(
        session,
        company_id=click.company_id,
        customer_id=click.customer_id,
        tag="email:queued",
        who=click.who,
        text=f"E-mail “{facts.level or facts.letter.title}” queued",
        facts={"number": click.number, "delivery": delivery_id, **summary(facts)},
        personal={"recipient": facts.email},
    )
    return delivery_id


def _queue(session: Session, click: Click, facts: MessageFacts, known: Facts, *, courtesy: bool) -> int:
    return enqueue(
        session,
        company_id=click.company_id,
        customer_id=click.customer_id,
        key=click.key("email", followed=is_followed(session, click, known)),
        purpose=PURPOSE,
        channel="email",
        facts={
            "number": click.number,
            "level_id": facts.level_id,
            "wording_id": facts.wording_id,
            "item_ids": [item.id for item in known.account.items],
            "courtesy": courtesy,
        },
        queued_by=click.who,
        recipient=facts.email,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """All that an e-mail of a follow-up is made of; compared by value."""

    message: MessageFacts


class FollowUpPreparer:
    """Prepares the messages of the purpose `follow-up`; see delivery/protocol.py."""

    def facts(self, session: Session, delivery: QueuedDelivery, *, today: date) -> Mail | Cancel:
        """The message as things stand now; frozen are its level, wording and items."""
        frozen = delivery.facts
        try:
            message = message_facts(
                session,
                company_id=delivery.company_id,
                customer_id=delivery.addressee,
                day=today,
                channel="email",
                level_id=frozen["level_id"],
                wording_id=frozen["wording_id"],
                item_ids=frozenset(frozen["item_ids"]),
                courtesy=frozen.get("courtesy", False),
            )
        except NothingToClaimError:
            return Cancel(
                reason=Remark(
                    N_(
                        "Not sent: what it would have claimed has been paid, put on hold, disputed or promised."
                    )
                )
            )
        if not message.email:
            return Cancel(reason=Remark(N_("Not sent: the customer has no e-mail address any more.")))
        return Mail(message=message)

    def render(self, facts: Mail) -> Message:
        """The e-mail, with what the level attaches."""
        message, letter = facts.message, facts.message.letter
        subject, text, html = render_email(letter)
        return Message(
            sender=Mailbox(email=letter.creditor.email, name=letter.creditor.name),
            to=Mailbox(email=message.email, name=message.email_name),
            reply_to=_reply_to(message),
            subject=subject,
            text=text,
            html=html,
            attachments=tuple(_attachments(message)),
            facts=summary(message),
        )


def _reply_to(message: MessageFacts) -> Mailbox | None:
    contact = message.letter.our_contact
    return Mailbox(email=contact.email, name=contact.name) if contact.email else None


def _attachments(message: MessageFacts) -> Iterator[Attachment]:
    if message.enclosed is not None:
        name, content = filename(message.enclosed), render_letter(message.enclosed)
        yield Attachment(filename=name, media_type=PDF, content=content)
    if message.attach_statement:
        yield _statement(message)
    if message.attach_items:
        content = items_workbook(message.letter)
        yield Attachment(filename=workbook_name(message.letter), media_type=XLSX, content=content)
    for each in message.files:
        yield Attachment(filename=each.filename, media_type=each.media_type, content=each.content)


def _statement(message: MessageFacts) -> Attachment:
    title = words(message.letter.locale).gettext("Statement of account")
    letter = replace(message.letter, title=title, paragraphs=(), level="", deadline=None)
    return Attachment(filename=filename(letter), media_type=PDF, content=render_statement(letter))
