from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader

from arfollow.companies.letterhead import Window
from arfollow.statements.facts import Bank, Paper
from arfollow.statements.letter import render_letter, render_statement
from arfollow.statements.payment import payments
from arfollow.statements.pdf import OutsideError, _Closed, pdf
from arfollow.statements.rules import Statement
from tests.statements.builders import CREDITOR, TODAY, letter, row, statement_of


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
        "Bitte zahlen Sie 1.130,50 EUR bis zum 1. Dezember 2026",
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


# What is seen of the sheet in millimetres, wherever it lies in its envelope: from left, to left, from top, to top.
SEEN = {
    Window.DIN_B: (20, 105, 45, 90),
    Window.DIN_A: (20, 105, 27, 72),
    Window.RIGHT: (100, 190, 45, 80),
    Window.US: (22, 111, 52, 92),
}


@pytest.mark.parametrize("window", Window)
@pytest.mark.parametrize(
    "lines", [("Bäckerei Ümit", "50667 Köln"), tuple(f"Line {n} of six, {'x' * 20}" for n in range(6))]
)
def test_the_address_stands_in_the_window(window, lines):
    found = []

    def visit(words, cm, tm, _font, _size):
        if words.strip() in lines:
            x = cm[0] * tm[4] + cm[2] * tm[5] + cm[4]
            y = cm[1] * tm[4] + cm[3] * tm[5] + cm[5]
            found.append((x / 72 * 25.4, (height - y) / 72 * 25.4))

    facts = letter(address=lines, creditor=replace(CREDITOR, window=window))
    page = read(render_letter(facts)).pages[0]
    height = float(page.mediabox.height)
    page.extract_text(visitor_text=visit)

    assert len(found) == len(lines)
    left, right, top, bottom = SEEN[window]
    for x, y in found:
        assert left < x < right - 50
        assert top < y < bottom


def test_each_currency_says_how_it_is_paid_below_its_own_sum():
    pounds = Bank(currency="GBP", holder="", bank="London Bank", iban="", bic="", account="20-00-00 55779911")
    owed = [statement_of(row(f"{each}-1"), currency=each).blocks[0] for each in ("EUR", "GBP")]
    facts = letter(
        statement=Statement(as_of=TODAY, blocks=tuple(owed)),
        creditor=replace(CREDITOR, banks=(*CREDITOR.banks, pounds)),
    )

    drawn = lines_by_height(read(render_letter(facts)).pages[0])

    wanted = (
        "Overdue, in EUR",
        "Please pay EUR 100.00 to",
        "DE02 1203 0000 0000 2020 51",
        "C-1043 / EUR-1",
        "Overdue, in GBP",
        "Please pay GBP 100.00 to",
        "20-00-00 55779911",
        "C-1043 / GBP-1",
    )
    assert [each for each in drawn if each in wanted] == list(wanted)


def lines_by_height(page):
    """The texts of the page from its top to its foot."""
    found = []

    def visit(words, cm, tm, _font, _size):
        words = words.replace("\N{NO-BREAK SPACE}", " ").strip()
        found.append((-(cm[1] * tm[4] + cm[3] * tm[5] + cm[5]), words))

    page.extract_text(visitor_text=visit)
    return [words for _, words in sorted(found)]


def test_a_pay_link_is_a_link_and_a_code_and_can_be_switched_off():
    linked = replace(CREDITOR, pay_link="https://pay.example.com/{reference}")

    with_codes, without = (letter(creditor=replace(linked, payment_codes=codes)) for codes in (True, False))

    assert "Pay online" in text(render_letter(with_codes))
    assert [len(each.codes) for each in payments(with_codes)] == [2]
    assert [len(each.codes) for each in payments(without)] == [0]
    links = [each["/A"]["/URI"] for each in read(render_letter(without)).pages[0]["/Annots"]]
    assert links == ["https://pay.example.com/C-1043%20%2F%202026-0815%20%2F%202026-0838"]


def test_the_letterhead_says_what_the_company_chose():
    chosen = replace(
        CREDITOR,
        sender_line="Post to: ACME",
        contact_line="Call us",
        footer_left="ACME Holding",
        footer_middle="Mon to Fri",
    )

    words = text(render_letter(letter(creditor=chosen)))

    for expected in ("Post to: ACME", "Call us", "ACME Holding", "Mon to Fri", "HRB 12345"):
        assert expected in words
    assert "office@acme.example" not in words


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
