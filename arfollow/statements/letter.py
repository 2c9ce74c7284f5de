"""Letters and statements on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from arfollow.statements.catalogue import words
from arfollow.statements.facts import LetterFacts, Paper
from arfollow.statements.layout import laid_out
from arfollow.statements.payment import Code, Payment, payments
from arfollow.statements.pdf import pdf
from arfollow.statements.rules import Statement
from arfollow.statements.swiss import slip

_PAPERS = {Paper.A4: "a4.css", Paper.LETTER: "us_letter.css"}
_LOGO = "image:logo"
_SVG, _PNG = "image/svg+xml", "image/png"


class Kind(StrEnum):
    """What is put on paper."""

    LETTER = "letter"
    STATEMENT = "statement"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A letter or a statement that is to be rendered; plain data, which can travel to another process."""

    kind: Kind
    facts: LetterFacts


def render_sheet(sheet: Sheet) -> bytes:
    """The PDF of a letter or a statement."""
    renderers = {Kind.LETTER: render_letter, Kind.STATEMENT: render_statement, Kind.PLAIN: render_plain}
    return renderers[sheet.kind](sheet.facts)


def render_letter(facts: LetterFacts) -> bytes:
    """The PDF of a letter that asks for money; marked DRAFT when the facts say so."""
    return _render("letters/letter.html", facts, kind=Kind.LETTER)


def render_plain(facts: LetterFacts) -> bytes:
    """The PDF of a letter that says its words and nothing of the account."""
    nothing = Statement(as_of=facts.dated, blocks=())
    return _render("letters/plain.html", replace(facts, statement=nothing, deadline=None), kind=Kind.PLAIN)


def render_statement(facts: LetterFacts) -> bytes:
    """The PDF of a statement of account; the words and the deadline of a level, where the facts have them, are left out."""
    title = words(facts.locale).gettext("Statement of account")
    plain = replace(facts, title=title, paragraphs=(), deadline=None)
    return _render("letters/statement.html", plain, kind=Kind.STATEMENT)


def _render(template: str, facts: LetterFacts, *, kind: Kind) -> bytes:
    creditor, paid = facts.creditor, payments(facts)
    images = _images(facts, paid)
    html = laid_out(
        template,
        facts,
        kind=kind,
        logo=_LOGO if _LOGO in images else None,
        payments=paid,
        code_address=_code_address,
        slip_address=_slip_address,
    )
    styles = ("letter.css", _PAPERS[facts.paper], f"window-{creditor.window}.css")
    return pdf(html, styles=styles, images=images, accent=creditor.accent)


def _images(facts: LetterFacts, paid: Sequence[Payment]) -> dict[str, tuple[str, bytes]]:
    """Media type and bytes of all pictures, by the address that the document uses."""
    images = {}
    if facts.creditor.logo:
        images[_LOGO] = (facts.creditor.logo_media_type, facts.creditor.logo)
    for each in paid:
        for code in each.codes:
            images[_code_address(each, code)] = (_PNG, code.png())
        if each.has_slip and each.bank is not None:
            drawing = slip(facts, each.bank, minor=each.minor, reference=each.reference)
            images[_slip_address(each)] = (_SVG, drawing)
    return images


def _code_address(payment: Payment, code: Code) -> str:
    return f"image:code-{payment.currency}-{code.kind}"


def _slip_address(payment: Payment) -> str:
    return f"image:slip-{payment.currency}"
