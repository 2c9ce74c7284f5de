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


@pytest.mark.parametrize(
    ("path", "fields", "words"),
    [
        ("", ADDRESS | {"name": " "}, "This field is required."),
        ("", ADDRESS | {"email": "invoices at acme"}, "is not a valid e-mail address."),
        ("", ADDRESS | {"country": "XX"}, "Not a valid choice."),
        ("", ADDRESS | {"timezone": "Mars/Olympus"}, "Not a valid choice."),
        ("/rules", RULES | {"tolerances": "five"}, "is not an ISO 4217 currency code"),
        ("/rules", RULES | {"bucket_days": "60 30"}, "has to be later"),
        ("/rules", RULES | {"promise_limit_days": "0"}, "between 1 and 365"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_saved(site, administrator, path, fields, words):
    before = company(site)

    answer = administrator.post(f"/settings/company{path}", fields)

    assert answer.status_code == 422
    assert words in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert company(site) == before


def test_who_may_not_change_the_settings_reads_them(site):
    answer = site.sign_in(Role.AUDITOR).get("/settings/company")

    assert "ACME GmbH" in answer.text
    assert "<fieldset disabled" in answer.text
    assert "Save</button>" not in answer.text


def test_the_settings_begin_with_the_company(site):
    assert site.sign_in(Role.CLERK).get("/settings").location == "/settings/company"
