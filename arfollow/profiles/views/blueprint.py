"""The blueprint that the pages of lists belong to."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, abort
from flask_babel import gettext as _

from arfollow.access import current_scope
from arfollow.database import current_session
from arfollow.profiles.queries.lists import ListLine, find_line
from arfollow.profiles.words import event_words

blueprint = Blueprint("profiles", __name__)
blueprint.add_app_template_filter(event_words)


def found_list(list_id: int) -> ListLine:
    """The company's list; answers 404 where there is none."""
    found = find_line(current_session(), company_id=current_scope().company_id, list_id=list_id)
    return found or abort(HTTPStatus.NOT_FOUND, _("There is no such list here."))
