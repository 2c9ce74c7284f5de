"""What a plan would do: the rules of the list played ahead, by the worker, a part at a time."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from sqlalchemy import select

from arfollow import clock
from arfollow.access import Role
from arfollow.database import begin_write, commit
from arfollow.followup.queries.on_a_day import listed_on
from arfollow.followup.trials import working
from arfollow.followup.trials.operations import Part, add_part, ask_for_trial, claim
from arfollow.followup.trials.queries import count_customers, find_trial
from arfollow.followup.trials.rules import contacts, differ, tally
from arfollow.followup.trials.terms import from_json, to_json
from arfollow.levels.queries import plans
from arfollow.levels.rules.facts import Facts, Standing
from arfollow.levels.rules.outlook import after_done, moves
from arfollow.levels.rules.steps import LevelTerms, PlanTerms
from arfollow.levels.rules.surfacing import decide
from arfollow.receivables.rules.accounts import Account, OpenItem
from arfollow.users.tables import User
from tests.factories import TODAY, books, standing_still
from tests.levels.strategies import TODAY as THEIR_TODAY
from tests.levels.strategies import facts as any_facts
from tests.levels.strategies import plans as any_plan

PLAN = PlanTerms(
    id=1,
    name="Standard",
    levels=(
        LevelTerms(id=11, name="L1", days=10, actions=("email",)),
        LevelTerms(id=12, name="L2", days=30, actions=("letter", "todo")),
    ),
)


def owing(*late, amount=10_000, unapplied=0):
    items = tuple(
        OpenItem(
            id=index,
            invoice=f"I{index}",
            instalment=1,
            invoice_date=TODAY - timedelta(days=days + 30),
            due_date=TODAY - timedelta(days=days),
            currency="EUR",
            amount=amount,
            residual=amount,
        )
        for index, days in enumerate(late, start=1)
    )
    account = Account(as_of=TODAY, items=items, unapplied={"EUR": unapplied} if unapplied else {})
    return Facts(account=account, plan=PLAN, standing=Standing())


def said(made):
    return [((each.day - TODAY).days, each.level_id, each.actions) for each in made]


def test_each_level_comes_on_its_day_and_claims_what_is_overdue():
    made = list(contacts(owing(5, -20, unapplied=2_500), first=TODAY))

    assert said(made)[:2] == [(5, 11, ("email",)), (25, 12, ("letter", "todo"))]
    assert [each.claimed for each in made[:2]] == [{"EUR": 7_500}, {"EUR": 17_500}]


def test_what_is_beyond_the_sixtieth_day_is_not_in_it():
    assert list(contacts(owing(-50), first=TODAY)) == []


def test_contacts_are_counted_by_week_level_and_action_and_money_once():
    made = list(contacts(owing(5), first=TODAY))

    counts = tally(made, first=TODAY)

    assert counts["contacts"] == 2
    assert counts["customers"] == 1
    assert (counts["week:0:email"], counts["week:3:todo"], counts["level:12:letter"]) == (1, 1, 1)
    assert counts["claimed:EUR"] == 10_000


def test_a_customer_differs_when_a_day_or_an_action_does():
    made = list(contacts(owing(5), first=TODAY))

    assert not differ(made, list(made))
    assert differ(made, [replace(made[0], actions=("letter",)), *made[1:]])
    assert differ(made, made[:1])


@given(any_facts())
def test_days_that_are_skipped_would_have_brought_nothing(facts):
    made = [each.day for each in contacts(facts, first=THEIR_TODAY, days=40)]

    assert made == list(day_by_day(facts, 40))


def day_by_day(facts, days):
    """The same without skipping: every single day is decided."""
    if facts.standing.begun is not None:
        facts = after_done(facts, moves(facts, decide(facts, THEIR_TODAY), THEIR_TODAY), THEIR_TODAY)
    for day in (THEIR_TODAY + timedelta(days=count) for count in range(days)):
        decision = decide(facts, day)
        if decision.reason is not None:
            yield day
            facts = after_done(facts, moves(facts, decision, day), day)


@given(any_plan())
def test_a_plan_that_was_kept_is_read_as_it_was(plan):
    assert from_json(to_json(plan)) == plan


@pytest.fixture
def ledger(site):
    """Three customers, one of whom owes nothing yet."""
    site.person(Role.MANAGER, name="Maria", email="maria@example.com")
    with books(site) as book:
        for number, late in (("C-1", 16), ("C-2", 1), ("C-3", -90)):
            book.debtor(number, ("100.00", late), number=number)
    return site


def ask(site, change=lambda plan: plan):
    with standing_still(), site.writing() as session:
        plan = plans(session, company_id=site.company_id)[0].terms
        user_id = session.scalar(select(User.id).limit(1))
        return ask_for_trial(
            session,
            company_id=site.company_id,
            user_id=user_id,
            before=plan,
            after=change(plan),
            customers=count_customers(session, company_id=site.company_id, plan_id=plan.id, day=TODAY),
            day=TODAY,
        )


def work(site):
    with standing_still(), site.reading() as session:
        while working.try_some(session):
            pass


def found(site, trial_id):
    with site.reading() as session:
        return find_trial(session, company_id=site.company_id, trial_id=trial_id)


def later_first_level(plan):
    return replace(plan, levels=(replace(plan.levels[0], days=29), *plan.levels[1:]))


def test_a_plan_is_tried_beside_what_it_is(ledger, monkeypatch):
    monkeypatch.setattr(working, "BATCH", 2)
    trial_id = ask(ledger, later_first_level)

    work(ledger)

    trial = found(ledger, trial_id)
    assert trial.finished_at is not None
    assert (trial.done, trial.customers) == (3, 3)
    assert [each.number for each in trial.different] == ["C-1", "C-2"]
    first = trial.different[0]
    assert [each.day for each in first.now][:2] == [TODAY, TODAY + timedelta(days=15)]
    assert first.then[0].day == TODAY + timedelta(days=13)
    assert trial.now["customers"] == 2


def test_the_first_day_of_a_trial_is_todays_list(ledger):
    trial_id = ask(ledger)
    work(ledger)

    trial = found(ledger, trial_id)
    with standing_still(), ledger.reading() as session:
        listed = listed_on(session, company_id=ledger.company_id, day=TODAY, today=TODAY)

    assert trial.is_same
    assert trial.different_count == 0
    assert len(listed) == 1
    assert trial.weeks[0].now["contacts"] == 1


def test_a_worker_that_lost_its_lease_adds_nothing(ledger):
    trial_id = ask(ledger)
    with ledger.reading() as session:
        begin_write(session)
        lost = claim(session)
        commit(session)
    with clock.moved_to(clock.now() + timedelta(minutes=5)), ledger.reading() as session:
        begin_write(session)
        taken = claim(session)
        commit(session)
        begin_write(session)
        part = Part(customers=3, reached=None, now=Counter(), then=Counter(), different=())
        add_part(session, lost, part)
        commit(session)

    assert taken is not None
    assert found(ledger, trial_id).done == 0


def test_asking_again_gives_up_what_the_same_person_asked_before(ledger):
    first, second = ask(ledger), ask(ledger, later_first_level)

    assert found(ledger, first) is None
    assert found(ledger, second) is not None


def beyond_the_calendar(plan):
    """A plan that nothing can play: its level comes after the last day that there is."""
    return replace(plan, levels=(replace(plan.levels[0], days=10**9),))


def test_a_trial_that_cannot_be_worked_out_ends_and_says_so(sqlite_site):
    maria = sqlite_site.sign_in(Role.MANAGER)
    with books(sqlite_site) as book:
        book.debtor("C-1", ("100.00", 16))
    trial_id = ask(sqlite_site, beyond_the_calendar)

    work(sqlite_site)

    page = maria.get(f"/levels/trials/{trial_id}").text
    assert "It could not be worked out" in page
    assert "hx-trigger" not in page


def test_a_trial_that_ends_the_worker_is_not_begun_for_ever(sqlite_site):
    sqlite_site.person(Role.MANAGER)
    with books(sqlite_site) as book:
        book.debtor("C-1", ("100.00", 16))
    trial_id = ask(sqlite_site)
    for minutes in (0, 2, 4):
        with clock.moved_to(clock.now() + timedelta(minutes=minutes)), sqlite_site.writing() as session:
            claim(session)

    with clock.moved_to(clock.now() + timedelta(minutes=6)), sqlite_site.reading() as session:
        working.try_some(session)

    assert found(sqlite_site, trial_id).failed
