import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("arfollow", "migrations", "tests", "script")
SOURCES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
PACKAGE = [path for path in SOURCES if path.is_relative_to(ROOT / "arfollow")]
# Waiting and measuring (time.sleep, time.monotonic, time.perf_counter) read no calendar.
CLOCKS = {
    "date.today",
    "datetime.date.today",
    "datetime.datetime.now",
    "datetime.datetime.today",
    "datetime.datetime.utcnow",
    "datetime.now",
    "datetime.today",
    "datetime.utcnow",
    "time.localtime",
    "time.time",
}
CLOCK = "|".join({name.rpartition(".")[2] for name in CLOCKS})
WITHOUT_CLOCK = [path for path in SOURCES if path != ROOT / "arfollow" / "clock.py"]
WITHOUT_COMMIT = [path for path in PACKAGE if path != ROOT / "arfollow" / "database" / "sessions.py"]

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
# Mail programs and the PDF renderer read no style sheet of ours; css-inline and WeasyPrint take a <style>.
MAY_STYLE = (ROOT / "templates" / "messages", ROOT / "templates" / "letters")
EVENTS = "abort blur change click dblclick error focus input invalid key\\w+ load mouse\\w+ pointer\\w+ reset resize scroll select submit toggle touch\\w+"
FORBIDDEN = {
    "a style attribute": r"\sstyle\s*=",
    "an event handler": rf"\s(?:on(?:{EVENTS.replace(' ', '|')})|hx-on[\w:-]*)\s*=",
    "a script without src": r"<script\b(?![^>]*\ssrc=)",
    "a javascript: address": r"javascript:",
    "an address of somebody else's": r"<(?:script|link|img|iframe)\b[^>]*\s(?:src|href)\s*=\s*[\"'](?:https?:)?//",
}


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def calls(path: Path, names: str) -> Iterator[tuple[str, int]]:
    """The dotted name and line of every call in the file, if any of it ends as the pattern `names` says."""
    source = path.read_text()
    if not re.search(rf"\.({names})\b", source):
        return
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node.lineno


@pytest.mark.parametrize("path", WITHOUT_CLOCK, ids=relative)
def test_only_the_clock_reads_the_time(path):
    found = [f"{relative(path)}:{line} {name}()" for name, line in calls(path, CLOCK) if name in CLOCKS]

    assert found == []


@pytest.mark.parametrize("path", WITHOUT_COMMIT, ids=relative)
def test_only_the_database_commits(path):
    found = [
        f"{relative(path)}:{line} {name}()"
        for name, line in calls(path, "commit")
        if name.endswith(".commit") and name != "database.commit"
    ]

    assert found == []


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_a_template_obeys_the_content_security_policy(path):
    source = re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.DOTALL)

    found = [words for words, pattern in FORBIDDEN.items() if re.search(pattern, source, re.IGNORECASE)]
    if not any(path.is_relative_to(folder) for folder in MAY_STYLE) and "<style" in source:
        found.append("a <style> element")

    assert found == []


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ('<p style="color: red">', "a style attribute"),
        ('<a onclick="go()">', "an event handler"),
        ('<a hx-on::after-request="go()">', "an event handler"),
        ("<script>go()</script>", "a script without src"),
        ('<a href="javascript:go()">', "a javascript: address"),
        ('<script src="https://example.com/a.js"></script>', "an address of somebody else's"),
    ],
)
def test_the_patterns_find_what_they_forbid(source, words):
    assert re.search(FORBIDDEN[words], source)


@pytest.mark.parametrize(
    "source",
    [
        '<p class="on style">',
        '<script src="/static/app.js" defer></script>',
        "{{ icon(only='x', once=1) }}",
        '<a href="https://example.com">',
    ],
)
def test_the_patterns_leave_alone_what_is_allowed(source):
    assert [words for words, pattern in FORBIDDEN.items() if re.search(pattern, source)] == []
