from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader

from arfollow.statements.facts import Paper
from arfollow.statements.letter import render_letter, render_statement
from arfollow.statements.pdf import OutsideError, _Closed, pdf
from tests.statements.builders import CREDITOR, letter, row, statement_of


def read(content: bytes) -> PdfReader:
    return PdfReader(BytesIO(content))


def text(content: bytes) -> str:
    """The words of all pages, single spaces between."""
    pages = " ".join(page.extract_text() for page in read(content).pages)
    return " ".join(pages.replace("\N{NO-BREAK SPACE}", " ").split())


def test_a_letter_says_who_what_and_until_when():
    words = text(render_letter(letter()))

    for expected in (
        "Bäckerei Ümit Ms Ümit Kaya Gasse 3 50667 Köln",
        "Second reminder",
        "Dear Ms Kaya,",
        "Please pay EUR 1,130.50 by 1 December 2026",
        "C-1043",
        "Ana Maier",
        "of this disputed: 80.00",
        "less payment P-311",
        "Not yet due, in EUR",
        "DE02 1203 0000 0000 2020 51",
        "Page 1 of 1",
    ):
        assert expected in words


def test_a_german_letter_has_no_english_word_and_german_figures():
    words = text(render_letter(letter("de", "de_DE")))

    for expected in (
        "Sehr geehrte Frau Kaya,",
        "Bitte zahlen Sie EUR 1.130,50 bis zum 1. Dezember 2026",
        "Seite 1 von",
    ):
        assert expected in words
    for english in ("Please", "Invoice", "Overdue", "Page", "Dear", "regards"):
        assert english not in words


def test_the_same_facts_give_the_same_bytes_and_other_facts_others():
    facts = letter()

    first, again = render_letter(facts), render_letter(letter())

    assert first == again
    assert render_letter(replace(facts, customer_number="C-1")) != first


def test_digests_agree_when_the_facts_do():
    facts = letter()

    assert facts.digest() == letter().digest()
    assert replace(facts, creditor=replace(CREDITOR, logo=b"<svg/>")).digest() != facts.digest()
    assert replace(facts, statement=statement_of(row())).digest() != facts.digest()


def test_a_long_table_repeats_its_heading_and_numbers_its_pages():
    rows = [row(f"INV-{number:03}", days_late=200 - number) for number in range(80)]

    pages = [page.extract_text() for page in read(render_letter(letter(statement=statement_of(*rows)))).pages]

    assert len(pages) >= 3
    for number, page in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in page
        assert ("INV-" not in page) or "Overdue, in EUR" in page
    assert sum(page.count("INV-") for page in pages) == 80


@pytest.mark.parametrize(
    ("paper", "size"), [(Paper.A4, (595.28, 841.89)), (Paper.LETTER, (612, 792))], ids=["A4", "US Letter"]
)
def test_paper_is_what_the_country_prints_on(paper, size):
    box = read(render_letter(letter(paper=paper))).pages[0].mediabox

    assert (float(box.width), float(box.height)) == pytest.approx(size, abs=0.1)


def test_the_address_stands_in_the_window():
    found = []

    def visit(words, cm, tm, _font, _size):
        if words.strip() in {"Bäckerei Ümit", "50667 Köln"}:
            x = cm[0] * tm[4] + cm[2] * tm[5] + cm[4]
            y = cm[1] * tm[4] + cm[3] * tm[5] + cm[5]
            found.append((x / 72 * 25.4, (841.89 - y) / 72 * 25.4))

    read(render_letter(letter())).pages[0].extract_text(visitor_text=visit)

    assert len(found) == 2
    for left, top in found:
        assert 20 < left < 105
        assert 45 + 17.7 < top < 90


def test_a_draft_is_marked_on_every_page_and_a_letter_is_not():
    pages = read(render_letter(letter(draft=True))).pages

    assert all("DRAFT" in page.extract_text() for page in pages)
    assert "DRAFT" not in text(render_letter(letter()))


def test_title_author_and_language_are_in_the_file():
    reader = read(render_letter(letter("de", "de_DE")))

    assert (reader.metadata.title, reader.metadata.author) == ("Mahnung · Bäckerei Ümit", "ACME GmbH")
    assert reader.trailer["/Root"]["/Lang"] == "de"
    assert "/StructTreeRoot" in reader.trailer["/Root"]


def test_without_a_bank_account_the_letter_says_nothing_of_one():
    words = text(render_letter(letter(creditor=replace(CREDITOR, banks=(), logo=None))))

    assert "IBAN" not in words
    assert "Scan to pay" not in words


def test_a_name_is_text_and_no_markup():
    name = "<img src=file:///etc/passwd> & Söhne"

    words = text(render_letter(letter(address=(name,), statement=statement_of(row("<b>1</b>")))))

    assert name in words
    assert "<b>1</b>" in words


def test_a_statement_asks_for_nothing_and_ends_in_the_balance():
    facts = letter(paragraphs=(), deadline=None)

    words = text(render_statement(replace(facts, title="Statement of account", paragraphs=())))

    assert "Balance EUR 3,280.00" in words
    assert "by 1 December" not in words


def test_nothing_outside_the_document_is_read(tmp_path, caplog):
    secret = tmp_path / "secret.svg"
    secret.write_text("<svg xmlns='http://www.w3.org/2000/svg'><text>secret</text></svg>")
    html = f'<img src="{secret.as_uri()}"><img src="http://127.0.0.1:9/x.png"><link rel=stylesheet href="{secret.as_uri()}">'

    content = pdf(html, styles=("a4.css",), images={})

    assert "secret" not in text(content)
    with pytest.raises(OutsideError):
        _Closed({})(secret.as_uri())
