"""Opening a link: a look changes nothing, a button exchanges the token for a cookie."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select
from structlog.testing import capture_logs

from arfollow import clock
from arfollow.access import Role
from arfollow.companies.tables import Company
from arfollow.database import Table
from arfollow.receivables.operations.links import revoke
from arfollow.receivables.rules.links import TOKEN_LENGTH, Page
from arfollow.workflows.surveys.operations import install_survey
from tests.factories import TODAY, standing_still
from tests.portal.conftest import held_by

UNKNOWN = "/l/" + "x" * TOKEN_LENGTH


def everything(site):
    with site.reading() as session:
        return {
            table.name: sorted(map(repr, session.execute(select(table)).all()))
            for table in Table.metadata.sorted_tables
        }


def reading_routes(site):
    return [
        rule.rule
        for rule in site.app.url_map.iter_rules()
        if rule.endpoint.startswith("portal.") and "GET" in rule.methods
    ]


@pytest.mark.parametrize("page", Page)
def test_a_scanner_that_opens_everything_changes_nothing(phone, page):
    path, link_id = phone.link(page, step="mail", survey="satisfaction")
    before = everything(phone.site)

    asked = [
        rule.replace("<token>", path.rpartition("/")[2]).replace("<int:link_id>", str(link_id))
        for rule in reading_routes(phone.site)
    ]
    for address in asked:
        phone.client.get(address)
        phone.client.head(address)

    assert len(asked) > 10
    assert everything(phone.site) == before


@pytest.mark.parametrize("page", Page)
def test_looking_at_what_it_opens_changes_nothing_either(phone, page):
    with phone.site.writing() as session:
        install_survey(session, company_id=phone.site.company_id, key="satisfaction")
    path = phone.open(page, survey="satisfaction")
    before = everything(phone.site)

    for rule in reading_routes(phone.site):
        if "<token>" not in rule:
            phone.client.get(rule.replace("<int:link_id>", path.split("/")[2]))

    assert phone.client.get(path).status_code == 200
    assert everything(phone.site) == before


def test_the_first_page_says_nothing_about_the_customer(phone):
    path, _ = phone.link("statement")

    words = phone.get(path)

    assert phone.last.status_code == 200
    assert "ACME GmbH" in words
    assert [each for each in ("Ümit", "620", "C-1") if each in words] == []
    assert phone.last.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert phone.last.headers["Cache-Control"] == "no-store"
    assert phone.last.headers["Referrer-Policy"] == "same-origin"


def test_the_button_gives_a_cookie_for_its_own_pages(phone):
    path, link_id = phone.link("statement")
    phone.get(path)

    status = phone.post(path)
    cookie = phone.last.headers["Set-Cookie"]

    assert (status, phone.last.location) == (303, f"/my/{link_id}/statement")
    assert cookie.startswith(f"arfollow_link_{link_id}=")
    assert all(part in cookie for part in ("HttpOnly", "SameSite=Lax", f"Path=/my/{link_id}"))
    assert "R-1" in phone.get(f"/my/{link_id}/statement")


def test_the_button_is_told_to_the_workflow_once(phone_anywhere):
    path, _ = phone_anywhere.link("pay", step="mail")

    for _ in range(2):
        phone_anywhere.get(path)
        assert phone_anywhere.post(path) == 303

    assert phone_anywhere.events() == [
        ("opened", "mail", {}),
        ("clicked", "mail", {}),
        ("confirmed", "mail", {}),
    ]
    assert phone_anywhere.entries("event")[-1] == ("event:noted", "customer (by link)")


def test_a_link_is_needed_for_its_pages(phone):
    _, link_id = phone.link("statement")

    phone.get(f"/my/{link_id}/statement")

    assert phone.last.status_code == 404


def test_a_link_opens_its_own_pages_only(phone):
    path = phone.open("preferences")
    other = phone.link("statement")[1]

    statuses = [
        phone.client.get(address).status_code
        for address in (path, path.replace("preferences", "statement"), f"/my/{other}/statement")
    ]

    assert statuses == [200, 404, 404]


def test_a_cookie_lasts_for_two_hours(phone):
    statuses = []
    with time_machine.travel(datetime(2026, 11, 21, 12, tzinfo=UTC), tick=False) as travel:
        path = phone.open("statement")
        for minutes in (119, 2):
            travel.shift(timedelta(minutes=minutes))
            statuses.append(phone.client.get(path).status_code)

    assert statuses == [200, 404]


def test_what_opens_nothing_says_why_to_nobody(phone):
    with phone.site.writing() as session:
        session.get_one(Company, phone.site.company_id).phone = "030 123"
    expired = phone.link("pay", days=0)[0]
    revoked, link_id = phone.link("pay")
    revoke_it(phone, link_id)

    pages = [phone.get(path) and phone.last for path in (expired, revoked, UNKNOWN)]

    assert [page.status_code for page in pages] == [410, 410, 404]
    assert all("This page is closed" in page.text for page in pages)
    assert pages[0].text == pages[1].text
    assert ["030 123" in page.text for page in pages] == [True, True, False]


def revoke_it(phone, link_id):
    with phone.site.writing() as session:
        revoke(
            session,
            company_id=phone.site.company_id,
            customer_id=phone.customer_id,
            link_id=link_id,
            now=clock.now(),
            who="Ana",
        )


def test_a_revoked_link_closes_what_is_open(phone):
    path = phone.open("statement")

    revoke_it(phone, int(path.split("/")[2]))
    phone.get(path)

    assert phone.last.status_code == 410


def test_who_guesses_has_to_wait_and_keeps_nobody_from_signing_in(phone):
    for number in range(30):
        phone.get("/l/" + f"{number:02}" + "x" * (TOKEN_LENGTH - 2))

    phone.get(phone.link("pay")[0])

    assert phone.last.status_code == 429
    assert "Try again in" in phone.last.text
    phone.site.sign_in(Role.CLERK)


def test_no_line_of_the_log_holds_a_token(phone, logging, capfd):
    path, _ = phone.link("pay", step="mail")
    token = path.rpartition("/")[2]

    with capture_logs() as lines:
        for address in (path, f"{path}/one-click", UNKNOWN):
            phone.get(address)
            phone.post(address)
    said = "".join([str(lines), *capfd.readouterr()])

    assert "request" in said
    assert token not in said
    assert "x" * TOKEN_LENGTH not in said


def test_its_pages_speak_the_customer_s_language(sqlite_site):
    with standing_still(TODAY):
        phone = held_by(sqlite_site, language="de", country="DE")

        words = phone.get(phone.open("statement"))

    assert "Kontoauszug" in words
    assert '<html lang="de">' in words
    assert "620,50" in words
