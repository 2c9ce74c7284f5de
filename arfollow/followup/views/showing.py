"""Showing a customer's page, or to htmx the part of it that a click changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from flask import Response, abort, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from arfollow import clock
from arfollow.access import Permission, Scope, current_scope
from arfollow.chatter.history import customer_history
from arfollow.database import current_session
from arfollow.followup.forms import FORMS, TaskForm
from arfollow.followup.panels import panels
from arfollow.followup.queries.desk import Desk, desk
from arfollow.followup.queries.presence import visitors
from arfollow.followup.sheets.ledger import ledger_sheet
from arfollow.followup.views.addresses import here
from arfollow.followup.views.days import later_choices, manual_shortcuts
from arfollow.followup.views.ledger import chosen_tab, ledger
from arfollow.followup.views.places import place
from arfollow.followup.words import gaps, what_next, why
from arfollow.levels.queries import NoWordingError, wording_for
from arfollow.receivables.queries.customers import CustomerCard, find_customer
from arfollow.statements.glyphs import listed, unprintable
from arfollow.users.queries import Away, Member, absences, members
from arfollow.values.workdays import next_working_day
from arfollow.web import exports
from arfollow.web.forms import Form
from arfollow.web.htmx import page

_PARTS = {"ledger": "ledger"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a click is answered with: words, and the form that is open again with its problems (`panel`: its name).

    `ask`: the action that has to be confirmed first; `offer`: one to take instead; `download`: the address of a file to
    fetch now. `items`: those that were ticked.
    """

    notice: str = ""
    kind: str = "success"
    panel: str = ""
    form: Form | None = None
    items: frozenset[int] = field(default_factory=frozenset)
    ask: str = ""
    offer: str = ""
    download: str = ""


def show(number: str, *, told: Told | None = None, status: int = 200) -> Response:
    """The customer's page; answers 404 when the company has no such customer."""
    session, scope = current_session(), current_scope()
    shown = desk(session, company_id=scope.company_id, number=number, today=scope.today)
    if shown is None:
        abort(404, no_such_customer())
    if exports.wanted():
        return exports.download(lambda: ledger_sheet(session, scope, shown, tab=chosen_tab()))
    told = told or Told()
    levels, today = shown.level_names, scope.today
    may_work = scope.may(Permission.WORK)
    return page(
        "customers/customer.html",
        part=_PARTS.get(request.headers.get("HX-Target", ""), "customer"),
        status=status,
        desk=shown,
        told=told,
        ledger=ledger(session, shown, company_id=scope.company_id, today=today),
        here=here,
        place=place(session, scope, customer_id=shown.head.card.id),
        why=why(shown.outlook, levels=levels, today=today, undelivered=shown.undelivered),
        gaps=gaps(shown.terms.gaps, shown.terms.unpayable(_asked_in(shown))),
        unprintable=_unprintable(session, scope, shown),
        questions=shown.undelivered,
        what_next=what_next(shown.outlook, levels=levels, today=today),
        visitors=visitors(
            session, customer_id=shown.head.card.id, but_user_id=scope.user_id, now=clock.now()
        ),
        finished=None,
        may_work=may_work,
        away=_away(session, scope, shown),
        forms=_forms(shown, told, scope) if may_work else {},
        history=customer_history(session, company_id=scope.company_id, customer_id=shown.head.card.id),
        later=later_choices(today, country=shown.terms.country),
        shortcuts=manual_shortcuts(today),
        dialog=request.args.get("dialog", ""),
        panels=panels(session, scope, customer_id=shown.head.card.id),
    )


def _away(session: Session, scope: Scope, shown: Desk) -> Away | None:
    """Whether who is responsible is away today."""
    user_id = shown.head.card.responsible_id
    found = absences(session, company_id=scope.company_id, today=scope.today) if user_id else ()
    return next((each for each in found if each.user_id == user_id and each.is_on(scope.today)), None)


def _asked_in(shown: Desk) -> Iterator[str]:
    """The currencies in which something is overdue."""
    return (each.currency for each in shown.totals if each.overdue.minor)


def _unprintable(session: Session, scope: Scope, shown: Desk) -> str:
    """What no font has of what a letter to the customer would say."""
    to = shown.head.card.postal_address
    address = (shown.head.card.name, to.name, to.attention, to.street, to.postal_code, to.city)
    invoices = [line.name for line in shown.lines]
    texts = [*address, *invoices, *shown.references.values(), *_wording(session, scope, shown)]
    return listed(unprintable(texts))


def _wording(session: Session, scope: Scope, shown: Desk) -> tuple[str, ...]:
    """The words of the level in use, where it has any."""
    if shown.level is None:
        return ()
    languages = (shown.head.card.language, shown.terms.language)
    try:
        found = wording_for(
            session, company_id=scope.company_id, level_id=shown.level.id, languages=languages
        )
    except NoWordingError:
        return ()
    return (found.text.letter_title, found.text.letter_body)


def _forms(shown: Desk, told: Told, scope: Scope) -> Mapping[str, Form]:
    """Every form of the page with its first values, and the one that was refused as it was filled in."""
    following = next_working_day(scope.today, country=shown.terms.country)
    first: Mapping[str, Mapping[str, object]] = {
        "later": {"on": following},
        "manual": {"on": shown.head.manual_on or scope.today + timedelta(weeks=1)},
        "task": {"due_on": following, "assignee": scope.user_id},
    }
    forms = {name: form(prefix=f"{name}-", data=first.get(name)) for name, form in FORMS.items()}
    if told.form is not None:
        forms[told.panel] = told.form
    task = forms["task"]
    if isinstance(task, TaskForm):
        task.assignee.choices = assignees(members(current_session(), company_id=scope.company_id))
    return forms


def card_or_404(number: str) -> CustomerCard:
    """The card of the company's customer of that number."""
    found = find_customer(current_session(), company_id=current_scope().company_id, number=number)
    return found or abort(404, no_such_customer())


def no_such_customer() -> str:
    """What is said where there is no such customer, or it is another company's."""
    return str(_("There is no such customer here. Search the list by name, number or invoice."))


def assignees(people: Sequence[Member]) -> list[tuple[int, str]]:
    """Who can be given a task, with nobody in particular first."""
    working = [(each.user_id, each.name) for each in people if each.active and each.role != "auditor"]
    return [(0, _("Anybody")), *working]
