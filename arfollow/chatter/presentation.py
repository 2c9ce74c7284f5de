"""How the chatter looks: words and icons for tags, kinds and documents, and facts as a reader wants them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from babel.core import get_global
from babel.dates import format_skeleton
from flask import Blueprint
from flask_babel import LazyString, get_locale, to_user_timezone
from flask_babel import lazy_gettext as _

from arfollow.chatter.kinds import Kind
from arfollow.chatter.words import entry_words, tag_words, who_words
from arfollow.values.days import time_of_day
from arfollow.values.money import Money
from arfollow.values.remarks import brought_back, is_kept
from arfollow.web.refusals import said

_CURRENCIES: Mapping[str, object] = get_global("all_currencies")
KINDS: Mapping[Kind, LazyString] = {
    Kind.EMAILS: _("E-mails"),
    Kind.TEXTS: _("Text messages"),
    Kind.LETTERS: _("Letters"),
    Kind.TASKS: _("Calls and tasks"),
    Kind.NOTES: _("Notes"),
    Kind.LEDGER: _("Payments and promises"),
    Kind.CHANGES: _("Changes"),
}
_ICONS = {
    "call": "telephone",
    "company": "building",
    "contact": "person",
    "credit": "cash-coin",
    "credit-note": "receipt",
    "customer": "person",
    "dispute": "flag",
    "email": "envelope",
    "follow-up": "check2-circle",
    "hold": "pause-circle",
    "invoice": "receipt",
    "ledger": "cloud-upload",
    "letter": "file-earmark-text",
    "level": "sliders",
    "mail": "send",
    "mapping": "table",
    "note": "chat-left-text",
    "open-items": "cloud-upload",
    "payment": "cash-coin",
    "plan": "sliders",
    "promise": "hand-thumbs-up",
    "reminder": "bell",
    "run": "play-circle",
    "setup": "list-ol",
    "sms": "chat-left-text",
    "statement": "file-earmark-text",
    "task": "check2-square",
    "todo": "check2-square",
    "user": "person-circle",
    "wording": "pencil",
}
_DOCUMENTS = {
    "application/pdf": ("PDF", "file-earmark-pdf"),
    "message/rfc822": (_("e-mail as sent"), "envelope-open"),
    "text/html": (_("e-mail as shown"), "envelope-open"),
    "text/plain": (_("text as sent"), "chat-left-text"),
    "text/csv": ("CSV", "file-earmark-spreadsheet"),
}
_STATES = {
    "queued": (_("queued"), "neutral", "hourglass-split"),
    "sending": (_("sending"), "accent", "send"),
    "sent": (_("sent"), "success", "check2"),
    "failed": (_("failed"), "danger", "exclamation-circle"),
    "uncertain": (_("uncertain"), "warning", "question-circle"),
    "cancelled": (_("cancelled"), "neutral", "x-circle"),
    "printed": (_("printed"), "neutral", "printer"),
    "posted": (_("posted"), "success", "mailbox"),
    "delivered": (_("delivered"), "success", "check2-all"),
    "undelivered": (_("not delivered"), "danger", "exclamation-circle"),
    "returned": (_("came back"), "danger", "exclamation-circle"),
}


def init_presentation(blueprint: Blueprint) -> None:
    """Give every template our filters: the customer's page shows the chatter, too."""
    blueprint.add_app_template_filter(entry_icon)
    blueprint.add_app_template_filter(entry_state)
    blueprint.add_app_template_filter(document_look)
    blueprint.add_app_template_filter(shown_fact)
    blueprint.add_app_template_filter(brief_instant)
    blueprint.add_app_template_filter(entry_words)
    blueprint.add_app_template_filter(tag_words)
    blueprint.add_app_template_filter(who_words)
    blueprint.add_app_template_global(lambda: KINDS, "chatter_kinds")


def entry_icon(tag: str) -> str:
    """The icon of a tag's subject."""
    return _ICONS.get(tag.partition(":")[0], "journal-text")


def entry_state(action: str) -> tuple[LazyString | str, str, str | None]:
    """What `components/state.html` shows for the last action of a thread."""
    return _STATES.get(action, (action.replace("-", " "), "neutral", None))


def document_look(media_type: str) -> tuple[LazyString | str, str]:
    """What a document is, in a word, and its icon."""
    return _DOCUMENTS.get(media_type, (media_type, "paperclip"))


def brief_instant(value: datetime) -> str:
    """`21 Nov 09:12` in the company's time zone; for readers who see many of them."""
    local = to_user_timezone(value)
    return f"{format_skeleton('MMMd', local, locale=get_locale())} {time_of_day(local, locale=get_locale())}"


def shown_fact(value: Any) -> Any:
    """Money where the fact is an amount, or amounts by currency; what is said in words; anything else as it is."""
    if not isinstance(value, Mapping):
        return value
    match dict(value):
        case remark if is_kept(remark):
            return said(brought_back(remark))
        case {"currency": str(currency), "minor": int(minor), **rest} if not rest and currency in _CURRENCIES:
            return Money(currency, minor)
        case by_currency if by_currency and _is_by_currency(by_currency):
            return [Money(currency, minor) for currency, minor in by_currency.items()]
        case _:
            return value


def _is_by_currency(value: Mapping[str, object]) -> bool:
    return all(key in _CURRENCIES and type(minor) is int for key, minor in value.items())
