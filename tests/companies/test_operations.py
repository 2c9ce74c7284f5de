import pytest

from arfollow.companies import operations
from arfollow.companies.operations import Address, FollowUpRules
from arfollow.companies.queries import BankDetails, company_names, find_company, find_logo
from arfollow.companies.rules import SettingError
from arfollow.values.money import UnknownCurrencyError

ACCOUNT = BankDetails(
    currency="EUR", holder="ACME", bank="Commerzbank", iban="DE89370400440532013000", bic=""
)
LIMITS = FollowUpRules(
    tolerances={"EUR": 500}, bucket_days=(7, 14), import_limit_days=5, promise_limit_days=60
)


def address(**changes: str) -> Address:
    """ACME's address with some changes."""
    fields = dict.fromkeys(Address.__dataclass_fields__, "")
    acme = {"name": "ACME GmbH", "country": "DE", "language": "en", "timezone": "Europe/Berlin"}
    return Address(**(fields | acme | changes))


def test_a_company_takes_language_and_time_zone_from_its_country(site):
    company_id = site.company("Helvetia AG", "ch", "CHF", language=None)

    with site.reading() as session:
        company = find_company(session, company_id=company_id)
        assert (company.country, company.language, company.timezone) == ("CH", "de", "Europe/Zurich")
        assert [each.name for each in company_names(session)] == ["ACME GmbH", "Helvetia AG"]
    assert site.entries("company", company_id) == [("company:created", "Created Helvetia AG")]


@pytest.mark.parametrize(
    ("country", "currency", "error"), [("XX", "EUR", SettingError), ("DE", "EURO", UnknownCurrencyError)]
)
def test_a_company_needs_a_country_and_a_currency_that_exist(site, country, currency, error):
    with pytest.raises(error):
        site.company("Nowhere", country, currency)


def test_a_change_of_address_says_what_changed(site):
    with site.writing() as session:
        operations.change_address(
            session,
            company_id=site.company_id,
            address=address(street="Hauptstr. 1", city="Berlin"),
            who="Eva",
        )

    with site.reading() as session:
        assert find_company(session, company_id=site.company_id).city == "Berlin"
    assert site.entries("company")[-1] == ("company:address", "Changed street, city")


def test_saving_what_is_there_already_records_nothing(site):
    before = site.entries("company")

    with site.writing() as session:
        operations.change_address(session, company_id=site.company_id, address=address(), who="Eva")

    assert site.entries("company") == before


def test_bank_accounts_are_replaced_and_recorded(site):
    with site.writing() as session:
        operations.change_bank_accounts(session, company_id=site.company_id, accounts=[ACCOUNT], who="Eva")

    with site.reading() as session:
        assert find_company(session, company_id=site.company_id).bank_accounts == [ACCOUNT]
    tag, text = site.entries("company")[-1]
    assert (tag, "DE89370400440532013000" in text) == ("company:bank-accounts", True)


def test_a_company_never_sees_the_bank_accounts_of_another(site):
    other = site.company()
    with site.writing() as session:
        operations.change_bank_accounts(session, company_id=other, accounts=[ACCOUNT], who="Eva")
        operations.change_bank_accounts(session, company_id=site.company_id, accounts=[], who="Eva")

    with site.reading() as session:
        assert find_company(session, company_id=site.company_id).bank_accounts == []
        assert find_company(session, company_id=other).bank_accounts == [ACCOUNT]


def test_the_list_is_told_once_the_limits_change(site, monkeypatch):
    told = []
    monkeypatch.setattr(operations, "touch_everybody", lambda _session, company_id: told.append(company_id))

    for _ in range(2):
        with site.writing() as session:
            operations.change_rules(session, company_id=site.company_id, limits=LIMITS, who="Eva")
    with site.writing() as session:
        moved = address(timezone="Asia/Tokyo")
        operations.change_address(session, company_id=site.company_id, address=moved, who="Eva")

    assert told == [site.company_id, site.company_id]
    with site.reading() as session:
        company = find_company(session, company_id=site.company_id)
        assert (company.tolerances, company.bucket_days) == ({"EUR": 500}, (7, 14))


def test_a_logo_comes_and_goes(site):
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>'
    with site.writing() as session:
        operations.change_logo(session, company_id=site.company_id, content=drawing, who="Eva")
    with site.reading() as session:
        assert find_logo(session, company_id=site.company_id).media_type == "image/svg+xml"
        assert find_company(session, company_id=site.company_id).has_logo

    with site.writing() as session:
        operations.remove_logo(session, company_id=site.company_id, who="Eva")

    with site.reading() as session:
        assert find_logo(session, company_id=site.company_id) is None
