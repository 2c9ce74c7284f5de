"""The web process dies just before or just after it commits a click; the clerk sees no answer and clicks again."""

import os

import pytest
from sqlalchemy import func, select

from arfollow.chatter.verification import verify
from arfollow.delivery.tables import Delivery
from arfollow.followup.tables import FollowUp, RecordedAction
from arfollow.followup.views import answers
from tests.crash.processes import exit_code, fork
from tests.followup.desks import desk

DIED = 77


def die_at_commit(moment: str) -> None:
    commit = answers.commit

    def commit_and_die(session):
        if moment == "after":
            commit(session)
        os._exit(DIED)

    answers.commit = commit_and_die


def recorded(site) -> list[int]:
    with site.reading() as session:
        return [
            session.scalar(select(func.count()).select_from(table))
            for table in (Delivery, RecordedAction, FollowUp)
        ]


@pytest.mark.parametrize(("moment", "left", "again"), [("before", 0, 200), ("after", 1, 422)])
def test_a_click_that_nobody_answered_is_done_once(site, moment, left, again):
    with desk(site, ("100.00", 20)) as page:

        def click_and_die():
            die_at_commit(moment)
            page.click("email")

        site.close()
        assert exit_code(fork(click_and_die)) == DIED
        assert recorded(site) == [left] * 3

        assert page.click("email") == again
        assert recorded(site) == [1] * 3
        assert page.tags.count("email:queued") == 1
        with site.reading() as session:
            assert verify(session, company_id=site.company_id).is_intact
