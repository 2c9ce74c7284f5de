"""Who may write about money next, of several workflows that share one contact gap."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arfollow.workflows.rules.sharing import Peace, Waiter, turn_on

GAP = 14
TODAY = date(2026, 11, 21)
TOMORROW = TODAY + timedelta(days=1)


def ago(days, enrolment_id=1):
    return Waiter(datetime.combine(TODAY, datetime.min.time(), UTC) - timedelta(days=days), enrolment_id)


def sent(mine=99, others=99):
    """So many days ago, by me and by others."""
    after = [TODAY + timedelta(days=GAP - days) for days in (others, min(mine, others))]
    return Peace(after_others=after[0], after_all=after[1], gap_days=GAP)


@pytest.mark.parametrize(
    ("peace", "others", "days"),
    [
        (sent(), [], 0),
        (sent(others=4), [], 10),
        (sent(), [ago(3, 2)], 1),
        (sent(), [ago(1, 2)], 0),
        (sent(mine=4), [ago(13, 2)], 0),
        (sent(mine=4), [ago(14, 2)], 10),
        (sent(others=4), [ago(9, 2)], 10),
    ],
    ids=[
        "nobody else",
        "the gap",
        "who waits longer goes first",
        "who waits less does not",
        "a rhythm goes on",
        "until somebody has waited a gap",
        "both wait",
    ],
)
def test_it_is_the_turn_of_who_has_waited_longest(peace, others, days):
    assert max(turn_on(ago(2), others, peace=peace, today=TODAY), TODAY) == TODAY + timedelta(days=days)


@given(st.lists(st.integers(1, 40), min_size=2, max_size=4), st.integers(1, 20), st.randoms())
def test_nobody_starves(rhythms, gap, order):
    """Each wants to write again so many days after it last did, for ever."""
    due, since, last = dict.fromkeys(range(len(rhythms)), TODAY), {}, None
    for day in (TODAY + timedelta(days=n) for n in range(400)):
        for me in order.sample(range(len(rhythms)), len(rhythms)):
            if due[me] > day:
                continue
            since.setdefault(me, datetime.combine(day, datetime.min.time(), UTC))
            ends = date.min if last is None else last[0] + timedelta(days=gap)
            turn = turn_on(
                Waiter(since[me], me),
                [Waiter(since[each], each) for each in since if each != me],
                peace=Peace(
                    after_others=date.min if last and last[1] == me else ends, after_all=ends, gap_days=gap
                ),
                today=day,
            )
            if turn > day:
                due[me] = turn
                assert day - since[me].date() <= (gap + 1) * (len(rhythms) + 1) * timedelta(days=1)
            else:
                last, due[me] = (day, me), day + timedelta(days=rhythms[me])
                del since[me]
