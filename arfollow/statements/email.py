"""E-mails that ask for money: a subject, a text and the same as HTML."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import css_inline

from arfollow.statements.catalogue import words
from arfollow.statements.facts import LetterFacts
from arfollow.statements.layout import laid_out
from arfollow.statements.payment import payments
from arfollow.statements.rules import Block, StatementRow

_WIDTH = 60
# Nothing outside the mail is loaded while it is made.
_inliner = css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=False)


class Email(NamedTuple):
    """What an e-mail says, before anybody addresses it."""

    subject: str
    text: str
    html: str


def render_email(facts: LetterFacts) -> Email:
    """The e-mail of these facts; its lists are those of the letter."""
    paid = payments(facts)
    html = laid_out("messages/email.html", facts, payments=paid)
    text = laid_out("messages/email.txt", facts, table=partial(_table, facts), line=_line, payments=paid)
    return Email(
        subject=facts.subject, text=re.sub(r"\n{3,}", "\n\n", text).strip() + "\n", html=inlined(html)
    )


def render_message(facts: LetterFacts, *, links: Sequence[str]) -> Email:
    """An e-mail that says its words and nothing of the account; `links`: the addresses in them that become links."""
    html = laid_out("messages/workflow.html", facts, payments=(), links=links)
    text = laid_out("messages/workflow.txt", facts, payments=())
    return Email(
        subject=facts.subject, text=re.sub(r"\n{3,}", "\n\n", text).strip() + "\n", html=inlined(html)
    )


def inlined(html: str) -> str:
    """The page with its styles written into the elements, as mail programs want it."""
    return _inliner.inline(html)


def filename(facts: LetterFacts, title: str = "", *, ending: str = "pdf") -> str:
    """What the PDF is called when it is attached or downloaded; `title`: another one than the letter's."""
    name = f"{title or facts.title} {facts.customer_number} {facts.dated.isoformat()}"
    return re.sub(r"[^\w .()-]+", "-", name).strip() + "." + ending


def _table(facts: LetterFacts, block: Block, rows: Sequence[StatementRow]) -> str:
    """A line for each row: invoice, due date, what is open; parts below it."""
    spoken = words(facts.locale)
    longest = max(len(row.label) for row in rows)
    lines = []
    for row in rows:
        due = f"{spoken.gettext('Due')} {spoken.day(row.due_date)}"
        lines.append(_line(f"{row.label:<{longest}}  {due}", spoken.number(row.open, block.currency)))
        for part, message in (
            (row.disputed, "of this disputed: %(amount)s"),
            (row.promised, "of this promised: %(amount)s"),
        ):
            if part:
                lines.append("  " + spoken.gettext(message, amount=spoken.number(part, block.currency)))
    return "\n".join(lines)


def _line(label: str, figure: str) -> str:
    """Label left, figure right, dots between."""
    dots = "." * max(3, _WIDTH - len(label) - len(figure) - 2)
    return f"{label} {dots} {figure}"
