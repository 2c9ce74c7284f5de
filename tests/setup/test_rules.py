from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arfollow.setup.rules import Facts, Missing, State, Step, progress, step_after

NEW = Facts(missing=tuple(Missing), mail_works=False, has_customers=False, plan_is_chosen=False, people=1)
READY = Facts(missing=(), mail_works=True, has_customers=True, plan_is_chosen=True, people=2)

FACTS = st.builds(
    Facts,
    missing=st.lists(st.sampled_from(Missing), unique=True).map(tuple),
    mail_works=st.booleans(),
    has_customers=st.booleans(),
    plan_is_chosen=st.booleans(),
    people=st.integers(0, 3),
    skipped=st.frozensets(st.sampled_from(Step)),
    is_dismissed=st.booleans(),
)


def test_a_new_company_has_five_open_steps_and_begins_with_the_first():
    found = progress(NEW)

    assert (found.done, found.next_step, found.leads, found.is_over) == (0, Step.COMPANY, True, False)


@pytest.mark.parametrize(
    ("change", "step"),
    [
        ({"missing": (Missing.BANK,)}, Step.COMPANY),
        ({"mail_works": False}, Step.MAIL),
        ({"has_customers": False}, Step.IMPORT),
        ({"plan_is_chosen": False}, Step.PLAN),
        ({"people": 1}, Step.TEAM),
    ],
)
def test_each_fact_opens_its_step(change, step):
    assert progress(replace(READY, **change)).open_steps == [step]


def test_a_company_with_everything_is_set_up():
    found = progress(READY)

    assert (found.done, found.next_step, found.is_over) == (5, None, True)


def test_a_skipped_step_is_neither_done_nor_open():
    found = progress(replace(NEW, skipped=frozenset({Step.COMPANY})))

    assert (found.done, found.next_step, found.state_of(Step.COMPANY)) == (0, Step.MAIL, State.SKIPPED)


def test_nobody_is_led_once_the_import_was_skipped():
    assert not progress(replace(NEW, skipped=frozenset({Step.IMPORT}))).leads


def test_nobody_is_led_or_reminded_who_does_not_want_to():
    found = progress(replace(NEW, is_dismissed=True))

    assert (found.is_over, found.leads, found.next_step) == (True, False, Step.COMPANY)


@given(FACTS)
def test_every_step_stands_somewhere_and_the_next_is_the_first_open_one(facts):
    found = progress(facts)
    open_steps = [step for step, state in found.states if state is State.OPEN]

    assert [step for step, _ in found.states] == list(Step)
    assert found.next_step == (open_steps[0] if open_steps else None)
    assert found.is_over == (facts.is_dismissed or not open_steps)


@given(FACTS, st.sampled_from(Step))
def test_to_skip_a_step_undoes_nothing(facts, step):
    before, after = progress(facts), progress(replace(facts, skipped=facts.skipped | {step}))

    assert after.done == before.done
    assert step not in after.open_steps


def test_the_steps_follow_each_other_to_the_end():
    assert [step_after(step) for step in Step] == [*list(Step)[1:], None]
