"""Every page that a person can open, from the map of addresses: a new one is here by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from arfollow.access import Permission, Role

# What a browser gets from these is no page: files, parts of pages, words for machines, ways to other pages.
NO_PAGES = frozenset(
    {
        "chatter.document",
        "companies.logo",
        "companies.settings_start",
        "followup.delivery_state",
        "followup.letter",
        "followup.preview_letter",
        "followup.run_letters",
        "followup.statement",
        "levels.level_file",
        # Behind a link: tests/journeys/test_customers_pages.py looks at these.
        "portal.confirm",
        "portal.dispute",
        "portal.one_click_by_hand",
        "portal.pay",
        "portal.preferences",
        "portal.promise",
        "portal.statement",
        "portal.statement_pdf",
        "portal.survey",
        "portal.unsubscribe",
        "probes.health",
        "probes.metrics",
        "probes.ready",
        "statements.preview_customers",
        "texts.customers",
        "static",
        "dry_run.choose",
        "users.home",
        "workflows.workflow_file",
    }
)
# How a page looks beside the usual, by the question that it is asked; a role where it is another than the page's own.
STATES: Mapping[str, Sequence[tuple[str, str, Role | None]]] = {
    "followup.follow_ups": (
        ("overdue", "?view=overdue", None),
        ("sorted", "?sort=overdue", None),
        ("nobody", "?q=nobody", None),
        ("read", "", Role.AUDITOR),
    ),
    "followup.customer": (
        ("all items", "?tab=all", None),
        ("payments", "?tab=payments", None),
        ("contacts", "?tab=contacts", None),
        ("manual", "?dialog=manual", None),
        ("read", "", Role.AUDITOR),
    ),
    "chatter.log": (("nothing", "?words=nothing-like-it", None),),
    "deliveries.overview": (("nothing", "?view=cancelled", None),),
    "levels.level": (("read", "", Role.AUDITOR),),
    "workflows.workflow": (
        ("message", "?step=mail", None),
        ("branch", "?step=mobile", None),
        ("wait", "?step=text-opened", None),
        ("trigger", "?block=trigger", None),
        ("condition", "?block=only", None),
        ("new step", "?add=route@1", None),
        ("read", "?step=mail", Role.AUDITOR),
    ),
    "inspector.enrolled": (("nobody", "?view=failed", None), ("read", "", Role.AUDITOR)),
    "inspector.enrolment": (("read", "", Role.AUDITOR),),
    "companies.settings": (("read", "", Role.AUDITOR),),
}
_FOLDERS = {
    "/imports": Role.ADMINISTRATOR,
    "/levels": Role.MANAGER,
    "/workflows": Role.MANAGER,
    "/settings": Role.ADMINISTRATOR,
}
_NEEDED = {
    Permission.CONFIGURE: Role.MANAGER,
    Permission.WORKFLOWS: Role.MANAGER,
    Permission.ADMINISTER: Role.ADMINISTRATOR,
}


@dataclass(frozen=True)
class Place:
    """A page in one state, and who opens it; no role: somebody who has not signed in."""

    name: str
    path: str
    role: Role | None
    is_state: bool = False


def page_rules(app: Flask) -> list[Rule]:
    """The addresses that give pages, in their order."""
    found = (rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()))
    return sorted((rule for rule in found if rule.endpoint not in NO_PAGES), key=lambda rule: rule.rule)


def places(app: Flask, rule: Rule, values: Mapping[str, Any]) -> list[Place]:
    """The page of this address in each of its states; `values` by argument's name, and one that is missing fails."""
    missing = rule.arguments - set(values)
    assert not missing, f"{rule.rule}: nothing is known for {', '.join(sorted(missing))}"
    with app.test_request_context():
        arguments = {name: values[name] for name in rule.arguments}
        path = app.url_map.bind("localhost").build(rule.endpoint, arguments)
    return places_at(app, rule, path)


def places_at(app: Flask, rule: Rule, path: str) -> list[Place]:
    """The page of this address in each of its states, where its path is known."""
    role = _role(app, rule)
    states = STATES.get(rule.endpoint, ())
    return [
        Place(rule.endpoint, path, role),
        *(
            Place(f"{rule.endpoint} {state}", path + query, other or role, is_state=True)
            for state, query, other in states
        ),
    ]


def _role(app: Flask, rule: Rule) -> Role | None:
    """Who the page is for: the least that it needs, and those that change things where others only read."""
    view: Any = app.view_functions[rule.endpoint]
    if view.permission is Permission.PUBLIC:
        return None
    folder = next((role for start, role in _FOLDERS.items() if rule.rule.startswith(start)), Role.CLERK)
    return _NEEDED.get(view.permission, folder)
