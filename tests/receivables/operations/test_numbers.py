import pytest

from arfollow.receivables.operations.customers import ContactFields, save_contact
from arfollow.receivables.operations.erasing import erase_customer
from arfollow.receivables.operations.numbers import forget_numbers, read_numbers, read_some
from arfollow.receivables.queries.numbers import mobiles, owners_of
from arfollow.receivables.rules.numbers import Owner
from arfollow.receivables.tables import Contact, Customer

MOBILE, OTHER, AT_A_DESK = "+491713920012", "+491713920013", "+493023125001"


@pytest.fixture
def contact(ledger):
    """Adds a contact of a customer."""

    def add(customer_id: int, phone: str, kind: str = "dunning", **fields) -> int:
        return save_contact(
            ledger.session,
            company_id=1,
            customer_id=customer_id,
            contact=ContactFields(kind=kind, name="Kaya", phone=phone, **fields),
            who="Ana",
        )

    return add


def read(ledger):
    ledger.commit()
    ledger.session.rollback()
    read_numbers(ledger.session)


def numbers(ledger, table=Customer):
    ledger.session.expire_all()
    return [row.phone_number for row in ledger.session.query(table).order_by(table.id)]


def test_the_worker_reads_what_people_wrote(ledger, contact):
    first = ledger.customer("C-1", phone="0171 3920012")
    ledger.customer("C-2", phone="079 123 45 67", country="CH")
    ledger.customer("C-3", phone="ask Ana")
    ledger.customer("C-4")
    contact(first, "0171 3920013")

    read(ledger)

    assert numbers(ledger) == [MOBILE, "+41791234567", "", ""]
    assert numbers(ledger, Contact) == [OTHER]


def test_a_changed_telephone_is_read_again(ledger, contact):
    ledger.customer("C-1", phone="0171 3920012")
    read(ledger)

    ledger.customer("C-1", phone="0171 3920013")
    read(ledger)

    assert numbers(ledger) == [OTHER]


def test_another_country_makes_another_number_of_the_contacts_too(ledger, contact):
    customer_id = ledger.customer("C-1", phone="079 123 45 67", country="CH")
    contact(customer_id, "079 123 45 67")
    contact(customer_id, "0171 3920012", country="DE")
    read(ledger)

    ledger.customer("C-1", phone="079 123 45 67", country="GB")
    read(ledger)

    assert numbers(ledger, Contact)[0] != "+41791234567"
    assert numbers(ledger, Contact)[1] == MOBILE


def test_another_country_of_the_company_has_those_read_again_that_have_none(ledger):
    ledger.customer("C-1", phone="0171 3920012")
    ledger.customer("C-2", phone="0171 3920012", country="DE")
    read(ledger)

    forget_numbers(ledger.session, 1)

    assert numbers(ledger) == [None, MOBILE]


def test_whoever_has_the_number_is_found(ledger, contact):
    first = ledger.customer("C-1", phone="0171 3920012")
    second = ledger.customer("C-2")
    contact(second, "+49 171 39200-12")
    read(ledger)

    assert owners_of(ledger.session, number=MOBILE) == {Owner(1, first), Owner(1, second)}
    assert owners_of(ledger.session, number=OTHER) == set()


@pytest.mark.parametrize("is_read", [False, True])
def test_the_first_mobile_takes_the_texts(ledger, contact, is_read):
    dunned = ledger.customer("C-1", phone="0171 3920099")
    contact(dunned, "0171 3920013", "billing")
    contact(dunned, AT_A_DESK)
    contact(dunned, "0171 3920012")
    own = ledger.customer("C-2", phone="0171 3920012")
    contact(own, AT_A_DESK)
    at_a_desk = ledger.customer("C-3", phone=AT_A_DESK)
    if is_read:
        read_some(ledger.session)

    assert mobiles(ledger.session, customer_ids=[dunned, own, at_a_desk]) == {dunned: MOBILE, own: MOBILE}


def test_an_erased_customer_has_no_number(ledger):
    customer_id = ledger.customer("C-1", phone="0171 3920012")
    read(ledger)

    erase_customer(ledger.session, company_id=1, customer_id=customer_id)

    assert owners_of(ledger.session, number=MOBILE) == set()
