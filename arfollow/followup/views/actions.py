"""What a clerk does about a customer: e-mail, letter, the level's to-do, a call."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, abort, render_template, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from arfollow import clock
from arfollow.access import Permission, needs
from arfollow.database import commit, current_session
from arfollow.delivery.queries import progress
from arfollow.fence.queries import is_closed
from arfollow.followup.actions.email import NoAddressError, NoSenderError, send_email
from arfollow.followup.actions.letter import (
    ChangedMeanwhileError,
    prepare_letter,
    print_letter,
    render,
)
from arfollow.followup.actions.todo import do_todo
from arfollow.followup.clicks import Click
from arfollow.followup.forms import CallForm, NoteForm, TodoForm
from arfollow.followup.operations.reminding import log_call, write_note
from arfollow.followup.queries.customer import company_terms
from arfollow.followup.views.addresses import here
from arfollow.followup.views.answers import act, answer, find_click, posted, refuse
from arfollow.followup.views.blueprint import blueprint
from arfollow.followup.views.refusals import REFUSALS
from arfollow.followup.views.showing import Told, show
from arfollow.web.transactions import begin_writing, prepare_first

_TRIES = 3


@blueprint.post("/customers/<customer:number>/email")
@needs(Permission.WORK)
def send(number: str) -> AnyResponse:
    """Send the level's e-mail: it is queued here, and the page shows what becomes of it."""
    click = find_click(number)
    if _has_to_ask(click):
        return show(number, told=Told(ask="email"))
    return act(
        number,
        send_email,
        said=_what_becomes_of_it,
        offers={NoAddressError: "letter", NoSenderError: "letter"},
    )


def _what_becomes_of_it() -> str:
    if is_closed(current_session()):
        words = _(
            "The e-mail is queued. It waits until an administrator confirms that this is the live system."
        )
    else:
        words = _("The e-mail is on its way.")
    return str(words)


@blueprint.post("/customers/<customer:number>/letter")
@prepare_first
@needs(Permission.WORK)
def print_(number: str) -> AnyResponse:
    """Print the level's letter: it is stored and recorded here; the page then fetches the PDF."""
    click = find_click(number)
    if _has_to_ask(click):
        return show(number, told=Told(ask="letter"))
    try:
        sha256 = _print(click)
    except REFUSALS as error:
        return refuse(number, error)
    said = _("The letter is printed and on record. Confirm it under Letters once it is posted.")
    return answer(number, said, download=here("letter", sha256=sha256))


@blueprint.post("/customers/<customer:number>/todo")
@needs(Permission.WORK)
def finish_todo(number: str) -> AnyResponse:
    """The level's to-do is done, with its outcome."""
    panel = posted("todo", TodoForm)

    def operation(session: Session, click: Click) -> None:
        do_todo(session, click, outcome=panel.form.outcome_words(), text=panel.form.text.data or "")

    return act(number, operation, said=_("The to-do is done."), panel=panel)


@blueprint.post("/customers/<customer:number>/calls")
@needs(Permission.WORK)
def call(number: str) -> AnyResponse:
    """Somebody has talked to the customer, or tried to."""
    panel = posted("call", CallForm)

    def operation(session: Session, click: Click) -> None:
        log_call(session, click, outcome=panel.form.outcome_words(), text=panel.form.text.data or "")

    return act(number, operation, said=_("The call is logged."), panel=panel)


@blueprint.post("/customers/<customer:number>/notes")
@needs(Permission.WORK)
def note(number: str) -> AnyResponse:
    """Write something down; it is no action and changes nothing, so an outdated page may do it, too."""
    click, panel, session = find_click(number), posted("note", NoteForm), current_session()
    if not panel.form.validate():
        return refuse(number, "", panel=panel)
    write_note(session, click, text=(panel.form.text.data or "").strip())
    commit(session)
    return answer(number, _("The note is written."))


@blueprint.get("/customers/<customer:number>/deliveries/<int:delivery_id>")
@needs(Permission.VIEW)
def delivery_state(number: str, delivery_id: int) -> Response:
    """Where a message of the customer stands; asks again by itself until that is final."""
    click = find_click(number)
    found = progress(current_session(), delivery_ids=[delivery_id]).get(delivery_id)
    if found is None or found.customer_id != click.customer_id:
        abort(404)
    waited = clock.now() - found.at
    text = render_template("customers/_email_state.html", progress=found, here=here, wait=_pause(waited))
    return Response(text)


def _pause(waited: timedelta) -> int:
    """Seconds until a page asks again: soon at first, while somebody is likely to be looking."""
    return max(1, min(60, waited // timedelta(seconds=5)))


def _has_to_ask(click: Click) -> bool:
    """Whether sending has to be confirmed first: payments may have come in since the last import."""
    terms = company_terms(current_session(), company_id=click.company_id)
    return terms.import_is_old(click.today) and "confirmed" not in request.form


def _print(click: Click) -> str:
    """The document of the printed letter; what was rendered is rendered again when the account changed meanwhile."""
    session = current_session()
    for _try in range(_TRIES):
        facts = prepare_letter(session, click)
        # Nobody waits for a rendering: no transaction is open meanwhile.
        session.rollback()
        pdf = render(facts)
        begin_writing(session)
        try:
            sha256 = print_letter(session, click, facts=facts, pdf=pdf)
        except ChangedMeanwhileError:
            session.rollback()
            continue
        commit(session)
        return sha256
    raise ChangedMeanwhileError
