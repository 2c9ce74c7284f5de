import pytest

from arfollow.receivables.operations.customers import (
    ContactFields,
    CustomerFields,
    ParentError,
    UnknownContactError,
    remove_contact,
    save_contact,
    save_customer,
)
from arfollow.receivables.operations.invoices import (
    DuplicateNumberError,
    InstalmentsError,
    NewInstalment,
    NotPositiveError,
    add_invoice,
)
from arfollow.receivables.operations.lookup import MissingTextError, UnknownCustomerError
from arfollow.receivables.operations.responsibility import NotAMemberError
from arfollow.receivables.queries.customers import (
    average_days_late,
    find_customer,
    search_customers,
)
from arfollow.receivables.rules.fields import FieldError
from arfollow.values.money import UnknownCurrencyError
from tests.fixtures.ledgers import day


def contact(ledger, customer, kind="dunning", name="Frau Kaya", contact_id=None, **fields) -> int:
    known = ContactFields(kind=kind, name=name, **fields)
    return save_contact(
        ledger.session,
        company_id=1,
        customer_id=customer,
        contact=known,
        contact_id=contact_id,
        who="Ana",
    )


def card(ledger, number="C-1"):
    return find_customer(ledger.session, company_id=1, number=number)


def test_a_card_shows_what_was_saved(ledger):
    parent = ledger.customer("C-0", name="Holding AG")
    ledger.customer("C-1", name="Bäckerei  Ümit", country="de", parent_id=parent, responsible_id=1)

    found = card(ledger)

    assert (found.name, found.country, found.parent_name, found.responsible) == (
        "Bäckerei Ümit",
        "DE",
        "Holding AG",
        "Ana",
    )


def test_saving_again_changes_and_logs_only_what_is_new(ledger):
    first = ledger.customer("C-1", name="Old", city="Köln")
    ledger.customer("C-1", name="Old", city="Köln")

    second = ledger.customer("C-1", name="New", city="Köln")

    assert first == second
    assert card(ledger).name == "New"
    assert ledger.tags() == ["customer:added", "customer:changed"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"email": "nobody"}, "not one valid e-mail address"),
        ({"email": "a@x.de; b@x.de"}, "not one valid e-mail address"),
        ({"name": "A\nB"}, "control character"),
        ({"name": "=?utf-8?q?A=0D=0ABcc:_b=40x.de?="}, "control character"),
        ({"country": "Germany"}, "country code"),
        ({"language": "klingon"}, "language code"),
    ],
)
def test_what_cannot_be_right_is_refused_in_words(ledger, fields, words):
    with pytest.raises(FieldError, match=words):
        ledger.customer(**fields)


def test_a_customer_needs_a_name_and_a_currency_that_exists(ledger):
    with pytest.raises(MissingTextError, match="enter a name"):
        ledger.customer(name=" ")
    with pytest.raises(UnknownCurrencyError):
        ledger.customer(currency="EURO")


def test_nobody_is_their_own_parent(ledger):
    top = ledger.customer("C-1")
    middle = ledger.customer("C-2", parent_id=top)
    bottom = ledger.customer("C-3", parent_id=middle)

    with pytest.raises(ParentError):
        ledger.customer("C-1", parent_id=bottom)
    with pytest.raises(ParentError):
        ledger.customer("C-1", parent_id=top)


def test_parents_and_people_are_the_companys_own(ledger):
    mine = ledger.customer()
    other = CustomerFields(name="Theirs", parent_id=mine)

    with pytest.raises(UnknownCustomerError):
        save_customer(ledger.session, company_id=2, number="X", customer=other, who="Eve")
    with pytest.raises(NotAMemberError):
        ledger.customer(responsible_id=7)


@pytest.mark.parametrize(
    ("contacts", "email"),
    [
        ([], "own@x.de"),
        ([("billing", "billing@x.de")], "billing@x.de"),
        ([("billing", "billing@x.de"), ("dunning", "dunning@x.de")], "dunning@x.de"),
        ([("billing", "billing@x.de"), ("dunning", "")], "billing@x.de"),
        ([("billing", "")], "own@x.de"),
    ],
)
def test_mail_goes_to_the_dunning_contact_else_billing_else_the_customer(ledger, contacts, email):
    customer = ledger.customer(email="own@x.de")
    for kind, address in contacts:
        contact(ledger, customer, kind, email=address)

    mailbox = card(ledger).mailbox

    assert mailbox.email == email


