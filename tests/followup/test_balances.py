from datetime import date

from arfollow.followup.balances import item_lines, totals
from arfollow.levels.rules.facts import Facts, Standing
from arfollow.levels.rules.steps import LevelTerms, Place, PlanTerms
from arfollow.receivables.rules.accounts import Account, OpenItem
from arfollow.receivables.rules.promises import PromiseState, PromiseTerms
from arfollow.values.money import Money

DAY = date(2026, 11, 21)
PLAN = PlanTerms(
    id=1,
    name="Standard",
    levels=(LevelTerms(id=1, name="First", days=15), LevelTerms(id=2, name="Second", days=30)),
)
BORDERS = (30, 60, 90, 120)


def item(item_id, due, residual=10000, **fields):
    given = {"invoice": f"R-{item_id}", "instalment": 1, "invoice_date": date(2026, 8, 1), "currency": "EUR"}
    return OpenItem(id=item_id, due_date=due, amount=10000, residual=residual, **(given | fields))


def facts(*items, unapplied=None, promises=(), hold_until=None, places=None, plan=PLAN):
    account = Account(
        as_of=DAY, items=items, unapplied=unapplied or {}, promises=promises, hold_until=hold_until
    )
    return Facts(account=account, plan=plan, standing=Standing(places=places or {}))


def test_due_today_is_not_overdue_and_day_30_is_in_the_first_bucket():
    known = facts(item(1, DAY), item(2, date(2026, 10, 22)), item(3, date(2026, 10, 21)))

    (total,) = totals(known, DAY, borders=BORDERS)

    assert (total.overdue, total.not_due) == (Money("EUR", 20000), Money("EUR", 10000))
    assert [money.minor for _, money in total.aging] == [10000, 10000, 10000, 0, 0, 0]


def test_what_is_not_chased_stands_apart_and_once():
    promise = PromiseTerms(
        id=1,
        currency="EUR",
        amount=4000,
        made_on=DAY,
        due_on=date(2026, 12, 1),
        grace_days=0,
        item_ids=frozenset({1}),
    )
    known = facts(
        item(1, date(2026, 10, 1), disputed=3000, hold_until=date.max),
        item(2, date(2026, 10, 2), residual=2500),
        promises=(PromiseState(terms=promise, outstanding=4000, kept_on=None),),
        unapplied={"EUR": 500},
    )

    (total,) = totals(known, DAY, borders=BORDERS)

    assert (total.disputed.minor, total.promised.minor, total.held.minor) == (3000, 4000, 3000)
    assert (total.total.minor, total.balance.minor) == (12500, 12000)


def test_a_hold_on_the_customer_holds_everything():
    (total,) = totals(facts(item(1, DAY), hold_until=date.max), DAY, borders=BORDERS)

    assert total.held == Money("EUR", 10000)


def test_credit_alone_has_totals_too():
    (total,) = totals(facts(unapplied={"CHF": 700}), DAY, borders=BORDERS)

    assert (total.currency, total.total.minor, total.balance.minor) == ("CHF", 0, -700)


def test_an_item_says_where_it_is_and_which_level_comes_next():
    known = facts(
        item(1, date(2026, 10, 1), residual=4000, instalment=2),
        item(2, date(2026, 11, 15)),
        places={1: Place(0, date(2026, 11, 10))},
    )

    first, second = item_lines(known, DAY)

    assert (first.name, first.days_late, first.paid) == ("R-1/2", 51, Money("EUR", 6000))
    assert (first.level.name, first.level_position) == ("First", 1)
    assert (first.next_level.name, first.next_on) == ("Second", date(2026, 11, 25))
    assert (second.level, second.next_position, second.next_on) == (None, 1, date(2026, 11, 30))


def test_without_a_plan_no_level_comes_next():
    (line,) = item_lines(facts(item(1, DAY), plan=None), DAY)

    assert (line.level, line.next_level, line.next_on) == (None, None, None)


def test_lines_come_by_currency_and_then_oldest_first():
    known = facts(item(1, DAY, currency="EUR"), item(2, DAY, currency="CHF"), item(3, DAY, currency="EUR"))

    assert [line.id for line in item_lines(known, DAY)] == [2, 1, 3]
