import pytest
from sqlalchemy import select

from arfollow import database
from arfollow.access import Role
from arfollow.receivables.jobs import carry_out_rules
from arfollow.receivables.operations import responsibility
from arfollow.receivables.operations.responsibility import (
    NotAMemberError,
    carry_out,
    hand_over,
    make_responsible,
    save_rules,
)
from arfollow.receivables.queries.responsibility import is_carried_out, responsibility_rules
from arfollow.receivables.rules.responsibility import By, Rule
from arfollow.receivables.tables import Customer
from arfollow.users.operations import remove_role
from tests.factories import books


@pytest.fixture
def people(site):
    """Ana and Jan, by name."""
    return {name: site.person(Role.CLERK, name=name, email=f"{name}@example.com") for name in ("Ana", "Jan")}


def rules_of(people):
    return [
        Rule(by=By.COUNTRY, asked="AT", user_id=people["Jan"]),
        Rule(by=By.EVERYBODY, asked="", user_id=people["Ana"]),
    ]


def write(site, operation, **values):
    with site.writing() as session:
        return operation(session, company_id=site.company_id, who="Maria", **values)


def responsible(site):
    """Who is responsible, by the customer's number."""
    with site.reading() as session:
        return dict(session.execute(select(Customer.number, Customer.responsible_id)).all())


def test_a_new_customer_belongs_to_whom_the_rules_say(site, people):
    write(site, save_rules, rules=rules_of(people))

    with books(site) as book:
        book.customer(number="C-1", country="AT")
        book.customer(number="C-2", country="DE")
        book.customer(number="C-3", country="AT", responsible_id=people["Ana"])

    assert responsible(site) == {"C-1": people["Jan"], "C-2": people["Ana"], "C-3": people["Ana"]}


def test_a_customer_who_moves_goes_by_the_rules_again(site, people):
    write(site, save_rules, rules=rules_of(people))
    with books(site) as book:
        book.customer(number="C-1", country="AT")

    with books(site) as book:
        book.customer(number="C-1", country="DE")

    assert responsible(site) == {"C-1": people["Ana"]}


def test_rules_are_carried_out_and_leave_those_chosen_by_hand(site, people):
    with books(site) as book:
        book.customer(number="C-1", country="AT")
        book.customer(number="C-2", country="AT", responsible_id=people["Ana"])
    write(site, save_rules, rules=rules_of(people))

    changed = write(site, carry_out)

    assert changed == 1
    assert responsible(site) == {"C-1": people["Jan"], "C-2": people["Ana"]}
    assert ("responsibility:assigned", "Customers assigned by rule: Jan 1") in site.entries("responsibility")


def test_a_worker_carries_out_what_a_request_left(site, people, monkeypatch):
    monkeypatch.setattr(responsibility, "_BATCH", 2)
    with books(site) as book:
        for number in range(5):
            book.customer(number=f"C-{number}", country="AT")
    write(site, save_rules, rules=rules_of(people))

    with site.app.app_context():
        carry_out_rules(database.current_session())

    assert set(responsible(site).values()) == {people["Jan"]}
    with site.reading() as session:
        assert is_carried_out(session, company_id=site.company_id)


def test_without_rules_nobody_is_made_responsible_by_them(site, people):
    write(site, save_rules, rules=rules_of(people))
    with books(site) as book:
        book.customer(number="C-1", country="AT")
    write(site, save_rules, rules=[])

    write(site, carry_out)

    assert responsible(site) == {"C-1": None}


def test_a_rule_for_somebody_who_left_does_not_count(site, people):
    write(site, save_rules, rules=rules_of(people))
    write(site, remove_role, user_id=people["Jan"])
    with books(site) as book:
        book.customer(number="C-1", country="AT")

    assert responsible(site) == {"C-1": people["Ana"]}


def test_somebody_is_made_responsible_by_hand_and_the_rules_again(site, people):
    write(site, save_rules, rules=rules_of(people))
    with books(site) as book:
        customer_id = book.customer(number="C-1", country="AT")

    write(site, make_responsible, customer_id=customer_id, user_id=people["Ana"])
    by_hand = responsible(site)
    write(site, make_responsible, customer_id=customer_id, user_id=None)

    assert (by_hand, responsible(site)) == ({"C-1": people["Ana"]}, {"C-1": people["Jan"]})
    assert ("customer:responsible", "Responsible: Ana → Jan by rule") in site.entries("customer")


def test_nobody_of_another_company_is_made_responsible(site, people):
    stranger = site.person(Role.CLERK, email="eve@example.com", company_id=site.company())
    with books(site) as book:
        customer_id = book.customer(number="C-1")

    with pytest.raises(NotAMemberError):
        write(site, make_responsible, customer_id=customer_id, user_id=stranger)
    with pytest.raises(NotAMemberError):
        write(site, save_rules, rules=[Rule(by=By.EVERYBODY, asked="", user_id=stranger)])


def test_all_customers_and_rules_of_one_are_handed_over_to_another(site, people):
    write(site, save_rules, rules=rules_of(people))
    with books(site) as book:
        book.customer(number="C-1", country="AT")
        book.customer(number="C-2", responsible_id=people["Jan"])
        book.customer(number="C-3")

    count = write(site, hand_over, from_id=people["Jan"], to_id=people["Ana"])

    assert (count, set(responsible(site).values())) == (2, {people["Ana"]})
    with site.reading() as session:
        rules = responsibility_rules(session, company_id=site.company_id)
    assert {rule.user_id for rule in rules} == {people["Ana"]}
    assert ("responsibility:handed-over", "Customers of Jan handed over to Ana: 2") in site.entries(
        "responsibility"
    )


def test_saving_the_same_rules_again_is_no_change(site, people):
    write(site, save_rules, rules=rules_of(people))
    write(site, save_rules, rules=rules_of(people))

    assert [tag for tag, _ in site.entries("responsibility")] == ["responsibility:rules"]
