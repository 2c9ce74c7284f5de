import json
import re

import pytest
from click.testing import CliRunner
from sqlalchemy import update

from arfollow.access import Role
from arfollow.app import create_app
from arfollow.cli import main
from arfollow.config import from_environment
from arfollow.followup.tables import ListRow
from tests.factories import TODAY, books, standing_still
from tests.fixtures.apps import make_site

HEADINGS = [
    "customer",
    "name",
    "reason",
    "level",
    "actions",
    "overdue",
    "due",
    "oldest",
    "back on",
    "responsible",
]


@pytest.fixture
def run(engine_url, tmp_path, monkeypatch):
    """Runs the command on TODAY."""
    monkeypatch.setenv("ARFOLLOW_DATABASE_URL", engine_url)
    monkeypatch.setenv("ARFOLLOW_DATA_DIR", str(tmp_path))

    def one(*words):
        with standing_still():
            return CliRunner().invoke(main, ["follow-ups", *words])

    return one


@pytest.fixture
def site(run):
    with make_site(create_app(from_environment())) as site:
        ana = site.person(Role.CLERK, name="Ana Maier")
        with books(site) as book:
            umit = book.debtor(
                "Bäckerei Ümit", ("620.50", 31), ("620.00", 3), number="C-1043", responsible_id=ana
            )
            book.invoice(umit, "7000", late=-3, currency="JPY")
            book.debtor("Coming", ("25.00", 14), number="C-2")
            book.payment(book.debtor("Covered", ("90.00", 70), number="C-3"), "90.00")
            book.debtor("Fresh", ("15.00", 3), number="C-4")
        yield site


def lines(answer):
    assert answer.exit_code == 0, answer.output
    return [json.loads(line) for line in answer.stdout.splitlines()]


def test_json_says_all_about_a_listed_customer(site, run):
    assert lines(run("--json"))[0] == {
        "date": "2026-11-21",
        "customer": "C-1043",
        "name": "Bäckerei Ümit",
        "reason": "level",
        "band": "level",
        "level": "Payment reminder",
        "actions": ["email"],
        "overdue": {"EUR": "1240.50"},
        "due": {"EUR": "1240.50", "JPY": "7000"},
        "oldest_days": 31,
        "next": "2026-12-05",
        "responsible": "Ana Maier",
    }


def test_the_most_urgent_come_first_and_who_rests_is_left_out(site, run):
    assert [(line["customer"], line["reason"]) for line in lines(run("--json"))] == [
        ("C-1043", "level"),
        ("C-3", "cash"),
    ]


def test_another_day_is_asked_of_the_rules(site, run):
    tomorrow = lines(run("--json", "--on", "2026-11-22"))

    assert [line["customer"] for line in tomorrow] == ["C-1043", "C-2", "C-3"]
    assert tomorrow[0]["oldest_days"] == 32


def test_the_rules_and_the_stored_list_say_the_same_of_today(site, run):
    stored = lines(run("--json"))

    with standing_still(TODAY.replace(day=20)):
        decided = lines(CliRunner().invoke(main, ["follow-ups", "--json", "--on", "2026-11-21"]))

    assert decided == stored


def test_the_stored_list_is_brought_up_to_date_before(site, run):
    with site.writing() as session:
        session.execute(update(ListRow).values(rules_version=0, status="none"))

    assert [line["customer"] for line in lines(run("--json"))] == ["C-1043", "C-3"]
    with site.reading() as session:
        assert session.query(ListRow).filter(ListRow.rules_version == 0).count() == 0


def test_text_comes_in_columns_with_a_total(site, run):
    answer = run()
    headings, first, second, total = answer.stdout.splitlines()

    assert re.split(" {2,}", headings) == HEADINGS
    assert headings.index("overdue") + len("overdue") == first.index("1240.50") + len("1240.50")
    assert re.split(" {2,}", first)[:5] == [
        "C-1043",
        "Bäckerei Ümit",
        "Level due",
        "Payment reminder",
        "E-mail",
    ]
    assert second.startswith("C-3")
    assert total == "2 customers on 2026-11-21; overdue: EUR 1330.50"


def test_an_empty_day_is_said(site, run):
    answer = run("--on", "2020-01-01")

    assert answer.stdout == "Nothing to do on 2020-01-01.\n"


def test_nobody_of_another_company_is_printed(site, run):
    site.company("Other Ltd")

    assert lines(run("--json", "--company", "other ltd")) == []
    assert run("--json").exit_code == 2


@pytest.mark.parametrize("day", ["tomorrow", "2026-13-01", "21.11.2026"])
def test_a_day_that_is_none_is_refused(site, run, day):
    answer = run("--on", day)

    assert answer.exit_code == 2
    assert day in answer.stderr
