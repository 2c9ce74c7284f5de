from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arfollow.workflows.rules.waits import (
    EXACT,
    Hours,
    Place,
    Unit,
    Wait,
    end_of,
    months_after,
    on_day,
    outside,
    today_at,
)

BERLIN = Place(timezone="Europe/Berlin", country="DE")
NEW_YORK = Place(timezone="America/New_York", country="US")
PLACES = st.sampled_from([BERLIN, NEW_YORK, Place(timezone="Pacific/Apia", country="WS")])
INSTANTS = st.integers(0, 8 * 366 * 24 * 60).map(
    lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


def instant(text):
    """`03-28 22:30` is that instant of 2026 in UTC."""
    return datetime.fromisoformat(text if len(text) > 11 else f"2026-{text}").replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("wait", "begun", "ends"),
    [
        (Wait(amount=3), "11-02 09:00", "11-05 09:00"),
        (Wait(amount=90, unit=Unit.MINUTES), "11-02 09:00", "11-02 10:30"),
        # The clocks go forward on 29 March at 2:00, back on 25 October at 3:00.
        (Wait(amount=1), "03-28 08:00", "03-29 07:00"),
        (Wait(amount=24, unit=Unit.HOURS), "03-28 08:00", "03-29 08:00"),
        (Wait(amount=1), "10-24 08:00", "10-25 09:00"),
        (Wait(amount=1, at=time(2, 30)), "03-28 08:00", "03-29 01:30"),
        (Wait(amount=1, at=time(2, 30)), "10-24 08:00", "10-25 00:30"),
        # Half past eleven in the evening there is the next day in UTC, in summer.
        (Wait(amount=1, at=time(9)), "07-01 22:30", "07-03 07:00"),
        (Wait(amount=1, unit=Unit.MONTHS), "2028-01-31 11:00", "2028-02-29 11:00"),
        (Wait(amount=1, unit=Unit.WORKING_DAYS), "11-20 10:00", "11-23 10:00"),
        (Wait(amount=2, unit=Unit.WEEKS), "11-20 10:00", "12-04 10:00"),
        (Wait(amount=1, only_working_days=True, at=time(9)), "11-20 10:00", "11-23 08:00"),
        (Wait(amount=0, at=time(8)), "11-20 10:00", "11-20 10:00"),
    ],
)
def test_a_wait_in_berlin_ends_on_its_clocks(wait, begun, ends):
    assert end_of(wait, begun=instant(begun), place=BERLIN) == instant(ends)


@pytest.mark.parametrize(
    ("wait", "begun", "ends"),
    [
        # The clocks went forward at midnight: 4 November 2018 began at 1:00. They went back to 23:00 of 17 February.
        (Wait(amount=1, at=time(0)), "2018-11-03T12:00", "2018-11-04T03:00"),
        (Wait(amount=1, at=time(0, 30)), "2018-11-03T12:00", "2018-11-04T03:30"),
        (Wait(amount=1, unit=Unit.WORKING_DAYS, at=time(9)), "2018-10-31T12:00", "2018-11-01T12:00"),
        (Wait(amount=1, unit=Unit.WORKING_DAYS, at=time(0)), "2018-11-01T12:00", "2018-11-05T02:00"),
        (Wait(amount=1, only_working_days=True, at=time(0)), "2018-11-03T12:00", "2018-11-05T02:00"),
        (Wait(amount=24, unit=Unit.HOURS, only_working_days=True), "2018-11-03T03:30", "2018-11-05T03:30"),
        (Wait(amount=1, at=time(23, 30)), "2018-02-16T12:00", "2018-02-18T01:30"),
        (Wait(amount=1), "2018-02-18T02:30", "2018-02-19T02:30"),
    ],
)
def test_a_wait_in_sao_paulo_ends_on_its_clocks(wait, begun, ends):
    place = Place(timezone="America/Sao_Paulo", country="BR")

    assert end_of(wait, begun=instant(begun), place=place) == instant(ends)


def test_quiet_hours_end_on_a_day_that_begins_at_one():
    quiet, place = Hours(first=time(20), last=time(0)), Place(timezone="America/Sao_Paulo", country="BR")

    assert outside(quiet, wanted=instant("2018-11-04T01:00"), place=place) == instant("2018-11-04T03:00")


def test_a_date_is_that_of_the_customers_place():
    day = date(2026, 11, 20)

    assert on_day(day, days=-1, at=time(9), place=NEW_YORK) == instant("11-19 14:00")
    assert today_at(instant("11-20 03:00"), NEW_YORK) == date(2026, 11, 19)


