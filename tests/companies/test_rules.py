from zoneinfo import ZoneInfo

import pytest

from arfollow.companies.rules import (
    COUNTRIES,
    SettingError,
    amounts_text,
    bucket_days_text,
    checked_bic,
    checked_country,
    checked_iban,
    default_language,
    default_timezone,
    parse_amounts,
    parse_bucket_days,
)


@pytest.mark.parametrize(
    ("text", "iban"),
    [
        ("DE89 3704 0044 0532 0130 00", "DE89370400440532013000"),
        ("gb82west12345698765432", "GB82WEST12345698765432"),
        ("SI56 2633 0001 2039 086", "SI56263300012039086"),
    ],
)
def test_an_iban_is_kept_without_spaces(text, iban):
    assert checked_iban(text) == iban


@pytest.mark.parametrize("text", ["DE89 3704 0044 0532 0130 01", "DE98 3704 0044 0532 0130 00"])
def test_a_typing_mistake_in_an_iban_is_found(text):
    with pytest.raises(SettingError, match="check digits"):
        checked_iban(text)


@pytest.mark.parametrize("text", ["", "DE89", "1234 5678 9012 3456", "DE89 3704 0044 0532 0130 00 / EUR"])
def test_what_is_no_iban_is_refused(text):
    with pytest.raises(SettingError, match="not an IBAN"):
        checked_iban(text)


@pytest.mark.parametrize(("text", "bic"), [("cobadeff", "COBADEFF"), ("COBA DE FF XXX", "COBADEFFXXX")])
def test_a_bic_is_kept_in_capitals(text, bic):
    assert checked_bic(text) == bic


@pytest.mark.parametrize("text", ["COBADEF", "COBADEFFX", "C0BADEFF"])
def test_what_is_no_bic_is_refused(text):
    with pytest.raises(SettingError, match="not a BIC"):
        checked_bic(text)


@pytest.mark.parametrize(
    ("text", "days"), [("30, 60, 90, 120", (30, 60, 90, 120)), ("7;14 30", (7, 14, 30)), ("1", (1,))]
)
def test_bucket_borders_are_read_as_people_write_them(text, days):
    assert parse_bucket_days(text) == days
    assert parse_bucket_days(bucket_days_text(days)) == days


@pytest.mark.parametrize(
    "text", ["", "30, 30", "60, 30", "0, 30", "30, x", "-5", "30.5", "²", "1 2 3 4 5 6 7", "9999", "9" * 5000]
)
def test_bucket_borders_that_make_no_sense_are_refused(text):
    with pytest.raises(SettingError):
        parse_bucket_days(text)


def test_tolerances_are_minor_units_by_currency():
    amounts = parse_amounts("EUR 5.00\n\n jpy 300 \nKWD 1.250")

    assert amounts == {"EUR": 500, "JPY": 300, "KWD": 1250}
    assert parse_amounts(amounts_text(amounts)) == amounts
    assert parse_amounts("") == {}


@pytest.mark.parametrize(
    "text", ["5.00", "EUR", "EUR five", "EUR -1", "EUR 5.001", "XXY 5", "EUR 1\nEUR 2", "EUR 1,5"]
)
def test_a_tolerance_that_cannot_be_read_is_refused_with_its_line(text):
    with pytest.raises(SettingError, match=text.splitlines()[-1]):
        parse_amounts(text)


@pytest.mark.parametrize(
    ("country", "timezone", "language"),
    [
        ("DE", "Europe/Berlin", "de"),
        ("CH", "Europe/Zurich", "de"),
        ("US", "America/New_York", "en"),
        ("ES", "Europe/Madrid", "en"),
        ("SI", "Europe/Ljubljana", "en"),
        ("AU", "Australia/Sydney", "en"),
    ],
)
def test_a_country_gives_time_zone_and_language(country, timezone, language):
    assert default_timezone(country) == timezone
    assert default_language(country, offered=("en", "de")) == language


@pytest.mark.parametrize("country", COUNTRIES)
def test_every_country_has_a_time_zone_that_exists(country):
    assert ZoneInfo(default_timezone(country)).key


@pytest.mark.parametrize("code", ["", "D", "XX", "Germany", "276", "001"])
def test_what_is_no_country_is_refused(code):
    with pytest.raises(SettingError, match="ISO 3166"):
        checked_country(code)


def test_a_country_may_be_written_small():
    assert checked_country(" de ") == "DE"
