import re

import pytest
from sqlalchemy import select

from arfollow.access import Role
from arfollow.receivables.queries.customers import find_customer
from arfollow.receivables.tables import Contact
from tests.factories import books

FIELDS = {"name": "Bäckerei Ümit", "email": "old@example.com", "country": "DE", "language": "de"}


@pytest.fixture
def visitor(site):
    with books(site) as book:
        book.customer(number="C-1", **FIELDS)
    return site.sign_in(Role.CLERK)


def seen(visitor, name="seen"):
    return re.search(rf'name="{name}"[^>]*value="([^"]+)"', visitor.get("/customers/C-1/card").text)[1]


def card(site):
    with site.reading() as session:
        return find_customer(session, company_id=site.company_id, number="C-1")


def test_a_clerk_corrects_an_address(site, visitor):
    answer = visitor.post(
        "/customers/C-1/card", {**FIELDS, "email": "new@example.com", "city": "Köln", "seen": seen(visitor)}
    )

    assert answer.location == "/customers/C-1/card"
    assert (card(site).email, card(site).city, card(site).language) == ("new@example.com", "Köln", "de")
    assert ("customer:changed", "Customer C-1 changed: city, email") in site.entries("customer")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": ""}, "This field is required"),
        ({"email": "nobody"}, "is not a valid e-mail address"),
        ({"country": "XX"}, "Not a valid choice"),
        ({"responsible": "999"}, "Not a valid choice"),
    ],
)
def test_what_cannot_be_right_is_refused_and_kept_in_the_form(site, visitor, fields, words):
    answer = visitor.post("/customers/C-1/card", {**FIELDS, "city": "Bonn", "seen": seen(visitor), **fields})

    assert answer.status_code == 422
    assert words in answer.text
    assert 'value="Bonn"' in answer.text
    assert card(site).city == ""


def test_a_colleagues_change_is_not_overwritten(site, visitor):
    before = seen(visitor)
    with books(site) as book:
        book.customer(number="C-1", **FIELDS, city="Köln")

    answer = visitor.post("/customers/C-1/card", {**FIELDS, "city": "Bonn", "seen": before})

    assert answer.status_code == 409
    assert "a colleague has changed this card" in answer.text
    assert card(site).city == "Köln"


def test_a_contact_for_reminders_is_added_changed_once_and_taken_away(site, visitor):
    contact = {
        "new-name": "Frau Kaya",
        "new-email": "kaya@example.com",
        "new-country": "",
        "new-kind": "dunning",
    }
    visitor.post("/customers/C-1/contacts", contact)
    with site.reading() as session:
        id_ = session.scalars(select(Contact.id)).one()
    added = card(site).mailbox

    change = {
        f"{id_}-name": "Frau Kaya",
        f"{id_}-email": "k@example.com",
        f"{id_}-country": "",
        f"{id_}-kind": "dunning",
        f"{id_}-seen": seen(visitor, f"{id_}-seen"),
    }
    visitor.post(f"/customers/C-1/contacts/{id_}", change)
    again = visitor.post(f"/customers/C-1/contacts/{id_}", {**change, f"{id_}-email": "other@example.com"})
    changed = card(site).mailbox
    visitor.post(f"/customers/C-1/contacts/{id_}/remove")

    assert [each.email for each in (added, changed, card(site).mailbox)] == [
        "kaya@example.com",
        "k@example.com",
        "old@example.com",
    ]
    assert again.status_code == 409
    assert "a colleague has changed this card" in again.text
    assert 'value="other@example.com"' in again.text


def test_a_contact_that_is_refused_is_open_again(visitor):
    answer = visitor.post("/customers/C-1/contacts", {"new-name": "", "new-kind": "dunning"})

    assert answer.status_code == 422
    assert answer.text.count('<details class="contact-edit" open>') == 1


def test_an_auditor_changes_no_card(site, visitor):
    auditor = site.sign_in(Role.AUDITOR)

    assert auditor.get("/customers/C-1/card").status_code == 403
    assert "/customers/C-1/card" not in auditor.get("/customers/C-1?tab=contacts").text
