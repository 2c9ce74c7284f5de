"""A clerk at work: reads the list, opens a customer, writes or calls, is done or puts it off; searches now and then."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from urllib.parse import urlencode

from tests.bench.browser import Answer, Browser
from tests.bench.sites import PASSWORD, customers_on

_NUMBER = re.compile(r'name="number" value="([0-9]+)"')
_THOUGHT = (0.5, 1.5)
"""Seconds between two clicks: quicker than people are."""

_SEARCHES = ("alder", "textiles 1", "weiß logistics", "C00000")
_PAGES = 6


@dataclass
class Clerk:
    """`answers`: milliseconds by what was asked for; `errors`: what went wrong, in words."""

    browser: Browser
    email: str
    today: date
    random: Random
    answers: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    def sign_in(self) -> None:
        """Sign in; not counted, since a password takes its time on purpose."""
        self.browser.get("/sign-in")
        answer = self.browser.post("/sign-in", {"email": self.email, "password": PASSWORD})
        if answer.is_error:
            self.errors.append(f"sign-in: {answer.status}")

    def work(self, until: float) -> None:
        """Work until that moment of the monotonic clock; something that breaks is an error too."""
        try:
            while time.monotonic() < until:
                self._customer()
        except Exception as error:  # noqa: BLE001 - a thread has nobody else to tell
            self.errors.append(repr(error))
        finally:
            self.browser.close()

    def _customer(self) -> None:
        page = self.random.randrange(_PAGES) + 1
        listed = customers_on(self._get("list", f"/follow-ups?page={page}").text)
        if self.random.random() < 1 / 4:
            self._get("list", f"/customers?{urlencode({'q': self.random.choice(_SEARCHES)})}")
        if not listed:
            return
        address = f"/customers/{self.random.choice(listed)}"
        found = _NUMBER.search(self._get("customer", address).text)
        if found:
            self._act(address, {"number": found[1]})

    def _act(self, address: str, form: dict[str, str]) -> None:
        luck = self.random.random()
        if luck < 1 / 3:
            back_on = self.today + timedelta(days=self.random.randint(2, 14))
            self._post("Do It Later", f"{address}/later", {**form, "later-on": back_on.isoformat()})
            return
        if luck < 2 / 3:
            self._post("e-mail", f"{address}/email", form)
        else:
            self._post("call", f"{address}/calls", {**form, "call-outcome": "reached"})
        self._post("Done", f"{address}/done", form)

    def _get(self, what: str, path: str) -> Answer:
        return self._note(what, path, self.browser.get(path))

    def _post(self, what: str, path: str, form: dict[str, str]) -> Answer:
        return self._note(what, path, self.browser.post(path, form))

    def _note(self, what: str, path: str, answer: Answer) -> Answer:
        if answer.is_error:
            self.errors.append(f"{path}: {answer.status} {answer.text[:200] if not answer.status else ''}")
        else:
            self.answers.setdefault(what, []).append(answer.milliseconds)
        time.sleep(self.random.uniform(*_THOUGHT))
        return answer
