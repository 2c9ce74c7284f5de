"""Letters and statements on paper."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial

from arfollow.statements.catalogue import words
from arfollow.statements.facts import LetterFacts, Paper
from arfollow.statements.layout import laid_out
from arfollow.statements.payment import paid_to, payment_code, reference
from arfollow.statements.pdf import pdf

_STYLES = {Paper.A4: ("letter.css", "a4.css"), Paper.LETTER: ("letter.css", "us_letter.css")}
_LOGO = "image:logo"
_CODE = "image:payment-code"


class Kind(StrEnum):
    """What is put on paper."""

    LETTER = "letter"
    STATEMENT = "statement"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A letter or a statement that is to be rendered; plain data, which can travel to another process."""

    kind: Kind
    facts: LetterFacts


def render_sheet(sheet: Sheet) -> bytes:
    """The PDF of a letter or a statement."""
    return render_letter(sheet.facts) if sheet.kind is Kind.LETTER else render_statement(sheet.facts)


def render_letter(facts: LetterFacts) -> bytes:
    """The PDF of a letter that asks for money; marked DRAFT when the facts say so."""
    return _render("letters/letter.html", facts, kind=Kind.LETTER)


def render_statement(facts: LetterFacts) -> bytes:
    """The PDF of a statement of account; the words and the deadline of a level, where the facts have them, are left out."""
    title = words(facts.locale).gettext("Statement of account")
    plain = replace(facts, title=title, paragraphs=(), deadline=None)
    return _render("letters/statement.html", plain, kind=Kind.STATEMENT)


def _render(template: str, facts: LetterFacts, *, kind: Kind) -> bytes:
    images = {}
    if facts.creditor.logo:
        images[_LOGO] = (facts.creditor.logo_media_type, facts.creditor.logo)
    code = payment_code(facts)
    if code:
        images[_CODE] = ("image/png", code)
    html = laid_out(
        template,
        facts,
        kind=kind,
        logo=_LOGO if _LOGO in images else None,
        paid_to=paid_to(facts),
        reference=partial(reference, facts),
        payment_code=_CODE if code else None,
    )
    return pdf(html, styles=_STYLES[facts.paper], images=images)
