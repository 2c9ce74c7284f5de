"""What the customer wants to hear, by what, and in which language."""

from __future__ import annotations

from flask import redirect, url_for
from werkzeug.wrappers import Response

from arfollow.access import Permission, needs
from arfollow.database import commit, current_session
from arfollow.portal import acting
from arfollow.portal.blueprint import blueprint
from arfollow.portal.forms import PreferencesForm
from arfollow.portal.showing import is_done, show, tabs
from arfollow.portal.visiting import Visit, visit
from arfollow.profiles.rules import CHANNELS
from arfollow.receivables.rules.links import Page
from arfollow.web.locale import languages


@blueprint.get("/my/<int:link_id>/preferences")
@needs(Permission.PUBLIC)
def preferences(link_id: int) -> Response:
    """The choices as they stand."""
    here = visit(link_id, Page.PREFERENCES)
    known = acting.consents(current_session(), here.link.customer_id)
    spoken = (here.customer.language or here.company.language).partition("-")[0]
    values: dict[str, object] = {channel: known.get(channel, False) for channel in CHANNELS}
    values["language"] = spoken if spoken in languages() else "en"
    return _page(here, PreferencesForm(data=values))


@blueprint.post("/my/<int:link_id>/preferences")
@needs(Permission.PUBLIC)
def save_preferences(link_id: int) -> Response:
    """Keep the choices."""
    here, session = visit(link_id, Page.PREFERENCES), current_session()
    form = PreferencesForm.from_request()
    if not form.validate():
        return _page(here, form, status=422)
    spoken = here.customer.language or here.company.language
    # What is a kind of the same language (de-AT) stays.
    language = (
        here.customer.language if form.language.data == spoken.partition("-")[0] else form.language.data
    )
    acting.prefer(
        session,
        here,
        channels={channel: bool(form[channel].data) for channel in CHANNELS},
        language=language,
    )
    commit(session)
    return redirect(url_for("portal.preferences", link_id=link_id, done=1), 303)


@blueprint.get("/my/<int:link_id>/unsubscribe")
@needs(Permission.PUBLIC)
def unsubscribe(link_id: int) -> Response:
    """A button, or that it is done."""
    here = visit(link_id, Page.UNSUBSCRIBE)
    channel = acting.channel_of(here)
    known = acting.consents(current_session(), here.link.customer_id)
    return show(
        "portal/unsubscribe.html",
        here,
        tabs=tabs(here, Page.UNSUBSCRIBE),
        channel=channel,
        done=known.get(channel) is False,
    )


@blueprint.post("/my/<int:link_id>/unsubscribe")
@needs(Permission.PUBLIC)
def stop_messages(link_id: int) -> Response:
    """No more marketing by this channel."""
    here, session = visit(link_id, Page.UNSUBSCRIBE), current_session()
    acting.unsubscribe(session, here)
    commit(session)
    return redirect(url_for("portal.unsubscribe", link_id=link_id), 303)


def _page(here: Visit, form: PreferencesForm, *, status: int = 200) -> Response:
    return show(
        "portal/preferences.html",
        here,
        tabs=tabs(here, Page.PREFERENCES),
        form=form,
        done=is_done(),
        status=status,
    )