def test_letters_go_to_the_contact_with_an_address_of_its_own(ledger):
    customer = ledger.customer(street="Hauptstr. 1", city="Köln")
    contact(ledger, customer, "billing", "Frau Kaya")

    at_home = card(ledger).postal_address
    contact(ledger, customer, "dunning", "Herr Öz", street="Gasse 3", city="Bonn")
    elsewhere = card(ledger).postal_address

    assert (at_home.attention, at_home.street) == ("Frau Kaya", "Hauptstr. 1")
    assert (elsewhere.attention, elsewhere.street, elsewhere.city) == ("Herr Öz", "Gasse 3", "Bonn")


def test_a_contact_is_changed_and_removed(ledger):
    customer = ledger.customer()
    first = contact(ledger, customer, email="a@x.de")

    contact(ledger, customer, email="b@x.de", contact_id=first)
    changed = card(ledger).mailbox.email
    remove_contact(ledger.session, company_id=1, customer_id=customer, contact_id=first, who="Ana")

    assert changed == "b@x.de"
    assert card(ledger).contacts == ()
    assert ledger.tags()[1:] == ["contact:added", "contact:changed", "contact:removed"]
    with pytest.raises(UnknownContactError):
        contact(ledger, customer, contact_id=first)


def test_search_finds_by_name_and_number_within_the_company(ledger):
    ledger.customer("C-1", name="Nordlicht Optik")
    ledger.customer("C-2", name="Bäckerei 100%")

    def found(text, company_id=1):
        hits = search_customers(ledger.session, company_id=company_id, text=text)
        return [hit.number for hit in hits]

    assert found("nordlicht") == ["C-1"]
    assert found("c-2") == ["C-2"]
    assert found("%") == ["C-2"]
    assert found(" ") == []
    assert found("nordlicht", company_id=2) == []


def invoice(ledger, customer, *instalments, number="I-1", currency="EUR"):
    return add_invoice(
        ledger.session,
        company_id=1,
        customer_id=customer,
        number=number,
        date=day("03-01"),
        currency=currency,
        instalments=[NewInstalment(number=n, due_date=day("03-31"), amount=a) for n, a in instalments],
        who="Ana",
    )


def test_an_invoice_cannot_be_added_twice_or_without_a_proper_amount(ledger):
    customer = ledger.customer()
    invoice(ledger, customer, (1, 5000), (2, 5000))

    with pytest.raises(DuplicateNumberError, match="already an invoice I-1"):
        invoice(ledger, customer, (1, 5000))
    for amount in (0, -1, 10**15):
        with pytest.raises(NotPositiveError):
            invoice(ledger, customer, (1, amount), number="I-2")
    for instalments in ([], [(1, 5), (1, 5)]):
        with pytest.raises(InstalmentsError):
            invoice(ledger, customer, *instalments, number="I-2")
    with pytest.raises(UnknownCurrencyError):
        invoice(ledger, customer, (1, 5000), number="I-2", currency="XYZ")


def test_the_average_counts_late_days_of_settled_items_only(ledger):
    from arfollow.receivables.operations.allocations import apply_credit

    customer = ledger.customer()
    for number, paid_on in (("I-1", "04-05"), ("I-2", "03-20"), ("I-3", "04-10")):
        item = ledger.item(customer, 100, due="03-31", number=number)
        payment = ledger.payment(customer, 100, on=paid_on, number=number)
        apply_credit(
            ledger.session,
            company_id=1,
            credit_id=payment,
            instalment_ids=[item],
            on=day(paid_on),
            who="Ana",
        )
    ledger.item(customer, number="I-4")

    late = average_days_late(ledger.session, company_id=1, customer_id=customer)

    assert late == 5


def test_there_is_no_average_before_anything_is_settled(ledger):
    customer = ledger.customer()
    ledger.item(customer)

    assert average_days_late(ledger.session, company_id=1, customer_id=customer) is None
