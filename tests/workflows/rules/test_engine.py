from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arfollow.workflows.rules.conditions import Operator, Test
from arfollow.workflows.rules.definition import OTHERWISE, TIMED_OUT, Kind, Whenever
from arfollow.workflows.rules.engine import Act, CircleError, Known, Position, Route
from arfollow.workflows.rules.facts import Event
from arfollow.workflows.rules.playing import play, play_whole
from arfollow.workflows.rules.waits import Hours
from arfollow.workflows.rules.watching import asked_facts, wanted_events, watched_facts
from tests.workflows.walking import BERLIN, FOREVER, START, branch, definition, step, wait, walk

PAID = Test(fact="paid", operator=Operator.IS, value=True)


def at(days):
    return START + timedelta(days=days)


def test_steps_come_in_order_with_their_waits_between():
    walked = walk(definition(step("one"), wait("w", 45), step("two"), wait("x", 45), step("three")))

    assert walked.days == [("one", 0), ("two", 45), ("three", 90)]
    assert walked.ended == "end"


def test_a_restart_begins_a_new_round():
    walked = walk(definition(step("one"), wait("w", 10), step("again", Kind.RESTART)), until=at(25))

    assert [(key, round_) for key, round_, _at in walked.acts] == [("one", 1), ("one", 2), ("one", 3)]


def collection():
    """Mail; not opened in 3 days: a text; opened and not paid in 3 days: a call."""
    call = step("call", Kind.ACTIVITY)
    return definition(
        step("mail"),
        step(
            "opened",
            Kind.WAIT_FOR,
            branch("opened", wait("w1", 3), step("to-call-1", Kind.GO_TO, step="call")),
            branch(
                TIMED_OUT,
                step("text", Kind.SMS),
                step(
                    "text-opened",
                    Kind.WAIT_FOR,
                    branch("opened", wait("w2", 3)),
                    branch(TIMED_OUT),
                    amount=3,
                    of="text",
                ),
            ),
            amount=3,
            of="mail",
        ),
        call,
        goal=PAID,
    )


@pytest.mark.parametrize(
    ("events", "days"),
    [
        ([], [("mail", 0), ("text", 3), ("call", 6)]),
        ([("opened", 1, "mail")], [("mail", 0), ("call", 4)]),
        ([("opened", 4, "text")], [("mail", 0), ("text", 3), ("call", 7)]),
        # What is opened too late, or is another message, is no answer.
        ([("opened", 1, "text")], [("mail", 0), ("text", 3), ("call", 6)]),
    ],
)
def test_a_collection_takes_its_branches(events, days):
    happened = [Event(kind=kind, at=at(day), of=of) for kind, day, of in events]

    assert walk(collection(), events=happened).days == days


@pytest.mark.parametrize("paid_on", [0, 2, 5])
def test_the_goal_ends_it_anywhere(paid_on):
    walked = walk(
        collection(),
        events=[Event(kind="touched", at=at(paid_on))] if paid_on else [],
        facts_at=lambda now: {"paid": now >= at(paid_on)},
    )

    assert walked.ended == "goal"
    assert [key for key, _ in walked.days] == ["mail", "text"][: {0: 0, 2: 1, 5: 2}[paid_on]]


def test_what_happened_before_the_wait_is_no_answer_to_it():
    route = definition(
        wait("w", 5), step("ask"), step("reply", Kind.WAIT_FOR, branch("replied", step("thanks")), amount=3)
    )

    early = walk(route, events=[Event(kind="replied", at=at(2))])
    late = walk(route, events=[Event(kind="replied", at=at(9))])
    in_time = walk(route, events=[Event(kind="replied", at=at(6))])

    assert [each.days[-1] for each in (early, late, in_time)] == [("ask", 5), ("ask", 5), ("thanks", 6)]


def test_a_branch_takes_the_first_that_holds_or_the_other():
    route = definition(
        step(
            "which",
            Kind.BRANCH,
            branch("a", step("good"), condition=Test(fact="score", operator=Operator.AT_LEAST, value=8)),
            branch("b", step("fair"), condition=Test(fact="score", operator=Operator.AT_LEAST, value=5)),
            branch(OTHERWISE, step("poor")),
        ),
        step("after"),
    )

    taken = [
        [key for key, _ in walk(route, facts_at=lambda _now, score=score: {"score": score}).days]
        for score in (9, 6, 1, None)
    ]

    assert taken == [["good", "after"], ["fair", "after"], ["poor", "after"], ["poor", "after"]]


