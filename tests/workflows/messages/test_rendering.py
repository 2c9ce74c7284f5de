"""What a dry run shows: each step as it would be said, and nothing written."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from arfollow.database import Table
from arfollow.workflows.examples import examples
from arfollow.workflows.messages.history import Past
from arfollow.workflows.messages.rendering import render_step
from arfollow.workflows.rules.definition import Kind
from tests.factories import TODAY
from tests.workflows.messages.conftest import NOON
from tests.workflows.walking import definition, step


def rows(session):
    return {
        table.name: session.scalar(select(func.count()).select_from(table))
        for table in Table.metadata.sorted_tables
    }


def test_every_step_of_every_example_can_be_said(site, umit):
    said = []
    with site.reading() as session:
        before = rows(session)
        for example in examples():
            for each in example.definition.steps():
                if each.settings.get("words"):
                    found = render_step(
                        session,
                        company_id=site.company_id,
                        customer_id=umit,
                        definition=example.definition,
                        step=each,
                        today=TODAY,
                    )
                    said.append((each.kind, bool(found.text), "{{" in found.text + found.subject))
        assert rows(session) == before

    assert {(text, raw) for _, text, raw in said} == {(True, False)}
    assert {kind for kind, *_ in said} >= {Kind.EMAIL, Kind.SMS, Kind.SURVEY, Kind.NOTIFY, Kind.ACTIVITY}


def test_it_speaks_of_what_the_simulated_clock_knows(site, umit):
    notice = step(
        "tell", Kind.NOTIFY, words={"en": {"subject": "{{ field.colour }}", "text": "{{ history }}"}}
    )
    with site.reading() as session:
        found = render_step(
            session,
            company_id=site.company_id,
            customer_id=umit,
            definition=definition(notice),
            step=notice,
            today=TODAY,
            facts={"field.colour": TODAY + timedelta(days=3)},
            past=[Past(at=NOON, step="tell"), Past(at=NOON, event="paid_by_card")],
        )

    assert found.subject == "24 November 2026"
    assert found.text.splitlines() == [
        "21 Nov 2026, 13:00: Notice to a colleague",
        "21 Nov 2026, 13:00: paid by card",
    ]
    assert "24 November 2026" in found.html


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_it_can_be_seen_in_each_language(site, umit, language):
    words = {each: {"title": each, "text": each} for each in ("en", "de", "fr")}
    letter = step("letter", Kind.LETTER, words=words)
    with site.reading() as session:
        found = render_step(
            session,
            company_id=site.company_id,
            customer_id=umit,
            definition=definition(letter),
            step=letter,
            today=TODAY,
            language=language,
        )

    assert found.subject == language
    assert found.pdf.startswith(b"%PDF")


def test_a_step_that_says_nothing_gives_nothing(site, umit):
    silent = step("list", Kind.ADD_TO_LIST, list="VIP")
    with site.reading() as session:
        found = render_step(
            session,
            company_id=site.company_id,
            customer_id=umit,
            definition=definition(silent),
            step=silent,
            today=TODAY,
        )

    assert found is None
