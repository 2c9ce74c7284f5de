from datetime import UTC, date, datetime

import pytest

from arfollow import clock
from arfollow.access import Role
from arfollow.profiles.operations import make_list
from arfollow.profiles.queries import events_since, profiles
from tests.factories import books

EVER = datetime(2000, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 7, 1, 10, 0, 40, tzinfo=UTC)
PAGE = "/customers/C-1/profile"


@pytest.fixture
def site(sqlite_site):
    """Each page is opened on both engines by the guards."""
    return sqlite_site


@pytest.fixture
def customer_id(site):
    with books(site) as book:
        made = book.customer("Bäckerei Ümit", number="C-1")
        make_list(book.session, company_id=site.company_id, name="Bikes")
    return made


@pytest.fixture
def visitor(site, customer_id):
    return site.sign_in(Role.CLERK)


def profile(site, customer_id):
    with site.reading() as session:
        return profiles(session, customer_ids=[customer_id]).get(customer_id)


def test_a_field_is_text_or_a_day(site, visitor, customer_id):
    visitor.post(f"{PAGE}/fields", {"name": "Lease start", "day": "2026-03-31", "value": ""})
    visitor.post(f"{PAGE}/fields", {"name": "colour", "value": "red"})
    visitor.post(f"{PAGE}/fields", {"name": "colour", "value": "blue"})
    both = profile(site, customer_id).fields
    visitor.post(f"{PAGE}/fields", {"name": "colour"})

    assert both == {"lease_start": date(2026, 3, 31), "colour": "blue"}
    assert profile(site, customer_id).fields == {"lease_start": date(2026, 3, 31)}
    assert len(site.entries("field")) == 4


def test_a_customer_is_put_on_a_list_and_taken_off(site, visitor, customer_id):
    visitor.post(f"{PAGE}/lists", {"name": "Bikes"})
    on = profile(site, customer_id).lists
    visitor.post(f"{PAGE}/lists/remove", {"name": "Bikes"})

    assert (on, profile(site, customer_id)) == (("Bikes",), None)


def test_what_the_customer_said_about_marketing_is_kept_with_its_source(site, visitor, customer_id):
    visitor.post(f"{PAGE}/consents", {"channel": "sms", "given": "yes", "source": "Form of 3 March"})

    assert profile(site, customer_id).consents == {"sms": True}
    assert "Form of 3 March" in visitor.get(PAGE).text


def test_an_event_is_noted_with_what_it_tells(site, visitor, customer_id):
    form = {
        "kind": "Service arrived",
        "day": "2026-07-01",
        "time": "10:30",
        "key": "S-1",
        "data-name": ["order", "seats", ""],
        "data-value": ["A-77", "2", "lost"],
    }
    visitor.post(f"{PAGE}/events", form)
    visitor.post(f"{PAGE}/events", form)

    with site.reading() as session:
        (event,) = events_since(session, customer_ids=[customer_id], since=EVER)[customer_id]
    assert (event.kind, event.key, event.data) == ("service_arrived", "S-1", {"order": "A-77", "seats": 2})
    assert event.at == datetime(2026, 7, 1, 8, 30, tzinfo=UTC)
    assert "A-77" in visitor.get(PAGE).text


def test_events_are_named_in_the_reader_s_language_and_own_ones_as_they_were(site, visitor):
    for kind in ("service_arrived", "bike ready"):
        visitor.post(f"{PAGE}/events", {"kind": kind, "day": "2026-07-01"})

    visitor.post("/account", {"name": "Ana", "language": "de"})
    page, chatter = visitor.get(PAGE).text, visitor.get("/customers/C-1").text

    assert "<strong>Dienstleistung erbracht</strong>" in page
    assert "<strong>bike ready</strong>" in page
    assert "Ereignis: Dienstleistung erbracht" in chatter
    assert ("event:noted", "Event: service_arrived") in site.entries("event")


@pytest.mark.parametrize(
    ("told", "at"),
    [
        ({"day": "2026-07-01"}, NOW),
        ({"day": "2026-07-01", "time": "12:00"}, NOW),
        ({"day": "2026-07-01", "time": "11:59"}, datetime(2026, 7, 1, 9, 59, tzinfo=UTC)),
        ({"day": "2026-06-30"}, datetime(2026, 6, 29, 22, tzinfo=UTC)),
    ],
    ids=["today", "this minute", "a minute ago", "yesterday"],
)
def test_an_event_of_today_is_one_of_now(site, visitor, customer_id, told, at):
    """Else it would come before what began today, such as the wait for it."""
    with clock.moved_to(NOW):
        visitor.post(f"{PAGE}/events", {"kind": "attended", **told})

    with site.reading() as session:
        (event,) = events_since(session, customer_ids=[customer_id], since=EVER)[customer_id]
    assert event.at == at


@pytest.mark.parametrize(
    ("path", "form", "words"),
    [
        ("fields", {"name": "9", "value": "x"}, "is no name"),
        ("fields", {"name": ""}, "This field is required"),
        ("lists", {"name": "nothing"}, "Not a valid choice"),
        ("consents", {"channel": "fax", "given": "yes", "source": "x"}, "Not a valid choice"),
        ("consents", {"channel": "sms", "given": "yes"}, "This field is required"),
        ("events", {"kind": "x", "day": "soon"}, "Not a valid date"),
        ("events", {"kind": "x", "day": "0001-01-01"}, "Please choose a day."),
        ("events", {"kind": "x", "day": "2026-07-01", "data-name": "9", "data-value": "1"}, "is no name"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_words(site, visitor, customer_id, path, form, words):
    answer = visitor.post(f"{PAGE}/{path}", form)

    assert answer.status_code == 422
    assert words in answer.text
    assert profile(site, customer_id) is None


def test_an_auditor_reads_and_changes_nothing(site, customer_id):
    auditor = site.sign_in(Role.AUDITOR)

    assert auditor.get(PAGE).status_code == 200
    assert "Note an event" not in auditor.get(PAGE).text
    assert auditor.post(f"{PAGE}/fields", {"name": "colour", "value": "red"}).status_code == 403


def test_customers_of_who_leaves_get_another_sales_representative(site, visitor, customer_id):
    maria = site.person(Role.MANAGER, name="Maria")
    seen = visitor.get("/customers/C-1/card").text.partition('name="seen" type="hidden" value="')[2][:16]
    visitor.post("/customers/C-1/card", {"name": "Bäckerei Ümit", "sales": str(maria), "seen": seen})
    shown = visitor.get(PAGE).text
    jan = site.person(Role.CLERK, name="Jan", email="jan@example.com")
    manager = site.visitor()
    manager.post("/sign-in", {"email": "manager@example.com", "password": "correct horse battery"})
    manager.post("/settings/responsibility/hand-over", {"giver": str(maria), "taker": str(jan)})

    assert "Sales representative: Maria" in shown
    assert "Sales representative: Jan" in visitor.get(PAGE).text