def test_a_day_that_is_not_known_is_waited_for():
    route = definition(step("day", Kind.WAIT_UNTIL, field="field.lease", days=80, at="09:00"), step("mail"))

    unknown = walk(route)
    known = walk(route, facts_at=lambda _now: {"field.lease": date(2026, 11, 20)})
    past = walk(route, facts_at=lambda _now: {"field.lease": date(2020, 1, 1)})

    assert (unknown.days, known.days, past.days) == ([], [("mail", 80)], [("mail", 0)])
    assert watched_facts(route) == {"field.lease"}


def test_a_wait_for_an_event_can_end_on_a_day():
    route = definition(
        step(
            "reply",
            Kind.WAIT_FOR,
            branch("replied", step("thanks")),
            branch(TIMED_OUT, step("call")),
            field="field.ends",
            days=-10,
            at="09:00",
        )
    )
    ends = {"field.ends": date(2026, 12, 20)}

    silent = walk(route, facts_at=lambda _now: ends)
    replied = walk(route, facts_at=lambda _now: ends, events=[Event(kind="replied", at=at(15))])
    unknown = walk(route, events=[Event(kind="replied", at=at(400))])
    past = walk(route, facts_at=lambda _now: {"field.ends": date(2020, 1, 1)})

    assert silent.days == [("call", 20)]
    assert replied.days == [("thanks", 15)]
    assert unknown.days == [("thanks", 400)]
    assert past.days == [("call", 0)]
    assert watched_facts(route) == {"field.ends"}


def test_a_wait_after_a_day_long_past_begins_now():
    route = definition(step("day", Kind.WAIT_UNTIL, field="field.x"), wait("w", 3), step("mail"))

    assert walk(route, facts_at=lambda _now: {"field.x": date(2020, 1, 1)}).days == [("mail", 3)]


def test_one_event_answers_one_wait():
    route = definition(
        step("one", Kind.WAIT_FOR, branch("replied"), branch(TIMED_OUT), amount=3),
        step(
            "two", Kind.WAIT_FOR, branch("replied", step("twice")), branch(TIMED_OUT, step("once")), amount=3
        ),
    )

    assert walk(route, events=[Event(kind="replied", at=at(1))]).days == [("once", 4)]


def test_a_wait_may_be_about_several_steps():
    route = definition(
        step("mail"),
        wait("w", 1),
        step("text", Kind.SMS),
        step(
            "opened",
            Kind.WAIT_FOR,
            branch("opened", step("yes")),
            branch(TIMED_OUT),
            amount=3,
            of=["mail", "text"],
        ),
    )

    for of in ("mail", "text"):
        assert walk(route, events=[Event(kind="opened", at=at(2), of=of)]).days[-1] == ("yes", 2)
    assert walk(route, events=[Event(kind="opened", at=at(2), of="other")]).days[-1] == ("text", 1)


@pytest.mark.parametrize(
    ("told", "answers"), [({"enrolment": 5}, True), ({"enrolment": 6}, False), ({}, True)]
)
def test_what_another_enrolment_sent_by_a_step_of_the_same_key_answers_nothing_here(told, answers):
    asked = step(
        "asked", Kind.WAIT_FOR, branch("opened", step("yes")), branch(TIMED_OUT), amount=3, of="mail"
    )
    position = Position(step="asked", entered_at=START, ran={"mail": START})
    opened = Event(kind="opened", at=at(1), of="mail", facts=told)
    known = Known(facts={}, events=[opened], place=BERLIN, enrolment="5")

    decision = Route(definition(step("mail"), asked)).decide(position, known, now=at(2))

    assert isinstance(decision, Act) == answers


def test_whoever_rests_says_what_may_move_them():
    goal = Test(fact="event.cancelled", operator=Operator.KNOWN)
    route = Route(definition(step("day", Kind.WAIT_UNTIL, field="event.booked.day"), step("mail"), goal=goal))

    rest = route.decide(route.begin(START), Known(facts={}, events=[], place=BERLIN), now=START)

    assert rest.events == {"cancelled", "booked"}
    assert rest.facts == {"event.cancelled", "event.booked.day"}


def test_a_definition_says_which_facts_and_events_it_asks_for():
    reply = step("reply", Kind.WAIT_FOR, branch("replied"), branch(TIMED_OUT), amount=3)
    which = step(
        "which",
        Kind.BRANCH,
        branch("a", condition=Test(fact="answer.s.score", operator=Operator.MORE, value=3)),
        branch(OTHERWISE),
    )
    made = replace(
        definition(reply, which, goal=Test(fact="event.purchased", operator=Operator.KNOWN)),
        only=Test(fact="days_to.purchases.first", operator=Operator.MORE, value=-30),
        whenever=(Whenever(event="opened", route=(step("x"),)),),
    )

    assert wanted_events(made) == {"replied", "survey_answered", "purchased", "opened"}
    assert asked_facts(made) == {"answer.s.score", "event.purchased", "purchases.first"}


