"""The letterhead's editor, as a browser without a screen sees it."""

import re
from base64 import b64decode
from io import BytesIO

import pytest
from PIL import Image

from arfollow.access import Role
from arfollow.companies.queries import find_company
from tests.factories import books
from tests.followup.desks import words_of

PATH = "/settings/letterhead"
FIELDS = {"accent": "#b3261e", "window": "right", "footer": "HRB 1", "payment_codes": "y"}
EUROS = {"accounts-0-currency": "eur", "accounts-0-iban": "DE89 3704 0044 0532 0130 00"}
SHOWN = {"language": "en", "shape": "few", "page": "1"}
HTMX = {"HX-Request": "true"}
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9" fill="#0a5"/></svg>'
ENDLESS = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 50 50"><linearGradient id="a" x2="0.0000001" spreadMethod="repeat">'
    b'<stop stop-color="red"/><stop offset="1"/></linearGradient><rect width="50" height="50" fill="url(#a)"/></svg>'
)
UNDRAWABLE = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="a b c d"><rect width="9" height="9"/></svg>'
EMPTY = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0"/></svg>'


@pytest.fixture
def site(sqlite_site):
    """Each page is opened on both engines by the guards."""
    return sqlite_site


@pytest.fixture
def administrator(site):
    return site.sign_in(Role.ADMINISTRATOR)


def company(site):
    with site.reading() as session:
        return find_company(session, company_id=site.company_id)


def preview(visitor, **changes):
    visitor.headers = HTMX
    answer = visitor.post(f"{PATH}/preview", FIELDS | EUROS | SHOWN | changes)
    visitor.headers = {}
    assert answer.status_code == 200, answer.text
    return answer


def opened(visitor):
    """What the page knows itself by."""
    [seen] = re.findall(r'name="seen"[^>]* value="(\w+)"', visitor.get(PATH).text)
    return {"seen": seen}


def save(visitor, fields, **options):
    return visitor.post(PATH, opened(visitor) | fields, **options)


def picture(answer):
    [encoded] = re.findall(r"data:image/png;base64,([^\"]+)", answer.text)
    return Image.open(BytesIO(b64decode(encoded))).convert("RGB")


def reddish(image):
    pixels = image.convert("RGB").tobytes()
    return sum(pixels[at] > 150 and max(pixels[at + 1 : at + 3]) < 90 for at in range(0, len(pixels), 3))


def test_it_is_saved_and_recorded(site, administrator):
    answer = save(administrator, FIELDS | EUROS, follow_redirects=True)

    assert "Saved. Letters printed from now on look like this." in answer.text
    chosen = company(site).letterhead
    assert (chosen.accent, chosen.window, chosen.footer) == ("#b3261e", "right", "HRB 1")
    assert [(each.currency, each.iban) for each in company(site).bank_accounts] == [
        ("EUR", "DE89370400440532013000")
    ]
    assert [tag for tag, _ in site.entries("company")][-2:] == ["company:letterhead", "company:bank-accounts"]


def test_the_second_of_two_who_save_is_told_of_the_first(site, administrator):
    before = opened(administrator)
    save(administrator, FIELDS | EUROS)

    answer = administrator.post(PATH, before | FIELDS | {"footer": "HRB 2"})

    assert answer.status_code == 409
    assert "somebody else has changed the letterhead meanwhile" in words_of(answer.text)
    assert "HRB 2" in answer.text
    assert company(site).letterhead.footer == "HRB 1"


@pytest.mark.parametrize("remove", [{"accounts-0-remove": "y"} | EUROS, {"accounts-0-currency": ""}])
def test_an_account_that_is_cleared_or_ticked_is_removed(site, administrator, remove):
    save(administrator, FIELDS | EUROS)

    save(administrator, FIELDS | remove)

    assert company(site).bank_accounts == []


