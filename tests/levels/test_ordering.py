import pytest
from hypothesis import given
from hypothesis import strategies as st

from arfollow.levels.drafts import LevelDraft
from arfollow.levels.ordering import Keeps, moved, ordered

LEVELS = {
    id_: LevelDraft(name=name, days=days) for id_, name, days in ((7, "A", 15), (8, "B", 30), (9, "C", 40))
}


@pytest.mark.parametrize(
    ("level_id", "by", "order"),
    [(8, -1, [8, 7, 9]), (8, 1, [7, 9, 8]), (7, -1, [7, 8, 9]), (9, 1, [7, 8, 9]), (7, 5, [8, 9, 7])],
)
def test_a_level_moves_by_places_at_most_to_an_end(level_id, by, order):
    assert moved([7, 8, 9], level_id, by) == order


@pytest.mark.parametrize(
    ("keeps", "days"),
    [(Keeps.PLACES, [("C", 15), ("A", 30), ("B", 40)]), (Keeps.LEVELS, [("C", 40), ("A", 15), ("B", 30)])],
)
def test_days_stay_with_the_place_or_go_along(keeps, days):
    assert [(level.name, level.days) for _, level in ordered(LEVELS, [9, 7, 8], keeps=keeps)] == days


@given(st.lists(st.tuples(st.sampled_from([7, 8, 9]), st.integers(-3, 3))))
def test_moves_lose_no_level(moves):
    order = [7, 8, 9]
    for level_id, by in moves:
        order = moved(order, level_id, by)

    assert sorted(order) == [7, 8, 9]
