"""What no address and no form may bring: numbers that are no ids, and the character that no database holds."""

from __future__ import annotations

from typing import Any

from flask import Flask, abort, request
from werkzeug.routing import IntegerConverter, Map

LARGEST_ID = 2**31 - 1


class Identity(IntegerConverter):
    """`<int:…>` in an address: a number that no row can have leads nowhere, as an unknown one does."""

    def __init__(self, url_map: Map, **options: Any) -> None:
        super().__init__(url_map, **{"max": LARGEST_ID, **options})


def whole(text: str) -> int:
    """What a form or a query gives as a number, from 0 to the largest id; raise ValueError, so that Flask takes the default."""
    number = int(text)
    if not 0 <= number <= LARGEST_ID:
        raise ValueError(f"{text!r} is no id.")
    return number


def init_input(app: Flask) -> None:
    """Refuse such input before any view sees it; before the first route is added."""
    app.url_map.converters["int"] = Identity

    @app.before_request
    def refuse_nul() -> None:
        if any("\0" in str(value) for value in (request.view_args or {}).values()):
            abort(404)
        if any("\0" in value for values in request.form.listvalues() for value in values):
            abort(400)
