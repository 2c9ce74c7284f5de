from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arfollow.receivables.rules.allocation import free, used_up_on
from arfollow.receivables.rules.ledger import Settlement, residual

FIRST = date(2026, 4, 1)
DAYS = st.integers(0, 12).map(lambda number: FIRST + timedelta(days=number))
SETTLEMENTS = st.lists(
    st.tuples(DAYS, st.none() | st.integers(0, 5), st.integers(1, 6)).map(
        lambda part: Settlement(
            part[0], None if part[1] is None else part[0] + timedelta(days=part[1]), part[2]
        )
    ),
    max_size=4,
)


@given(st.integers(1, 20), SETTLEMENTS, DAYS)
def test_what_is_free_fits_on_every_day_and_one_more_does_not(amount, known, since):
    most = free(amount, known, since)

    days = [since + timedelta(days=number) for number in range(30)]
    assert all(residual(amount, known, day) >= most for day in days)
    assert any(residual(amount, known, day) == most for day in days)


@given(st.integers(1, 8), SETTLEMENTS, st.none() | DAYS)
def test_a_credit_is_used_up_from_the_day_after_which_nothing_is_ever_left(amount, known, reversed_on):
    day = used_up_on(amount, known, reversed_on)

    def left(on: date) -> int:
        return 0 if reversed_on is not None and reversed_on <= on else residual(amount, known, on)

    days = [FIRST - timedelta(days=1) + timedelta(days=number) for number in range(40)]
    used_up = [on for on in days if not any(left(later) for later in days if later >= on)]
    assert day == (used_up[0] if used_up else None)


@pytest.mark.parametrize(("reversed_on", "expected"), [(None, None), ("2026-04-20", date(2026, 4, 20))])
def test_a_reversed_credit_is_used_up(reversed_on, expected):
    day = date.fromisoformat(reversed_on) if reversed_on else None

    assert used_up_on(100, [], day) == expected
