import pytest

from arfollow.workflows.examples import example
from arfollow.workflows.rules.triggers import word_of
from tests.workflows.examples.cases import Case, on, outcome

NAME = "course"
BEGUN = [("material", 0), ("enlist", 0), ("ask", 1)]


def answered(**answers):
    return [on(1, "survey_answered", "ask", survey="course", **answers)]


CASES = {
    "beginner, by examples": Case(
        events=answered(level="beginner", way="examples"),
        done=[*BEGUN, ("lesson-1-beginner", 1), ("lesson-2-examples", 4), ("close", 7)],
    ),
    "advanced, by exercises": Case(
        events=answered(level="advanced", way="exercises"),
        done=[*BEGUN, ("lesson-1-advanced", 1), ("lesson-2-exercises", 4), ("close", 7)],
    ),
    "no answer": Case(done=[*BEGUN, ("lesson-1-beginner", 4), ("lesson-2-examples", 7), ("close", 10)]),
    "stopped": Case(events=[on(2, "opted_out")], done=BEGUN, ended="goal"),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_lessons_follow_the_answers(case):
    assert outcome(NAME, case) == (case.done, case.ended)


@pytest.mark.parametrize("text", ["LEARN", "learn", " Learn!", "“Learn” please"])
def test_its_word_enrols_however_it_is_written(text):
    assert word_of(text) == example(NAME).definition.trigger.settings["word"]
