"""Random accounts, plans and standings for property tests."""

from datetime import date, timedelta

from hypothesis import strategies as st

from arfollow.levels.rules.facts import Begun, Facts, Standing
from arfollow.levels.rules.steps import LevelTerms, Pace, Place, PlanTerms, Timing
from arfollow.receivables.rules.accounts import Account, OpenItem
from arfollow.receivables.rules.promises import PromiseState, PromiseTerms

TODAY = date(2026, 3, 15)
CURRENCIES = ("EUR", "JPY")


def days_around(before: int, after: int):
    return st.integers(-before, after).map(lambda n: TODAY + timedelta(days=n))


def or_none(strategy):
    return st.none() | strategy


amounts = st.integers(1, 300)


@st.composite
def plans(draw):
    count = draw(st.integers(1, 4))
    levels = tuple(
        LevelTerms(
            id=10 + index,
            name=f"L{index}",
            timing=draw(st.sampled_from(list(Timing)[: 3 if index else 2])),
            days=draw(st.integers(-10, 60)),
            deadline_days=draw(st.integers(0, 12)),
            actions=draw(st.sampled_from([("email",), ("letter", "todo"), ("email", "letter"), ()])),
        )
        for index in range(count)
    )
    return PlanTerms(
        id=1,
        name="plan",
        levels=levels,
        pace=draw(st.sampled_from(list(Pace))),
        minimum_amounts=draw(st.dictionaries(st.sampled_from(CURRENCIES), st.integers(0, 200))),
        contact_gap_days=draw(st.integers(0, 20)),
        repeat_last_after_days=draw(or_none(st.integers(1, 20))),
        review_after_days=draw(or_none(st.integers(1, 30))),
    )


@st.composite
def accounts(draw):
    items = []
    for index in range(draw(st.integers(0, 4))):
        residual = draw(amounts)
        items.append(
            OpenItem(
                id=index,
                invoice=f"I{index}",
                instalment=1,
                invoice_date=TODAY - timedelta(days=90),
                due_date=draw(days_around(80, 40)),
                currency=draw(st.sampled_from(CURRENCIES)),
                amount=residual + draw(st.integers(0, 50)),
                residual=residual,
                disputed=draw(st.sampled_from([0, 0, residual // 2, residual])),
                hold_until=draw(or_none(days_around(0, 20))) if draw(st.booleans()) else None,
            )
        )
    items.sort(key=lambda item: (item.due_date, item.invoice))
    return Account(
        as_of=TODAY,
        items=tuple(items),
        unapplied=draw(st.dictionaries(st.sampled_from(CURRENCIES), st.integers(1, 400), max_size=1)),
        promises=tuple(draw(st.lists(promises(len(items)), max_size=2))),
        hold_until=draw(or_none(days_around(0, 20))) if draw(st.integers(0, 4)) == 0 else None,
    )


@st.composite
def promises(draw, items):
    made_on = draw(days_around(40, 0))
    terms = PromiseTerms(
        id=draw(st.integers(0, 100)),
        currency="EUR",
        amount=draw(amounts),
        made_on=made_on,
        due_on=made_on + timedelta(days=draw(st.integers(0, 60))),
        grace_days=draw(st.integers(0, 3)),
        item_ids=frozenset(draw(st.sets(st.integers(0, items)))),
    )
    kept = draw(st.booleans())
    return PromiseState(
        terms=terms, outstanding=draw(st.integers(0, terms.amount)), kept_on=made_on if kept else None
    )


@st.composite
def begun(draw, items, plan):
    if plan is None or draw(st.booleans()):
        return Begun(level=None)
    level = draw(st.integers(0, plan.last))
    ids = draw(st.sets(st.sampled_from([item.id for item in items]))) if items else ()
    return Begun(
        level=level,
        places={item_id: Place(draw(st.integers(0, level)), draw(days_around(5, 0))) for item_id in ids},
        deadline_days=draw(st.integers(0, 12)),
    )


@st.composite
def facts(draw):
    account = draw(accounts())
    plan = draw(or_none(plans()))
    places = {}
    for item in account.items if plan else ():
        if draw(st.booleans()):
            places[item.id] = Place(draw(st.integers(0, plan.last)), draw(days_around(60, 0)))
    snoozed = draw(st.booleans())
    return Facts(
        account=account,
        plan=plan,
        standing=Standing(
            snoozed_until=draw(days_around(3, 20)) if snoozed else None,
            snoozed_on=draw(days_around(10, 0)) if snoozed else None,
            manual_on=draw(or_none(days_around(5, 30))),
            last_done_on=draw(or_none(days_around(40, 0))),
            last_deadline_days=draw(st.integers(0, 12)),
            last_message_on=draw(or_none(days_around(40, 0))),
            other_message_on=draw(or_none(days_around(40, 0))),
            task_on=draw(or_none(days_around(5, 20))),
            begun=draw(begun(account.items, plan)) if draw(st.integers(0, 3)) == 0 else None,
            undelivered=draw(st.integers(0, 9)) == 0,
            places=places,
        ),
        tolerances=draw(st.dictionaries(st.sampled_from(CURRENCIES), st.integers(0, 20))),
    )
