"""Makes an e-mail's bytes, and trusts them only after reading them back."""

from __future__ import annotations

import re
from datetime import datetime
from email import message_from_bytes, policy
from email.header import Header, decode_header, make_header
from email.headerregistry import Address, AddressHeader
from email.message import EmailMessage
from email.utils import format_datetime, getaddresses
from functools import lru_cache
from typing import Any

from email_validator import EmailNotValidError, validate_email

from arfollow.delivery.message import Attachment, Mailbox, Message
from arfollow.receivables.rules.fields import FieldError, line

# 7bit: no server on the way has a reason to change a byte.
_POLICY = policy.SMTP.clone(cte_type="7bit")
# A message is asked for the same headers again and again, and most messages have the same ones.
_READING = policy.default.clone(header_factory=lru_cache(maxsize=1024)(policy.default.header_factory))
_LINE = 76
# Made of addresses and ids that hold nothing to encode; encoded, no mail program would know them.
_AS_THEY_ARE = frozenset({"Message-ID", "List-Unsubscribe", "List-Unsubscribe-Post"})
_UNSUBSCRIBE = re.compile(r"https?://[!-;=?-~]{1,900}")
_PLAIN = re.compile(r"[A-Za-z0-9 !&'*+/_-]{0,50}")

# Source: RFC 5322, 2.1.1.
_LONGEST_LINE = 998


class BadMessageError(ValueError):
    """The message cannot be made into an e-mail that says what was meant."""


class MissingAddressError(BadMessageError):
    """The sender's or the recipient's address is missing."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} has no e-mail address. Enter one, or take the letter instead.")


class BadAddressError(BadMessageError):
    """An address is none."""

    def __init__(self, what: str, address: str, reason: str) -> None:
        super().__init__(f"{what} has no valid e-mail address: {address!r}. {reason}")


class ControlCharacterError(BadMessageError):
    """A name, subject or file name holds a character that could start a header of its own."""

    def __init__(self, what: str, text: str) -> None:
        super().__init__(
            f"{what} holds a line break or another control character, plain or encoded: {text!r}."
        )


class AlteredMessageError(BadMessageError):
    """Read back, the message's bytes say something else than was meant; they were not sent."""

    def __init__(self, part: str) -> None:
        super().__init__(f"The e-mail could not be built safely: its {part} would not arrive as written.")


def build(message: Message, *, message_id: str, sent_at: datetime) -> bytes:
    """The bytes of the e-mail, lines ending in CRLF; raise BadMessageError if they could not be relied upon."""
    meant = _meant_headers(message, message_id)
    lines = [
        *(f"{name}: {_on_the_wire(name, value)}" for name, value in meant.items()),
        f"Date: {format_datetime(sent_at)}",
        "Auto-Submitted: auto-generated",
    ]
    content = "\r\n".join([*lines, ""]).encode("ascii") + _body(message)
    _read_back(content, message, meant)
    return content


def ascii_address(mailbox: Mailbox, *, what: str) -> str:
    """The mailbox's address as it travels, its domain in ASCII; raise MissingAddressError or BadAddressError."""
    if not mailbox.email.strip():
        raise MissingAddressError(what)
    try:
        found = validate_email(
            mailbox.email.strip(),
            check_deliverability=False,
            allow_smtputf8=False,
            globally_deliverable=False,
        )
    except EmailNotValidError as problem:
        raise BadAddressError(what, mailbox.email, str(problem)) from None
    return found.ascii_email or found.normalized


def plain_line(text: str, *, what: str) -> str:
    """The text as one line, encoded words decoded, runs of spaces made one; raise ControlCharacterError."""
    try:
        return line(text, longest=None)
    except FieldError:
        raise ControlCharacterError(what, text) from None


def safe_filename(name: str) -> str:
    """The name of an attachment, without folders; raise ControlCharacterError."""
    line = plain_line(name, what="The attachment's name")
    return re.sub(r"[/\\:\"<>|*?]", "-", line).lstrip(".") or "attachment"


