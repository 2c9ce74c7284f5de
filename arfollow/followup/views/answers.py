"""How every click on a customer's page is answered: with the page as it stands afterwards, a refusal in words on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Generic, TypeVar

from flask import abort, flash, redirect, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from arfollow.access import current_scope
from arfollow.database import commit, current_session
from arfollow.followup.clicks import Click, OutdatedError
from arfollow.followup.operations.recording import lock
from arfollow.followup.queries.customer import customer_id, follow_up_number
from arfollow.followup.views.addresses import here
from arfollow.followup.views.refusals import REFUSALS
from arfollow.followup.views.showing import Told, no_such_customer, show
from arfollow.web.forms import Form
from arfollow.web.htmx import is_htmx
from arfollow.web.input import whole
from arfollow.web.refusals import said as refusal_said

Operation = Callable[[Session, Click], object]


F = TypeVar("F", bound=Form)


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel(Generic[F]):
    """A form of the page that was filled in, open again when it was refused."""

    name: str
    form: F


def posted(name: str, form: type[F]) -> Panel[F]:
    """The form of that name with what was posted."""
    return Panel(name=name, form=form.from_request(prefix=f"{name}-"))


def find_click(number: str) -> Click:
    """Who clicks on which customer, and the follow-up that the page showed, which is the present one for who only reads.

    Answers 404 for an unknown customer.
    """
    scope, session = current_scope(), current_session()
    found = customer_id(session, company_id=scope.company_id, number=number)
    if found is None:
        abort(404, no_such_customer())
    shown = request.form.get("number", 0, whole)
    return Click(
        company_id=scope.company_id,
        customer_id=found,
        number=shown if request.method == "POST" else follow_up_number(session, customer_id=found),
        who=scope.user_name,
        user_id=scope.user_id,
        today=scope.today,
    )


def chosen_items() -> list[int]:
    """The ids of the items whose boxes were ticked."""
    return request.form.getlist("item", whole)


def act(
    number: str,
    operation: Operation,
    *,
    said: str | Callable[[], str],
    panel: Panel[Any] | None = None,
    offers: Mapping[type[Exception], str] | None = None,
) -> AnyResponse:
    """Do something with the customer and show the page as it then stands; `said`: what was done, in words.

    A callable is asked for its words once the form is valid and all is done. `offers`: the action to offer after a refusal.
    """
    click = find_click(number)
    if panel is not None and not panel.form.validate():
        return refuse(number, "", panel=panel)
    session = current_session()
    try:
        # An outdated page knows neither what was done nor what is owed: whatever is clicked there is refused.
        lock(session, click)
        operation(session, click)
        commit(session)
    except REFUSALS as error:
        return refuse(number, error, panel=panel, offer=(offers or {}).get(type(error), ""))
    return answer(number, said if isinstance(said, str) else said())


def answer(number: str, said: str, *, download: str = "") -> AnyResponse:
    """The page after something was done; `download`: the address of a file for the browser to fetch then."""
    session = current_session()
    session.expire_all()
    if is_htmx():
        return show(number, told=Told(notice=said, download=download))
    flash(said, "success")
    return redirect(here("customer"), 303)


def refuse(
    number: str, problem: Exception | str, *, panel: Panel[Any] | None = None, offer: str = ""
) -> AnyResponse:
    """The page as it stands, with the words of the refusal; nothing was changed."""
    current_session().rollback()
    outdated = isinstance(problem, OutdatedError)
    if outdated:
        return show(
            number, told=Told(notice=refusal_said(problem), kind="danger"), status=HTTPStatus.CONFLICT
        )
    told = Told(
        notice=refusal_said(problem),
        kind="danger",
        panel=panel.name if panel else "",
        form=panel.form if panel else None,
        items=frozenset(chosen_items()),
        offer=offer,
    )
    return show(number, told=told, status=HTTPStatus.UNPROCESSABLE_ENTITY)
