"""What a gateway posts: reports and text messages. No session: it is known by its signature over the very bytes it sends.

A forged request is refused before the database is asked anything. docs/operating.md tells whoever connects a gateway.
"""

from __future__ import annotations

import json
from http import HTTPStatus

from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import RequestEntityTooLarge

from arfollow import clock, database
from arfollow.access import Permission, needs
from arfollow.database import current_session
from arfollow.delivery.texts import operations
from arfollow.delivery.texts.rules import LARGEST, REPORT, TEXT, PayloadError, report_of, text_of
from arfollow.values.signatures import is_genuine
from arfollow.web.transactions import begin_writing, prepare_first

blueprint = Blueprint("gateway", __name__, url_prefix="/gateway")

_SOON = 60


class _NotGenuineError(ValueError):
    """Whoever posted this does not know the secret."""

    def __init__(self) -> None:
        super().__init__("The signature is missing, wrong or too old.")


@blueprint.post("/reports")
@needs(Permission.PUBLIC)
@prepare_first
def report() -> Response:
    """Note what became of a text message."""
    session = current_session()
    try:
        told = report_of(_signed_body(REPORT))
        begin_writing(session)
        operations.report(session, told=told)
    except _NotGenuineError as problem:
        return _refusal(HTTPStatus.UNAUTHORIZED, problem)
    except PayloadError as problem:
        return _refusal(HTTPStatus.BAD_REQUEST, problem)
    except operations.UnknownMessageError as problem:
        return _refusal(HTTPStatus.NOT_FOUND, problem)
    except operations.TooEarlyError as problem:
        answer = _refusal(HTTPStatus.SERVICE_UNAVAILABLE, problem)
        answer.headers["Retry-After"] = str(_SOON)
        return answer
    database.commit(session)
    return _answer(HTTPStatus.OK, accepted=True)


@blueprint.post("/texts")
@needs(Permission.PUBLIC)
@prepare_first
def text() -> Response:
    """Take in a text message that a customer wrote."""
    session = current_session()
    try:
        told = text_of(_signed_body(TEXT), now=clock.now())
    except _NotGenuineError as problem:
        return _refusal(HTTPStatus.UNAUTHORIZED, problem)
    except PayloadError as problem:
        return _refusal(HTTPStatus.BAD_REQUEST, problem)
    begin_writing(session)
    operations.receive(session, text=told)
    database.commit(session)
    return _answer(HTTPStatus.OK, accepted=True)


def _signed_body(kind: str) -> bytes:
    """The bytes that were posted, if who knows the secret signed them for this; raise _NotGenuineError."""
    if (request.content_length or 0) > LARGEST:
        raise RequestEntityTooLarge
    body = request.get_data(cache=False)
    # A request in chunks does not say how long it is.
    if len(body) > LARGEST:
        raise RequestEntityTooLarge
    genuine = is_genuine(
        current_app.config["SETTINGS"].texts.secret,
        kind=kind,
        at=request.headers.get("X-Arfollow-Timestamp", ""),
        given=request.headers.get("X-Arfollow-Signature", ""),
        body=body,
        now=int(clock.now().timestamp()),
    )
    if not genuine:
        raise _NotGenuineError
    return body


def _refusal(status: HTTPStatus, problem: Exception) -> Response:
    return _answer(status, accepted=False, error=str(problem))


def _answer(status: HTTPStatus, **told: object) -> Response:
    return Response(json.dumps(told) + "\n", status=status, content_type="application/json")
