from datetime import date
from io import BytesIO

from pypdf import PdfReader

from arfollow.statements.cover import CoverFacts, Enclosed, Share, render_cover
from arfollow.statements.facts import Paper


def facts(**changes) -> CoverFacts:
    letters = [
        ("C-1", "Bäckerei <Ümit>", "Mahnung", "DE", 1),
        ("C-2", "Zwei", "Letzte Mahnung", "DE", 2),
        ("C-3", "Drei", "Mahnung", "DE", 3),
        ("C-4", "Vier", "", "AT", 1),
    ]
    known = {
        "locale": "de_DE",
        "paper": Paper.A4,
        "company": "ACME GmbH",
        "dated": date(2026, 11, 21),
        "who": "Ana Maier",
        "draft": False,
        "letters": tuple(
            Enclosed(number=number, name=name, level=level, country=country, pages=pages)
            for number, name, level, country, pages in letters
        ),
    }
    return CoverFacts(**known | changes)


def test_it_counts_letters_and_pages_by_country_and_level():
    assert facts().pages == 7
    assert facts().shares == (
        Share(country="Deutschland", level="Letzte Mahnung", letters=1, pages=2),
        Share(country="Deutschland", level="Mahnung", letters=2, pages=4),
        Share(country="Österreich", level="", letters=1, pages=1),
    )


def test_it_speaks_the_companys_language_and_names_every_customer():
    (page,) = PdfReader(BytesIO(render_cover(facts()))).pages

    words = " ".join(page.extract_text().split())
    for expected in (
        "ACME GmbH",
        "Briefe vom 21. November 2026",
        "Gedruckt von Ana Maier.",
        "Summe 4 7",
        "1 C-1 · Bäckerei <Ümit>",
        "3 C-3 · Drei",
        "Kontoauszug 1 1",
    ):
        assert expected in words
    assert "ENTWURF" not in words


def test_a_pile_of_drafts_says_so():
    (page,) = PdfReader(BytesIO(render_cover(facts(draft=True)))).pages

    assert "ENTWURF" in page.extract_text()
