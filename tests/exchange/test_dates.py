from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from arfollow.exchange.dates import (
    ORDERS,
    AmbiguousDatesError,
    DateError,
    date_evidence,
    detect_date_order,
    parse_date,
)

DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
PATTERNS = {
    "ymd": "{0.year}{1}{0.month}{1}{0.day}",
    "dmy": "{0.day}{1}{0.month}{1}{0.year}",
    "mdy": "{0.month}{1}{0.day}{1}{0.year}",
}


def written(day: date, order: str, separator: str = "/") -> str:
    return PATTERNS[order].format(day, separator)


@given(st.lists(DAYS, min_size=1), st.sampled_from(ORDERS), st.sampled_from("-/."))
def test_dates_are_read_as_they_were_written_or_not_at_all(days, order, separator):
    texts = [written(day, order, separator) for day in days]

    try:
        found = detect_date_order(date_evidence(texts))
    except AmbiguousDatesError:
        assert all(day.day <= 12 for day in days)
    else:
        assert [parse_date(text, found) for text in texts] == days


@given(st.lists(DAYS), st.sampled_from(["dmy", "mdy"]), DAYS)
def test_one_day_above_12_tells_the_order(days, order, telling):
    assume(telling.day > 12)

    texts = [written(day, order) for day in [*days, telling]]

    assert detect_date_order(date_evidence(texts)) == order


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        ([], "ymd"),
        (["2026-03-01"], "ymd"),
        (["20260301"], "ymd"),
        (["2026-03-01T00:00:00"], "ymd"),
        (["2026-03-01 00:00"], "ymd"),
        (["31.03.2026", "1.2.26"], "dmy"),
        (["1/2/2013", "1/15/2013"], "mdy"),
        (["13/1/2013", "14/1/2013", "1/15/2013"], "dmy"),
        (["30/02/2026", "13/01/2026"], "dmy"),
        (["3/3/2026"], "dmy"),
        (["nonsense", "2026-03-01"], "ymd"),
    ],
)
def test_the_order_that_most_dates_need_is_the_files(texts, order):
    assert detect_date_order(date_evidence(texts)) == order


@pytest.mark.parametrize("texts", [["1/2/2026"], ["1/2/2026", "3/3/2026"], ["13/1/2026", "1/13/2026"]])
def test_an_order_that_cannot_be_told_has_to_be_said(texts):
    with pytest.raises(AmbiguousDatesError, match="--date-order"):
        detect_date_order(date_evidence(texts))


@pytest.mark.parametrize(
    ("texts", "named"),
    [
        (["2026-10-01", "2026-09-30", "03/04/2026", "05/06/2026"], "'2026-10-01' and '03/04/2026'"),
        (["2026-10-01", "2026-09-30", "31.12.2026", "30.12.2026"], "'2026-10-01' and '31.12.2026'"),
        (["13/1/2026", "1/13/2026"], "'13/1/2026' and '1/13/2026'"),
        (["1/2/2026", "3/2/2026", "2026-10-01"], "for one '1/2/2026'"),
    ],
)
def test_a_file_of_mixed_notations_is_told_so_by_two_of_its_cells(texts, named):
    with pytest.raises(AmbiguousDatesError, match=named):
        detect_date_order(date_evidence(texts))


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("1/2/2026", "dmy", date(2026, 2, 1)),
        ("1/2/2026", "mdy", date(2026, 1, 2)),
        ("1. 2. 2026", "dmy", date(2026, 2, 1)),
        ("29.02.24", "dmy", date(2024, 2, 29)),
        ("20260201", "ymd", date(2026, 2, 1)),
    ],
)
def test_a_date_is_read_in_the_files_order(text, order, day):
    assert parse_date(text, order) == day


@pytest.mark.parametrize(
    ("text", "order", "words"),
    [
        ("13/1/2026", "mdy", "in the order of this file"),
        ("30.02.2026", "dmy", "is no date"),
        ("29.02.2026", "dmy", "is no date"),
        ("2026-1", "ymd", "is no date"),
        ("2026-01-01 14:30", "ymd", "is no date"),
        ("43861", "ymd", "is no date"),
        ("01/02-2026", "dmy", "is no date"),
        ("1026-01-01", "ymd", "is no date from 1950 to 2199"),
        ("31.12.9999", "dmy", "is no date from 1950 to 2199"),
        ("٢٠٢٦-٠١-٠١", "ymd", "is no date"),
        ("31 Foo 2026", "dmy", "is no date"),
    ],
)
def test_what_is_no_date_is_refused(text, order, words):
    with pytest.raises(DateError, match=words):
        parse_date(text, order)


@pytest.mark.parametrize(
    "text",
    [
        "31 Jan 2026",
        "Jan 31 2026",
        "Jan. 31, 2026",
        "31-Jan-2026",
        "31. Januar 2026",
        "31 janv. 2026",
        "31st January 2026",
    ],
)
def test_a_month_by_name_is_the_same_in_every_order(text):
    assert {parse_date(text, order) for order in ORDERS} == {date(2026, 1, 31)}


@pytest.mark.parametrize("text", ["31 Foo 2026", "Jan 2026", "30 Feb 2026", "Jan 31", "1 Jan 1 2026"])
def test_words_that_are_no_month_are_no_date(text):
    with pytest.raises(DateError):
        parse_date(text, "dmy")
