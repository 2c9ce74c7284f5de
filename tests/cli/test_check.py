import pytest
from click.testing import CliRunner
from sqlalchemy import delete, update

from arfollow.cli import main
from arfollow.followup.tables import ListAmount, ListFigure, ListRow
from tests.factories import books, standing_still


@pytest.fixture
def run(site, settings, monkeypatch):
    """Runs the command on TODAY, in a company with three customers whose rows are up to date."""
    monkeypatch.setenv("ARFOLLOW_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("ARFOLLOW_DATA_DIR", str(settings.data_dir))
    with books(site) as book:
        for number in ("A", "B", "C"):
            book.debtor(f"Customer {number}", ("100.00", 20), number=number)

    def one(*words):
        with standing_still():
            return CliRunner().invoke(main, ["check", *words])

    return one


def spoil(site, statement) -> None:
    with site.writing() as session:
        session.execute(statement)


def test_a_list_that_is_right_is_said_to_be(run):
    answer = run("--dry-run")

    assert answer.exit_code == 0, answer.output
    assert answer.stdout == "3 customers: the list is as the rules say.\n"


def test_each_value_that_differs_is_named(run, site):
    spoil(site, update(ListRow).where(ListRow.name == "Customer B").values(band=9))
    spoil(site, update(ListAmount).where(ListAmount.customer_id == 3).values(overdue=1))

    answer = run("--dry-run")

    assert answer.exit_code == 1
    assert answer.stdout.splitlines() == [
        "B: band is 9, by the rules 5",
        "C: overdue EUR is 1, by the rules 10000",
        "2 of 3 customers differed.",
        "4 figures of the list were not what its rows add up to.",
    ]


def test_figures_that_are_off_are_put_right(run, site):
    spoil(site, update(ListFigure).where(ListFigure.currency == "").values(customers=7))
    spoil(site, delete(ListFigure).where(ListFigure.currency == "EUR"))

    answer = run("--dry-run")
    repaired = run()

    assert answer.exit_code == 1
    assert answer.stdout == "2 figures of the list were not what its rows add up to.\n"
    assert repaired.exit_code == 0
    assert repaired.stdout == "2 figures of the list were not what its rows add up to; they were put right.\n"
    assert run("--dry-run").exit_code == 0


@pytest.mark.parametrize(
    "damage",
    [
        update(ListRow).values(status="none"),
        update(ListAmount).values(total=7),
        delete(ListAmount),
        update(ListAmount).where(ListAmount.customer_id == 1).values(currency="USD"),
    ],
)
def test_what_differs_is_put_right(run, site, damage):
    spoil(site, damage)

    answer = run()

    assert answer.exit_code == 0, answer.output
    assert "they were put right" in answer.stdout
    assert run("--dry-run").exit_code == 0


def test_a_customer_without_a_row_gets_one(run, site):
    spoil(site, delete(ListAmount).where(ListAmount.customer_id == 2))
    spoil(site, delete(ListRow).where(ListRow.customer_id == 2))

    answer = run()

    assert "1 of 3 customers differed; they were put right." in answer.stdout
    assert run("--dry-run").exit_code == 0
