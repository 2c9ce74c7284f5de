"""The message by which a mail server is tried."""

from __future__ import annotations

from html import escape

from flask_babel import gettext as _

from arfollow.delivery.message import Mailbox, Message


def trial_message(*, company: str, sender: str, to: str, who: str) -> Message:
    """A few words from the company's own address, in the page's language."""
    words = [
        _("This is a test message from %(company)s.", company=company),
        _("%(who)s asked for it, to see whether e-mails leave and arrive. Nothing has to be done.", who=who),
    ]
    return Message(
        sender=Mailbox(email=sender, name=company),
        to=Mailbox(email=to),
        subject=_("Test message from %(company)s", company=company),
        text="\n\n".join(words) + "\n",
        html="<!doctype html><title></title>" + "".join(f"<p>{escape(each)}</p>" for each in words),
    )
