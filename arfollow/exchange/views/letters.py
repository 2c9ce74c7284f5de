"""Files for other people's systems."""

from __future__ import annotations

from flask import Response, abort, make_response, request

from arfollow.access import Permission, current_scope, needs
from arfollow.database import current_session
from arfollow.exchange.mail_house import letters_to_hand_over, mail_house_archive
from arfollow.exchange.views.blueprint import blueprint
from arfollow.web.input import whole
from arfollow.web.transactions import prepare_first


@blueprint.post("/letters/mail-house")
@needs(Permission.WORK)
@prepare_first
def mail_house() -> Response:
    """The chosen letters for a mail house; that they were handed over is confirmed as for any other. Writes nothing."""
    scope = current_scope()
    letters = letters_to_hand_over(
        current_session(),
        company_id=scope.company_id,
        delivery_ids=request.form.getlist("letter", whole),
    )
    if not letters:
        abort(404)
    response = make_response(mail_house_archive(letters))
    response.headers.set("Content-Type", "application/zip")
    response.headers.set(
        "Content-Disposition", "attachment", filename=f"letters-{scope.today.isoformat()}.zip"
    )
    return response