@pytest.mark.parametrize(
    ("wanted", "sent"),
    [
        ("11-20 19:59", "11-20 19:59"),
        ("11-20 20:00", "11-21 07:00"),
        ("11-21 02:00", "11-21 07:00"),
        ("11-21 07:00", "11-21 07:00"),
    ],
)
def test_quiet_hours_over_midnight_are_waited_for(wanted, sent):
    quiet = Hours(first=time(21), last=time(8))

    assert outside(quiet, wanted=instant(wanted), place=BERLIN) == instant(sent)


@given(INSTANTS, st.integers(0, 400), st.sampled_from(Unit), PLACES)
def test_no_wait_ends_before_it_begins_and_longer_ones_end_later(begun, amount, unit, place):
    ends = end_of(Wait(amount=amount, unit=unit), begun=begun, place=place)

    assert begun <= ends <= end_of(Wait(amount=amount + 1, unit=unit), begun=begun, place=place)


@given(INSTANTS, st.integers(0, 400), st.sampled_from(sorted(set(Unit) - EXACT)), PLACES)
def test_a_wait_of_days_ends_at_the_same_time_of_day_unless_the_clocks_have_no_such_time(
    begun, amount, unit, place
):
    zone = ZoneInfo(place.timezone)
    ends = end_of(Wait(amount=amount, unit=unit), begun=begun, place=place).astimezone(zone)
    wanted = begun.astimezone(zone).time()

    late = datetime.combine(ends.date(), ends.time()) - datetime.combine(ends.date(), wanted)
    assert late in (timedelta(), timedelta(hours=1))


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.integers(0, 60))
def test_months_keep_the_day_or_take_the_last(day, months):
    after = months_after(day, months)

    assert (after.year * 12 + after.month) - (day.year * 12 + day.month) == months
    assert after.day == day.day or (after + timedelta(days=1)).day == 1


@given(INSTANTS, PLACES, st.times(), st.times())
def test_what_is_sent_outside_quiet_hours_is_never_in_them_nor_earlier(wanted, place, first, last):
    quiet = Hours(first=first.replace(microsecond=0, second=0), last=last.replace(microsecond=0, second=0))

    sent = outside(quiet, wanted=wanted, place=place)

    assert sent >= wanted
    local = sent.astimezone(ZoneInfo(place.timezone))
    assert not quiet.hold(local.time()) or local.utcoffset() != wanted.astimezone(local.tzinfo).utcoffset()


@pytest.mark.parametrize(
    ("wanted", "sent"),
    [
        # Saturday evening: Sunday is a day of rest.
        ("2026-11-21T20:30", "2026-11-23T08:00"),
        ("2026-11-22T12:00", "2026-11-23T08:00"),
        ("2026-11-21T12:00", "2026-11-21T12:00"),
        # Christmas Eve is none; the two days after it are, and the next one is a Sunday.
        ("2026-12-24T20:00", "2026-12-28T08:00"),
    ],
)
def test_sundays_and_holidays_are_quiet_where_the_company_says_so(wanted, sent):
    quiet = Hours(first=time(20), last=time(8), days_of_rest=True)
    home = Place(timezone="Europe/Berlin", country="DE")
    zone = ZoneInfo("Europe/Berlin")

    allowed = outside(quiet, wanted=datetime.fromisoformat(wanted).replace(tzinfo=zone), place=home)

    assert allowed == datetime.fromisoformat(sent).replace(tzinfo=zone)


@pytest.mark.parametrize("place", [BERLIN, NEW_YORK, Place(timezone="Pacific/Kiritimati", country="KI")])
@pytest.mark.parametrize(
    ("day", "days", "year"), [(date.max, 30, 9999), (date.max, 0, 9999), (date.min, -30, 1), (date.min, 0, 1)]
)
def test_a_day_beyond_the_calendar_is_one_that_every_place_can_show(place, day, days, year):
    found = on_day(day, days=days, at=time(23), place=place)

    assert today_at(found, place).year == year


@pytest.mark.parametrize("unit", sorted(set(Unit) - {Unit.WORKING_DAYS}))
def test_a_wait_without_end_is_over_at_the_end_of_the_calendar(unit):
    assert end_of(Wait(amount=10**9, unit=unit), begun=instant("11-02 09:00"), place=NEW_YORK).year >= 3900
