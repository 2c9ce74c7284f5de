import pytest
from hypothesis import given
from hypothesis import strategies as st

from arfollow.exchange.amounts import (
    MARKS,
    AmbiguousAmountsError,
    amount_evidence,
    detect_decimal_mark,
    parse_amount,
)
from arfollow.values.money import AmountError, decimals, plain

AMOUNTS = st.integers(-(10**14), 10**14)
CURRENCIES = st.sampled_from(["EUR", "JPY", "KWD"])


def written(minor: int, currency: str, mark: str, group: str) -> str:
    """As people write it: grouped in threes, with the decimals of the currency."""
    whole, _, decimal = plain(abs(minor), currency).partition(".")
    grouped = f"{int(whole):,}".replace(",", group)
    return f"{'-' if minor < 0 else ''}{grouped}{mark if decimal else ''}{decimal}"


@given(AMOUNTS, CURRENCIES, st.sampled_from(MARKS), st.booleans(), st.sampled_from([" ", "'", "\u202f"]))
def test_an_amount_is_read_as_it_was_written(minor, currency, mark, is_dotted, other_group):
    group = ("," if mark == "." else ".") if is_dotted else other_group

    assert parse_amount(written(minor, currency, mark, group), mark, currency) == minor


@given(st.lists(AMOUNTS, min_size=1), CURRENCIES, st.sampled_from(MARKS), st.booleans())
def test_amounts_are_read_as_they_were_written_or_not_at_all(amounts, currency, mark, is_grouped):
    group = ("," if mark == "." else ".") if is_grouped else ""
    texts = [written(minor, currency, mark, group) for minor in amounts]

    try:
        found = detect_decimal_mark(amount_evidence(texts))
    except AmbiguousAmountsError:
        assert currency == "KWD" or decimals(currency) == 0
    else:
        assert [parse_amount(text, found, currency) for text in texts] == amounts


@pytest.mark.parametrize(
    ("text", "mark", "minor"),
    [
        ("1284.5", ".", 128450),
        ("1,284.50", ".", 128450),
        ("1.284,50", ",", 128450),
        ("31070,11", ",", 3107011),
        ("+31070,11", ",", 3107011),
        ("($400.00)", ".", -40000),
        ("$-142.85", ".", -14285),
        ("-$142.85", ".", -14285),
        ("142.85-", ".", -14285),
        ("\u2212142.85", ".", -14285),
        ("1 284,50 €", ",", 128450),
        ("EUR 1'284.50", ".", 128450),
        ("12.50 EUR", ".", 1250),
        (".5", ".", 50),
        ("5,", ",", 500),
        ("10.00000", ".", 1000),
        ("007", ".", 700),
    ],
)
def test_signs_symbols_brackets_and_groups_are_understood(text, mark, minor):
    assert parse_amount(text, mark, "EUR") == minor


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("abc", "is no amount"),
        ("1,23,456", "is no amount"),
        ("1.2.3", "is no amount"),
        ("(5", "is no amount"),
        ("5)", "is no amount"),
        ("--5", "is no amount"),
        ("-5-", "is no amount"),
        ("(-5)", "is no amount"),
        ("1e5", "is no amount"),
        ("NaN", "is no amount"),
        ("٥", "is no amount"),
        ("1 000,00", "decimal point, which this file has"),
        ("5.001", "more than the 2 decimals of EUR"),
        ("USD 5.00", "is not in EUR"),
        ("9" * 16, "cannot|can be booked|booked"),
    ],
)
def test_what_is_no_amount_is_refused(text, words):
    with pytest.raises(AmountError, match=words):
        parse_amount(text, ".", "EUR")


@pytest.mark.parametrize(
    ("texts", "mark"),
    [
        ([], "."),
        (["100", "7"], "."),
        (["1.284", "0.50"], "."),
        (["1.284", "3,50"], ","),
        (["1.284.500"], ","),
        (["1,284,500"], "."),
        (["0.125"], "."),
        (["1,00", "2,00", "3.00"], ","),
    ],
)
def test_the_mark_that_most_amounts_need_is_the_files(texts, mark):
    assert detect_decimal_mark(amount_evidence(texts)) == mark


@pytest.mark.parametrize("texts", [["1.284"], ["1,284", "2,500"], ["1,00", "1.00"]])
def test_a_mark_that_cannot_be_told_has_to_be_said(texts):
    with pytest.raises(AmbiguousAmountsError, match="--decimal-mark"):
        detect_decimal_mark(amount_evidence(texts))


def test_a_format_that_prescribes_the_mark_decides_for_plain_decimals_only():
    assert detect_decimal_mark(amount_evidence(["1.200", "-7.500"]), default=".") == "."
    with pytest.raises(AmbiguousAmountsError):
        detect_decimal_mark(amount_evidence(["1,200"]), default=".")
