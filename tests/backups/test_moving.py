import pytest
from click.testing import CliRunner
from sqlalchemy import text

from arfollow import database
from arfollow.access import Role
from arfollow.backups.fingerprints import Fingerprint
from arfollow.chatter.operations import record
from arfollow.cli import main
from arfollow.database import migrate
from tests.backups.test_backups import TODAY, contents
from tests.fixtures.filled import fill


@pytest.fixture
def run(site, settings, monkeypatch):
    """Moves a ledger with one of everything; gives the command's answer."""
    monkeypatch.setenv("ARFOLLOW_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("ARFOLLOW_DATA_DIR", str(settings.data_dir))
    site.person(Role.CLERK)
    with site.writing() as session:
        fill(session, company_id=site.company_id, today=TODAY, prefix="OWN")
    return lambda url: CliRunner().invoke(main, ["db", "move", url])


@pytest.mark.parametrize("other", ["new_sqlite", "new_postgresql"])
def test_every_row_is_in_the_new_database_and_neither_sends(run, settings, other, request):
    url = request.getfixturevalue(other)

    answer = run(url)

    assert answer.exit_code == 0, answer.output
    assert "each was read back and is the same" in answer.stdout
    before, after = contents(settings.database_url), contents(url)
    own = {"fence", "chatter_heads", "chatter_entries", "chatter_personal", "chatter_people"}
    assert [name for name in before if name not in own and before[name] != after[name]] == []
    assert [row for row in before["chatter_entries"] if row not in after["chatter_entries"]] == []
    assert all(found["fence"][0]["closed_at"] for found in (before, after))
    assert not list(settings.data_dir.glob("moving*"))


def test_the_same_database_is_refused(run, settings):
    answer = run(settings.database_url)

    assert answer.exit_code == 2
    assert "That is the database that the ledger is in" in answer.stderr
    assert not contents(settings.database_url)["fence"]


def test_a_slip_in_the_address_stops_no_sending(run, settings):
    answer = run("postgresql://nobody@127.0.0.1:1/nowhere")

    assert answer.exit_code == 2
    assert "The new database cannot be used" in answer.stderr
    assert not contents(settings.database_url)["fence"]


def test_a_database_that_is_in_use_is_refused_and_the_old_one_stays(run, settings, new_url):
    run(new_url)

    answer = run(new_url)

    assert answer.exit_code == 2
    assert "is not empty" in answer.stderr
    assert "Nothing is lost: the old database is as it was." in answer.stderr


def test_work_that_went_on_meanwhile_is_noticed(run, site, new_url, monkeypatch):
    from arfollow.backups import moving

    copy = moving.make_backup

    def copied_while_somebody_works(**options):
        made = copy(**options)
        with site.writing() as session:
            record(session, company_id=1, customer_id=None, tag="note:written", who="Ana", text="More")
        return made

    monkeypatch.setattr(moving, "make_backup", copied_while_somebody_works)
    answer = run(new_url)

    assert answer.exit_code == 1
    assert "Somebody went on working in the old database" in answer.stderr


def test_a_row_that_reads_differently_stops_it(run, new_sqlite):
    migrate(new_sqlite)
    engine = database.open_engine(new_sqlite)
    with engine.begin() as connection:
        change = "BEGIN UPDATE customers SET name = 'X' WHERE id = NEW.id; END"
        connection.execute(text(f"CREATE TRIGGER changes AFTER INSERT ON customers {change}"))
    engine.dispose()

    answer = run(new_sqlite)

    assert answer.exit_code == 1
    assert "What was written to customers reads differently" in answer.stderr
    assert contents(new_sqlite)["customers"] == []


@pytest.mark.parametrize(
    ("other", "is_same"),
    [
        ([[2, "b"], [1, "a"]], True),
        ([[1, "a"], [1, "a"]], False),
        ([[1, "a"]], False),
        ([[1, "b"], [2, "a"]], False),
    ],
)
def test_a_fingerprint_knows_rows_in_any_order(other, is_same):
    first, second = Fingerprint(), Fingerprint()
    for row in ([1, "a"], [2, "b"]):
        first.add(row)
    for row in other:
        second.add(row)

    assert (first == second) is is_same
