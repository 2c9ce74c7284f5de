"""Prepares the messages of workflows when the worker claims them; see delivery/protocol.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from arfollow.delivery import sms, webhook
from arfollow.delivery.message import AnyMessage, Attachment, Mailbox, Message, Paper, TextMessage
from arfollow.delivery.protocol import Cancel, QueuedDelivery
from arfollow.receivables.queries.numbers import mobiles
from arfollow.receivables.rules.links import one_click
from arfollow.statements.catalogue import words as catalogue
from arfollow.statements.email import filename, render_message
from arfollow.statements.facts import LetterFacts
from arfollow.statements.letter import render_statement
from arfollow.values.refusals import N_, Remark
from arfollow.workflows.messages.calls import Told, call_of, render_call
from arfollow.workflows.messages.frozen import Frozen
from arfollow.workflows.messages.links import addresses
from arfollow.workflows.messages.material import ALL_FACTS, Material, material
from arfollow.workflows.messages.notices import Notice, render_notice
from arfollow.workflows.messages.queueing import told
from arfollow.workflows.messages.reading import about_enrolment
from arfollow.workflows.messages.rendering import letter_facts, letter_pdf, put_in
from arfollow.workflows.messages.standing import why_not_any_more
from arfollow.workflows.messages.stops import MARKETING, MONEY, Asking, purpose_of, source_of, stop
from arfollow.workflows.messages.values import locale_of
from arfollow.workflows.messages.words import template
from arfollow.workflows.queries.versions import definitions
from arfollow.workflows.rules.definition import Definition, Step
from arfollow.workflows.tables import Enrolment, Workflow

_PDF = "application/pdf"
_NO_ADDRESS = N_("Not sent: the customer has no e-mail address any more.")
_NO_NUMBER = N_("Not sent: the customer has no mobile number any more.")
_ERASED = N_("Not sent: the customer is erased.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """All that an e-mail to a customer is made of; compared by value. `unsubscribe`: an address, or empty."""

    letter: LetterFacts
    to: Mailbox
    links: tuple[str, ...]
    with_statement: bool
    unsubscribe: str
    told: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """All that a letter is made of. `asks`: it lists what is open, and says how to pay."""

    letter: LetterFacts
    asks: bool
    told: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """All that a text message is made of."""

    to: str
    text: str
    told: Mapping[str, object]


Prepared = Mail | Letter | Text | Notice | Told


class WorkflowPreparer:
    """Prepares the messages of the purpose `workflow`."""

    def facts(self, session: Session, delivery: QueuedDelivery, *, today: date) -> Prepared | Cancel:
        """The message as things stand now; frozen are its words, language and links."""
        frozen = Frozen.of(delivery.facts)
        enrolment = session.get_one(Enrolment, frozen.enrolment, populate_existing=True)
        definition = definitions(session, version_ids={frozen.version})[frozen.version]
        step = next(each for each in definition.steps() if each.key == frozen.step)
        found = _Found(session, delivery, frozen, enrolment, definition, step, today)
        if delivery.channel == webhook.CHANNEL:
            return found.call()
        return found.notice() if frozen.to else found.message()

    def render(self, facts: Prepared) -> AnyMessage:
        """The message; no database, no clock."""
        match facts:
            case Notice():
                return render_notice(facts)
            case Letter():
                return Paper(
                    title=facts.letter.title,
                    filename=filename(facts.letter),
                    pdf=letter_pdf(facts.letter, asks=facts.asks),
                    recipient=facts.letter.customer_name,
                    facts=facts.told,
                )
            case Text():
                return TextMessage(to=facts.to, text=facts.text, facts=facts.told)
            case Told():
                return render_call(facts)
            case Mail():
                return _mail(facts)


@dataclass(frozen=True, slots=True)
class _Found:
    """A delivery with what it was queued for."""

    session: Session
    delivery: QueuedDelivery
    frozen: Frozen
    enrolment: Enrolment
    definition: Definition
    step: Step
    today: date

    def message(self) -> Mail | Letter | Text | Cancel:
        if why := self._why_not():
            return Cancel(reason=why)
        words = template(self.step.settings, self.frozen.language)
        known = self._material(words.names)
        links = addresses(self.session, self.frozen.links)
        written = put_in(known, words, links=links)
        if self.delivery.channel == sms.CHANNEL:
            return self._text(written.text)
        letter = letter_facts(known, written, language=words.language, settings=self.step.settings)
        purpose = purpose_of(self.step.settings)
        facts = told(self.enrolment, self.step.key, purpose)
        if self.delivery.channel == "letter":
            return Letter(letter=letter, asks=purpose == MONEY, told=facts)
        if not known.found.email:
            return Cancel(reason=Remark(_NO_ADDRESS))
        return Mail(
            letter=letter,
            to=Mailbox(email=known.found.email, name=known.found.email_name),
            links=written.links,
            with_statement=self.step.settings.get("attach") == "statement",
            unsubscribe=one_click(links["unsubscribe_link"]) if purpose == MARKETING else "",
            told=facts,
        )

    def _text(self, text: str) -> Text | Cancel:
        to = mobiles(self.session, customer_ids=[self.frozen.customer]).get(self.frozen.customer)
        if to is None:
            return Cancel(reason=Remark(_NO_NUMBER))
        purpose = purpose_of(self.step.settings)
        return Text(to=to, text=text, told=told(self.enrolment, self.step.key, purpose))

    def call(self) -> Told | Cancel:
        if self.enrolment.reason == "erased":
            return Cancel(reason=Remark(_ERASED))
        return call_of(
            self._material(ALL_FACTS),
            self.step,
            at=self.delivery.queued_at,
            message_id=self.delivery.message_id,
            told=told(self.enrolment, self.step.key, ""),
        )

    def notice(self) -> Notice | Cancel:
        if self.enrolment.reason == "erased":
            return Cancel(reason=Remark(_ERASED))
        words = template(self.step.settings, self.frozen.language)
        known = self._material(words.names)
        written = put_in(known, words, links=addresses(self.session, self.frozen.links), for_colleague=True)
        return Notice.of(
            known,
            written,
            locale=locale_of(known, words.language, for_colleague=True),
            to=Mailbox(email=self.frozen.to, name=self.frozen.name),
            told=told(self.enrolment, self.step.key, ""),
        )

    def _why_not(self) -> str:
        gone = why_not_any_more(self.session, self.enrolment, self.definition, today=self.today)
        if gone:
            return gone
        asking = Asking(
            company_id=self.delivery.company_id,
            customer_id=self.delivery.addressee,
            purpose=purpose_of(self.step.settings),
            channel=self.delivery.channel,
            key=self.enrolment.key,
            source=source_of(self.enrolment.id),
        )
        return stop(self.session, asking, today=self.today)

    def _material(self, names: frozenset[str]) -> Material:
        workflow = self.session.get_one(Workflow, self.enrolment.workflow_id).name
        about = about_enrolment(self.enrolment, self.definition, workflow=workflow)
        return material(self.session, about, names=names, today=self.today)


def _mail(facts: Mail) -> Message:
    letter = facts.letter
    mail = render_message(letter, links=facts.links)
    contact = letter.our_contact
    return Message(
        sender=Mailbox(email=letter.creditor.email, name=letter.creditor.name),
        to=facts.to,
        reply_to=Mailbox(email=contact.email, name=contact.name) if contact.email else None,
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        attachments=(_statement(letter),) if facts.with_statement else (),
        unsubscribe=facts.unsubscribe,
        facts=facts.told,
    )


def _statement(letter: LetterFacts) -> Attachment:
    title = catalogue(letter.locale).gettext("Statement of account")
    statement = replace(letter, title=title, paragraphs=())
    return Attachment(filename=filename(statement), media_type=_PDF, content=render_statement(statement))
