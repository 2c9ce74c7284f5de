"""A signed link: one customer, one page, for a time; the database gives nobody its address."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from arfollow.receivables.operations.erasing import erase_customer
from arfollow.receivables.operations.links import NoLinkError, issue, revoke, use
from arfollow.receivables.queries.links import UnknownLinkError, address_of, link_by_token, links_of
from arfollow.receivables.rules.links import TOKEN_LENGTH, LinkState
from arfollow.receivables.tables import SignedLink
from tests.factories import books

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def opened(site):
    with books(site) as ledger:
        yield ledger


def issued(opened, customer_id: int, **changes) -> int:
    given = {"page": "pay", "about": {"step": "s3"}, "now": NOW} | changes
    return issue(opened.session, company_id=opened.company_id, customer_id=customer_id, **given)


def token(opened, link_id: int) -> str:
    return address_of(opened.session, link_id).rpartition("/l/")[2]


def state(opened, link_id: int, now: datetime = NOW) -> LinkState:
    return link_by_token(opened.session, token=token(opened, link_id), now=now).state


def test_its_address_is_the_same_each_time_and_finds_it(opened):
    customer_id = opened.customer()
    link_id = issued(opened, customer_id)

    found = link_by_token(opened.session, token=token(opened, link_id), now=NOW)

    assert address_of(opened.session, link_id) == address_of(opened.session, link_id)
    assert address_of(opened.session, link_id).startswith("http://127.0.0.1:5000/l/")
    assert (found.id, found.customer_id, found.page, found.about) == (
        link_id,
        customer_id,
        "pay",
        {"step": "s3"},
    )


def test_no_column_holds_its_token(opened):
    link_id = issued(opened, opened.customer())

    row = opened.session.execute(select(SignedLink.__table__)).one()

    assert len(token(opened, link_id)) == TOKEN_LENGTH
    assert token(opened, link_id) not in repr(row)


@pytest.mark.parametrize("wrong", ["", "x", "x" * TOKEN_LENGTH, "é" * TOKEN_LENGTH])
def test_another_token_finds_nothing(opened, wrong):
    issued(opened, opened.customer())

    assert link_by_token(opened.session, token=wrong, now=NOW) is None


def test_it_expires_at_its_time(opened):
    link_id = issued(opened, opened.customer(), days=2)

    assert state(opened, link_id, NOW + timedelta(days=2) - timedelta(seconds=1)) is LinkState.VALID
    assert state(opened, link_id, NOW + timedelta(days=2)) is LinkState.EXPIRED
    with pytest.raises(NoLinkError):
        use(opened.session, link_id=link_id, now=NOW + timedelta(days=2))


def test_what_is_revoked_opens_nothing_and_is_logged(site):
    with books(site) as opened:
        customer_id = opened.customer()
        link_id = issued(opened, customer_id)
        own = {"company_id": opened.company_id, "customer_id": customer_id, "link_id": link_id}

        use(opened.session, link_id=link_id, now=NOW)
        revoke(opened.session, **own, now=NOW, who="Ana")

        assert state(opened, link_id) is LinkState.REVOKED
        for again in (
            lambda: use(opened.session, link_id=link_id, now=NOW),
            lambda: revoke(opened.session, **own, now=NOW, who="Ana"),
        ):
            with pytest.raises(NoLinkError):
                again()
    assert site.entries("link") == [("link:revoked", "Link to the page “pay” revoked")]


def test_only_its_own_customer_s_can_be_revoked(opened):
    link_id = issued(opened, opened.customer())

    with pytest.raises(NoLinkError):
        revoke(
            opened.session,
            company_id=opened.company_id,
            customer_id=opened.customer(),
            link_id=link_id,
            now=NOW,
            who="Ana",
        )


def test_it_goes_with_its_customer(opened):
    customer_id = opened.customer()
    link_id = issued(opened, customer_id)

    erase_customer(opened.session, company_id=opened.company_id, customer_id=customer_id)

    assert links_of(opened.session, customer_id=customer_id, now=NOW) == []
    with pytest.raises(UnknownLinkError):
        address_of(opened.session, link_id)
