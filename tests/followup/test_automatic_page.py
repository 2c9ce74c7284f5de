"""The page of automatic e-mails: what goes out next, and who may stop it."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from arfollow import clock
from arfollow.access import Role
from arfollow.companies.tables import Company
from arfollow.levels.tables import Level
from tests.factories import books
from tests.followup.desks import set_company, words_of

MONDAY = date(2026, 11, 23)
SATURDAY = date(2026, 11, 21)
PATH = "/levels/automatic"


@pytest.fixture
def ready(sqlite_site):
    """Bäckerei Ümit is due for an automatic e-mail, on Monday."""
    with clock.moved_to(datetime(2026, 11, 23, 7, tzinfo=ZoneInfo("Europe/Berlin"))):
        with books(sqlite_site, MONDAY) as book:
            book.debtor("Bäckerei Ümit", ("620.50", 20), number="C-1", email="one@example.com")
            book.session.execute(update(Level).values(email_automatic=True))
        set_company(sqlite_site, email="accounts@acme.example.com")
        yield sqlite_site


def page(site, role=Role.MANAGER):
    return words_of(site.sign_in(role).get(PATH).text)


def company(site):
    with site.reading() as session:
        return session.scalars(select(Company)).one()


def test_it_shows_who_is_next(ready):
    words = page(ready)

    assert "Next to go out: 1" in words
    assert "Bäckerei Ümit C-1" in words
    assert "620.50" in words


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"imported_on": date(2026, 11, 1)}, "The open items are of 1 Nov 2026"),
        ({"country": "XX"}, "Next to go out"),
    ],
)
def test_it_says_what_holds_everything_back(ready, values, words):
    set_company(ready, **values)

    assert words in page(ready)


def test_it_says_that_offices_are_closed(ready):
    with clock.moved_to(datetime(2026, 11, 21, 12, tzinfo=ZoneInfo("Europe/Berlin"))):
        assert "Offices are closed today" in page(ready)


def test_it_says_that_no_level_is_marked(ready):
    with ready.writing() as session:
        session.execute(update(Level).values(email_automatic=False))

    words = page(ready)

    assert "No level sends its e-mail by itself." in words
    assert "Nobody is due." in words


def test_a_clerk_stops_and_a_manager_resumes(ready):
    clerk, manager = ready.sign_in(Role.CLERK), ready.sign_in(Role.MANAGER)

    assert clerk.post(f"{PATH}/stop").status_code == 303
    assert company(ready).automatic_stopped_by == "Clerk"
    assert "Stopped by Clerk" in words_of(manager.get(PATH).text)
    assert clerk.post(f"{PATH}/resume").status_code == 403
    assert manager.post(f"{PATH}/resume").status_code == 303

    assert company(ready).automatic_stopped_at is None
    assert [text for _tag, text in ready.entries("company")][-2:] == [
        "Automatic e-mails stopped",
        "Automatic e-mails resumed",
    ]


def test_a_manager_says_from_which_hour_on_and_who_is_told(ready):
    manager = ready.sign_in(Role.MANAGER)

    assert manager.post(PATH, {"hour": "6", "digest_email": "maria@example.com"}).status_code == 303

    assert (company(ready).automatic_hour, company(ready).digest_email) == (6, "maria@example.com")


@pytest.mark.parametrize("values", [{"hour": "24"}, {"hour": ""}, {"hour": "8", "digest_email": "nobody"}])
def test_what_cannot_be_is_refused_and_nothing_is_saved(ready, values):
    answer = ready.sign_in(Role.MANAGER).post(PATH, values)

    assert answer.status_code == 422
    assert "is-invalid" in answer.text
    assert company(ready).automatic_hour == 8
