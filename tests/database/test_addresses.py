import pytest
from sqlalchemy import text

from arfollow.config import BadSettingError, Connections
from arfollow.database import engine_options, engine_url, open_engine, schema_of

SERVER = "postgresql://ana:secret@db.example.com/ledger"


@pytest.mark.parametrize(
    "query",
    [
        "schema=tenant_a",
        "options=-csearch_path%3Dtenant_a",
        "options=-c%20search_path%3Dtenant_a",
        "options=--search_path%3Dtenant_a",
        "schema=tenant_a&options=-csearch_path%3Dtenant_a",
    ],
)
def test_a_schema_has_several_spellings_and_one_address(query):
    found = engine_url(f"{SERVER}?{query}")

    assert schema_of(found) == "tenant_a"
    assert found == engine_url(f"{SERVER}?schema=tenant_a")
    assert engine_url(found.render_as_string(hide_password=False)) == found


def test_other_options_of_an_address_stay():
    found = engine_url(f"{SERVER}?schema=tenant_a&sslmode=require&options=-cwork_mem%3D64MB")

    assert found.query == {"sslmode": "require", "options": "-cwork_mem=64MB -csearch_path=tenant_a"}


@pytest.mark.parametrize(
    "query",
    [
        "schema=Tenant",
        "schema=a,b",
        "schema=a%3B+drop",
        "schema=pg_catalog",
        "schema=a&schema=b",
        "schema=a&options=-csearch_path%3Db",
        "options=-csearch_path%3Da,b",
    ],
)
def test_a_schema_that_is_not_one_plain_name_is_refused(query):
    with pytest.raises(BadSettingError, match="one name of lower-case letters") as refused:
        engine_url(f"{SERVER}?{query}")

    assert "secret" not in str(refused.value)


def test_a_server_without_a_schema_in_its_address_chooses_one_itself():
    assert schema_of(engine_url(SERVER)) is None
    assert engine_url(SERVER).query == {}


def test_the_limits_of_a_web_process_are_those_of_its_settings(postgresql_url):
    limits = Connections(statement_seconds=7, lock_seconds=3, idle_seconds=11, pool_size=2, prepares=False)

    options = engine_options(f"{postgresql_url}&options=-clock_timeout%3D4s", limits)

    assert (options["pool_size"], options["pool_pre_ping"], options["hide_parameters"]) == (2, True, True)
    assert options["connect_args"]["prepare_threshold"] is None
    # What the address says comes last, and counts.
    assert options["connect_args"]["options"] == (
        "-cstatement_timeout=7s -clock_timeout=3s -cidle_in_transaction_session_timeout=11s -clock_timeout=4s"
    )


def test_commands_and_workers_have_no_limits(postgresql_url):
    engine = open_engine(postgresql_url)

    with engine.connect() as connection:
        names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
        found = [connection.scalar(text(f"SHOW {name}")) for name in names]
    engine.dispose()

    assert found == ["0", "0", "0"]
