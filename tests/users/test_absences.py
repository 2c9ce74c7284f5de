from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arfollow import clock
from arfollow.access import Role
from arfollow.users.operations.absences import AbsenceError, enter_absence
from arfollow.users.queries import away_on
from arfollow.users.rules import stand_in, works_for

TODAY = clock.today("Europe/Berlin")
NEXT_WEEK = TODAY + timedelta(weeks=1)


@pytest.mark.parametrize(
    ("away", "who"),
    [
        ({}, 1),
        ({1: 2}, 2),
        ({1: 2, 2: 3}, 3),
        ({1: 2, 2: 1}, 1),
        ({1: 2, 2: 3, 3: 1}, 1),
        ({2: 1}, 1),
    ],
)
def test_the_work_of_who_is_away_goes_to_who_is_there(away, who):
    assert stand_in(1, away) == who


@given(st.dictionaries(st.integers(1, 6), st.integers(1, 6)))
def test_everybodys_work_is_done_by_exactly_one(chosen):
    away = {user: other for user, other in chosen.items() if user != other}
    doers = [user for user in range(1, 7) if user not in away or stand_in(user, away) == user]

    done = sorted(each for doer in doers for each in works_for(doer, away))

    assert done == list(range(1, 7))


@pytest.fixture
def ana(site):
    return site.person(Role.CLERK, name="Ana", email="ana@example.com")


@pytest.fixture
def jan(site):
    return site.person(Role.CLERK, name="Jan", email="jan@example.com")


def enter(site, user_id, stand_in_id, *, first=TODAY, last=NEXT_WEEK):
    with site.writing() as session:
        return enter_absence(
            session,
            company_id=site.company_id,
            user_id=user_id,
            stand_in_id=stand_in_id,
            first_day=first,
            last_day=last,
            today=TODAY,
            who="Ana",
        )


@pytest.mark.parametrize(
    ("day", "is_away"),
    [(TODAY - timedelta(days=1), False), (TODAY, True), (NEXT_WEEK, True), (NEXT_WEEK + timedelta(1), False)],
)
def test_both_days_are_among_those_away(site, ana, jan, day, is_away):
    enter(site, ana, jan)

    with site.reading() as session:
        assert away_on(session, company_id=site.company_id, day=day) == ({ana: jan} if is_away else {})


def test_what_makes_no_sense_is_refused(site, ana, jan):
    enter(site, ana, jan)
    stranger = site.person(Role.CLERK, email="eve@example.com", company_id=site.company())

    refused = [
        (ana, jan, NEXT_WEEK, TODAY, "before the first"),
        (ana, jan, TODAY - timedelta(9), TODAY - timedelta(2), "over already"),
        (ana, jan, NEXT_WEEK, NEXT_WEEK + timedelta(3), "on some of these days already"),
        (jan, jan, TODAY, TODAY, "for themselves"),
        (jan, stranger, TODAY, TODAY, "work in this company"),
    ]
    for user_id, other, first, last, words in refused:
        with pytest.raises(AbsenceError, match=words):
            enter(site, user_id, other, first=first, last=last)


def test_a_clerk_enters_own_days_and_takes_them_away(site, jan):
    visitor = site.sign_in(Role.CLERK, name="Bob")
    own = visitor.get("/settings/absences").text
    bob = own.partition('name="user"')[2].partition('value="')[2].partition('"')[0]

    answer = visitor.post(
        "/settings/absences", {"user": bob, "stand_in": jan, "first_day": TODAY, "last_day": NEXT_WEEK}
    )
    shown = visitor.get("/settings/absences").text

    assert answer.location == "/settings/absences"
    assert "away today" in shown
    assert site.entries("absence") == [("absence:entered", f"Bob away {TODAY} to {NEXT_WEEK}, Jan stands in")]


def test_a_clerk_does_not_enter_the_days_of_others(site, ana, jan):
    absence_id = enter(site, ana, jan)
    visitor = site.sign_in(Role.CLERK)
    days = {"first_day": NEXT_WEEK + timedelta(2), "last_day": NEXT_WEEK + timedelta(3)}

    entered = visitor.post("/settings/absences", {"user": ana, "stand_in": jan, **days})
    removed = visitor.post(f"/settings/absences/{absence_id}/remove")

    assert (entered.status_code, removed.status_code) == (422, 403)


def test_a_manager_takes_the_days_of_others_away(site, ana, jan):
    absence_id = enter(site, ana, jan)

    answer = site.sign_in(Role.MANAGER).post(f"/settings/absences/{absence_id}/remove")

    assert answer.location == "/settings/absences"
    with site.reading() as session:
        assert away_on(session, company_id=site.company_id, day=TODAY) == {}