def test_each_event_starts_a_path_of_its_own():
    thanks = Whenever(event="answered", route=(step("thanks"),))
    made = replace(definition(step("ask"), wait("w", 9), step("bye")), whenever=(thanks,))
    events = [Event(kind="answered", at=at(day)) for day in (1, 2, 20)]

    played = play_whole(
        made, begun=START, until=at(30), place=BERLIN, facts_at=lambda _now: {}, events=events
    )

    assert [(each.step.key, each.path) for each in played.steps] == [
        ("ask", 0),
        ("thanks", 1),
        ("thanks", 2),
        ("bye", 0),
    ]


@pytest.mark.parametrize(
    ("asked", "hour"),
    [
        (step("x", Kind.SMS), 10),
        (step("x", Kind.SURVEY, channel="sms"), 10),
        (step("x", Kind.SURVEY), 9),
        (step("x", Kind.EMAIL), 9),
    ],
)
def test_quiet_hours_hold_back_every_text_message(asked, hour):
    quiet = Hours(first=time(20), last=time(10))

    played = play(
        Route(definition(asked)),
        begun=START,
        until=at(1),
        place=BERLIN,
        facts_at=lambda _now: {},
        quiet=quiet,
    )

    assert [each.at.hour for each in played.steps] == [hour]


def test_a_way_back_is_a_new_round():
    route = definition(step("one"), wait("w", 1), step("two"), step("back", Kind.GO_TO, step="one"))

    walked = walk(route, until=at(2))

    assert [(key, round_) for key, round_, _at in walked.acts][:4] == [
        ("one", 1),
        ("two", 1),
        ("one", 2),
        ("two", 2),
    ]


def test_a_circle_without_a_wait_is_found():
    route = definition(step("a", Kind.GO_TO, step="b"), step("b", Kind.GO_TO, step="a"))

    with pytest.raises(CircleError):
        walk(route)


KEYS = st.integers(0, 10**9).map("s{}".format)
EVENTS = st.lists(
    st.builds(
        lambda kind, hours: Event(kind=kind, at=START + timedelta(hours=hours)),
        st.sampled_from(["opened", "replied", "paid"]),
        st.integers(1, 24 * 60),
    ),
    max_size=6,
).map(lambda events: sorted(events, key=lambda event: event.at))


@st.composite
def routes(draw, depth=2):
    """Any route: acts, waits, branches, jumps and restarts."""
    made = []
    for _ in range(draw(st.integers(1, 4))):
        key = draw(KEYS)
        kinds = ["email", "wait", "activity"] + (["wait_for", "branch"] if depth else [])
        match draw(st.sampled_from(kinds)):
            case "wait":
                made.append(wait(key, draw(st.integers(0, 20))))
            case "wait_for":
                parts = [
                    branch("opened", *draw(routes(depth - 1))),
                    branch(TIMED_OUT, *draw(routes(depth - 1))),
                ]
                made.append(step(key, Kind.WAIT_FOR, *parts, amount=draw(st.integers(0, 9))))
            case "branch":
                parts = [branch("a", *draw(routes(depth - 1)), condition=PAID), branch(OTHERWISE)]
                made.append(step(key, Kind.BRANCH, *parts))
            case kind:
                made.append(step(key, kind))
    return tuple(made)


def keyed(route, prefix="k"):
    """The same route with keys that differ."""
    return tuple(
        replace(
            each,
            key=f"{prefix}{at}",
            branches=tuple(
                replace(one, route=keyed(one.route, f"{prefix}{at}.{which}."))
                for which, one in enumerate(each.branches)
            ),
        )
        for at, each in enumerate(route)
    )


@given(routes().map(keyed), EVENTS, st.sampled_from(["", "restart", "back"]), st.booleans())
def test_no_step_comes_twice_in_a_round_and_none_goes_backwards(route, events, last, paid):
    ends = {
        "restart": [wait("wz", 1), step("z", Kind.RESTART)],
        "back": [wait("wz", 1), step("z", Kind.GO_TO, step="k0")],
    }
    made = definition(*route, *ends.get(last, []))

    walked = walk(
        made, events=events, facts_at=lambda _now: {"paid": paid}, until=at(90) if last else FOREVER
    )

    done = [(key, round_) for key, round_, _at in walked.acts]
    assert len(done) == len(set(done))
    drawn = {each.key: place for place, each in enumerate(made.steps())}
    assert [(round_, drawn[key]) for key, round_ in done] == sorted(
        (round_, drawn[key]) for key, round_ in done
    )
    assert walked.ended == ("" if last else "end")


@given(routes().map(keyed), EVENTS)
def test_whoever_looks_twice_decides_the_same(route, events):
    made = definition(*route)

    assert walk(made, events=events) == walk(made, events=events)
