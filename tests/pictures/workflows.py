"""Workflows at work, and the pages that their links open: pages that show something, where the first of a kind shows little."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from urllib.parse import urlsplit

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow import clock
from arfollow.access import Role
from arfollow.database import begin_write, commit, current_session
from arfollow.receivables.operations.links import issue
from arfollow.receivables.queries.links import address_of
from arfollow.receivables.rules.links import Page
from arfollow.receivables.tables import Customer
from arfollow.workflows.examples import example
from arfollow.workflows.surveys.queries import survey_lines
from tests.pages import Place
from tests.pictures.ledger import Demo

LANDING = "/l/"
"""What the path of a signed link begins with; a button on it opens the page."""

_SHOWN = example("collection").definition.name
_ENROLMENT = re.compile(r'data-href="(/workflows/enrolments/\d+)"')
_NUMBER = re.compile(r'</a>\s*<span class="number">([^<]+)</span>')
_NEXT = re.compile(r'href="(/workflows/\d+/dry-run\?[^"#]*)#now">')


def workflow_places(demo: Demo) -> list[Place]:
    """The collection example in its editor, with a customer who has gone far in it, and tried; none where nobody took it over."""
    client = demo.client(Role.MANAGER)
    found = re.findall(r'<a href="(/workflows/\d+)">([^<]+)</a>', client.get("/workflows").text)
    paths = [path for path, name in found if unescape(name).startswith(_SHOWN)]
    if not paths:
        return []
    return [
        Place("workflows.workflow shown", f"{paths[0]}?step=text", Role.MANAGER),
        Place("inspector.enrolled shown", f"{paths[0]}/customers", Role.MANAGER),
        *(
            Place("inspector.enrolment shown", path, Role.MANAGER)
            for path in _farthest(client, f"{paths[0]}/customers")
        ),
        *(
            Place("followup.profile shown", path, Role.CLERK)
            for path in _fullest(client, f"{paths[0]}/customers")
        ),
        Place("dry_run.rehearse shown", _tried(client, f"{paths[0]}/dry-run"), Role.MANAGER),
    ]


def link_places(demo: Demo) -> list[Place]:
    """What a customer who owes something sees behind links: how to pay, and a survey where the company has it."""
    numbers = re.findall(
        r'href="/customers/([^"?/]+)', demo.client(Role.CLERK).get("/follow-ups?view=overdue").text
    )
    with demo.app.app_context():
        session = current_session()
        begin_write(session)
        # In euros: with a code to pay by.
        in_euros = select(Customer).where(Customer.number.in_(numbers), Customer.currency == "EUR")
        row = session.scalars(in_euros.order_by(Customer.number).limit(1)).one()
        pages: dict[Page, dict[str, str]] = {Page.PAY: {}}
        for line in survey_lines(session, company_id=row.company_id):
            pages[Page.SURVEY] = {"survey": line.view.survey.key}
        paths = {page: _path(session, row, page, about) for page, about in pages.items()}
        commit(session)
    return [Place(f"portal.{page.value}", path, None) for page, path in paths.items()]


def _path(session: Session, row: Customer, page: Page, about: Mapping[str, str]) -> str:
    """The path of a new link of the customer."""
    link_id = issue(
        session, company_id=row.company_id, customer_id=row.id, page=page, about=about, now=clock.now()
    )
    return urlsplit(address_of(session, link_id)).path


def _farthest(client: FlaskClient, path: str) -> list[str]:
    """The enrolment of which there is the most to see."""
    found = [unescape(each) for each in _ENROLMENT.findall(client.get(path).text)]
    return sorted(found, key=lambda each: client.get(each).text.count("<tr"))[-1:]


def _fullest(client: FlaskClient, path: str) -> list[str]:
    """The profile that says the most of somebody in the workflow."""
    numbers = dict.fromkeys(_NUMBER.findall(client.get(path).text))
    found = [f"/customers/{number}/profile" for number in numbers]
    return sorted(found, key=lambda each: client.get(each).text.count("<li"))[-1:]


def _tried(client: FlaskClient, path: str) -> str:
    """The dry run after twice nothing happened until the next date."""
    for _ in range(2):
        ways = _NEXT.findall(client.get(path).text)
        path = unescape(ways[0]) if ways else path
    return path