def test_an_account_without_an_iban_has_a_number_of_its_own(site, administrator):
    account = {"accounts-0-currency": "USD", "accounts-0-account": "021000021 · 123456789"}

    save(administrator, FIELDS | account)

    assert [(each.currency, each.account) for each in company(site).bank_accounts] == [
        ("USD", "021000021 · 123456789")
    ]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"accent": "red"}, "is not a colour"),
        ({"footer": "\n".join("abcdef")}, "There is room for 5 lines."),
        ({"window": "top"}, "Not a valid choice."),
        ({"pay_link": "http://pay.example.com"}, "begins with https"),
        ({"accounts-0-iban": "DE00"}, "is not an IBAN"),
        ({"accounts-0-iban": "DE02120300000000202052", "accounts-0-currency": "EUR"}, "check digits"),
        ({"accounts-0-iban": "DE0212030000000020205", "accounts-0-currency": "EUR"}, "is not an IBAN"),
        ({"accounts-0-bank": "Sparkasse"}, "is not an ISO 4217 currency code"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_saved(site, administrator, fields, words):
    before = company(site)

    answer = save(administrator, FIELDS | fields)

    assert answer.status_code == 422
    assert words in words_of(answer.text)
    assert 'aria-invalid="true"' in answer.text
    assert company(site) == before


def test_the_picture_shows_what_is_entered_and_nothing_is_saved(site, administrator):
    before = company(site)

    red, blue = (picture(preview(administrator, accent=accent)) for accent in ("#b3261e", "#1e40b3"))

    assert reddish(red) > 100 > reddish(blue)
    assert company(site) == before


def test_the_picture_shows_any_page_of_many(administrator):
    first, last, beyond = (preview(administrator, shape="many", page=page) for page in (1, 2, 99))

    assert "Page 1 of 3" in words_of(first.text)
    assert "Page 3 of 3" in words_of(beyond.text)
    assert picture(first).tobytes() != picture(last).tobytes()


def test_what_is_wrong_leaves_the_last_picture_where_it_is(administrator):
    answer = preview(administrator, pay_link="ftp://x")

    assert answer.headers["HX-Retarget"] == "#preview-notes"
    assert "Pay link: A pay link begins with https" in words_of(answer.text)
    assert "data:image/png" not in answer.text


def test_what_the_letters_would_lack_is_said(administrator):
    said = words_of(
        preview(administrator, **{"accounts-0-currency": "GBP"}, accent="#ffe000", footer="王").text
    )

    assert "No bank account for EUR" in said
    assert "too light to be read on white" in said
    assert "letters would show boxes: 王" in said


def test_it_is_tried_on_a_real_customer(site, administrator):
    with books(site) as book:
        book.debtor("Nordlicht Optik", ("620.50", 20), number="C-7")

    found, unknown = (preview(administrator, customer=number) for number in ("C-7", "C-9"))

    assert "data:image/png" in found.text
    assert "There is no customer “C-9”." in words_of(unknown.text)


def test_it_is_not_tried_on_a_customer_with_very_many_invoices(site, administrator, monkeypatch):
    with books(site) as book:
        book.debtor("Nordlicht Optik", ("620.50", 20), number="C-7")
    monkeypatch.setattr("arfollow.statements.preview.MOST_ROWS", 0)

    shown = preview(administrator, customer="C-7")

    assert "Nordlicht Optik has 1 open invoices: too many for a preview." in words_of(shown.text)
    assert "data:image/png" not in shown.text


def test_the_pdf_is_a_draft(administrator):
    answer = administrator.post(f"{PATH}/preview.pdf", FIELDS | SHOWN)

    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF")


def test_a_logo_is_shown_and_can_neither_run_nor_load_anything(administrator):
    answer = administrator.post(f"{PATH}/logo", {"logo": (BytesIO(DRAWING), "logo.svg")})
    assert answer.status_code == 303

    shown = administrator.get("/settings/company/logo")

    assert shown.mimetype == "image/svg+xml"
    assert shown.headers["Content-Security-Policy"].endswith("sandbox")
    assert "The logo of ACME GmbH" in administrator.get(PATH).text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<svg><script/></svg>", "not &lt;svg&gt;"),
        (b"x" * 400_000, "at most 300 kB"),
        (b"", "Choose a file."),
        (EMPTY, "Nothing of this file would be seen on paper"),
        (UNDRAWABLE, "Nothing of this file would be seen on paper"),
        (ENDLESS, "Drawing this file takes too much time or memory"),
    ],
)
def test_a_file_that_is_no_logo_is_refused_in_words_and_the_one_before_stays(
    site, administrator, content, words
):
    administrator.post(f"{PATH}/logo", {"logo": (BytesIO(DRAWING), "logo.svg")})

    answer = administrator.post(f"{PATH}/logo", {"logo": (BytesIO(content), "logo.svg")})

    assert answer.status_code == 422
    assert words in answer.text
    assert company(site).has_logo


def test_a_logo_is_removed(administrator):
    administrator.post(f"{PATH}/logo", {"logo": (BytesIO(DRAWING), "logo.svg")})

    administrator.post(f"{PATH}/logo/remove")

    assert administrator.get("/settings/company/logo").status_code == 404


def test_who_may_not_change_it_reads_it(site):
    answer = site.sign_in(Role.AUDITOR).get(PATH)

    assert "<fieldset disabled" in answer.text
    assert "Save the letterhead" not in answer.text
