"""The demo plays through the operations, and leaves a ledger that holds together."""

from contextlib import contextmanager
from datetime import date
from email import message_from_bytes

from sqlalchemy import func, select

from arfollow.chatter.verification import verify
from arfollow.database import current_session
from arfollow.delivery.channel import Channels
from arfollow.delivery.file import FileChannel
from arfollow.delivery.sms import FolderOfTexts
from arfollow.delivery.tables import Delivery
from arfollow.delivery.texts.queries import Inbox, counts
from arfollow.demo.names import DEBTORS
from arfollow.demo.play import play_demo
from arfollow.followup.tables import FollowUp, ListRow
from arfollow.receivables.tables import Customer
from arfollow.workflows.queries.figures import standing_of_workflows
from arfollow.workflows.surveys.tables import SurveyAnswer
from arfollow.workflows.tables import Enrolment, StepPosition
from tests.followup.ledgers import opened


def test_two_months_leave_work_to_do_and_a_log_that_verifies(sqlite_url, tmp_path):
    with opened(sqlite_url, tmp_path) as session:
        texts = FolderOfTexts(FileChannel(tmp_path / "texts", suffix=".json"), "+4917604069000")

        @contextmanager
        def sessions():
            yield current_session()

        shown = play_demo(
            session,
            sessions=sessions,
            channel=Channels(ways={"email": FileChannel(tmp_path / "mail"), "sms": texts}),
            today=date(2026, 11, 20),
            progress=lambda _day: None,
            days=54,
        )

        standing = standing_of_workflows(session, 1)
        mails = [message_from_bytes(path.read_bytes()) for path in (tmp_path / "mail").iterdir()]
        assert {account["role"] for account in shown} == {"clerk", "manager", "auditor", "administrator"}
        assert session.scalar(select(func.count()).select_from(Customer)) == len(DEBTORS)
        assert session.scalar(select(func.count()).where(FollowUp.done_on.is_not(None))) > 0
        assert session.scalar(select(func.count()).where(ListRow.status == "action")) > 0
        assert mails
        assert all(mail["To"].rstrip(">").endswith("example.com") for mail in mails)
        assert list((tmp_path / "texts").iterdir())
        assert len(standing) == 5
        assert all(each.enrolled or each.finished for each in standing.values())
        assert sum(each.failed for each in standing.values()) == 1
        assert (
            session.scalar(select(Delivery.state).where(Delivery.recipient == "+4917604069058")) == "failed"
        )
        assert session.scalar(select(func.count()).select_from(SurveyAnswer)) > 0
        assert session.scalar(select(func.count()).where(Enrolment.reason == "goal")) > 0
        assert session.scalar(select(func.count()).where(StepPosition.held)) > 0
        assert counts(session, company_id=1)[Inbox.TO_ASSIGN] == 1
        assert not verify(session, company_id=1).problems
