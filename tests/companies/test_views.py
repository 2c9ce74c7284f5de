from io import BytesIO

import pytest

from arfollow.access import Role
from arfollow.companies.queries import find_company

ADDRESS = {
    "name": "ACME AG",
    "country": "CH",
    "language": "de",
    "timezone": "Europe/Zurich",
    "city": "Zürich",
}
RULES = {
    "tolerances": "EUR 5.00",
    "bucket_days": "30 60",
    "import_limit_days": "3",
    "promise_limit_days": "30",
}
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>'


@pytest.fixture
def administrator(site):
    return site.sign_in(Role.ADMINISTRATOR)


def company(site):
    with site.reading() as session:
        return find_company(session, company_id=site.company_id)


def test_the_address_is_saved(site, administrator):
    answer = administrator.post("/settings/company", ADDRESS, follow_redirects=True)

    assert "Saved." in answer.text
    assert company(site).city == "Zürich"


def test_a_name_stands_on_one_line(site, administrator):
    administrator.post(
        "/settings/company", ADDRESS | {"name": " ACME\r\nBcc: x ", "email": "a@acme.example "}
    )

    assert (company(site).name, company(site).email) == ("ACME Bcc: x", "a@acme.example")


def test_limits_are_saved(site, administrator):
    administrator.post("/settings/company/rules", RULES)

    assert company(site).tolerances == {"EUR": 500}
    assert company(site).bucket_days == (30, 60)


def test_a_bank_account_is_added_and_a_cleared_one_removed(site, administrator):
    new = {"accounts-0-currency": "eur", "accounts-0-iban": "DE89 3704 0044 0532 0130 00"}

    administrator.post("/settings/company/bank-accounts", new)
    assert [(each.currency, each.iban) for each in company(site).bank_accounts] == [
        ("EUR", "DE89370400440532013000")
    ]
    administrator.post("/settings/company/bank-accounts", {"accounts-0-currency": "", "accounts-0-iban": ""})

    assert company(site).bank_accounts == []


@pytest.mark.parametrize(
    ("path", "fields", "words"),
    [
        ("", ADDRESS | {"name": " "}, "This field is required."),
        ("", ADDRESS | {"email": "invoices at acme"}, "An email address must have an @-sign."),
        ("", ADDRESS | {"country": "XX"}, "Not a valid choice."),
        ("", ADDRESS | {"timezone": "Mars/Olympus"}, "Not a valid choice."),
        ("/rules", RULES | {"tolerances": "five"}, "is not an ISO 4217 currency code"),
        ("/rules", RULES | {"bucket_days": "60 30"}, "has to be later"),
        ("/rules", RULES | {"promise_limit_days": "0"}, "between 1 and 365"),
        ("/bank-accounts", {"accounts-0-iban": "DE00"}, "is not an IBAN"),
        ("/bank-accounts", {"accounts-0-bank": "Sparkasse"}, "is not an ISO 4217 currency code"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_saved(site, administrator, path, fields, words):
    before = company(site)

    answer = administrator.post(f"/settings/company{path}", fields)

    assert answer.status_code == 422
    assert words in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert company(site) == before


def test_a_logo_is_shown_and_can_neither_run_nor_load_anything(administrator):
    answer = administrator.post("/settings/company/logo", {"logo": (BytesIO(DRAWING), "logo.svg")})
    assert answer.status_code == 303

    shown = administrator.get("/settings/company/logo")

    assert shown.mimetype == "image/svg+xml"
    assert shown.headers["Content-Security-Policy"].endswith("sandbox")
    assert "The logo of ACME GmbH" in administrator.get("/settings/company").text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<svg><script/></svg>", "not &lt;svg&gt;"),
        (b"x" * 400_000, "at most 300 kB"),
        (b"", "Choose a file."),
    ],
)
def test_a_file_that_is_no_logo_is_refused_in_words(administrator, content, words):
    answer = administrator.post("/settings/company/logo", {"logo": (BytesIO(content), "logo.svg")})

    assert answer.status_code == 422
    assert words in answer.text


def test_a_logo_is_removed(administrator):
    administrator.post("/settings/company/logo", {"logo": (BytesIO(DRAWING), "logo.svg")})

    administrator.post("/settings/company/logo/remove")

    assert administrator.get("/settings/company/logo").status_code == 404


def test_who_may_not_change_the_settings_reads_them(site):
    answer = site.sign_in(Role.AUDITOR).get("/settings/company")

    assert "ACME GmbH" in answer.text
    assert "<fieldset disabled" in answer.text
    assert "Save</button>" not in answer.text


def test_the_settings_begin_with_the_company(site):
    assert site.sign_in(Role.CLERK).get("/settings").location == "/settings/company"
