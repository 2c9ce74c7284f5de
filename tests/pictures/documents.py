"""Every document in each language: on one page and on many, in one currency and in three."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pypdfium2
from playwright.sync_api import Browser

from arfollow.statements.email import render_email
from arfollow.statements.facts import LetterFacts
from arfollow.statements.letter import render_letter, render_statement
from arfollow.statements.rules import Statement
from tests.pictures.sheet import Picture
from tests.statements.builders import letter, row, statement_of

_COUNTRIES = {"en": "GB"}
_SCALE = 110 / 72


def shoot_documents(browser: Browser, language: str, folder: Path, *, only: str) -> Iterator[Picture]:
    """Letter, statement and e-mail of each kind of account whose name holds `only`, as pictures of each page."""
    for kind, statement in _accounts().items():
        for name, render in {"letter": render_letter, "statement": render_statement}.items():
            if only in f"{name}-{kind}":
                pdf = render(_facts(language, "letter", statement))
                yield from pages_of(pdf, f"{name}-{kind}", language, folder)
        if only in f"email-{kind}":
            yield _email(browser, _facts(language, "email", statement), kind, language, folder)


def pages_of(pdf: bytes, name: str, language: str, folder: Path) -> Iterator[Picture]:
    """A picture of each page."""
    with pypdfium2.PdfDocument(pdf) as document:
        for number, page in enumerate(document, start=1):
            file = folder / f"{name}-{number}-{language}.png"
            page.render(scale=_SCALE).to_pil().save(file)
            yield Picture(file.name, name, f"page {number}, {language}")


def _facts(language: str, channel: str, statement: Statement | None) -> LetterFacts:
    locale = f"{language}_{_COUNTRIES.get(language, language.upper())}"
    changes = {"statement": statement} if statement else {}
    return letter(language, locale, channel=channel, **changes)


def _accounts() -> dict[str, Statement | None]:
    """What is owed: a made-up account of three invoices; many; many in three currencies."""
    many = [
        row(f"2026-{number:04}", amount=12_345 * number, days_late=95 - number) for number in range(1, 71)
    ]
    one = statement_of(*many)
    others = (statement_of(*many[:9], currency="CHF"), statement_of(*many[:4], currency="JPY"))
    three = replace(one, blocks=(*one.blocks, *(block for each in others for block in each.blocks)))
    few = replace(three, blocks=tuple(replace(block, overdue=block.overdue[:2]) for block in three.blocks))
    return {"one": None, "many": one, "three-currencies": few, "many-in-three": three}


def _email(browser: Browser, facts: LetterFacts, kind: str, language: str, folder: Path) -> Picture:
    email = render_email(facts)
    page = browser.new_page(viewport={"width": 720, "height": 600})
    page.set_content(email.html)
    file = folder / f"email-{kind}-{language}.png"
    page.screenshot(path=file, full_page=True)
    page.close()
    return Picture(file.name, f"email-{kind}", f"{language}: {email.subject}")
