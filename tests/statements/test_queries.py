from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from arfollow import database
from arfollow.companies.tables import BankAccount, Company
from arfollow.levels.defaults import default_plan
from arfollow.receivables.tables import Contact, Credit, Customer, Dispute, Hold, Instalment, Invoice
from arfollow.statements.facts import Paper
from arfollow.statements.queries import NoCustomerError, correspondence
from arfollow.statements.variables import worded
from arfollow.users.tables import Absence, User
from tests.levels.rows import add_company

TODAY = date(2026, 11, 21)


@pytest.fixture
def session(engine) -> Iterator[Session]:
    """A session in a write transaction on the test's database."""
    with Session(engine, expire_on_commit=False) as session:
        database.begin_write(session)
        yield session


@pytest.fixture
def customer(session) -> Customer:
    """A customer in Vienna with an overdue invoice of EUR 100.00, written to by Ana."""
    company_id = add_company(session)
    ana = User(email="ana@acme.example", name="Ana Maier", password_hash="", session_key="")
    session.add(ana)
    session.flush()
    company = session.get_one(Company, company_id)
    company.phone, company.street, company.postal_code, company.city = "030 1", "Weg 1", "10115", "Berlin"
    customer = Customer(
        company_id=company_id,
        number="C-1",
        name="Kaffeehaus",
        street="Ring 1",
        postal_code="1010",
        city="Wien",
        country="AT",
        language="de",
        email="office@kaffee.example",
        responsible_id=ana.id,
    )
    session.add(customer)
    session.flush()
    add_item(session, customer, "R-1", 30)
    return customer


def add_item(session, customer, number, days_late, **changes) -> int:
    due = TODAY - timedelta(days=days_late)
    invoice = Invoice(
        company_id=customer.company_id,
        customer_id=customer.id,
        number=number,
        date=due - timedelta(days=14),
        currency="EUR",
        reference="PO 17",
    )
    session.add(invoice)
    session.flush()
    instalment = Instalment(
        company_id=customer.company_id,
        customer_id=customer.id,
        invoice_id=invoice.id,
        number=1,
        due_date=due,
        amount=10000,
    )
    session.add(instalment)
    session.flush()
    return instalment.id


def found(session, customer, **kwargs):
    return correspondence(
        session, company_id=customer.company_id, customer_id=customer.id, day=TODAY, **kwargs
    )


def test_everything_a_letter_shows_is_gathered(session, customer):
    session.add(BankAccount(company_id=customer.company_id, currency="EUR", iban="DE02120300000000202051"))
    session.add(
        Credit(
            company_id=customer.company_id,
            customer_id=customer.id,
            kind="payment",
            number="P-1",
            date=TODAY,
            currency="EUR",
            amount=2500,
        )
    )
    session.flush()

    facts = found(session, customer).facts

    assert facts.address == ("Kaffeehaus", "Ring 1", "1010 Wien", "AUSTRIA")
    assert (facts.locale, facts.paper) == ("de_AT", Paper.A4)
    assert (facts.our_contact.name, facts.our_contact.phone) == ("Ana Maier", "030 1")
    assert facts.bank("EUR").iban == "DE02120300000000202051"
    assert facts.statement.claimed == {"EUR": 7500}
    row = facts.statement.blocks[0].overdue[0]
    assert (row.label, row.reference, row.days_late) == ("R-1", "PO 17", 30)
    assert [credit.number for credit in facts.statement.blocks[0].credits] == ["P-1"]


def test_reading_twice_gives_the_same_digest_until_something_changes(session, customer):
    first = found(session, customer).facts

    again = found(session, customer).facts
    add_item(session, customer, "R-2", 5)

    assert again == first
    assert again.digest() == first.digest()
    assert found(session, customer).facts.digest() != first.digest()


