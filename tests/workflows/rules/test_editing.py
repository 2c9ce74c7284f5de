from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arfollow.workflows.rules.definition import TIMED_OUT, Definition, Kind, Trigger, Whenever
from arfollow.workflows.rules.editing import (
    InsideItselfError,
    Place,
    UnknownPlaceError,
    delete,
    duplicate,
    find,
    insert,
    keys_of,
    lanes,
    move,
    move_to,
    new_key,
    put,
    where,
)
from tests.workflows.walking import branch, definition, step, wait

ROUTE = definition(
    step("mail"),
    step(
        "reply",
        Kind.WAIT_FOR,
        branch("replied", step("thanks"), step("note", Kind.NOTIFY)),
        branch(TIMED_OUT, step("call", Kind.ACTIVITY)),
        amount=3,
        of="mail",
    ),
    step("close"),
)


def keys(made):
    return [each.key for each in made.steps()]


@pytest.mark.parametrize(
    ("key", "down", "expected"),
    [
        ("mail", False, ["mail", "reply", "thanks", "note", "call", "close"]),
        ("mail", True, ["reply", "thanks", "note", "call", "mail", "close"]),
        ("close", False, ["mail", "close", "reply", "thanks", "note", "call"]),
        ("close", True, ["mail", "reply", "thanks", "note", "call", "close"]),
        ("note", False, ["mail", "reply", "note", "thanks", "call", "close"]),
        ("thanks", False, ["mail", "thanks", "reply", "note", "call", "close"]),
        ("note", True, ["mail", "reply", "thanks", "call", "note", "close"]),
    ],
)
def test_a_step_moves_within_its_path_and_out_of_it_at_its_ends(key, down, expected):
    assert keys(move(ROUTE, key, down=down)) == expected


def test_a_step_moves_to_the_end_of_another_path():
    moved = move_to(ROUTE, "close", Place.of("branch.reply.1@1"))

    assert where(moved, "close") == Place(lane="branch.reply.1", at=1)


def test_a_step_does_not_move_into_a_path_of_its_own():
    with pytest.raises(InsideItselfError):
        move_to(ROUTE, "reply", Place.of("branch.reply.0@0"))


@pytest.mark.parametrize("text", ["", "route", "nowhere@0", "branch.reply.7@0", "route@x"])
def test_a_place_that_there_is_not_is_refused(text):
    with pytest.raises(UnknownPlaceError):
        insert(ROUTE, Place.of(text), step("new"))


def test_a_copy_has_keys_of_its_own_and_refers_to_its_own_steps():
    inner = step("ask", Kind.WAIT_FOR, branch(TIMED_OUT, step("again", Kind.GO_TO, step="ask")), of="mail")
    made = definition(step("mail"), inner)

    copied, key = duplicate(made, "ask", taken={"ask-2"})

    assert keys(copied) == ["mail", "ask", "again", "ask-3", "again-2"]
    assert key == "ask-3"
    assert find(copied, "again-2").settings == {"step": "ask-3"}
    assert find(copied, "ask-3").settings == {"of": "mail"}


def test_a_deleted_step_takes_its_paths_along():
    assert keys(delete(ROUTE, "reply")) == ["mail", "close"]


def test_a_key_is_never_used_again():
    assert new_key("Send an E-mail!", {"send-an-e-mail", "send-an-e-mail-2"}) == "send-an-e-mail-3"
    assert new_key("Ü", ()) == "step"


KINDS = st.sampled_from((Kind.EMAIL, Kind.WAIT, Kind.BRANCH, Kind.GO_TO))


@st.composite
def edited(draw):
    """A definition after many changes, as somebody clicks."""
    made = Definition(
        name="Test",
        trigger=Trigger(kind="by_hand"),
        route=(wait("wait"),),
        whenever=(Whenever(event="replied", route=()),),
    )
    for _ in range(draw(st.integers(0, 25))):
        names, there = sorted(lanes(made)), sorted(keys_of(made))
        what = draw(st.sampled_from(("insert", "move", "move_to", "delete", "duplicate")))
        if what == "insert" or not there:
            lane = draw(st.sampled_from(names))
            kind = draw(KINDS)
            paths = (branch("a"), branch("otherwise")) if kind is Kind.BRANCH else ()
            place = Place(lane=lane, at=draw(st.integers(0, len(lanes(made)[lane]))))
            made = insert(made, place, step(new_key(kind.value, keys_of(made)), kind, *paths))
            continue
        key = draw(st.sampled_from(there))
        if what == "move":
            moved = move(made, key, down=draw(st.booleans()))
            assert sorted(keys(moved)) == sorted(keys(made))
            made = moved
        elif what == "move_to":
            try:
                moved = move_to(made, key, Place(lane=draw(st.sampled_from(names)), at=0))
            except InsideItselfError:
                continue
            assert sorted(keys(moved)) == sorted(keys(made))
            made = moved
        elif what == "delete":
            made = delete(made, key)
        elif len(there) < 60:
            made, _key = duplicate(made, key, taken=())
    return made


@given(edited())
def test_whatever_is_clicked_keys_stay_unique_and_every_step_is_where_it_is_found(made):
    assert len(set(keys(made))) == len(keys(made))
    for key in keys(made):
        place = where(made, key)
        assert lanes(made)[place.lane][place.at].key == key


@given(edited(), st.data())
def test_a_step_that_is_set_leaves_all_others_as_they_were(made, data):
    if not keys_of(made):
        return
    key = data.draw(st.sampled_from(sorted(keys_of(made))))

    changed = put(made, replace(find(made, key), name="Other"))

    assert put(changed, find(made, key)) == made
