"""One address serves the page and, to htmx, a part of it."""

from __future__ import annotations

from flask import Response, make_response, redirect, render_template, request
from jinja2_fragments.flask import render_block
from werkzeug.wrappers import Response as AnyResponse


def is_htmx() -> bool:
    """Whether htmx asks for a part; a boosted link and a restored history entry want the whole page."""
    headers = request.headers
    return (
        "HX-Request" in headers
        and "HX-Boosted" not in headers
        and "HX-History-Restore-Request" not in headers
    )


def render_part(template: str, part: str, /, **context: object) -> str:
    """One block of a template, as a whole template would show it."""
    text: str = render_block(template, part, **context)
    return text


def page(template: str, /, *, part: str | None = None, status: int = 200, **context: object) -> Response:
    """The rendered template; to htmx its block `part` alone, when there is one."""
    whole = part is None or not is_htmx()
    text = (
        render_template(template, **context)
        if part is None or whole
        else render_part(template, part, **context)
    )
    response = make_response(text, status)
    response.vary.add("HX-Request")
    return response


def go_to(location: str) -> AnyResponse:
    """Send the browser to one of our own addresses, after a POST or by htmx; the whole page changes."""
    if not is_htmx():
        return redirect(location, 303)
    response = make_response("", 204)
    response.headers["HX-Redirect"] = location
    return response
