from dataclasses import replace

import pytest

from arfollow.levels.actions import ACTIONS
from arfollow.levels.defaults import default_plan
from arfollow.levels.drafts import (
    LevelDraft,
    PlanDraft,
    PlanError,
    WordingDraft,
    check_level,
    check_plan,
    check_whole,
    warnings,
)
from arfollow.levels.rules.steps import Timing
from arfollow.levels.wording import VARIABLES, paragraphs, render, render_line

LEVEL = LevelDraft(name="First", days=15)
PLAN = PlanDraft(name="Standard")
BROKEN = WordingDraft(email_subject="Hi", email_body="one\n{{ two }}", letter_title="Hi", letter_body="x")


@pytest.mark.parametrize(
    ("level", "words"),
    [
        (replace(LEVEL, name=" "), "Enter a name"),
        (replace(LEVEL, name=" second "), "“second” is taken"),
        (replace(LEVEL, timing=Timing.AFTER_PREVIOUS), "there is no previous one"),
        (replace(LEVEL, days=5000), "from -1000 to 1000"),
        (replace(LEVEL, deadline_days=-1), "from 0 to 1000"),
        (replace(LEVEL, actions=("email", "sms")), "no action “sms”"),
        (
            replace(LEVEL, wordings={"en": BROKEN}),
            r"email body \(en\), line 2, column 4: There is no variable",
        ),
    ],
)
def test_a_level_that_cannot_be_saved_says_why(level, words):
    with pytest.raises(PlanError, match=words):
        check_level(level, first=True, other_names=["Second"], actions=tuple(ACTIONS))


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        (replace(PLAN, name="VIP"), "“VIP” is taken"),
        (replace(PLAN, contact_gap_days=-1), "Contact gap"),
        (replace(PLAN, review_after_days=0), "Review"),
        (replace(PLAN, repeat_last_after_days=0), "Repetition"),
        (replace(PLAN, promise_grace_days=-3), "Grace"),
    ],
)
def test_a_plan_that_cannot_be_saved_says_why(plan, words):
    with pytest.raises(PlanError, match=words):
        check_plan(plan, other_names=["vip"])


@pytest.mark.parametrize(
    ("plan", "levels", "words"),
    [
        (PLAN, [], "no level"),
        (PLAN, [LEVEL, replace(LEVEL, name="Second")], "not later than “First”"),
        (PLAN, [replace(LEVEL, actions=())], "no action"),
        (PLAN, [LEVEL], "no words yet"),
        (replace(PLAN, review_after_days=7, contact_gap_days=14), [LEVEL], "sooner than the contact gap"),
        (replace(PLAN, review_after_days=7), [replace(LEVEL, deadline_days=10)], "sooner than a deadline"),
    ],
)
def test_what_is_probably_not_meant_is_warned_of(plan, levels, words):
    assert [warning for warning in warnings(plan, levels) if words in warning]


def test_a_level_after_the_previous_one_may_have_fewer_days():
    levels = [replace(LEVEL, days=30), replace(LEVEL, name="Second", timing=Timing.AFTER_PREVIOUS, days=10)]

    assert not [warning for warning in warnings(PLAN, levels) if "not later" in warning]


@pytest.mark.parametrize("language", ["en", "de", "de-AT", "fr"])
def test_the_default_plan_can_be_saved_and_warns_of_nothing(language):
    whole = default_plan(language)

    check_whole(whole, other_names=(), actions=tuple(ACTIONS))

    assert list(warnings(whole.plan, whole.levels)) == []
    assert [(level.days, level.actions, level.deadline_days) for level in whole.levels] == [
        (15, ("email",), 10),
        (30, ("email", "letter"), 10),
        (40, ("letter", "todo"), 10),
    ]


@pytest.mark.parametrize(("invoices", "words"), [(1, "the invoice listed"), (3, "the 3 invoices listed")])
def test_the_default_words_agree_with_the_number_of_invoices(invoices, words):
    text = default_plan("en").levels[0].wordings["en"].letter_body

    assert words in render(text, {name: name for name in VARIABLES} | {"invoice_count": invoices})


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_default_words_read_well_without_a_telephone_number(language):
    values = {name: name for name in VARIABLES} | {"invoice_count": 1, "oldest_days": 31, "our_phone": ""}

    for level in default_plan(language).levels:
        draft = level.wordings[language]
        parts = paragraphs(render(draft.letter_body, values))
        assert parts[0] == "salutation"
        assert render_line(draft.email_subject, values)
        assert not [part for part in parts if "  " in part or " ." in part or "()" in part]
