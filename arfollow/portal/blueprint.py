"""The blueprint of all pages that a link opens, and what every answer of theirs carries."""

from __future__ import annotations

from base64 import b64encode

from flask import Blueprint, Response

from arfollow.companies.queries import Logo
from arfollow.statements.payment import grouped

blueprint = Blueprint("portal", __name__)


@blueprint.after_request
def keep_to_itself(response: Response) -> Response:
    """No search engine lists a page of a customer, and no cache keeps it. Where it came from is told to nobody else (see headers)."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.app_template_filter("logo_address")
def logo_address(logo: Logo) -> str:
    """The logo in the page itself: it has no address of its own that a stranger could ask for."""
    return f"data:{logo.media_type};base64,{b64encode(logo.content).decode()}"


blueprint.add_app_template_filter(grouped, "iban")
