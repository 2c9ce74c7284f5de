from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arfollow.workflows.file import WorkflowFileError, from_data, read_workflow, to_data, write_workflow
from arfollow.workflows.rules.conditions import WITHOUT_VALUE, All, Not, Operator, Some, Test
from arfollow.workflows.rules.definition import Branch, Definition, Kind, Step, Trigger, Whenever

WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=12
).filter(lambda text: text.strip())
VALUES = st.one_of(
    WORDS, st.integers(-(10**9), 10**9), st.booleans(), st.dates(), st.lists(WORDS, max_size=3).map(tuple)
)
TESTS = st.builds(
    lambda fact, operator, value: Test(
        fact=fact, operator=operator, value=None if operator in WITHOUT_VALUE else value
    ),
    WORDS,
    st.sampled_from(Operator),
    VALUES,
)
CONDITIONS = st.recursive(
    TESTS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda parts: All(parts=tuple(parts))),
        st.lists(inner, max_size=3).map(lambda parts: Some(parts=tuple(parts))),
        inner.map(lambda part: Not(part=part)),
    ),
    max_leaves=5,
)
PLAIN = st.dictionaries(
    WORDS.filter(lambda name: name not in {"key", "kind", "name", "branches", "words"}),
    st.one_of(WORDS, st.integers(-99, 99), st.booleans(), st.lists(WORDS, max_size=2)),
    max_size=3,
)
SAID = st.dictionaries(WORDS, st.dictionaries(WORDS, WORDS, max_size=2), max_size=2)
SETTINGS = PLAIN | st.builds(lambda plain, words: {**plain, "words": words}, PLAIN, SAID)
NOTHING = st.none()
KEYS = st.text("abzAZ019-_", min_size=1, max_size=8)


def routes(depth=2):
    branches = (
        st.just(())
        if not depth
        else st.lists(
            st.builds(
                Branch,
                outcome=WORDS,
                label=st.just("") | WORDS,
                condition=NOTHING | CONDITIONS,
                route=st.deferred(lambda: routes(depth - 1)),
            ),
            max_size=2,
        ).map(tuple)
    )
    steps = st.builds(
        Step,
        key=KEYS,
        kind=st.sampled_from(Kind),
        name=st.just("") | WORDS,
        settings=SETTINGS,
        branches=branches,
    )
    return st.lists(steps, max_size=3).map(tuple)


DEFINITIONS = st.builds(
    Definition,
    name=WORDS,
    about=st.just("") | WORDS,
    trigger=st.builds(Trigger, kind=WORDS, settings=SETTINGS.map(lambda given: given)),
    only=NOTHING | CONDITIONS,
    goal=NOTHING | CONDITIONS,
    route=routes(),
    whenever=st.lists(
        st.builds(Whenever, event=WORDS, route=routes(1), condition=NOTHING | CONDITIONS), max_size=2
    ).map(tuple),
    again_after_days=NOTHING | st.integers(0, 999),
    values=st.dictionaries(st.sampled_from(["coupon", "review_link"]), WORDS),
)


@given(DEFINITIONS)
def test_what_is_written_is_read_again(definition):
    assert read_workflow(write_workflow(definition)) == definition
    assert from_data(to_data(definition)) == definition


def test_a_file_reads_as_people_write_it():
    text = """
name = "Lease check"

[trigger]
kind = "date"
field = "field.lease_start"
days = 80

[only]
fact = "lists"
operator = "contains"
value = "Leases"

[goal]
any = [
  {fact = "field.returned", operator = "at_least", day = 2026-11-20},
  {fact = "event.opted_out", operator = "known"},
]

[[route]]
key = "mail"
kind = "email"
[route.words.en]
subject = "Time for a check"
text = "Your bicycle is due."

[[route]]
key = "answer"
kind = "wait_for"
amount = 3

[[route.branches]]
outcome = "replied"
[[route.branches.route]]
key = "thanks"
kind = "email"

[[route.branches]]
outcome = "timeout"
"""

    read = read_workflow(text)

    assert read.trigger == Trigger(kind="date", settings={"field": "field.lease_start", "days": 80})
    assert read.goal.parts[0].value == date(2026, 11, 20)
    assert [step.key for step in read.steps()] == ["mail", "answer", "thanks"]
    assert read.route[0].settings["words"]["en"]["subject"] == "Time for a check"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name =", "no TOML"),
        ('nome = "x"', "there is no “nome”"),
        ('name = "x"', "trigger: “kind” is missing"),
        ('name = "x"\ntrigger = {kind = "date"}\nroute = 5', "route: write each step as a table"),
        (
            'name = "x"\ntrigger = {kind = "date"}\n[[route]]\nkind = "email"',
            "route, step 1: “key” is missing",
        ),
        ('name = "x"\ntrigger = {kind = "d"}\n[[route]]\nkey = "a"\nkind = "fax"', "there is no kind “fax”"),
        ('name = "x"\ntrigger = {kind = "d"}\ngoal = {fact = "a"}', "goal: a condition is"),
        ('name = "x"\ntrigger = {kind = "d"}\ngoal = {fact = "a", operator = "is"}', "compared with"),
        (
            'name = "x"\ntrigger = {kind = "d"}\ngoal = {fact = "a", operator = "eq", value = 1}',
            "no operator",
        ),
        (
            'name = "x"\ntrigger = {kind = "d"}\ngoal = {fact = "a", operator = "is", value = 1.5}',
            "whole numbers",
        ),
        ('name = "x"\ntrigger = {kind = "d"}\ngoal = {fact = "a", operator = "is", day = "soon"}', "no day"),
        ('name = "x"\ntrigger = {kind = "d"}\nvalues = {"a b" = "c"}', "values, a b: write a plain name"),
        ('name = "x"\nagain_after_days = -1\ntrigger = {kind = "d"}', "again_after_days"),
    ],
)
def test_what_cannot_be_read_is_named(text, words):
    with pytest.raises(WorkflowFileError, match=words):
        read_workflow(text)


ROUTE = 'name = "x"\n[trigger]\nkind = "by_hand"\n'
STEP = ROUTE + '[[route]]\nkey = "a"\nkind = "wait"\n'


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "[" * 5000 + "]" * 5000,
        "x = " + "{a = " * 3000 + "1" + "}" * 3000,
        STEP + ".".join(["a"] * 20_000) + " = 1",
        "again_after_days = " + "9" * 5000,
        STEP + "amount = 0x" + "f" * 5000,
        STEP + "amount = nan",
        STEP + "amount = 1.5",
        STEP + "unit = {a = 1}",
        STEP + "words = {en = 5}",
        STEP + "words = {en = {text = {a = 1}}}",
        ROUTE.replace('"by_hand"', '"date"\nfield = [1, 2]'),
        STEP + 'at = "\\u0000"',
        ROUTE.replace('"x"', f'"{"x" * 121}"'),
        ROUTE + "".join(f'[[route]]\nkey = "s{at}"\nkind = "end"\n' for at in range(501)),
        STEP + '[[route]]\nkey = "a/../b"\nkind = "end"\n',
        STEP + '[[route]]\nkey = "a:b"\nkind = "end"\n',
        "again_after_days = true\n" + ROUTE,
        "again_after_days = 99999999999\n" + ROUTE,
    ],
)
def test_a_file_that_would_break_what_reads_it_is_refused(text):
    with pytest.raises(WorkflowFileError):
        read_workflow(text)


def test_days_and_times_that_toml_writes_become_text():
    read = read_workflow(STEP + "at = 09:00:00\nday = 2026-11-20\n")

    assert read.route[0].settings == {"at": "09:00:00", "day": "2026-11-20"}
