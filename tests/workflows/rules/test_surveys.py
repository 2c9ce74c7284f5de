from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arfollow.workflows.rules.surveys import Asks, Choice, Question, Survey, problems, read_answers

SAY = {"en": "Say", "de": "Sagen"}
SCORE = Question(key="score", asks=Asks.SCALE, words=SAY)
COLOUR = Question(
    key="colour",
    asks=Asks.CHOICE,
    words=SAY,
    choices=(Choice(key="red", words=SAY), Choice(key="blue", words=SAY)),
)
LIKES = replace(COLOUR, key="likes", asks=Asks.CHOICES, required=False)
WHY = Question(key="why", asks=Asks.TEXT, words=SAY, required=False)
SURVEY = Survey(key="visit", title=SAY, intro=SAY, thanks=SAY, questions=(SCORE, COLOUR, LIKES, WHY))


def with_(**changed):
    return replace(SURVEY, **changed)


def test_what_is_whole_can_be_used():
    assert problems(SURVEY) == []


@pytest.mark.parametrize(
    ("survey", "words"),
    [
        (with_(questions=()), "The survey asks nothing."),
        (with_(key="My survey"), "The key “My survey” of the survey"),
        (with_(questions=(SCORE, SCORE)), "The key “score” of the question is there twice."),
        (with_(intro={"en": "Say"}), "intro is missing in de."),
        (with_(thanks={**SAY, "fr": "Dites"}), "thanks is in fr, but the title is not."),
        (with_(questions=(replace(SCORE, low={"en": "bad"}),)), "score, low is missing in de."),
        (with_(questions=(replace(SCORE, least=5, most=5),)), "score: The scale has to go up"),
        (with_(questions=(replace(SCORE, most=11),)), "score: A scale has at most 11 numbers."),
        (
            with_(questions=(replace(COLOUR, choices=COLOUR.choices[:1]),)),
            "colour: There have to be at least",
        ),
        (with_(questions=(replace(COLOUR, choices=COLOUR.choices[:1] * 2),)), "colour: The key “red” of the"),
        (with_(questions=(replace(WHY, choices=COLOUR.choices),)), "why: Only a choice has answers"),
    ],
)
def test_what_is_missing_is_said(survey, words):
    assert any(each.startswith(words) for each in problems(survey)), problems(survey)


@pytest.mark.parametrize(
    ("given_", "facts", "wrong"),
    [
        ({"score": ["7"], "colour": ["red"]}, {"score": 7, "colour": "red"}, {}),
        (
            {"score": ["0"], "colour": ["red"], "likes": ["red", "blue", "red"], "why": [" so "]},
            {"score": 0, "colour": "red", "likes": ("red", "blue"), "why": "so"},
            {},
        ),
        ({"score": [" "]}, {}, {"score": "missing", "colour": "missing"}),
        ({"score": ["11"], "colour": ["green"]}, {}, {"score": "not_offered", "colour": "not_offered"}),
        ({"score": ["٣"], "colour": ["red"]}, {"colour": "red"}, {"score": "not_offered"}),
        (
            {"score": ["1"], "colour": ["red"], "likes": ["red", "green"]},
            {"score": 1, "colour": "red"},
            {"likes": "not_offered"},
        ),
    ],
)
def test_answers_become_facts(given_, facts, wrong):
    assert read_answers(SURVEY, given_) == (facts, wrong)


@given(
    st.dictionaries(
        st.sampled_from(["score", "colour", "likes", "why", "x"]), st.lists(st.text(), max_size=3)
    )
)
def test_whatever_is_posted_is_an_answer_or_refused(posted):
    facts, wrong = read_answers(SURVEY, posted)

    assert not facts.keys() & wrong.keys()
    assert {"score", "colour"} <= facts.keys() | wrong.keys()
    assert facts.get("score", 0) in range(11)