def test_a_letter_goes_to_the_dunning_contact(session, customer):
    session.add(
        Contact(
            company_id=customer.company_id,
            customer_id=customer.id,
            kind="dunning",
            name="Frau Eva Huber",
            email="eva@kaffee.example",
            street="Gasse 2",
            postal_code="1020",
            city="Wien",
            country="AT",
        )
    )
    session.flush()

    letter = found(session, customer)

    assert letter.facts.address[:3] == ("Kaffeehaus", "Frau Eva Huber", "Gasse 2")
    assert (letter.contact_name, letter.email) == ("Frau Eva Huber", "eva@kaffee.example")


def test_held_items_and_customers_are_left_out_and_disputes_shown(session, customer):
    held = add_item(session, customer, "R-2", 5)
    disputed = add_item(session, customer, "R-3", 4)
    common = {"company_id": customer.company_id, "customer_id": customer.id, "reason": "x"}
    session.add(Hold(**common, instalment_id=held, set_on=TODAY))
    session.add(Dispute(**common, instalment_id=disputed, amount=3000, opened_on=TODAY))
    session.flush()

    block = found(session, customer).facts.statement.blocks[0]
    session.add(Hold(**common, set_on=TODAY))
    session.flush()

    assert [row.label for row in block.overdue] == ["R-1", "R-3"]
    assert (block.claimed, block.disputed, block.held) == (17000, 3000, 10000)
    assert found(session, customer).facts.statement.claimed == {}
    asked_for = found(session, customer, customer_hold_counts=False).facts.statement.blocks[0]
    assert [row.label for row in asked_for.overdue] == ["R-1", "R-3"]


def test_only_frozen_items_are_listed(session, customer):
    other = add_item(session, customer, "R-2", 5)

    block = found(session, customer, item_ids=frozenset({other})).facts.statement.blocks[0]

    assert [row.label for row in block.overdue] == ["R-2"]


def test_labels_speak_the_language_of_the_words(session, customer):
    facts = found(session, customer).facts
    english = default_plan("en").levels[0].wordings["en"]

    letter = worded(facts, english, language="en", contact_name="", channel="letter")

    assert letter.locale == "en_001"
    assert letter.paragraphs[0] == "Dear Sir or Madam,"


def test_the_mail_has_its_own_words(session, customer):
    facts = found(session, customer).facts
    wording = replace(default_plan("en").levels[0].wordings["de"], email_body="Mail", letter_body="Brief")

    said = [
        worded(facts, wording, language="de", contact_name="", channel=channel).paragraphs
        for channel in ("email", "letter")
    ]

    assert said == [("Mail",), ("Brief",)]


def test_another_companys_customer_is_not_there(session, customer):
    stranger = add_company(session, "Stranger")

    with pytest.raises(NoCustomerError):
        correspondence(session, company_id=stranger, customer_id=customer.id, day=TODAY)


def test_each_company_writes_on_its_own_letterhead(session, customer):
    other_id = add_company(session, "Other Ltd")
    session.add(BankAccount(company_id=other_id, currency="EUR", iban="GB33BUKB20201555555555"))
    other = Customer(company_id=other_id, number="C-1", name="Somebody else")
    session.add(other)
    session.flush()
    add_item(session, other, "R-1", 30)

    ours, theirs = (
        correspondence(session, company_id=each.company_id, customer_id=each.id, day=TODAY).facts
        for each in (customer, other)
    )

    assert (ours.creditor.name, theirs.creditor.name) == ("ACME GmbH", "Other Ltd")
    assert (len(ours.creditor.banks), len(theirs.creditor.banks)) == (0, 1)
    assert theirs.our_contact.name == "Other Ltd"


def test_on_days_away_a_letter_names_the_stand_in(session, customer):
    stand_in = User(
        name="Jan Kovač", email="jan@acme.example", password_hash="", session_key="", phone="030 2"
    )
    session.add(stand_in)
    session.flush()
    session.add(
        Absence(
            company_id=customer.company_id,
            user_id=customer.responsible_id,
            stand_in_id=stand_in.id,
            first_day=TODAY,
            last_day=TODAY,
        )
    )
    session.flush()

    assert found(session, customer).facts.our_contact.name == "Jan Kovač"
