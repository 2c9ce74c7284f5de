"""Events that other programs tell, by signed requests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from http import HTTPStatus
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, current_app, jsonify, request
from sqlalchemy.orm import Session
from werkzeug.exceptions import RequestEntityTooLarge

from arfollow import clock
from arfollow.access import Permission, needs
from arfollow.api.operations import (
    EventsRefusedError,
    Taken,
    TooManyRequestsError,
    UnknownKeyError,
    admit,
    take_events,
)
from arfollow.api.queries import SigningKey, signing_key
from arfollow.api.rules import LARGEST, Problem, RequestError, is_signed, read_events, secret_of
from arfollow.companies.tables import Company
from arfollow.database import commit, current_session
from arfollow.web.transactions import begin_writing, prepare_first

blueprint = Blueprint("api", __name__)

_FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})


class UnsignedError(Exception):
    """The key is not known, or the signature or its time is wrong."""


class ReadAsFormError(Exception):
    """Send the events as JSON, with the header Content-Type: application/json."""

    def __str__(self) -> str:
        return str(self.__doc__)


@blueprint.post("/api/events")
@needs(Permission.PUBLIC)
@prepare_first
def receive_events() -> Response:
    """Take up to a thousand events, all or nothing; whoever signs with a key of the company may tell them."""
    session = current_session()
    try:
        return jsonify(asdict(_received(session)))
    except RequestEntityTooLarge:
        return _error(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"At most {LARGEST} bytes are taken at once.")
    except (UnsignedError, UnknownKeyError):
        return _error(HTTPStatus.UNAUTHORIZED, str(UnsignedError.__doc__))
    except TooManyRequestsError as error:
        response = _error(HTTPStatus.TOO_MANY_REQUESTS, str(error))
        response.headers["Retry-After"] = str(error.wait)
        return response
    except (RequestError, ReadAsFormError) as error:
        return _error(HTTPStatus.BAD_REQUEST, str(error))
    except EventsRefusedError as error:
        return _refused(error.problems)
    finally:
        # What was committed stays; whatever was refused on the way goes.
        session.rollback()


def _received(session: Session) -> Taken:
    if (request.content_length or 0) > LARGEST:
        raise RequestEntityTooLarge
    if request.mimetype in _FORMS:
        # It was read as a form, and nothing is left to compare with the signature.
        raise ReadAsFormError
    body = request.get_data()
    if len(body) > LARGEST:
        # It came in pieces, and nobody said before how many.
        raise RequestEntityTooLarge
    key = _verified(session, body)
    timezone = ZoneInfo(session.get_one(Company, key.company_id).timezone)
    begin_writing(session)
    admit(session, key_id=key.id, now=clock.now())
    # Counted, whatever becomes of it.
    commit(session)
    events, problems = read_events(body, timezone)
    if problems:
        raise EventsRefusedError(problems)
    begin_writing(session)
    taken = take_events(session, key=key, events=events)
    commit(session)
    return taken


def _verified(session: Session, body: bytes) -> SigningKey:
    """The key that the request is signed with. Raise UnsignedError."""
    headers = request.headers
    key = signing_key(session, public_id=headers.get("X-Arfollow-Key", "")[:100])
    if key is None:
        raise UnsignedError
    secret = secret_of(current_app.config["SETTINGS"].secret_key, key.nonce)
    signed = is_signed(
        secret=secret,
        timestamp=headers.get("X-Arfollow-Timestamp", "")[:20],
        body=body,
        given=headers.get("X-Arfollow-Signature", "")[:100],
        now=clock.now(),
    )
    if not signed:
        raise UnsignedError
    return key


def _refused(problems: Sequence[Problem]) -> Response:
    response = jsonify({"problems": [asdict(each) for each in problems]})
    response.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
    return response


def _error(status: HTTPStatus, words: str) -> Response:
    response = jsonify({"error": words})
    response.status_code = status
    return response
