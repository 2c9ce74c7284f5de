"""Chooses the channel that ARFOLLOW_MAIL_URL names."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import SplitResult, urlsplit

from arfollow.delivery import file, smtp
from arfollow.delivery.channel import BadMailUrlError, Channel

CHANNELS: dict[str, Callable[[SplitResult], Channel]] = {
    "file": file.open_channel,
    "smtp": smtp.open_channel,
    "smtps": smtp.open_channel,
}
"""How each scheme of the URL is opened."""


def open_mail_channel(mail_url: str) -> Channel:
    """The channel of the URL; nothing is connected yet. Raise BadMailUrlError if it cannot be understood."""
    try:
        url = urlsplit(mail_url)
    except ValueError as problem:
        raise BadMailUrlError(f"{problem}.") from None
    if url.scheme not in CHANNELS:
        raise BadMailUrlError(
            f"{url.scheme!r} is no way to send mail." if url.scheme else "It has no scheme."
        )
    return CHANNELS[url.scheme](url)
