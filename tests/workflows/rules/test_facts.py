from datetime import UTC, date, datetime, timedelta

import pytest

from arfollow.workflows.rules.facts import Event, all_facts, bases, events_of, is_known, of_one
from arfollow.workflows.rules.waits import Place

NOW = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
UTC_PLACE, AUCKLAND = Place(timezone="UTC", country="DE"), Place(timezone="Pacific/Auckland", country="NZ")


def known(*events, facts=None, place=UTC_PLACE):
    return all_facts(facts or {}, events=events, now=NOW, place=place)


def event(kind, hours_ago=1, **told):
    return Event(kind=kind, at=NOW - timedelta(hours=hours_ago), facts=told)


def test_the_last_event_of_a_kind_tells():
    facts = known(event("replied", 9, word="no"), event("replied", 5, word="yes"), event("opened"))

    assert facts["event.replied.word"] == "yes"
    assert facts["event.replied"] == 2
    assert facts["event.opened.at"] == date(2026, 11, 20)
    assert "event.clicked" not in facts


def test_days_are_those_of_the_place():
    assert known(event("opened"), place=AUCKLAND)["event.opened.at"] == date(2026, 11, 21)


def test_what_the_same_kind_of_event_repeats_is_counted():
    told = [
        event("deal_updated", 9 - at, status=status) for at, status in enumerate("abba a".replace(" ", ""))
    ]

    counts = [known(*told[: at + 1])["in_a_row.deal_updated.status"] for at in range(len(told))]

    assert counts == [1, 1, 2, 1, 2]


def test_answers_are_told_by_survey_and_question():
    facts = known(
        event("survey_answered", 3, survey="visit", score=2),
        event("survey_answered", survey="other", score=5),
    )

    assert (facts["answer.visit.score"], facts["answer.other.score"]) == (2, 5)
    assert facts["event.survey_answered.survey"] == "other"


def test_a_day_says_how_far_away_it_is():
    facts = known(event("booked", day=date(2026, 11, 23)), facts={"field.lease_end": date(2026, 11, 18)})

    assert facts["days_to.field.lease_end"] == -2
    assert facts["days_to.event.booked.day"] == 3


def test_what_comes_as_text_is_compared_as_what_it_is():
    told = event("booked", day="2026-11-23", code="2026-13-45", time="14:00", topics=["a", "b"])

    facts = known(told)

    assert facts["event.booked.day"] == date(2026, 11, 23)
    assert facts["event.booked.code"] == "2026-13-45"
    assert facts["event.booked.topics"] == ("a", "b")


def test_events_about_another_are_told_apart():
    events = [event("booked", appointment=key) for key in ("A-1", "A-2")] + [event("opened")]

    assert of_one(events, name="appointment", key="A-2") == events[1:]
    assert of_one(events, name="", key="") == events


@pytest.mark.parametrize(
    ("name", "there_is"),
    [
        ("customer.country", True),
        ("field.anything", True),
        ("days_to.field.lease_end", True),
        ("days_to.campaign.day", True),
        ("answer.visit.score", True),
        ("field.", False),
        ("days_to.nonsense", False),
        ("customer.shoe_size", False),
    ],
)
def test_only_some_names_can_be_facts(name, there_is):
    assert is_known(name) is there_is


def test_facts_know_where_they_come_from():
    names = {"days_to.event.booked.day", "answer.visit.score", "in_a_row.deal.status", "money.open"}

    assert events_of(names) == {"booked", "survey_answered", "deal"}
    assert "event.booked.day" in bases(names)
