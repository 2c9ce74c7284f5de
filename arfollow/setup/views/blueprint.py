"""What the pages of the first run share."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, current_app, flash, g, url_for
from werkzeug.wrappers import Response

from arfollow.access import Permission, current_scope, find_scope
from arfollow.database import commit, current_session
from arfollow.setup import words
from arfollow.setup.mail import MailServer, mail_server
from arfollow.setup.queries import progress_of
from arfollow.setup.rules import Progress, Step, step_after
from arfollow.web.htmx import go_to, page

blueprint = Blueprint("setup", __name__)

_PAGES = {
    Step.COMPANY: "setup.company",
    Step.MAIL: "setup.mail",
    Step.IMPORT: "setup.ledger",
    Step.PLAN: "setup.plan",
    Step.TEAM: "setup.team",
}


def init_setup(app: Flask) -> None:
    """Let the list say on top how far its company is set up, to those who can do something about it."""
    app.jinja_env.globals.update(setup_progress=shown_progress, setup_page=page_of, setup_words=words)


def set_server() -> MailServer:
    """The mail server that is set."""
    return mail_server(current_app.config["SETTINGS"].mail_url)


def is_demo() -> bool:
    """Whether this is a demo, whose mail goes into files on purpose."""
    return bool(current_app.config["SETTINGS"].demo)


def current_progress() -> Progress:
    """How far the company is set up, looked up once a request unless something of it was changed."""
    if "setup_progress" not in g:
        g.setup_progress = progress_of(
            current_session(),
            company_id=current_scope().company_id,
            server=set_server(),
            is_demo=is_demo(),
        )
    found: Progress = g.setup_progress
    return found


def shown_progress() -> Progress | None:
    """What an administrator is reminded of; None: nothing is left, or nobody wants to hear of it."""
    scope = find_scope()
    if scope is None or not scope.may(Permission.ADMINISTER):
        return None
    found = current_progress()
    return None if found.is_over else found


def first_page() -> str | None:
    """Where an administrator of a company without a ledger begins; None: on the list, like everybody."""
    found = shown_progress()
    return url_for("setup.overview") if found is not None and found.leads else None


def page_of(step: Step) -> str:
    """The address of a step."""
    return url_for(_PAGES[step])


def step_page(template: str, step: Step, *, status: int = 200, **context: Any) -> Response:
    """The page of a step, with where it stands among the others."""
    progress = current_progress()
    return page(
        template,
        step=step,
        progress=progress,
        following=step_after(step),
        status=status,
        **context,
    )


def saved(text: str, address: str) -> Response:
    """Commit, say so, and go on to that page."""
    commit(current_session())
    flash(text, "success")
    return go_to(address)


def on_from(step: Step) -> str:
    """The address after a step: the next step, after the last one the overview."""
    following = step_after(step)
    return page_of(following) if following else url_for("setup.overview")
