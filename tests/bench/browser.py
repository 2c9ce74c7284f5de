"""A browser without a screen, over a real connection: it keeps its cookies, sends tokens, and knows how long answers took."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from urllib.parse import urlencode

_TOKEN = re.compile(r'"X-CSRFToken": "([^"]+)"|name="csrf_token" value="([^"]+)"')
_PATIENCE = 30


@dataclass(frozen=True)
class Answer:
    """What came back: `status` 0 when nothing did."""

    status: int
    text: str
    location: str
    milliseconds: float

    @property
    def is_error(self) -> bool:
        """Whether something is broken; a refusal in words (409, 422) is not."""
        refused = {HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY}
        return not self.status or (self.status >= HTTPStatus.BAD_REQUEST and self.status not in refused)


@dataclass
class Browser:
    """Talks to 127.0.0.1 alone."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""
    _connection: HTTPConnection | None = None

    def get(self, path: str) -> Answer:
        """Open a page."""
        return self._ask("GET", path)

    def post(self, path: str, data: Mapping[str, object]) -> Answer:
        """Send a form, with the token of the last page; where it leads is not opened."""
        return self._ask("POST", path, urlencode({"csrf_token": self.token, **data}))

    def close(self) -> None:
        """End the connection; the next request opens another."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _ask(self, method: str, path: str, body: str | None = None) -> Answer:
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Referer": f"http://127.0.0.1:{self.port}/",
        }
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        start, was_open = time.perf_counter(), self._connection is not None
        try:
            answer = self._exchange(method, path, body, headers)
        except (OSError, HTTPException) as error:
            self.close()
            if was_open and body is None and isinstance(error, ConnectionError):
                # The server has closed a connection that was not used for a while: every browser asks again.
                return self._ask(method, path)
            answer = Answer(0, repr(error), "", 0)
        found = _TOKEN.search(answer.text)
        self.token = (found[1] or found[2]) if found else self.token
        return Answer(answer.status, answer.text, answer.location, 1000 * (time.perf_counter() - start))

    def _exchange(self, method: str, path: str, body: str | None, headers: Mapping[str, str]) -> Answer:
        if self._connection is None:
            self._connection = HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE)
        self._connection.request(method, path, body, dict(headers))
        answer = self._connection.getresponse()
        text = answer.read().decode(errors="replace")
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                self.cookies |= {key: morsel.value for key, morsel in SimpleCookie(value).items()}
        return Answer(answer.status, text, answer.headers.get("Location", ""), 0)
