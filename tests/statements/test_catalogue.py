import re
from datetime import date
from io import BytesIO

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from arfollow.statements.catalogue import letter_locale, words
from arfollow.statements.salutation import salutation
from arfollow.web.locale import TRANSLATIONS, languages

CATALOGUES = sorted(TRANSLATIONS.glob("*/LC_MESSAGES/messages.po"))


def messages_of_letters(root) -> set[str]:
    """The program's words on paper and in mails."""
    jinja = [("**.*", "jinja2")]
    found = [
        *extract_from_dir(root / "templates" / "letters", method_map=jinja),
        *extract_from_dir(root / "templates" / "messages", method_map=jinja),
        *extract_from_dir(root / "arfollow" / "statements", method_map=[("**.py", "python")]),
    ]
    return {message for _, _, message, _, _ in found}


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parent.parent.name)
def test_a_catalogue_has_every_word_of_letters_and_mails(path, root):
    with path.open("rb") as file:
        catalogue = read_po(file)

    missing = [
        message
        for message in messages_of_letters(root)
        if not (catalogue.get(message) and catalogue[message].string)
    ]

    assert missing == [], "fill them in, then run script/translate"


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parent.parent.name)
def test_a_catalogue_is_compiled(path):
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file))

    assert path.with_suffix(".mo").read_bytes() == compiled.getvalue(), "run script/translate"


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parent.parent.name)
def test_a_translation_keeps_the_places_for_values(path):
    with path.open("rb") as file:
        catalogue = read_po(file)

    wrong = [
        message.id
        for message in catalogue
        if isinstance(message.id, str)
        and message.string
        and set(re.findall(r"%\(\w+\)\w", message.id)) != set(re.findall(r"%\(\w+\)\w", message.string))
    ]

    assert wrong == []


def test_letters_speak_english_and_german():
    assert {"en", "de"} <= set(languages())


@pytest.mark.parametrize(
    ("spoken", "country", "locale"),
    [
        (["de", "en"], "CH", "de_CH"),
        (["de-AT"], "AT", "de_AT"),
        (["en"], "DE", "en_001"),
        (["en"], "US", "en_US"),
        (["xx", "de"], "DE", "de_DE"),
        (["", ""], "FR", "en_001"),
        (["de"], "", "de"),
        (["de"], "??", "de"),
    ],
)
def test_a_letter_speaks_the_first_language_that_has_a_catalogue(spoken, country, locale):
    assert letter_locale(spoken=spoken, country=country) == locale


@pytest.mark.parametrize(
    ("locale", "day", "amount"),
    [
        ("en_001", "4 Mar 2026", "EUR 1,234.50"),
        ("en_US", "Mar 4, 2026", "EUR 1,234.50"),
        ("de_DE", "04.03.2026", "1.234,50 EUR"),
        ("de_CH", "04.03.2026", "EUR 1’234.50"),
        ("fr_FR", "04/03/2026", "1 234,50 EUR"),
        ("nl_NL", "04-03-2026", "EUR 1.234,50"),
    ],
)
def test_dates_and_figures_are_the_readers(locale, day, amount):
    spoken = words(locale)

    assert spoken.day(date(2026, 3, 4)) == day
    assert re.sub(r"\s", " ", spoken.money(123450, "EUR")) == amount


def test_amounts_of_several_currencies_are_a_list():
    assert (
        words("de_DE").amounts({"EUR": 100, "CHF": 5}).replace("\N{NO-BREAK SPACE}", " ")
        == "0,05 CHF und 1,00 EUR"
    )


@pytest.mark.parametrize(
    ("name", "english", "german"),
    [
        ("", "Dear Sir or Madam,", "Sehr geehrte Damen und Herren,"),
        ("Buchhaltung", "Dear Sir or Madam,", "Sehr geehrte Damen und Herren,"),
        ("Frau Ümit Kaya", "Dear Ms Kaya,", "Sehr geehrte Frau Kaya,"),
        ("Ms. Kaya", "Dear Ms Kaya,", "Sehr geehrte Frau Kaya,"),
        ("Herrn Prof. Dr. Jan Weber", "Dear Mr Prof. Dr. Weber,", "Sehr geehrter Herr Prof. Dr. Weber,"),
        ("Kim Lee", "Dear Kim Lee,", "Guten Tag Kim Lee,"),
        ("x " * 60, "Dear Sir or Madam,", "Sehr geehrte Damen und Herren,"),
    ],
)
def test_the_reader_is_addressed_and_nobodys_gender_guessed(name, english, german):
    assert salutation(words("en_GB"), contact_name=name) == english
    assert salutation(words("de_DE"), contact_name=name) == german
