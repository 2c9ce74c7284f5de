"""A visitor at the import screens, and the worker behind them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from io import BytesIO

import pytest
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from arfollow.access import Role
from arfollow.database import current_session
from arfollow.exchange.uploads.queries import Job, find_job
from arfollow.exchange.uploads.working import work_imports
from tests.factories import TODAY, standing_still
from tests.fixtures.apps import Site, Visitor

_FORM = re.compile(r'<form class="import-settings".*?</form>', re.DOTALL)


@dataclass
class Desk:
    """Somebody who imports: drops files, chooses in selects, clicks."""

    site: Site
    visitor: Visitor

    def drop(self, *files: tuple[str, bytes | str]) -> int:
        """Drop files (name, content); gives the import's id."""
        token = re.search(r'"X-CSRFToken": "([^"]+)"', self.visitor.get("/account").text)
        sent = [
            FileStorage(BytesIO(each.encode() if isinstance(each, str) else each), filename=name)
            for name, each in files
        ]
        # The client itself would write a large form into a file, and leave that open.
        boundary, body = encode_multipart(
            MultiDict([("csrf_token", token[1]), *(("files", each) for each in sent)])
        )
        with standing_still(TODAY):
            answer = self.visitor.client.post(
                "/imports", data=body, content_type=f"multipart/form-data; boundary={boundary}"
            )
        assert answer.status_code == 303, answer.text
        return int(answer.location.rpartition("/")[2]) if "/imports/" in answer.location else 0

    def shown(self, import_id: int, file: int | None = None) -> str:
        """The page of the import."""
        with standing_still(TODAY):
            answer = self.visitor.get(f"/imports/{import_id}{f'?file={file}' if file else ''}")
        assert answer.status_code == 200
        return answer.text

    def choose(self, import_id: int, file: int | None = None, **chosen) -> str:
        """Change fields of a file's form as it is shown, and send all of it; a list is several boxes, None is unticked.

        `columns`: by the name of a column, what it holds. Gives the page afterwards.
        """
        text = self.shown(import_id, file)
        form = _FORM.search(text)
        assert form is not None, text
        values, columns, action = _read(form[0])
        for name, field in chosen.pop("columns", {}).items():
            values[columns[name]] = [field]
        for keyword, value in chosen.items():
            name = keyword.replace("__", "-")
            if value is None:
                values.pop(name, None)
            else:
                values[name] = value if isinstance(value, list) else [value]
        with standing_still(TODAY):
            answer = self.visitor.post(action, values)
        assert answer.status_code == 303, answer.text
        return self.shown(import_id, file)

    def post(self, path: str, **values):
        """Click."""
        with standing_still(TODAY):
            return self.visitor.post(path, values)

    def check(self, import_id: int, **values) -> Job:
        """Click Check, and have the worker do it."""
        answer = self.post(f"/imports/{import_id}/check", **values)
        assert answer.status_code == 303, answer.text
        return self.worked(import_id)

    def apply(self, import_id: int) -> Job:
        """Click Import now, and have the worker do it."""
        answer = self.post(f"/imports/{import_id}/apply")
        assert answer.status_code == 303, answer.text
        return self.worked(import_id)

    def worked(self, import_id: int) -> Job:
        """What the worker has made of it."""
        with standing_still(TODAY), self.site.app.app_context():
            work_imports(current_session())
        return self.job(import_id)

    def job(self, import_id: int) -> Job:
        """As it stands."""
        with self.site.reading() as session:
            job = find_job(session, company_id=self.site.company_id, import_id=import_id)
        assert job is not None
        return job


def _read(form: str) -> tuple[dict[str, list[str]], dict[str, str], str]:
    """The fields of a form as a browser would send them, the names of the columns' selects, and where it goes."""
    values: dict[str, list[str]] = {}
    columns: dict[str, str] = {}
    for tag, body in re.findall(r"<select ([^>]*)>(.*?)</select>", form, re.DOTALL):
        name = re.search(r'name="([^"]*)"', tag)[1]
        chosen = re.search(r'<option value="([^"]*)"\s+selected', body) or re.search(
            r'<option value="([^"]*)"', body
        )
        values.setdefault(name, []).append(unescape(chosen[1]))
    for tag in re.findall(r"<input ([^>]*)>", form, re.DOTALL):
        name, value = re.search(r'name="([^"]*)"', tag)[1], re.search(r'value="([^"]*)"', tag)
        if 'type="checkbox"' not in tag or re.search(r"\schecked", tag):
            values.setdefault(name, []).append(unescape(value[1]) if value else "on")
    labelled = r'<label for="(column-\d+)">\s*<span class="import-column">(.*?)</span>'
    columns = {unescape(name): field for field, name in re.findall(labelled, form, re.DOTALL)}
    values.pop("csrf_token", None)
    return values, columns, re.search(r'action="([^"]*)"', form)[1]


@pytest.fixture
def desk(site) -> Desk:
    """An administrator at the import screens, on each engine."""
    with standing_still(TODAY):
        return Desk(site, site.sign_in(Role.ADMINISTRATOR))


@pytest.fixture
def sqlite_desk(sqlite_site) -> Desk:
    """The same on SQLite alone."""
    with standing_still(TODAY):
        return Desk(sqlite_site, sqlite_site.sign_in(Role.ADMINISTRATOR))
