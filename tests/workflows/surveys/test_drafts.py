"""A survey while it is edited."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from arfollow.workflows.examples import surveys
from arfollow.workflows.rules.surveys import problems
from arfollow.workflows.surveys import drafts


@pytest.fixture(autouse=True)
def request_context(sqlite_site):
    with sqlite_site.app.test_request_context():
        yield


@pytest.mark.parametrize("key", surveys())
def test_what_comes_along_is_edited_without_a_change(key):
    draft = drafts.draft_of(surveys()[key])

    assert drafts.mistakes(draft) == []
    assert drafts.finished(draft) == surveys()[key]


def new(**question):
    draft = drafts.new_draft()
    draft["languages"] = ["en"]
    draft |= {"title": {"en": "Your visit"}, "intro": {"en": "Short"}, "thanks": {"en": "Thanks"}}
    draft["questions"][0] |= {"words": {"en": "How was it?"}} | question
    return draft


def test_what_is_new_gets_keys_that_say_what_it_is_about():
    draft = new()
    drafts.apply(draft, "add")
    draft["questions"][1] |= {
        "words": {"en": "How was it?"},
        "asks": "choice",
        "choices": [{"key": "", "words": {"en": words}} for words in ("Übel", "3 Sterne")],
    }

    survey = drafts.finished(draft)

    assert (survey.key, [each.key for each in survey.questions]) == (
        "your_visit",
        ["how_was_it", "how_was_it_2"],
    )
    assert [choice.key for choice in survey.questions[1].choices] == ["ubel", "q_3_sterne"]
    assert problems(survey) == []


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ({"words": {"en": ""}}, "Question 1 is missing in English."),
        ({"asks": "choice", "choices": []}, "Question 1: give at least two answers to choose from."),
        ({"least": 5, "most": 5}, "Question 1: a scale goes up and has at most 11 numbers."),
        ({"low": {"en": "bad"}}, "Question 1: say what both ends of the scale mean, or neither."),
    ],
)
def test_what_is_missing_is_said(question, words):
    assert drafts.mistakes(new(**question)) == [words]


def test_buttons_move_and_remove():
    draft = drafts.draft_of(surveys()["satisfaction"])

    for action in ("down:0", "drop:0:1", "remove:2", "choice:0", "up:9", "drop:0:77", "nonsense", "remove"):
        drafts.apply(draft, action)

    assert [each["key"] for each in draft["questions"]] == ["best", "score"]
    assert [each["key"] for each in draft["questions"][0]["choices"]] == ["quality", "delivery", "price", ""]


@given(
    st.dictionaries(
        st.sampled_from(
            "language title-en q0-key q0-asks q0-en q0-least q0-most q0-c0-key q0-c0-en q0-c1-key q1-key q1-asks".split()
        ),
        st.sampled_from(["", "en", "scale", "choice", "choices", "7", "999", "x", "'\"<b>"]),
    )
)
def test_whatever_a_form_holds_can_be_shown_and_what_has_no_mistakes_can_be_asked(form):
    draft = drafts.read_draft(MultiDict(form), key="")

    drafts.shown(draft)
    if not drafts.mistakes(draft):
        assert problems(drafts.finished(draft)) == []
