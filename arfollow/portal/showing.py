"""How a page of a customer is shown."""

from __future__ import annotations

from dataclasses import dataclass

from flask import make_response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from arfollow.portal.visiting import OPENS, Visit
from arfollow.receivables.rules.links import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """A page that the link opens, too."""

    words: str
    address: str
    is_current: bool


def show(template: str, here: Visit, *, status: int = 200, **context: object) -> Response:
    """The page, of the company that sent the link."""
    text = render_template(template, here=here, company=here.company, logo=here.logo, **context)
    return make_response(text, status)


def tabs(here: Visit, current: Page) -> list[Tab]:
    """The pages that the link opens, in order."""
    names = {
        Page.STATEMENT: _("Statement"),
        Page.PAY: _("Pay"),
        Page.PROMISE: _("Pay later"),
        Page.DISPUTE: _("Something is wrong"),
        Page.SURVEY: _("Survey"),
        Page.CONFIRM: _("Confirm"),
        Page.UNSUBSCRIBE: _("Unsubscribe"),
        Page.PREFERENCES: _("Preferences"),
    }
    return [
        Tab(
            words=names[page],
            address=url_for(f"portal.{page}", link_id=here.link.id),
            is_current=page is current,
        )
        for page in OPENS[here.link.page]
    ]


def done(*, is_new: bool) -> str:
    """What the address says after a form was sent; not new: the same one was sent before, by the Back button or twice."""
    return "1" if is_new else "before"


def is_done() -> bool:
    """Whether the page is shown after its form was sent."""
    return request.args.get("done") == done(is_new=True)


def is_done_before() -> bool:
    """Whether the page is shown after its form was sent again."""
    return request.args.get("done") == done(is_new=False)
