from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arfollow.levels.defaults import default_plan
from arfollow.levels.drafts import LevelDraft, PlanDraft, Responsible, WholePlan, WordingDraft
from arfollow.levels.file import PlanFileError, read_plan, write_plan
from arfollow.levels.rules.steps import Pace, Timing

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=12)
DAYS = st.none() | st.integers(1, 900)
LEVELS = st.builds(
    LevelDraft,
    name=TEXT,
    timing=st.sampled_from(Timing),
    days=st.integers(-900, 900),
    deadline_days=st.integers(0, 90),
    actions=st.lists(st.sampled_from(["email", "letter", "todo"])).map(tuple),
    attach_statement=st.booleans(),
    attach_letter=st.booleans(),
    attach_items=st.booleans(),
    email_automatic=st.booleans(),
    responsible=st.sampled_from([Responsible.CUSTOMER, Responsible.MANAGER]),
    wordings=st.dictionaries(
        st.sampled_from(["en", "de", "pt-BR"]),
        st.builds(
            WordingDraft, email_subject=TEXT, email_body=TEXT, letter_title=TEXT, letter_body=TEXT, todo=TEXT
        ),
    ),
)
PLANS = st.builds(
    PlanDraft,
    name=TEXT,
    pace=st.sampled_from(Pace),
    minimum_amounts=st.dictionaries(st.sampled_from(["EUR", "JPY", "KWD"]), st.integers(0, 10**9)),
    contact_gap_days=st.integers(0, 90),
    repeat_last_after_days=DAYS,
    review_after_days=DAYS,
    promise_grace_days=st.integers(0, 9),
)


@given(st.builds(WholePlan, plan=PLANS, levels=st.lists(LEVELS, max_size=2).map(tuple)))
def test_a_written_plan_is_read_as_it_was(whole):
    assert read_plan(write_plan(whole)) == whole


def test_the_file_is_made_to_be_read_by_people():
    whole = default_plan("en")
    plan = replace(whole.plan, minimum_amounts={"EUR": 1050})

    text = write_plan(replace(whole, plan=plan))

    assert 'EUR = "10.50"' in text
    assert 'email_body = """\n{{ salutation }}\n\nThis may simply' in text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name = ", "no TOML"),
        ("pace = 'step'", "the plan: “name” is missing"),
        ("name = 'x'\npase = 'step'", "there is no “pase”"),
        ("name = 'x'\npace = 'fast'", "one of step, highest"),
        ("name = 'x'\ncontact_gap_days = '7'", "“contact_gap_days” has to be a whole number"),
        ("name = 'x'\nreview_after_days = true", "has to be a whole number"),
        ("name = 'x'\nlevels = 3", r"\[\[levels\]\]"),
        ("name = 'x'\n[[levels]]\nname = 'a'", "level 1: “days” is missing"),
        ("name = 'x'\n[[levels]]\nname = 'a'\ndays = 1\nactions = 'email'", "level 1: “actions” is a list"),
        ("name = 'x'\n[[levels]]\nname = 'a'\ndays = 1\nemail_automatic = 1", "true or false"),
        ("name = 'x'\n[[levels]]\nname = 'a'\ndays = 1\n[levels.wordings.en]\n", "level 1, en: “email_body”"),
        ("name = 'x'\n[minimum_amounts]\nEUR = 'ten'", "minimum_amounts: 'ten' is not an amount"),
        ("name = 'x'\n[minimum_amounts]\nEUX = '1'", "EUX"),
    ],
)
def test_a_file_that_cannot_be_read_says_where(text, words):
    with pytest.raises(PlanFileError, match=words):
        read_plan(text)


def given_to(user_id):
    plan = default_plan("en")
    level = replace(plan.levels[2], responsible=Responsible.USER, responsible_id=user_id)
    return replace(plan, levels=(*plan.levels[:2], level))


def test_a_person_is_known_by_the_email_address():
    text = write_plan(given_to(7), people={7: "jan@example.com"})

    assert 'responsible_email = "jan@example.com"' in text
    assert read_plan(text, people={9: "jan@example.com"}) == given_to(9)
    with pytest.raises(PlanFileError, match="nobody who works here"):
        read_plan(text, people={})


def test_somebody_who_has_left_is_written_as_nobodys_choice():
    assert read_plan(write_plan(given_to(7))).levels[2].responsible is Responsible.CUSTOMER
