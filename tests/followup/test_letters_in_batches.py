"""Letters of many customers, prepared and printed together."""

import pytest

from arfollow.followup.actions.letter import (
    ChangedMeanwhileError,
    RenderedLetter,
    prepare_letters,
    print_letters,
    printed_letters,
)
from arfollow.followup.clicks import OutdatedError
from arfollow.followup.queries.messages import MessageFacts
from arfollow.statements.rules import NothingToClaimError
from tests.factories import books
from tests.followup.desks import customer_of

NUMBERS = ("C-1", "C-2", "C-3", "C-4", "C-5")


@pytest.fixture
def ready(site):
    """Five customers whose first level is due."""
    with books(site) as book:
        for number in NUMBERS:
            book.debtor(f"Customer {number}", ("100.00", 20), number=number, street="Gasse 3", city="Köln")
    return site


def clicks_of(book):
    return [book.click(customer_of(book, number)) for number in NUMBERS]


def rendered(book, clicks):
    found = prepare_letters(book.session, clicks)
    return [
        RenderedLetter(click=click, facts=facts, pdf=facts.letter.customer_number.encode())
        for click in clicks
        if isinstance(facts := found[click.customer_id], MessageFacts)
    ]


def test_each_customer_has_its_own_letter_and_who_owes_nothing_has_none(ready):
    with books(ready) as book:
        book.call(customer_of(book, "C-3"))
        book.payment(customer_of(book, "C-3"), "100.00")

    with books(ready) as book:
        clicks = clicks_of(book)
        found = list(prepare_letters(book.session, clicks).values())

    assert isinstance(found[2], NothingToClaimError)
    del found[2]
    assert [each.letter.customer_number for each in found] == ["C-1", "C-2", "C-4", "C-5"]
    assert len({each.level_id for each in found}) == 1


def test_what_changed_meanwhile_is_not_printed_and_all_else_is(ready):
    with books(ready) as book:
        letters = rendered(book, clicks_of(book))
    with books(ready) as book:
        book.payment(customer_of(book, "C-1"), "20.00")
        book.call(customer_of(book, "C-2"))
        book.payment(customer_of(book, "C-2"), "100.00")
        book.done(customer_of(book, "C-3"))

    with books(ready) as book:
        given = print_letters(book.session, letters)
    first, second, third, fourth, fifth = (given[letter.click.customer_id] for letter in letters)

    assert isinstance(first, ChangedMeanwhileError)
    assert isinstance(second, NothingToClaimError)
    assert isinstance(third, OutdatedError)
    assert isinstance(fourth, str)
    assert isinstance(fifth, str)
    assert [tag for tag, _ in ready.entries("letter")] == ["letter:printed"] * 2


def test_what_was_printed_before_is_given_again(ready):
    with books(ready) as book:
        letters = rendered(book, clicks_of(book))
        first = print_letters(book.session, letters[:3])

    with books(ready) as book:
        before = printed_letters(book.session, clicks_of(book))
        again = print_letters(book.session, letters)

    assert before == first
    assert {customer_id: again[customer_id] for customer_id in first} == first
    assert len(ready.entries("letter")) == 5
