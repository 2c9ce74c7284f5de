"""The gateway that is set, without its secrets, and a test message to it. Nothing here touches the database."""

from __future__ import annotations

from dataclasses import dataclass, replace

from arfollow.config import TextGateway
from arfollow.delivery import sms
from arfollow.delivery.channel import Channel, Envelope
from arfollow.delivery.rules import Doubtful, Outcome, Refused, Sent, message_id
from arfollow.delivery.texts.gateway import GatewayChannel

# Somebody sits before the screen and waits: each step, and all of them, in seconds.
_TIMEOUT, _BUDGET = 8, 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Where text messages go. `folder`: into files, to nobody; `is_unclear`: the setting cannot be understood."""

    host: str = ""
    number: str = ""
    has_login: bool = False
    has_secret: bool = False
    is_encrypted: bool = False
    folder: str = ""
    is_unclear: bool = False

    @property
    def is_set(self) -> bool:
        """Whether text messages can leave."""
        return bool(self.host or self.folder)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a test message came to: accepted, written, refused or doubtful, and the gateway's own answer."""

    result: str
    answer: str


def setting(settings: TextGateway) -> Setting:
    """What ARFOLLOW_SMS_URL and its companions say."""
    known = Setting(number=settings.number, has_secret=bool(settings.secret))
    try:
        channel = sms.open_text_channel(settings)
    except sms.BadGatewayError:
        # Its words may quote a piece of the password.
        return replace(known, is_unclear=True)
    match channel:
        case GatewayChannel():
            return replace(
                known,
                host=channel.host,
                number=channel.number,
                has_login=bool(channel.authorization),
                is_encrypted=channel.is_encrypted,
            )
        case sms.FolderOfTexts():
            return replace(known, folder=str(channel.files.folder))
    return known


def send_trial(settings: TextGateway, *, to: str, text: str, key: str) -> Trial:
    """Send the text at once, and give what became of it within half a minute; raise BadGatewayError."""
    channel = sms.open_text_channel(settings)
    envelope = Envelope(
        delivery_id=0,
        message_id=message_id(key=key, domain="arfollow.invalid"),
        sender="",
        recipient=to,
        content=text.encode(),
        channel=sms.CHANNEL,
    )
    if channel is None:
        return Trial(result="refused", answer="")
    return _trial(_impatient(channel).send(envelope), is_folder=isinstance(channel, sms.FolderOfTexts))


def _impatient(channel: Channel) -> Channel:
    if isinstance(channel, GatewayChannel):
        return replace(channel, timeout=_TIMEOUT, budget=_BUDGET)
    return channel


def _trial(outcome: Outcome, *, is_folder: bool) -> Trial:
    match outcome:
        case Sent():
            return Trial(result="written" if is_folder else "accepted", answer=outcome.answer)
        case Refused():
            return Trial(result="refused", answer=outcome.answer)
        case Doubtful():
            return Trial(result="doubtful", answer=outcome.answer)
