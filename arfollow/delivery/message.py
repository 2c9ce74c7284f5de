"""What a message consists of, before a channel makes bytes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Mailbox:
    """An e-mail address and the name shown with it, which may be empty."""

    email: str
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file that goes with the message; media type such as `application/pdf`."""

    filename: str
    media_type: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Message:
    """One e-mail to one recipient.

    `unsubscribe`: the address that a mail program posts to when its reader wants no more of these; empty: none. `facts` (amounts, level, items) and the names of the attachments go into the facts of the chatter entry that says what
    became of it, so they hold no personal data.
    """

    sender: Mailbox
    to: Mailbox
    subject: str
    text: str
    html: str
    reply_to: Mailbox | None = None
    unsubscribe: str = ""
    attachments: tuple[Attachment, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class TextMessage:
    """One text message to one number (E.164). `facts` as of an e-mail."""

    to: str
    text: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Paper:
    """One letter to one recipient, a PDF: it is kept to be printed and posted by hand. `facts` as of a message."""

    title: str
    filename: str
    pdf: bytes
    recipient: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Call:
    """Another program is told, at an https address; `content` is JSON. `facts` as of an e-mail."""

    address: str
    title: str
    content: str
    facts: Mapping[str, Any] = field(default_factory=dict)


AnyMessage = Message | TextMessage | Paper | Call
"""What a preparer may give, each in the form of its delivery's channel."""
