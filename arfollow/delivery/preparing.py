"""Makes a claimed delivery ready to leave: its facts are read in a transaction, and rendered outside any."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from arfollow import clock
from arfollow.delivery import mime, queries
from arfollow.delivery.channel import Envelope
from arfollow.delivery.message import Message
from arfollow.delivery.operations.sending import Claim, File
from arfollow.delivery.protocol import Cancel, preparer_of


@dataclass(frozen=True, kw_only=True)
class Ready:
    """A claimed delivery as of these facts. `message` None: by the facts it is not to leave."""

    claim: Claim
    facts: Any
    message: Message | None
    envelope: Envelope | None


def facts_of(session: Session, claim: Claim) -> Any:
    """What the purpose has to say, or Cancel."""
    today = queries.company_today(session, company_id=claim.delivery.company_id)
    return preparer_of(claim.delivery.purpose).facts(session, claim.delivery, today=today)


def rendered(claim: Claim, facts: Any) -> Ready:
    """The delivery ready to leave, by these facts; raise BadMessageError."""
    if isinstance(facts, Cancel):
        return Ready(claim=claim, facts=facts, message=None, envelope=None)
    delivery = claim.delivery
    message = preparer_of(delivery.purpose).render(facts)
    envelope = Envelope(
        delivery_id=delivery.id,
        message_id=delivery.message_id,
        sender=mime.ascii_address(message.sender, what="The company"),
        recipient=mime.ascii_address(message.to, what="The customer"),
        content=mime.build(message, message_id=delivery.message_id, sent_at=clock.now()),
    )
    return Ready(claim=claim, facts=facts, message=message, envelope=envelope)


def files_of(ready: Ready) -> tuple[File, ...]:
    """What is stored of it before it leaves: the message itself first, then its HTML, then its attachments."""
    if ready.message is None or ready.envelope is None:
        return ()
    return (
        File(name="message.eml", media_type="message/rfc822", content=ready.envelope.content),
        File(name="message.html", media_type="text/html", content=ready.message.html.encode()),
        *(
            File(name=mime.safe_filename(one.filename), media_type=one.media_type, content=one.content)
            for one in ready.message.attachments
        ),
    )


def end(session: Session) -> None:
    """End a transaction that wrote nothing: objects loaded before would hide what others have changed since."""
    session.rollback()
    session.expunge_all()
