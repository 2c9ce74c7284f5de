import pytest

from arfollow.chatter.rules import canonical_json
from arfollow.values.money import (
    LARGEST,
    AmountError,
    Money,
    UnknownCurrencyError,
    localized,
    parse_decimal,
    plain,
    totals,
)


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("12.5", "EUR", 1250),
        (" -12.50 ", "EUR", -1250),
        ("+1", "EUR", 100),
        (".5", "EUR", 50),
        ("5.", "EUR", 500),
        ("1000", "JPY", 1000),
        ("1.200", "KWD", 1200),
        ("1.2345", "CLF", 12345),
        ("1.2000000000000000000000000000000000000000", "EUR", 120),
        ("9999999999999.99", "EUR", LARGEST - 1),
    ],
)
def test_plain_text_is_read_in_minor_units(text, currency, minor):
    assert parse_decimal(text, currency) == minor


@pytest.mark.parametrize(
    ("text", "currency", "problem"),
    [
        ("", "EUR", "is not an amount"),
        (".", "EUR", "is not an amount"),
        ("1,5", "EUR", "is not an amount"),
        ("1_000", "EUR", "is not an amount"),
        ("1e3", "EUR", "is not an amount"),
        ("NaN", "EUR", "is not an amount"),
        ("Infinity", "EUR", "is not an amount"),
        ("\uff11", "EUR", "is not an amount"),
        ("1.005", "EUR", "more than the 2 decimals of EUR"),
        ("1.5", "JPY", "more than the 0 decimals of JPY"),
        ("1.00000000000000000000000000000001", "EUR", "more than the 2 decimals"),
        ("10000000000000", "EUR", "can be booked"),
        ("1000000000000", "KWD", "can be booked"),
        ("9" * 5000, "EUR", "can be booked"),
    ],
)
def test_what_is_no_amount_of_the_currency_is_refused(text, currency, problem):
    with pytest.raises(AmountError, match=problem):
        parse_decimal(text, currency)


def test_what_is_no_currency_is_refused():
    with pytest.raises(UnknownCurrencyError, match="'EURO'"):
        parse_decimal("1", "EURO")


def test_the_largest_amount_and_a_sum_of_some_can_stand_in_the_chatter():
    assert canonical_json(Money("EUR", 9 * (LARGEST - 1)))


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (1000, "JPY", "1000"),
        (6000, "EUR", "60.00"),
        (-5, "EUR", "-0.05"),
        (1200, "KWD", "1.200"),
        (5, "UYW", "0.0005"),
    ],
)
def test_an_amount_is_written_with_exactly_its_decimals(minor, currency, text):
    assert plain(minor, currency) == text
    assert parse_decimal(text, currency) == minor


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en", "EUR -1,240.50"),
        ("de", "-1.240,50 EUR"),
        ("fr", "-1\N{NARROW NO-BREAK SPACE}240,50 EUR"),
        ("de_CH", "EUR -1’240.50"),
    ],
)
def test_a_reader_sees_an_amount_as_the_locale_writes_it(locale, text):
    assert localized(Money("EUR", -124050), locale).replace("\N{NO-BREAK SPACE}", " ") == text


def test_currencies_are_never_added():
    with pytest.raises(ValueError, match="EUR and USD cannot be added"):
        Money("EUR", 1) + Money("USD", 1)


def test_totals_stand_by_currency_without_those_of_zero():
    amounts = [Money("USD", 5), Money("EUR", 1), Money("EUR", 2), Money("CHF", 3), Money("CHF", -3)]

    assert totals(amounts) == {"EUR": 3, "USD": 5}
    assert list(totals(amounts)) == ["EUR", "USD"]
