"""New workflows: empty, or from an example."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import chain, count

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.statements.catalogue import words
from arfollow.web.locale import languages
from arfollow.workflows.examples import Example
from arfollow.workflows.examples.words import CONTEXT, Say
from arfollow.workflows.operations.drafts import save_draft
from arfollow.workflows.queries.versions import workflow_named
from arfollow.workflows.rules.definition import Definition, Trigger
from arfollow.workflows.rules.triggers import TriggerKind
from arfollow.workflows.surveys.operations import install_survey
from arfollow.workflows.tables import Workflow


def begin_workflow(session: Session, *, company_id: int, name: str, who: str) -> int:
    """An empty draft; gives its id. Raise NameTakenError."""
    empty = Definition(name=name, trigger=Trigger(kind=TriggerKind.BY_HAND.value), route=())
    return save_draft(session, company_id=company_id, definition=empty, who=who)


def begin_from_example(
    session: Session, *, company_id: int, example: Example, name: str, who: str, say: Say = str
) -> int:
    """The example as a draft of the company's, with its surveys, under its own name, or `name`; gives its id.

    A second one of the same name gets a number, since other workflows find it by name. `say`: its texts as its reader calls
    things; left out: in English.
    """
    for key in example.surveys:
        install_survey(session, company_id=company_id, key=key, who=who)
    named = partial(_called, session, company_id, say)
    definition = example.in_words(say, named=named).definition
    wanted = free_name(session, company_id=company_id, name=name or definition.name)
    return begin_as(session, company_id=company_id, definition=definition, name=wanted, who=who)


def _called(session: Session, company_id: int, say: Say, name: str) -> str:
    """What the company calls the example of that name: a colleague may have begun it in another language."""
    every = {words(language).translations.pgettext(CONTEXT, name) for language in languages()}
    begun = set(
        session.scalars(
            select(Workflow.name).where(Workflow.company_id == company_id, Workflow.name.in_(every))
        )
    )
    return say(name) if say(name) in begun or not begun else min(begun)


def begin_as(session: Session, *, company_id: int, definition: Definition, name: str, who: str) -> int:
    """The definition as a draft under that name; gives its id. Raise NameTakenError."""
    return save_draft(session, company_id=company_id, definition=replace(definition, name=name), who=who)


def free_name(session: Session, *, company_id: int, name: str) -> str:
    """The name, with a number if another workflow has it."""
    numbered = chain((name,), (f"{name} ({number})" for number in count(2)))
    return next(
        each for each in numbered if workflow_named(session, company_id=company_id, name=each) is None
    )