def _meant_headers(message: Message, message_id: str) -> dict[str, Address | str]:
    reply_to = message.reply_to
    return {
        "From": _address(message.sender, what="The company"),
        **({"Reply-To": _address(reply_to, what="The person to reply to")} if reply_to else {}),
        "To": _address(message.to, what="The customer"),
        "Subject": plain_line(message.subject, what="The subject"),
        "Message-ID": message_id,
        **(_unsubscribing(message.unsubscribe) if message.unsubscribe else {}),
    }


def _unsubscribing(address: str) -> dict[str, str]:
    """What mail programs need to offer it with one click. Source: RFC 8058, 3.1."""
    if not _UNSUBSCRIBE.fullmatch(address):
        raise ControlCharacterError("The address to unsubscribe", address)
    return {"List-Unsubscribe": f"<{address}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def _address(mailbox: Mailbox, *, what: str) -> Address:
    return Address(
        display_name=plain_line(mailbox.name, what=f"{what}’s name"),
        addr_spec=ascii_address(mailbox, what=what),
    )


def _on_the_wire(name: str, value: Address | str) -> str:
    if isinstance(value, str):
        return value if name in _AS_THEY_ARE else _encoded(name, value)
    if not value.display_name:
        return value.addr_spec
    return f"{_encoded(name, value.display_name)}\r\n <{value.addr_spec}>"


def _encoded(name: str, text: str) -> str:
    # The library's own folding of headers loses quotes and commas of long names, so nothing is left for it to fold.
    if _PLAIN.fullmatch(text):
        return text
    return Header(text, charset="utf-8", header_name=name, maxlinelen=_LINE).encode(linesep="\r\n")


def _body(message: Message) -> bytes:
    body = EmailMessage(policy=_POLICY)
    body.set_content(message.text, cte="quoted-printable")
    body.add_alternative(message.html, subtype="html", cte="quoted-printable")
    for attachment in message.attachments:
        kind, _, subtype = attachment.media_type.partition("/")
        body.add_attachment(
            attachment.content, maintype=kind, subtype=subtype, filename=safe_filename(attachment.filename)
        )
    return body.as_bytes()


def _read_back(content: bytes, message: Message, meant: dict[str, Address | str]) -> None:
    if re.search(rb"\r(?!\n)|(?<!\r)\n", content) or max(map(len, content.split(b"\r\n"))) > _LONGEST_LINE:
        raise AlteredMessageError("line structure")
    email = message_from_bytes(content, policy=_READING)
    names = [*meant, "Date", "Auto-Submitted", "MIME-Version", "Content-Type"]
    if sorted(email.keys()) != sorted(names) or email.defects:
        raise AlteredMessageError("list of headers")
    for name, raw in email.raw_items():
        if name in meant and _read(email[name], raw) != meant[name]:
            raise AlteredMessageError(f"header {name}")
    _read_back_parts(email, message)


def _read(header: Any, raw: str) -> Address | str | None:
    if not isinstance(header, AddressHeader):
        return str(header)
    # The new parser finds the address; only the old one joins the encoded words of a long name without a space.
    phrases = getaddresses([raw])
    if len(header.addresses) != 1 or len(phrases) != 1:
        return None
    name = str(make_header(decode_header(phrases[0][0])))
    return Address(display_name=name, addr_spec=header.addresses[0].addr_spec)


def _read_back_parts(email: EmailMessage, message: Message) -> None:
    for kind, meant in (("plain", message.text), ("html", message.html)):
        body = email.get_body((kind,))
        if body is None or _unbroken(body.get_content()) != _unbroken(meant):
            raise AlteredMessageError(f"{kind} text")
    found = [
        Attachment(
            filename=part.get_filename() or "",
            media_type=part.get_content_type(),
            content=_content(part),
        )
        for part in email.iter_attachments()
    ]
    if found != [
        Attachment(filename=safe_filename(one.filename), media_type=one.media_type, content=one.content)
        for one in message.attachments
    ]:
        raise AlteredMessageError("attachments")


def _content(part: EmailMessage) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _unbroken(text: str) -> str:
    return re.sub(r"\r\n?", "\n", text).rstrip("\n")
