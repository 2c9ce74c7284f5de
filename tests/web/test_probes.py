import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from arfollow.access import Role
from arfollow.app import create_app
from arfollow.receivables.tables import Customer
from tests.fixtures.apps import make_settings

TOKEN = "a token of some length"


@pytest.fixture
def watched(site, settings, tmp_path):
    """The site, whose settings name a token for its metrics."""
    site.app.config["SETTINGS"] = make_settings(settings.database_url, tmp_path, metrics_token=TOKEN)
    return site


def figures(answer) -> dict[tuple[str, ...], float]:
    """Samples by name and labels' values."""
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def scrape(site, token: str = TOKEN, path: str = "/metrics"):
    return site.app.test_client().get(path, headers={"Authorization": f"Bearer {token}"})


@pytest.mark.parametrize("path", ["/health", "/ready"])
def test_a_server_that_works_says_so(site, path):
    answer = site.app.test_client().get(path)

    assert (answer.status_code, answer.text) == (200, "ok\n")


def test_a_server_without_its_database_lives_but_is_not_ready(tmp_path):
    client = create_app(make_settings("postgresql://x@127.0.0.1:1/x", tmp_path)).test_client()
    client.set_cookie("arfollow", "of somebody")

    assert client.get("/health").status_code == 200
    answer = client.get("/ready")
    assert (answer.status_code, answer.text) == (503, "The database cannot be reached.\n")


def test_a_server_over_tables_of_an_earlier_version_is_not_ready(new_site):
    with new_site.writing() as session:
        version = session.scalar(text("SELECT version_num FROM alembic_version"))
        session.execute(text("UPDATE alembic_version SET version_num = '0001'"))

    answer = new_site.app.test_client().get("/ready")
    with new_site.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})

    assert answer.status_code == 503
    assert "brought up to date" in answer.text


def test_the_scheme_is_known_however_it_is_written(watched):
    answer = watched.app.test_client().get("/metrics", headers={"Authorization": f"bearer {TOKEN}"})

    assert answer.status_code == 200


def test_without_a_token_in_the_settings_there_are_no_metrics(site):
    assert scrape(site).status_code == 404
    assert scrape(site, token="").status_code == 404


@pytest.mark.parametrize("token", ["", "another token of it", TOKEN[:-1], f"{TOKEN}x", "ü"])
def test_metrics_are_for_who_knows_the_token(watched, token):
    answer = scrape(watched, token)

    assert answer.status_code == 401
    assert "arfollow_" not in answer.text


def test_an_administrator_without_the_token_sees_no_metrics(watched):
    assert watched.sign_in(Role.ADMINISTRATOR).get("/metrics").status_code == 401


def test_metrics_count_requests_by_page_and_name_nobody(watched):
    clerk = watched.sign_in(Role.CLERK)
    before = figures(scrape(watched)).get(("arfollow_request_seconds_count", "followup.follow_ups", "200"), 0)
    clerk.get("/follow-ups?q=Mallory")

    answer = scrape(watched)

    assert figures(answer)["arfollow_request_seconds_count", "followup.follow_ups", "200"] == before + 1
    assert "Mallory" not in answer.text
    assert "probes" not in answer.text


def test_metrics_tell_how_many_messages_wait_and_for_how_long(watched, queue_reminders):
    queue_reminders(3)

    found = figures(scrape(watched))

    assert found["arfollow_queue_messages", "email", "queued"] == 3
    assert 0 <= found["arfollow_queue_oldest_seconds", "email", "queued"] < 600


@pytest.fixture
def queue_reminders(watched):
    """Queues that many messages to a customer."""
    from arfollow.delivery.operations import enqueue

    def queue(count: int) -> None:
        with watched.writing() as session:
            session.add(customer := Customer(company_id=watched.company_id, number="C-1", name="Ümit"))
            session.flush()
            for number in range(count):
                enqueue(
                    session,
                    company_id=watched.company_id,
                    customer_id=customer.id,
                    key=f"k{number}",
                    purpose="reminder",
                    channel="email",
                    facts={},
                    queued_by="Ana",
                )

    return queue


@pytest.mark.parametrize("path", ["/health", "/ready", "/metrics"])
def test_a_probe_has_no_session_and_sets_no_cookie(watched, path):
    clerk = watched.sign_in(Role.CLERK)

    answers = [clerk.get(path), scrape(watched, path=path)]

    assert [answer.headers.getlist("Set-Cookie") for answer in answers] == [[], []]


@pytest.mark.parametrize(
    ("headers", "renews"),
    [({}, True), ({"HX-Request": "true"}, False), ({"Sec-Fetch-Dest": "iframe"}, False)],
)
def test_only_whole_pages_renew_the_session(sqlite_site, headers, renews):
    visitor = sqlite_site.sign_in(Role.CLERK)
    visitor.get("/levels")
    visitor.headers = headers

    answer = visitor.get("/levels")

    assert ("Set-Cookie" in answer.headers) is renews
