import pytest
from sqlalchemy import select

from arfollow.chatter.tables import ChatterEntry, ChatterPersonal
from arfollow.companies.tables import Company
from arfollow.fence import operations
from arfollow.fence.queries import is_closed, standing
from arfollow.fence.rules import Reason
from arfollow.fence.tables import Fence


def test_a_new_database_confirms_itself(house):
    assert house.may_send()
    with house.writing() as session:
        assert standing(session).confirmed_because == operations.FIRST_START
        assert session.scalars(select(ChatterEntry)).all() == []


def test_a_database_that_stays_where_it_is_goes_on_sending(house):
    for _ in range(3):
        house.count()

    assert house.may_send()


def test_a_closed_fence_stays_closed_until_it_is_confirmed(house):
    with house.writing() as session:
        operations.close(session, because=Reason.BY_HAND, who="Eva")

    assert [house.may_send(), house.may_send()] == [False, False]
    house.confirm()

    assert house.may_send()
    with house.writing() as session:
        assert not is_closed(session)


def test_both_are_entries_of_every_company(house):
    with house.writing() as session:
        session.add(Company(name="Other", country="GB", currency="GBP"))
    with house.writing() as session:
        operations.close(session, because=Reason.BY_HAND, text="Stopped for the move", who="Eva")
    house.confirm()

    with house.writing() as session:
        entries = session.execute(select(ChatterEntry.company_id, ChatterEntry.tag)).all()
        texts = set(session.scalars(select(ChatterPersonal.text)))
    assert sorted(map(tuple, entries)) == [
        (company, tag) for company in (1, 2) for tag in ("fence:closed", "fence:confirmed")
    ]
    assert texts == {"Stopped for the move", "Sending again from here: Moved house"}


def test_what_is_open_cannot_be_confirmed_and_what_is_closed_not_closed(house):
    with pytest.raises(operations.FenceOpenError), house.writing() as session:
        operations.confirm(session, reason="Why not", who="Eva")
    with house.writing() as session:
        operations.close(session, because=Reason.BY_HAND)
    with pytest.raises(operations.FenceClosedError), house.writing() as session:
        operations.close(session, because=Reason.BY_HAND)


def test_a_closing_that_nobody_has_noticed_yet_can_be_confirmed(file_house):
    for file in file_house.file.parent.glob("*.fence-*"):
        file.unlink()

    file_house.confirm()

    assert file_house.may_send()


def test_confirming_makes_a_new_epoch_that_no_older_copy_has(house):
    with house.writing() as session:
        before = session.get_one(Fence, 1).epoch
        operations.close(session, because=Reason.BY_HAND)

    house.confirm()

    with house.writing() as session:
        assert session.get_one(Fence, 1).epoch != before
