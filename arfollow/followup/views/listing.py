"""The daily list. Its screen shows the company's other customers too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, partial
from typing import Any

from flask import Response, make_response, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from arfollow.access import Permission, Scope, current_scope, needs
from arfollow.database import current_session
from arfollow.followup import words
from arfollow.followup.queries.list_view import ME, NOBODY, OF_AMOUNTS, Sort, View, parse
from arfollow.followup.queries.listing import list_page
from arfollow.followup.queries.waiting import MANY
from arfollow.followup.rules import Band, Status
from arfollow.followup.runs.rules import LARGEST
from arfollow.followup.sheets.listing import list_sheet
from arfollow.followup.views.blueprint import blueprint
from arfollow.followup.views.list_addresses import customer_addresses, list_address
from arfollow.levels.actions import ACTIONS
from arfollow.users.queries import Away, absences
from arfollow.web import exports
from arfollow.web.htmx import is_htmx, page, render_part

_TEMPLATE = "follow-ups/list.html"


@blueprint.get("/follow-ups")
@needs(Permission.VIEW)
def follow_ups() -> Response:
    """Who needs action today."""
    return _show(View.ACTION)


@blueprint.get("/customers")
@needs(Permission.VIEW)
def customers() -> Response:
    """All customers."""
    return _show(View.ALL)


def _show(usual: View) -> Response:
    """The screen; to htmx the rows, and the figures above them that change with the filters."""
    session, scope = current_session(), current_scope()
    asked = parse(request.args, view=usual)
    if exports.wanted():
        return exports.download(lambda: list_sheet(session, scope, asked, title=_titles()[asked.view]))
    shown = list_page(session, scope, asked)
    in_days = _("%(days)s d")
    context: dict[str, Any] = {
        "shown": shown,
        "address_of": list_address,
        "customer_address": customer_addresses(shown.list_view),
        "words": words,
        # Fifty rows say the same few things: each is put into words once a page.
        "reminder": cache(partial(words.reminder, today=scope.today)),
        "short_day": cache(partial(words.short_day, today=scope.today)),
        "contact_name": cache(words.contact_name),
        "age": lambda days: in_days % {"days": days},
        "actions": ACTIONS,
        "titles": _titles(),
        "View": View,
        "statuses": (Status.ACTION, Status.OVERDUE, Status.NONE),
        "bands": [band for band in Band if band is not Band.NOT_LISTED],
        "OF_AMOUNTS": OF_AMOUNTS,
        "urgency": Sort.URGENCY,
        "ME": ME,
        "NOBODY": NOBODY,
        "MANY_WAITING": MANY,
        "may_choose": shown.list_view.view is View.ACTION and scope.may(Permission.WORK),
        "largest": LARGEST,
        "standing_in": _standing_in(session, scope),
    }
    if not is_htmx():
        return page(_TEMPLATE, **context)
    parts = [render_part(_TEMPLATE, part, is_part=True, **context) for part in ("rows", "figures")]
    response = make_response("".join(parts))
    response.vary.add("HX-Request")
    response.headers["HX-Replace-Url"] = list_address(shown.list_view)
    return response


def _standing_in(session: Session, scope: Scope) -> Sequence[Away]:
    """The absences of those whose customers are the user's today, too."""
    if len(scope.works_for) == 1:
        return ()
    found = absences(session, company_id=scope.company_id, today=scope.today)
    return [each for each in found if each.is_on(scope.today) and each.user_id in scope.works_for[1:]]


def _titles() -> Mapping[View, str]:
    return {
        View.ACTION: _("Follow-ups"),
        View.OVERDUE: _("With overdue invoices"),
        View.ALL: _("Customers"),
    }
