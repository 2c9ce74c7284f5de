"""Letters and statements on paper."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from arfollow.statements.catalogue import words
from arfollow.statements.facts import LetterFacts, Paper
from arfollow.statements.layout import laid_out
from arfollow.statements.payment import paid_to, payment_code, reference
from arfollow.statements.pdf import pdf

_STYLES = {Paper.A4: ("letter.css", "a4.css"), Paper.LETTER: ("letter.css", "us_letter.css")}
_LOGO = "image:logo"
_CODE = "image:payment-code"


def render_letter(facts: LetterFacts) -> bytes:
    """The PDF of a letter that asks for money; marked DRAFT when the facts say so."""
    return _render("letters/letter.html", facts, kind="letter")


def render_statement(facts: LetterFacts) -> bytes:
    """The PDF of a statement of account; the words and the deadline of a level, where the facts have them, are left out."""
    title = words(facts.locale).gettext("Statement of account")
    plain = replace(facts, title=title, paragraphs=(), deadline=None)
    return _render("letters/statement.html", plain, kind="statement")


def _render(template: str, facts: LetterFacts, *, kind: str) -> bytes:
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
