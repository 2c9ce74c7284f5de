"""Makes a claimed delivery ready to leave: its facts are read in a transaction, and rendered outside any."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from arfollow import clock
from arfollow.delivery import mime, queries, sms, webhook
from arfollow.delivery.channel import Envelope
from arfollow.delivery.message import AnyMessage, Call, Message, Paper, TextMessage
from arfollow.delivery.operations.sending import Claim, File
from arfollow.delivery.protocol import Cancel, QueuedDelivery, preparer_of
from arfollow.delivery.texts import plain

_CHANNELS = {Message: "email", TextMessage: sms.CHANNEL, Call: webhook.CHANNEL}


class OtherChannelError(mime.BadMessageError):
    """The message is none of its delivery's channel."""

    def __init__(self, channel: str) -> None:
        super().__init__(f"The message was not written for the channel {channel}.")


@dataclass(frozen=True, kw_only=True)
class Ready:
    """A claimed delivery as of these facts. `message` None: by the facts it is not to leave; a letter has no envelope."""

    claim: Claim
    facts: Any
    message: AnyMessage | None
    envelope: Envelope | None


def facts_of(session: Session, claim: Claim) -> Any:
    """What the purpose has to say, or Cancel."""
    today = queries.company_today(session, company_id=claim.delivery.company_id)
    return preparer_of(claim.delivery.purpose).facts(session, claim.delivery, today=today)


def rendered(claim: Claim, facts: Any) -> Ready:
    """The delivery ready to leave, by these facts; raise BadMessageError."""
    if isinstance(facts, Cancel):
        return Ready(claim=claim, facts=facts, message=None, envelope=None)
    message = preparer_of(claim.delivery.purpose).render(facts)
    if isinstance(message, Paper):
        return Ready(claim=claim, facts=facts, message=message, envelope=None)
    return Ready(claim=claim, facts=facts, message=message, envelope=_envelope(claim.delivery, message))


def _envelope(delivery: QueuedDelivery, message: Message | TextMessage | Call) -> Envelope:
    if _CHANNELS[type(message)] != delivery.channel:
        raise OtherChannelError(delivery.channel)
    if isinstance(message, Call):
        return Envelope(
            delivery_id=delivery.id,
            message_id=delivery.message_id,
            sender=str(delivery.company_id),
            recipient=webhook.receiver(message.address).geturl(),
            content=message.content.encode(),
            channel=delivery.channel,
        )
    if isinstance(message, TextMessage):
        return Envelope(
            delivery_id=delivery.id,
            message_id=delivery.message_id,
            sender="",
            recipient=plain.number_of(message),
            content=plain.content_of(message),
            channel=delivery.channel,
        )
    return Envelope(
        delivery_id=delivery.id,
        message_id=delivery.message_id,
        sender=mime.ascii_address(message.sender, what="The company"),
        recipient=mime.ascii_address(message.to, what="The customer"),
        content=mime.build(message, message_id=delivery.message_id, sent_at=clock.now()),
        channel=delivery.channel,
    )


def files_of(ready: Ready) -> tuple[File, ...]:
    """What is stored of it before it leaves: the message itself first, then its HTML, then its attachments."""
    if isinstance(ready.message, Paper):
        name = mime.safe_filename(ready.message.filename)
        return (File(name=name, media_type="application/pdf", content=ready.message.pdf),)
    if ready.message is None or ready.envelope is None:
        return ()
    if isinstance(ready.message, Call):
        return (File(name="message.json", media_type="text/plain", content=ready.envelope.content),)
    if isinstance(ready.message, TextMessage):
        return (File(name="message.txt", media_type="text/plain", content=ready.envelope.content),)
    return (
        File(name="message.eml", media_type="message/rfc822", content=ready.envelope.content),
        File(name="message.html", media_type="text/html", content=ready.message.html.encode()),
        *(
            File(name=mime.safe_filename(one.filename), media_type=one.media_type, content=one.content)
            for one in ready.message.attachments
        ),
    )


def title_of(message: Message | TextMessage | Call) -> str:
    """How the message is called in lists: its subject, or how its text begins."""
    match message:
        case TextMessage():
            return plain.title(message.text)
        case Call():
            return message.title
        case _:
            return message.subject


def end(session: Session) -> None:
    """End a transaction that wrote nothing: objects loaded before would hide what others have changed since."""
    session.rollback()
    session.expunge_all()
