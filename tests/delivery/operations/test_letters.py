"""Letters as deliveries: printed, posted, returned."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from arfollow.access import Role
from arfollow.clock import moved_to
from arfollow.delivery.operations import AlreadyDecidedError, give_up, resend
from arfollow.delivery.operations.letters import discard_letter, letter_returned, post_letters
from arfollow.delivery.rules import State
from arfollow.delivery.tables import Delivery
from arfollow.followup.actions.letter import confirm_posted, prepare_letter, print_letter, printed, render
from arfollow.followup.queries.letters import count_letters_to_post, letters_to_post
from arfollow.followup.rules import Band
from arfollow.followup.tables import ListRow
from tests.factories import TODAY, books
from tests.followup.desks import customer_of

WHO = {"who": "Ana"}


@pytest.fixture
def ready(site):
    """C-1 owes one invoice at the first level."""
    with books(site) as book:
        book.debtor("Bäckerei Ümit", ("100.00", 20), number="C-1", street="Gasse 3", city="Köln")
    return site


def print_one(site):
    """Print the letter as Ana does; gives its delivery's id."""
    with books(site) as book:
        click = book.click(customer_of(book))
        facts = prepare_letter(book.session, click)
        print_letter(book.session, click, facts=facts, pdf=render(facts))
        book.session.flush()
        return book.session.scalars(select(Delivery.id).order_by(Delivery.id.desc())).first()


def decide(site, operation, letter):
    with books(site) as book:
        operation(book.session, company_id=site.company_id, delivery_id=letter, reason="moved", **WHO)


def post(site, *letters):
    with books(site) as book:
        return post_letters(book.session, company_id=site.company_id, delivery_ids=letters, **WHO)


def states(site):
    with site.reading() as session:
        return [State(state) for state in session.scalars(select(Delivery.state).order_by(Delivery.id))]


def band(site):
    with site.reading() as session:
        return Band(session.scalars(select(ListRow.band)).one())


def waiting(site):
    with site.reading() as session:
        found = letters_to_post(session, company_id=site.company_id)
        assert len(found) == count_letters_to_post(session, company_id=site.company_id)
        return [letter.number for letter in found]


def test_a_printed_letter_waits_until_it_is_said_to_be_posted(ready):
    letter = print_one(ready)
    assert (states(ready), waiting(ready)) == ([State.PRINTED], ["C-1"])

    with books(ready) as book:
        posted = [
            confirm_posted(book.session, company_id=ready.company_id, delivery_ids=[letter], on=TODAY, **WHO)
            for _ in range(2)
        ]

    assert posted == [1, 0]
    assert (states(ready), waiting(ready)) == ([State.POSTED], [])
    assert [tag for tag, _ in ready.entries("letter")] == ["letter:printed", "letter:posted"]


def test_no_worker_ever_takes_a_letter(ready):
    print_one(ready)

    with ready.reading() as session:
        queued = select(Delivery.id).where(Delivery.state == State.QUEUED)
        assert session.scalars(queued).all() == []


def test_one_that_came_back_lists_the_customer_until_somebody_decides(ready):
    letter = print_one(ready)
    post(ready, letter)
    with books(ready) as book:
        book.done(customer_of(book))
    assert band(ready) is Band.NOT_LISTED

    decide(ready, letter_returned, letter)
    assert (states(ready), band(ready)) == ([State.RETURNED], Band.UNDELIVERED)

    decide(ready, give_up, letter)
    assert band(ready) is Band.NOT_LISTED
    assert [text for _, text in ready.entries("letter")][-2:] == [
        "Letter came back: moved",
        "Given up: moved",
    ]


def test_after_one_that_came_back_another_is_printed(ready):
    first = print_one(ready)
    post(ready, first)
    decide(ready, letter_returned, first)

    second = print_one(ready)

    assert second != first
    assert states(ready) == [State.RETURNED, State.PRINTED]
    with ready.reading() as session:
        keys = session.scalars(select(Delivery.key).order_by(Delivery.id)).all()
        assert keys[1] == f"{keys[0]}:again:1"


def test_one_that_was_never_posted_is_no_letter_that_the_customer_has(ready):
    letter = print_one(ready)

    decide(ready, discard_letter, letter)

    assert (states(ready), waiting(ready)) == ([State.CANCELLED], [])
    with books(ready) as book:
        assert printed(book.session, book.click(customer_of(book))) is None


@pytest.mark.parametrize(
    ("before", "operation"),
    [("printed", letter_returned), ("posted", discard_letter), ("posted", give_up), ("posted", resend)],
)
def test_what_cannot_become_of_a_letter_is_refused(ready, before, operation):
    letter = print_one(ready)
    if before == "posted":
        post(ready, letter)

    with pytest.raises(AlreadyDecidedError):
        decide(ready, operation, letter)


def test_another_companys_letters_are_not_posted(ready):
    letter = print_one(ready)
    other = ready.company()

    with ready.writing() as session:
        assert post_letters(session, company_id=other, delivery_ids=[letter], **WHO) == frozenset()

    assert states(ready) == [State.PRINTED]


def test_its_page_offers_what_can_become_of_it(ready):
    letter = print_one(ready)

    with moved_to(datetime(2026, 11, 21, 12, tzinfo=UTC)):
        clerk = ready.sign_in(Role.CLERK)
        assert "It will not be posted" in clerk.get(f"/deliveries/{letter}").text
        post(ready, letter)

        answer = clerk.post(f"/deliveries/{letter}/came-back", {"reason": "unknown at this address"})

        assert answer.status_code == 303
        page = clerk.get(f"/deliveries/{letter}").text
        assert "Close the question" in page
        assert "unknown at this address" in page
