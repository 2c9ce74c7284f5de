"""The demo plays through the operations, and leaves a ledger that holds together."""

from contextlib import contextmanager
from datetime import date
from email import message_from_bytes

from sqlalchemy import func, select

from arfollow.chatter.verification import verify
from arfollow.database import current_session
from arfollow.delivery.file import FileChannel
from arfollow.demo.names import DEBTORS
from arfollow.demo.play import play_demo
from arfollow.followup.tables import FollowUp, ListRow
from arfollow.receivables.tables import Customer
from tests.followup.ledgers import opened


def test_two_months_leave_work_to_do_and_a_log_that_verifies(sqlite_url, tmp_path):
    with opened(sqlite_url, tmp_path) as session:

        @contextmanager
        def sessions():
            yield current_session()

        shown = play_demo(
            session,
            sessions=sessions,
            channel=FileChannel(tmp_path / "mail"),
            today=date(2026, 11, 20),
            progress=lambda _day: None,
            days=54,
        )

        mails = [message_from_bytes(path.read_bytes()) for path in (tmp_path / "mail").iterdir()]
        assert {account["role"] for account in shown} == {"clerk", "manager", "auditor", "administrator"}
        assert session.scalar(select(func.count()).select_from(Customer)) == len(DEBTORS)
        assert session.scalar(select(func.count()).where(FollowUp.done_on.is_not(None))) > 0
        assert session.scalar(select(func.count()).where(ListRow.status == "action")) > 0
        assert mails
        assert all("@example.com" in mail["To"] for mail in mails)
        assert not verify(session, company_id=1).problems
