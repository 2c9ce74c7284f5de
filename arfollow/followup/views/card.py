"""The customer's card: how it is reached, who of it gets reminders, and who of us is responsible."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import astuple, dataclass
from http import HTTPStatus

from flask import abort, flash
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from arfollow.access import Permission, current_scope, needs
from arfollow.companies.queries import find_company
from arfollow.database import commit, current_session
from arfollow.followup.card_forms import CardForm, ContactForm
from arfollow.followup.views.addresses import here
from arfollow.followup.views.blueprint import blueprint
from arfollow.followup.views.showing import card_or_404
from arfollow.receivables.operations.customers import (
    UnknownContactError,
    remove_contact,
    save_contact,
    save_customer,
)
from arfollow.receivables.operations.lookup import MissingTextError, lock_customers
from arfollow.receivables.operations.responsibility import NotAMemberError
from arfollow.receivables.queries.customers import ContactCard, CustomerCard
from arfollow.receivables.queries.responsibility import responsibility_rules
from arfollow.receivables.rules.fields import FieldError
from arfollow.users.queries import members
from arfollow.values.phones import PhoneError, parse_number
from arfollow.web.htmx import go_to, page
from arfollow.web.refusals import said


@dataclass(frozen=True, slots=True)
class _Shown:
    """A card, and what of it was filled in: itself (`form`) or a contact, a new one where there is no id."""

    known: CustomerCard
    form: CardForm | None = None
    contact: ContactForm | None = None
    contact_id: int | None = None

    def status(self, problem: str) -> HTTPStatus:
        """Whether anything was refused."""
        errors = any(each is not None and each.errors for each in (self.form, self.contact))
        return HTTPStatus.UNPROCESSABLE_ENTITY if problem or errors else HTTPStatus.OK


@blueprint.get("/customers/<customer:number>/card")
@needs(Permission.WORK)
def card(number: str) -> AnyResponse:
    """What is known of the customer, to be changed."""
    return _page(_Shown(card_or_404(number)))


@blueprint.post("/customers/<customer:number>/card")
@needs(Permission.WORK)
def change_card(number: str) -> AnyResponse:
    """Save what is known of the customer itself."""
    scope, known = current_scope(), _held_card(number)
    form = _card_form(known, posted=True)
    if not form.validate():
        return _page(_Shown(known, form=form))
    if form.seen.data != _seen(known):
        return _page(_Shown(known, form=form), outdated=True)
    _warn_of(form.phone.data, form.country.data)
    return _saved(
        lambda: save_customer(
            current_session(),
            company_id=scope.company_id,
            number=number,
            customer=form.customer(known),
            who=scope.user_name,
        ),
        _Shown(known, form=form),
    )


@blueprint.post("/customers/<customer:number>/contacts")
@needs(Permission.WORK)
def add_contact(number: str) -> AnyResponse:
    """Add a person or address."""
    return _save_contact(number, None)


@blueprint.post("/customers/<customer:number>/contacts/<int:contact_id>")
@needs(Permission.WORK)
def change_contact(number: str, contact_id: int) -> AnyResponse:
    """Change a person or address."""
    return _save_contact(number, contact_id)


@blueprint.post("/customers/<customer:number>/contacts/<int:contact_id>/remove")
@needs(Permission.WORK)
def take_contact_away(number: str, contact_id: int) -> AnyResponse:
    """Take a person or address away."""
    scope, known = current_scope(), card_or_404(number)
    return _saved(
        lambda: remove_contact(
            current_session(),
            company_id=scope.company_id,
            customer_id=known.id,
            contact_id=contact_id,
            who=scope.user_name,
        ),
        _Shown(known),
    )


def _save_contact(number: str, contact_id: int | None) -> AnyResponse:
    scope, known = current_scope(), _held_card(number)
    form = ContactForm.from_request(prefix=f"{contact_id or 'new'}-")
    refused = _Shown(known, contact=form, contact_id=contact_id)
    if not form.validate():
        return _page(refused)
    stored = next((each for each in known.contacts if each.id == contact_id), None)
    if stored is not None and form.seen.data != _seen(stored):
        return _page(refused, outdated=True)
    _warn_of(form.phone.data, form.country.data or known.country)
    return _saved(
        lambda: save_contact(
            current_session(),
            company_id=scope.company_id,
            customer_id=known.id,
            contact=form.contact(),
            contact_id=contact_id,
            who=scope.user_name,
        ),
        refused,
    )


def _warn_of(phone: str | None, country: str | None) -> None:
    """Say that nobody can be reached by what was entered as a telephone; it is kept all the same, as an import keeps it."""
    ours = find_company(current_session(), company_id=current_scope().company_id).country
    try:
        if phone:
            parse_number(phone, country=country or ours)
    except PhoneError as problem:
        flash(_("%(problem)s It is kept as it was entered.", problem=said(problem)), "warning")


def _saved(save: Callable[[], object], shown: _Shown) -> AnyResponse:
    """The card again, saved; or with the words of what was refused."""
    session = current_session()
    try:
        save()
    except UnknownContactError:
        abort(HTTPStatus.NOT_FOUND)
    except (FieldError, MissingTextError, NotAMemberError) as error:
        session.rollback()
        return _page(shown, problem=said(error))
    commit(session)
    flash(_("Saved."), "success")
    return go_to(here("card"))


def _held_card(number: str) -> CustomerCard:
    """The same, held: whoever changes it at this moment is waited for, and the next one waits for us."""
    company_id = current_scope().company_id
    lock_customers(current_session(), company_id=company_id, customer_ids=[card_or_404(number).id])
    return card_or_404(number)


def _seen(known: CustomerCard | ContactCard) -> str:
    """What the page shows, in short: a form from before a colleague's change is found out by it."""
    return hashlib.sha256(repr(astuple(known)).encode()).hexdigest()[:16]


def _card_form(known: CustomerCard, *, posted: bool) -> CardForm:
    """The form as it is stored, or as it was filled in; a contact may have been posted instead."""
    scope, session = current_scope(), current_session()
    stored = {**CardForm.values_of(known), "seen": _seen(known)}
    form = CardForm.from_request(**stored) if posted else CardForm(data=stored)
    form.choose_from(
        known,
        members(session, company_id=scope.company_id),
        has_rules=bool(responsibility_rules(session, company_id=scope.company_id)),
    )
    return form


def _page(shown: _Shown, *, outdated: bool = False, problem: str = "") -> AnyResponse:
    known, contact = shown.known, shown.contact
    contacts = [
        (each.id, ContactForm(prefix=f"{each.id}-", obj=each, seen=_seen(each))) for each in known.contacts
    ]
    if contact is not None:
        contacts = [(id_, contact if id_ == shown.contact_id else each) for id_, each in contacts]
    is_new = contact is not None and shown.contact_id is None
    return page(
        "customers/card.html",
        card=known,
        form=shown.form or _card_form(known, posted=False),
        contacts=contacts,
        new_contact=contact if contact is not None and is_new else ContactForm(prefix="new-"),
        opened=shown.contact_id,
        opened_new=is_new,
        outdated=outdated,
        problem=problem,
        here=here,
        status=HTTPStatus.CONFLICT if outdated else shown.status(problem),
    )
