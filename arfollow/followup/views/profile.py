"""The customer's profile: fields of the company's own, lists, consents, and what happened to the customer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from flask import flash, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from arfollow import clock
from arfollow.access import Permission, current_scope, needs
from arfollow.companies.tables import Company
from arfollow.database import commit, current_session
from arfollow.followup.profile_forms import (
    PAIRS,
    ConsentForm,
    EventForm,
    FieldForm,
    ListForm,
    carried,
    channel_words,
)
from arfollow.followup.sheets.events import events_sheet
from arfollow.followup.views.addresses import here
from arfollow.followup.views.blueprint import blueprint
from arfollow.followup.views.showing import card_or_404
from arfollow.profiles.operations import (
    UnknownListError,
    add_to_list,
    consent,
    record_event,
    remove_from_list,
    set_field,
)
from arfollow.profiles.operations.keys import keys_of_events
from arfollow.profiles.queries.card import (
    EVENTS_SHOWN,
    consents_of,
    count_events,
    events_page,
    lists_of,
    own_fields,
)
from arfollow.profiles.queries.lists import all_lists
from arfollow.profiles.queries.sets import event_kinds, field_names
from arfollow.profiles.rules import LongKeyError, ProfileError, check_keys, field_name
from arfollow.receivables.queries.customers import CustomerCard
from arfollow.receivables.rules.fields import FieldError
from arfollow.web import exports
from arfollow.web.forms import Form
from arfollow.web.htmx import go_to, page
from arfollow.web.input import whole
from arfollow.web.refusals import said


@blueprint.get("/customers/<customer:number>/profile")
@needs(Permission.VIEW)
def profile(number: str) -> AnyResponse:
    """What is known of the customer beside its account."""
    known = card_or_404(number)
    if exports.wanted():
        return exports.download(lambda: events_sheet(current_session(), known))
    return _page(known)


@blueprint.post("/customers/<customer:number>/profile/fields")
@needs(Permission.WORK)
def set_own_field(number: str) -> AnyResponse:
    """Set a field, or take it away where nothing is given."""
    known, form = card_or_404(number), FieldForm.from_request()
    if not form.validate():
        return _page(known, field=form)
    return _saved(
        known,
        lambda **customer: set_field(
            current_session(), **customer, name=form.name.data or "", value=form.told
        ),
        field=form,
    )


@blueprint.post("/customers/<customer:number>/profile/lists")
@needs(Permission.WORK)
def put_on_list(number: str) -> AnyResponse:
    """Put the customer on a list."""
    known, form = card_or_404(number), _list_form(posted=True)
    if not form.validate():
        return _page(known, list=form)
    today = current_scope().today
    return _saved(
        known,
        lambda **customer: add_to_list(current_session(), **customer, name=form.name.data, on=today),
        list=form,
    )


@blueprint.post("/customers/<customer:number>/profile/lists/remove")
@needs(Permission.WORK)
def take_off_list(number: str) -> AnyResponse:
    """Take the customer off a list."""
    known, name = card_or_404(number), request.form.get("name", "")
    return _saved(known, lambda **customer: remove_from_list(current_session(), **customer, name=name))


@blueprint.post("/customers/<customer:number>/profile/consents")
@needs(Permission.WORK)
def note_consent(number: str) -> AnyResponse:
    """Note what the customer said about marketing."""
    known, form = card_or_404(number), ConsentForm.from_request()
    if not form.validate():
        return _page(known, consent=form)
    return _saved(
        known,
        lambda **customer: consent(
            current_session(),
            **customer,
            channel=form.channel.data,
            given=form.given.data == "yes",
            source=form.source.data or "",
        ),
        consent=form,
    )


@blueprint.post("/customers/<customer:number>/profile/events")
@needs(Permission.WORK)
def note_event(number: str) -> AnyResponse:
    """Note something that happened."""
    known, form = card_or_404(number), EventForm.from_request()
    if not form.validate():
        return _page(known, event=form)
    names, values = request.form.getlist("data-name"), request.form.getlist("data-value")
    now = clock.now().astimezone(ZoneInfo(current_session().get_one(Company, known.company_id).timezone))

    def note(**customer: Any) -> None:
        session, kind, data = current_session(), field_name(form.kind.data or ""), carried(names, values)
        check_keys(kind, data, keys_of_events(session, company_id=known.company_id))
        record_event(session, **customer, kind=kind, at=form.at(now), key=form.key.data or "", data=data)

    return _saved(known, note, event=form)


def _saved(known: CustomerCard, save: Callable[..., object], **forms: Form) -> AnyResponse:
    """The page again, saved; or with the words of what was refused."""
    session, scope = current_session(), current_scope()
    try:
        save(company_id=scope.company_id, customer_id=known.id, who=scope.user_name)
    except (FieldError, ProfileError, UnknownListError) as error:
        session.rollback()
        wrong = error.name if isinstance(error, LongKeyError) else ""
        return _page(known, problem=said(error), wrong=wrong, **forms)
    commit(session)
    flash(_("Saved."), "success")
    return go_to(here("profile"))


def _list_form(*, posted: bool = False, but: frozenset[str] = frozenset()) -> ListForm:
    """`but`: lists that the customer is on."""
    form = ListForm.from_request() if posted else ListForm()
    lists = all_lists(current_session(), company_id=current_scope().company_id)
    form.offer(each.name for each in lists if each.name not in but)
    return form


def _page(known: CustomerCard, *, problem: str = "", wrong: str = "", **forms: Form) -> AnyResponse:
    session, scope = current_session(), current_scope()
    refused = bool(problem) or any(form.errors for form in forms.values())
    return page(
        "customers/profile.html",
        card=known,
        fields=own_fields(session, customer_id=known.id),
        consents=consents_of(session, customer_id=known.id),
        names=field_names(session, company_id=scope.company_id),
        kinds=event_kinds(session, company_id=scope.company_id),
        forms=forms,
        problem=problem,
        pairs=_pairs(),
        wrong=wrong,
        here=here,
        channel_words=channel_words,
        may_work=scope.may(Permission.WORK),
        status=HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK,
        **_lists(known, forms),
        **_events(known, forms),
    )


def _lists(known: CustomerCard, forms: Mapping[str, Form]) -> Mapping[str, Any]:
    lists = lists_of(current_session(), customer_id=known.id)
    on = frozenset(each.name for each in lists)
    return {
        "lists": lists,
        "field_form": forms.get("field") or FieldForm(formdata=None),
        "list_form": forms.get("list") or _list_form(but=on),
        "consent_form": forms.get("consent") or ConsentForm(formdata=None),
    }


def _events(known: CustomerCard, forms: Mapping[str, Form]) -> Mapping[str, Any]:
    session, number = current_session(), max(request.args.get("page", 1, type=whole), 1)
    return {
        "event_form": forms.get("event") or EventForm(formdata=None, data={"day": current_scope().today}),
        "events": events_page(session, customer_id=known.id, page=number),
        "total": count_events(session, customer_id=known.id),
        "number": number,
        "size": EVENTS_SHOWN,
    }


def _pairs() -> list[tuple[str, str]]:
    """What the event carries as it was filled in, and empty pairs up to as many as there can be."""
    given = zip(request.form.getlist("data-name"), request.form.getlist("data-value"), strict=False)
    return [*given, *[("", "")] * PAIRS][:PAIRS]
