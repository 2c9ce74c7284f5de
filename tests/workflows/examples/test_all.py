from functools import partial
from importlib import import_module

import pytest

from arfollow.levels.wording import NUMBERS
from arfollow.statements.catalogue import words
from arfollow.workflows.examples import example, examples, surveys
from arfollow.workflows.examples.words import CONTEXT
from arfollow.workflows.file import read_workflow, write_workflow
from arfollow.workflows.rules import surveys as asking
from arfollow.workflows.rules.acting import ACTING
from arfollow.workflows.rules.checking import problems
from arfollow.workflows.rules.conditions import Test, facts_of, holds
from arfollow.workflows.rules.definition import TIMED_OUT, Kind
from arfollow.workflows.rules.settings import Type
from arfollow.workflows.rules.triggers import EVENTS
from arfollow.workflows.survey_file import read_survey, write_survey
from arfollow.workflows.variables import VARIABLES, problems_in, render, variables_of, words_of
from tests.workflows.examples.cases import played

LANGUAGES = {"en", "de", "fr"}
ALL = pytest.mark.parametrize("shipped", examples(), ids=lambda each: each.name)
TRANSLATED = pytest.mark.parametrize("language", sorted(LANGUAGES - {"en"}))
ASKED = pytest.mark.parametrize("survey", surveys().values(), ids=lambda each: each.key)
LONGEST_TEXT_MESSAGE = 320


def conditions(definition):
    """Every condition on facts: who enters, what ends it, and each branch."""
    yield from (definition.only, definition.goal)
    for step in definition.steps():
        if step.kind is Kind.BRANCH:
            yield from (branch.condition for branch in step.branches)


def awaited(definition):
    """Every event that something waits for."""
    yield from (each.event for each in definition.whenever)
    for step in definition.steps():
        if step.kind is Kind.WAIT_FOR:
            yield from (branch.outcome for branch in step.branches if branch.outcome != TIMED_OUT)


def saying(language):
    return partial(words(language).translations.pgettext, CONTEXT)


def plays(shipped):
    module = import_module(f"tests.workflows.examples.test_{shipped.name.replace('-', '_')}")
    return [played(shipped.name, case) for case in module.CASES.values()]


def test_there_are_fifteen():
    assert [each.number for each in examples()] == list(range(1, 16))


@ALL
def test_it_can_be_published(shipped):
    assert list(problems(shipped.definition, acting=ACTING)) == []
    assert list(problems_in(shipped.definition)) == []
    assert len(shipped.definition.about) > 100


@ALL
def test_every_step_has_a_name_and_every_path_a_label(shipped):
    for step in shipped.definition.steps():
        assert step.name
        assert all(branch.label for branch in step.branches)


@ALL
def test_every_branch_is_taken_by_a_case_and_every_step_is_done(shipped):
    steps = list(shipped.definition.steps())

    taken = frozenset().union(*(play.paths for play in plays(shipped)))
    done = {each.step.key for play in plays(shipped) for each in play.steps}

    assert taken == {(step.key, branch.outcome) for step in steps for branch in step.branches}
    assert done == {step.key for step in steps if step.acts}


@ALL
def test_it_says_everything_in_every_language(shipped):
    for step in shipped.definition.steps():
        parts = [setting.parts for setting in ACTING.get(step.kind, ()) if setting.type is Type.WORDS]
        said = {(language, part) for language, part, _ in words_of(step)}

        assert said == {(language, part) for each in parts for part in each for language in LANGUAGES}


@ALL
def test_its_languages_use_the_same_variables(shipped):
    for step in shipped.definition.steps():
        used = {}
        for language, _part, text in words_of(step):
            used[language] = used.get(language, frozenset()) | variables_of(text)

        assert len(set(used.values())) <= 1, (step.key, used)


@ALL
def test_its_words_can_be_rendered(shipped):
    variables = {name: 3 if name in NUMBERS else f"<{name}>" for name in VARIABLES}

    for step in shipped.definition.steps():
        for _language, part, text in words_of(step):
            rendered = render(text, variables)

            assert rendered.strip()
            assert "{{" not in rendered
            if step.kind is Kind.SMS and part == "text":
                assert len(rendered) <= LONGEST_TEXT_MESSAGE


@ALL
def test_the_surveys_that_it_asks_come_along(shipped):
    assert set(shipped.surveys) <= set(surveys())


@ALL
def test_it_asks_only_for_answers_that_there_can_be(shipped):
    for condition in conditions(shipped.definition):
        for name in facts_of(condition):
            if name.startswith("answer."):
                _, survey, question = name.split(".")
                assert question in {each.key for each in surveys()[survey].questions}


@ALL
def test_it_compares_choices_with_what_is_offered(shipped):
    for condition in conditions(shipped.definition):
        match condition:
            case Test(fact=fact, value=str() as value) if fact.startswith("answer."):
                _, survey, question = fact.split(".")
                asked = next(each for each in surveys()[survey].questions if each.key == question)
                assert value in {choice.key for choice in asked.choices}


@ALL
def test_it_waits_for_events_that_the_program_knows(shipped):
    assert set(awaited(shipped.definition)) <= set(EVENTS)
    for condition in conditions(shipped.definition):
        for name in facts_of(condition):
            family, *rest = name.removeprefix("days_to.").split(".")
            if family in ("event", "in_a_row"):
                assert rest[0] in EVENTS
                assert len(rest) == 1 or rest[1] in EVENTS[rest[0]] or rest[0] == "survey_answered"


@ALL
def test_its_file_is_what_would_be_exported(shipped):
    assert write_workflow(shipped.definition) == shipped.text
    assert read_workflow(shipped.text) == shipped.definition


@TRANSLATED
def test_in_another_language_they_can_be_published_under_names_of_their_own(language):
    spoken = [each.in_words(saying(language)).definition for each in examples()]

    assert [
        problem for each in spoken for problem in (*problems(each, acting=ACTING), *problems_in(each))
    ] == []
    assert len({each.name for each in spoken} - {each.definition.name for each in examples()}) == len(spoken)


@TRANSLATED
def test_in_another_language_one_finds_the_other(language):
    existing, new = (
        example(name).in_words(saying(language)).definition
        for name in ("existing-customers", "new-customers")
    )
    today = {"days_to.purchases.first": 0}

    assert existing.trigger.settings["workflow"] == new.name
    assert holds(new.only, today | {"workflows": ()})
    assert not holds(new.only, today | {"workflows": (existing.name,)})


@ALL
def test_but_for_its_words_it_stays_as_it_is(shipped):
    assert shipped.in_words(str) == shipped


@ASKED
def test_the_survey_can_be_used(survey):
    assert asking.problems(survey) == []
    assert set(survey.languages) == LANGUAGES


@ASKED
def test_the_survey_is_written_and_read_again(survey):
    assert read_survey(write_survey(survey)) == survey


@ASKED
def test_some_workflow_asks_the_survey(survey):
    assert any(survey.key in each.surveys for each in examples())
