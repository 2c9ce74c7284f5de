"""A bulk run does for each customer what a click would, once, and says why where it does nothing."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import OperationalError

from arfollow import clock
from arfollow.access import Role
from arfollow.chatter.tables import ChatterEntry
from arfollow.delivery.rules import State
from arfollow.delivery.tables import Delivery
from arfollow.fence import operations as fence
from arfollow.fence.rules import Reason
from arfollow.followup.actions.email import send_email
from arfollow.followup.operations.done import mark_done
from arfollow.followup.operations.presence import be_present
from arfollow.followup.rules import Band
from arfollow.followup.runs import doing
from arfollow.followup.runs.operations import NotRunningError, RunGoneError, cancel, start
from arfollow.followup.runs.tables import BulkRun, BulkRunRow
from arfollow.followup.runs.working import RunJob, work_some
from arfollow.followup.tables import FollowUp, ListRow, RecordedAction
from arfollow.levels.tables import Level, Wording
from arfollow.receivables.operations.holds import set_hold
from arfollow.receivables.tables import Customer
from tests.factories import TODAY, books, standing_still
from tests.followup.desks import customer_of, set_company
from tests.followup.runs import change, outcomes, prepared, rows, started, state_of, work_off, worker

HOME = {"street": "Gasse 3", "city": "Köln", "postal_code": "50667", "country": "DE"}


@pytest.fixture
def ana(site):
    set_company(site, email="accounts@acme.example.com")
    return site.person(Role.CLERK, name="Ana")


@pytest.fixture
def ben(site):
    return site.person(Role.CLERK, name="Ben", email="ben@example.com")


@pytest.fixture
def desk(site):
    """C-1 and C-2, whose first level, an e-mail, is due."""
    with books(site) as book:
        for number in ("C-1", "C-2"):
            book.debtor("", ("100.00", 20), number=number, email=f"{number}@example.com", **HOME)
    return site


def ask_for(site, *actions):
    """What the first level asks for."""
    with site.writing() as session:
        session.execute(update(Level).where(Level.position == 1).values(actions=list(actions)))


def channels(site):
    with site.reading() as session:
        return sorted(session.scalars(select(Delivery.channel)))


def bands(site):
    with site.reading() as session:
        return set(session.scalars(select(ListRow.band)))


def tags(site):
    with site.reading() as session:
        return list(session.scalars(select(ChatterEntry.tag).order_by(ChatterEntry.sequence)))


def count(site, table):
    with site.reading() as session:
        return session.scalar(select(func.count()).select_from(table))


def test_each_customer_gets_its_e_mail_and_is_done(desk, ana):
    run_id = started(desk, ana)

    work_off(desk)

    assert rows(desk, run_id) == {"C-1": "done", "C-2": "done"}
    assert state_of(desk, run_id) == "finished"
    assert channels(desk) == ["email", "email"]
    assert bands(desk) == {Band.NOT_LISTED}
    with desk.reading() as session:
        assert set(session.scalars(select(FollowUp.done_by))) == {"Ana"}
        assert set(session.scalars(select(Delivery.queued_by))) == {"Ana"}


def test_the_run_is_in_the_chatter_beside_its_actions(desk, ana):
    started(desk, ana)
    work_off(desk)

    assert [tag for tag in tags(desk) if tag.startswith("run:")] == ["run:started", "run:finished"]
    assert tags(desk).count("email:queued") == 2
    assert tags(desk).count("follow-up:done") == 2


def test_without_marking_done_they_stay_on_the_list(desk, ana):
    started(desk, ana, marks_done=False)

    work_off(desk)

    assert channels(desk) == ["email", "email"]
    assert bands(desk) == {Band.STARTED}


def test_a_letter_and_an_e_mail_go_together(desk, ana):
    ask_for(desk, "email", "letter")
    run_id = started(desk, ana)

    work_off(desk)

    assert outcomes(desk, run_id) == {"done": 2}
    assert channels(desk) == ["email", "email", "letter", "letter"]
    assert bands(desk) == {Band.NOT_LISTED}
    with desk.reading() as session:
        letters = select(Delivery.id).where(Delivery.channel == "letter")
        assert set(session.scalars(select(BulkRunRow.letter_id))) == set(session.scalars(letters))


def test_an_open_to_do_keeps_its_customer_on_the_list(desk, ana):
    ask_for(desk, "email", "todo")
    run_id = started(desk, ana)

    work_off(desk)

    assert outcomes(desk, run_id) == {"done": 2}
    assert bands(desk) == {Band.STARTED}
    assert count(desk, RecordedAction) == 2


def test_nothing_happens_before_somebody_says_go(desk, ana):
    run_id = prepared(desk, ana)

    work_off(desk)

    assert rows(desk, run_id) == {"C-1": "waiting", "C-2": "waiting"}
    assert channels(desk) == []


def test_go_counts_once(desk, ana):
    run_id = started(desk, ana)

    with pytest.raises(RunGoneError), desk.writing() as session:
        start(
            session,
            company_id=desk.company_id,
            run_id=run_id,
            user_id=ana,
            marks_done=True,
            today=TODAY,
        )


@pytest.mark.parametrize(("colleague", "days"), [(True, 0), (False, 1)])
def test_a_preflight_is_its_maker_s_and_of_its_day(desk, ana, ben, colleague, days):
    run_id = prepared(desk, ana)

    with pytest.raises(RunGoneError), desk.writing() as session:
        start(
            session,
            company_id=desk.company_id,
            run_id=run_id,
            user_id=ben if colleague else ana,
            marks_done=True,
            today=TODAY + timedelta(days=days),
        )


def test_a_newer_preflight_takes_the_place_of_the_older(desk, ana, ben):
    prepared(desk, ana)
    prepared(desk, ben, who="Ben")

    prepared(desk, ana, numbers=["C-1"])

    assert count(desk, BulkRun) == 2
    assert count(desk, BulkRunRow) == 3


def test_the_page_of_a_replaced_preflight_never_starts_the_newer_one(desk, ana):
    shown = prepared(desk, ana, numbers=["C-1"])

    newer = prepared(desk, ana)

    assert newer != shown


def test_the_first_preflight_of_a_day_takes_the_place_of_all_earlier_days(desk, ana, ben):
    under_way = started(desk, ana, day=TODAY - timedelta(days=1))
    prepared(desk, ana, day=TODAY - timedelta(days=1))

    latest = prepared(desk, ben, who="Ben")

    with desk.reading() as session:
        left = [tuple(row) for row in session.execute(select(BulkRun.id, BulkRun.state).order_by(BulkRun.id))]
    assert left == [(under_way, "running"), (latest, "prepared")]


@pytest.mark.parametrize(("days", "left"), [(0, 1), (1, 0)])
def test_a_worker_forgets_the_preflights_of_earlier_days(desk, ana, days, left):
    prepared(desk, ana)

    with worker(desk, TODAY + timedelta(days=days)) as session:
        RunJob()(session)

    assert count(desk, BulkRun) == left
    assert count(desk, BulkRunRow) == 2 * left


def test_cancel_leaves_those_that_were_not_begun(desk, ana):
    run_id = started(desk, ana)

    change(desk, lambda session: cancel(session, company_id=desk.company_id, run_id=run_id, who="Ben"))
    work_off(desk)

    assert rows(desk, run_id) == {"C-1": "cancelled", "C-2": "cancelled"}
    assert state_of(desk, run_id) == "cancelled"
    assert channels(desk) == []
    assert tags(desk)[-1] == "run:cancelled"


def test_what_has_ended_cannot_be_cancelled(desk, ana):
    run_id = started(desk, ana)
    work_off(desk)

    with pytest.raises(NotRunningError):
        change(desk, lambda session: cancel(session, company_id=desk.company_id, run_id=run_id, who="Ben"))


def test_two_runs_write_to_a_customer_once(desk, ana, ben):
    first = started(desk, ana)
    second = started(desk, ben, who="Ben")

    work_off(desk)

    assert outcomes(desk, first) == {"done": 2}
    assert outcomes(desk, second) == {"written": 2}
    assert channels(desk) == ["email", "email"]
    with desk.reading() as session:
        said = select(BulkRunRow.explanation).where(BulkRunRow.run_id == second)
        assert set(session.scalars(said)) == {"Ana"}


def by_a_colleague(session, book, customer_id):
    mark = book.click(customer_id)
    send_email(session, mark)
    session.flush()
    mark_done(session, mark)


def held(session, book, customer_id):
    set_hold(
        session,
        company_id=book.company_id,
        customer_id=customer_id,
        reason="Insolvent",
        on=TODAY,
        who="Ben",
    )


def paid(_session, book, customer_id):
    book.payment(customer_id, "100.00")


def another_level(session, _book, _customer_id):
    session.execute(update(Level).where(Level.position == 1).values(actions=["letter"]))


def without_address(session, _book, _customer_id):
    session.execute(update(Customer).values(email=""))


def wordless(session, _book, _customer_id):
    session.execute(update(Wording).values(email_body="{{ nobody_knows }}"))


@pytest.mark.parametrize(
    ("meanwhile", "why"),
    [
        (by_a_colleague, "written"),
        (held, "held"),
        (paid, "covered"),
        (another_level, "changed"),
        (without_address, "no_address"),
        (wordless, "wording"),
        (lambda _session, book, customer_id: book.done(customer_id), "changed"),
        (lambda _session, book, customer_id: book.later(customer_id, days=3), "not_listed"),
    ],
)
def test_what_changed_since_the_preflight_is_left_and_said(desk, ana, meanwhile, why):
    run_id = started(desk, ana, numbers=["C-1"])
    with books(desk) as book:
        meanwhile(book.session, book, customer_of(book))

    work_off(desk)

    assert rows(desk, run_id) == {"C-1": why}
    assert state_of(desk, run_id) == "finished"


def test_a_customer_that_a_colleague_has_open_is_left_to_them(desk, ana, ben):
    with standing_still(), desk.writing() as session:
        be_present(session, customer_id=1, user_id=ben, now=clock.now())
        be_present(session, customer_id=2, user_id=ana, now=clock.now())

    assert rows(desk, prepared(desk, ana)) == {"C-1": "opened", "C-2": "waiting"}


def test_one_that_has_only_to_be_marked_done_is(desk, ana):
    with books(desk, TODAY - timedelta(days=1)) as book:
        send_email(book.session, book.click(customer_of(book)))
    with desk.writing() as session:
        session.execute(update(Delivery).values(state=State.SENT))

    run_id = started(desk, ana)
    work_off(desk)

    assert outcomes(desk, run_id) == {"done": 2}
    assert len(channels(desk)) == 2
    assert bands(desk) == {Band.NOT_LISTED}


def test_an_e_mail_that_was_taken_back_is_for_a_person(desk, ana):
    with books(desk) as book:
        send_email(book.session, book.click(customer_of(book)))
    with desk.writing() as session:
        session.execute(update(Delivery).values(state=State.CANCELLED))

    assert rows(desk, prepared(desk, ana)) == {"C-1": "by_hand", "C-2": "waiting"}


def test_a_worker_that_stopped_in_the_middle_is_followed_by_another(desk, ana):
    run_id = started(desk, ana)
    with standing_still(), desk.writing() as session:
        session.execute(update(BulkRunRow).values(token=1, lease_until=clock.now() + timedelta(minutes=3)))

    with worker(desk) as session:
        assert not work_some(session)
        with clock.moved_to(clock.now() + timedelta(minutes=4)):
            while work_some(session):
                pass

    assert outcomes(desk, run_id) == {"done": 2}


def test_one_that_stops_its_worker_again_and_again_is_given_up(desk, ana):
    run_id = started(desk, ana)
    with desk.writing() as session:
        session.execute(update(BulkRunRow).where(BulkRunRow.customer_id == 1).values(token=5))

    work_off(desk)

    assert rows(desk, run_id) == {"C-1": "broken", "C-2": "done"}


def test_a_copied_database_waits_until_it_is_confirmed(desk, ana):
    run_id = started(desk, ana)
    with desk.writing() as session:
        fence.close(session, because=Reason.BY_HAND)

    work_off(desk)
    assert outcomes(desk, run_id) == {"waiting": 2}

    with desk.writing() as session:
        fence.confirm(session, reason="This is the live one", who="Paula")
    with worker(desk) as session:
        RunJob()(session)
    assert outcomes(desk, run_id) == {"done": 2}


def test_what_goes_wrong_on_our_side_stops_nobody_else(desk, ana, monkeypatch):
    do = doing.do

    def fail_for_the_first(session, claim, **given):
        if claim.click.customer_id == 1:
            raise ZeroDivisionError
        do(session, claim, **given)

    monkeypatch.setattr(doing, "do", fail_for_the_first)
    run_id = started(desk, ana)

    work_off(desk)

    assert rows(desk, run_id) == {"C-1": "broken", "C-2": "done"}


def test_a_deadlock_is_tried_again(desk, ana, monkeypatch):
    do, failures = doing.do, [1, 1]

    def fail_twice(session, claim, **given):
        if failures:
            failures.pop()
            raise OperationalError("UPDATE", {}, Exception("deadlock"))
        do(session, claim, **given)

    monkeypatch.setattr(doing, "do", fail_twice)
    run_id = started(desk, ana)

    work_off(desk)

    assert outcomes(desk, run_id) == {"done": 2}


def test_it_goes_on_the_next_day_as_of_that_day(desk, ana):
    run_id = started(desk, ana)

    work_off(desk, TODAY + timedelta(days=1))

    assert outcomes(desk, run_id) == {"done": 2}
    with desk.reading() as session:
        assert set(session.scalars(select(RecordedAction.recorded_on))) == {TODAY + timedelta(days=1)}
