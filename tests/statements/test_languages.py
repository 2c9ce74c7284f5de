"""A letter, statement or e-mail speaks one language from the address to the footer."""

import re
from dataclasses import replace
from functools import cache
from io import BytesIO

import pytest
from babel.messages import pofile
from pypdf import PdfReader

from arfollow.statements.email import render_email
from arfollow.statements.facts import Paper
from arfollow.statements.letter import render_letter, render_statement
from arfollow.web.locale import TRANSLATIONS, languages
from tests.statements.builders import letter, row, statement_of

LOCALES = {"en": "en_GB", "de": "de_DE", "fr": "fr_FR"}
# How another language writes days and amounts.
FOREIGN = {
    "en": re.compile(r"\d{2}[./]\d{2}[./]\d{4}|\d\.\d{3},\d\d|\d,\d\d\b(?!\d)"),
    "de": re.compile(r"\d{2}/\d{2}/\d{4}|\d,\d{3}\.\d\d|EUR \d|[A-Z][a-z]{2} \d{1,2}, \d{4}"),
    "fr": re.compile(r"\d{2}\.\d{2}\.\d{4}|\d[.,]\d{3}[.,]\d\d|EUR \d|[A-Z][a-z]{2} \d{1,2}, \d{4}"),
}


@cache
def printed_words() -> tuple[dict[str, str], ...]:
    """What the templates of letters and e-mails say: for each message, its words by language."""
    found: dict[str, dict[str, str]] = {}
    for language in languages():
        if language == "en":
            continue
        with (TRANSLATIONS / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
            catalogue = pofile.read_po(file, locale=language)
        for message in catalogue:
            places = " ".join(place for place, _line in message.locations)
            if isinstance(message.id, str) and re.search(
                "templates/letters/(?!cover)|messages/email", places
            ):
                found.setdefault(message.id, {"en": message.id})[language] = str(message.string)
    return tuple(found.values())


def foreign_words(language: str) -> set[str]:
    """Words and beginnings of sentences that only other languages print."""
    own = " ".join(each[language] for each in printed_words()).casefold()
    others = {
        part.strip()
        for each in printed_words()
        for other, words in each.items()
        if other != language
        for part in re.split(r"%\(\w+\)s|[(:]", words)
    }
    return {words for words in others if len(words) > 3 and words.casefold() not in own}


def pdf_text(content: bytes) -> str:
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    return " ".join(text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ").split())


def documents(language: str) -> dict[str, str]:
    """The text of every kind of document, with every kind of block in it."""
    facts = letter(language, LOCALES[language], draft=True)
    mail = letter(language, LOCALES[language], channel="email")
    bare = replace(facts, paragraphs=(), deadline=None, draft=False)
    small = replace(mail, statement=statement_of(row(amount=123456789)))
    said = render_email(mail)
    return {
        "letter": pdf_text(render_letter(facts)),
        "statement": pdf_text(render_statement(bare)),
        "subject": said.subject,
        "text": said.text,
        "html": re.sub(r"<style.*?</style>|<[^>]+>", " ", said.html, flags=re.DOTALL),
        "a large amount": render_email(small).text,
    }


@pytest.mark.parametrize("language", LOCALES)
def test_a_document_has_no_word_of_another_language(language):
    foreign = foreign_words(language)

    left = {
        (name, words)
        for name, text in documents(language).items()
        for words in foreign
        if re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text)
    }

    assert len(foreign) > 20
    assert left == set()


@pytest.mark.parametrize("language", LOCALES)
def test_a_document_writes_days_and_amounts_in_no_other_way(language):
    texts = documents(language)

    found = {(name, found[0]) for name, text in texts.items() if (found := FOREIGN[language].search(text))}

    assert found == set()


def test_every_language_has_a_way_of_writing_here():
    assert set(languages()) == set(LOCALES), "say in this file how the new language writes days and amounts"


@pytest.mark.parametrize(
    ("locale", "day", "amount", "due"),
    [
        ("fr_FR", "21 novembre 2026", "1 130,50 EUR", "au plus tard le 1er décembre 2026"),
        ("de_AT", "21. November 2026", "EUR 1.130,50", "bis zum 1. Dezember 2026"),
        ("de_CH", "21. November 2026", "EUR 1’130.50", "bis zum 1. Dezember 2026"),
        ("en_US", "November 21, 2026", "EUR 1,130.50", "by December 1, 2026"),
        ("en_GB", "21 November 2026", "EUR 1,130.50", "by 1 December 2026"),
    ],
)
def test_a_letter_writes_as_its_reader_s_country_does(locale, day, amount, due):
    words = pdf_text(render_letter(letter(locale[:2], locale, paper=Paper.A4)))

    for expected in (day, amount, due):
        assert expected in words
