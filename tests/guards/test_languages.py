"""Every page opens in every language, and leaves no text of the catalogue in English."""

import re
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path

import pytest
from babel.messages import pofile

from arfollow import clock
from arfollow.access import Role
from arfollow.users.operations import choose_language
from arfollow.web.locale import TRANSLATIONS, languages
from arfollow.workflows.examples.words import CONTEXT
from tests.fixtures.filled import fill
from tests.guards.test_routes import RULES, address

TODAY = date(2026, 11, 21)
GETS = [rule for rule in RULES if "GET" in rule.methods]
# Shorter ones are words of other languages, too, or names.
LONG = 12


@pytest.fixture
def filled(sqlite_site):
    """The site with everything in its company, what addresses name, and the id of the administrator who looks at it."""
    with clock.moved_to(datetime(2026, 11, 21, 12, tzinfo=UTC)):
        user_id = sqlite_site.person(Role.CLERK, email="own@x.example")
        with sqlite_site.writing() as session:
            made = fill(session, company_id=sqlite_site.company_id, today=TODAY, prefix="OWN")
        yield sqlite_site, {**made, "user_id": user_id, "sequence": 1}


def pages(site, values: dict, language: str) -> dict[str, str]:
    """The pages that open for an administrator who reads this language, by address."""
    admin = site.person(Role.ADMINISTRATOR, email=f"{language}@x.example", name="Zoe")
    with site.writing() as session:
        choose_language(session, user_id=admin, language=language, who="Ana")
    visitor = site.visitor()
    visitor.post("/sign-in", {"email": f"{language}@x.example", "password": "correct horse battery"})
    paths = [address(site, rule, values) for rule in GETS]
    answers = {path: visitor.get(path, follow_redirects=True) for path in paths}
    assert [path for path, answer in answers.items() if answer.status_code >= 500] == []
    return {path: answer.text for path, answer in answers.items() if answer.mimetype == "text/html"}


def english(language: str) -> set[str]:
    """Texts that a page in the language says otherwise."""
    path = Path(TRANSLATIONS) / language / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        catalogue = pofile.read_po(file, locale=language)
    return {
        message.id
        for message in catalogue
        if isinstance(message.id, str) and len(message.id) >= LONG
        if "%" not in message.id and message.id not in str(message.string)
        # A workflow of the company's own stays in the language in which it was begun.
        if message.context != CONTEXT
    }


def texts(html: str) -> str:
    """What the page says, a line for each text, with the words of labels and hints."""
    hints = re.findall(r'(?:aria-label|title|placeholder|data-confirm)="([^"]*)"', html)
    body = re.sub(r"(?s)<(script|style|code)\b.*?</\1>", "", html)
    lines = re.split(r"<[^>]+>", body)
    return "\n".join(" ".join(unescape(line).split()) for line in [*lines, *hints])


@pytest.mark.parametrize("language", [each for each in languages() if each != "en"])
def test_every_page_opens_in_the_language_and_says_everything_in_it(filled, language):
    site, values = filled

    found = pages(site, values, language)

    # Documents are shown as they were sent, in their own language.
    own = {path: html for path, html in found.items() if "<nav" in html or "sign-in" in path}
    left = {
        (path, text)
        for path, html in own.items()
        for text in english(language) & set(texts(html).splitlines())
    }
    assert left == set()
    assert [path for path, html in own.items() if f'lang="{language}"' not in html] == []
