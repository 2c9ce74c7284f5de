import pytest
from hypothesis import given
from hypothesis import strategies as st

from arfollow.workflows.rules.surveys import Asks, Choice, Question, Survey
from arfollow.workflows.survey_file import SurveyFileError, read_survey, survey_data, survey_of, write_survey

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1).filter(str.strip)
WORDS = st.dictionaries(st.sampled_from(["en", "de", "fr"]), TEXT)
CHOICES = st.lists(st.builds(Choice, key=TEXT, words=WORDS), max_size=2).map(tuple)
SCALES = st.builds(
    Question,
    key=TEXT,
    asks=st.just(Asks.SCALE),
    words=WORDS,
    required=st.booleans(),
    least=st.integers(0, 5),
    most=st.integers(0, 9),
    low=WORDS,
    high=WORDS,
)
OTHERS = st.builds(
    Question,
    key=TEXT,
    asks=st.sampled_from([Asks.CHOICE, Asks.CHOICES, Asks.TEXT]),
    words=WORDS,
    required=st.booleans(),
    choices=CHOICES,
)
SURVEYS = st.builds(
    Survey,
    key=TEXT,
    title=WORDS,
    intro=WORDS,
    thanks=WORDS,
    questions=st.lists(SCALES | OTHERS, max_size=3).map(tuple),
)


@given(SURVEYS)
def test_what_is_written_is_read_again(survey):
    assert read_survey(write_survey(survey)) == survey
    assert survey_of(survey_data(survey)) == survey


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("key =", "no TOML"),
        ('kee = "x"', "there is no “kee”"),
        ("", "“key” is missing"),
        ('key = "x"\ntitle = "Hello"', "“title” as a text for each language"),
        ('key = "x"\nquestions = 5', "questions: write each as"),
        ('key = "x"\n[[questions]]\nkey = "a"\nasks = "guess"', "question 1: nothing is asked by “guess”"),
        (
            'key = "x"\n[[questions]]\nkey = "a"\nasks = "scale"\nmost = "ten"',
            "“most” has to be a whole number",
        ),
    ],
)
def test_what_cannot_be_read_is_named(text, words):
    with pytest.raises(SurveyFileError, match=words):
        read_survey(text)
