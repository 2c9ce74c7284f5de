"""Opens all ways out that the settings name."""

from __future__ import annotations

from arfollow.config import Settings
from arfollow.delivery import sms, webhook
from arfollow.delivery.channel import Channel, Channels
from arfollow.delivery.mail_url import open_mail_channel


def open_channels(settings: Settings) -> Channels:
    """The channels by name; nothing is connected yet. Raise BadMailUrlError, BadGatewayError."""
    ways: dict[str, Channel] = {
        "email": open_mail_channel(settings.mail_url),
        webhook.CHANNEL: webhook.WebhookChannel(secret_key=settings.secret_key),
    }
    texts = sms.open_text_channel(settings.texts)
    return Channels(ways=ways if texts is None else {**ways, sms.CHANNEL: texts})
