from datetime import date

import pytest
from sqlalchemy import event, select

from arfollow.followup.tables import CustomerState
from arfollow.levels.operations import create_default_plan
from arfollow.levels.tables import ItemPlace, Level, Plan, PlanAssignment

HEADING = "invoice,customer,date,due_date,currency,amount,level,followed_on\n"


@pytest.fixture
def planned(known):
    """The importer, and a default plan of three levels in the company."""
    create_default_plan(known.ledger.session, company_id=1, language="en", who="Ana")
    known.ledger.commit()
    return known


def level_names(importer) -> list[str]:
    return list(
        importer.ledger.session.scalars(
            select(Level.name).where(Level.retired_on.is_(None)).order_by(Level.position)
        )
    )


def places(importer) -> list[tuple[str, date]]:
    rows = importer.ledger.session.execute(
        select(Level.name, ItemPlace.followed_on)
        .join(Level, Level.id == ItemPlace.level_id)
        .order_by(ItemPlace.followed_on)
    )
    return [(row.name, row.followed_on) for row in rows]


def row(level: str, followed_on: str, number: str = "I-1", customer: str = "C-1") -> str:
    return f"{number},{customer},2026-03-01,2026-03-31,EUR,1.00,{level},{followed_on}\n"


def test_items_go_on_where_the_old_system_had_got_to(planned):
    first, second, *_ = level_names(planned)

    planned(HEADING + row(first, "2026-04-15") + row(second, "2026-05-01", "I-2") + row("", "", "I-3"))

    assert places(planned) == [(first, date(2026, 4, 15)), (second, date(2026, 5, 1))]
    assert planned.ledger.session.scalars(select(CustomerState.last_done_on)).all() == [date(2026, 5, 1)]


def test_the_same_file_again_changes_nothing(planned):
    text = HEADING + row(level_names(planned)[0], "2026-04-15")
    planned(text)

    report = planned(text)

    assert not report.is_new


def test_places_alone_are_worth_an_entry(planned):
    planned(HEADING + row("", ""))

    report = planned(HEADING + row(level_names(planned)[0], "2026-04-15"))

    assert report.is_new
    assert len(places(planned)) == 1


def test_what_was_followed_here_since_stays(planned):
    first, second, *_ = level_names(planned)
    planned(HEADING + row(first, "2026-04-15"))

    planned(HEADING + row(second, "2026-05-01"))

    assert places(planned) == [(first, date(2026, 4, 15))]


@pytest.mark.parametrize(
    ("level", "followed_on", "problem"),
    [
        ("Nonsense", "2026-04-15", "level: 'Nonsense' is no level of customer C-1's plan"),
        ("Nonsense", "", "followed_on: is missing: when was the level 'Nonsense' reached?"),
        ("", "2026-04-15", "level: is missing, though followed_on is given."),
        ("Nonsense", "2027-01-01", "followed_on: 1 Jan 2027 lies ahead."),
    ],
)
def test_what_cannot_be_right_is_told(planned, level, followed_on, problem):
    problems = planned.problems(HEADING + row(level, followed_on))

    assert problems[0].startswith(f"1.csv, row 2, {problem}")


def plan_of(importer, customer: str) -> object:
    """The customer's own plan: its name, None for no follow-up, `default` without one."""
    found = importer.ledger.session.execute(
        select(PlanAssignment.plan_id, Plan.name)
        .outerjoin(Plan, Plan.id == PlanAssignment.plan_id)
        .where(PlanAssignment.customer_id == importer.id(customer))
    ).one_or_none()
    return "default" if found is None else found.name


def test_customers_get_their_plans_and_the_same_file_again_changes_nothing(planned):
    name = planned.ledger.session.scalars(select(Plan.name)).one()
    text = f"customer,name,plan\nC-1,A,{name}\nC-2,B,none\nC-3,C,\n"

    planned(text)
    again = planned(text)

    assert [plan_of(planned, f"C-{number}") for number in (1, 2, 3)] == [name, None, "default"]
    assert not again.is_new


def test_an_empty_plan_is_the_default_again(planned):
    planned("customer,name,plan\nC-1,A,none\n")

    planned("customer,name,plan\nC-1,A,\n")

    assert plan_of(planned, "C-1") == "default"


def test_a_customer_without_follow_up_has_no_levels(planned):
    level = level_names(planned)[0]

    problems = planned.problems("customer,name,plan\nC-1,A,none\n", HEADING + row(level, "2026-04-15"))

    assert problems == [
        f"2.csv, row 2, level: {level!r} is no level of customer C-1's plan; the customer is not followed up."
    ]


def test_the_plans_of_thirty_customers_take_as_many_reads_as_of_one(planned):
    reads = []
    bind = planned.ledger.session.get_bind()
    event.listen(bind, "before_cursor_execute", lambda *call: reads.append(call[2]))

    planned("customer,name,plan\nC-9,A,none\n")
    of_one = sum(statement.startswith("SELECT") for statement in reads)
    reads.clear()
    planned("customer,name,plan\n" + "".join(f"C-{number},A,none\n" for number in range(10, 40)))

    assert sum(statement.startswith("SELECT") for statement in reads) == of_one
    assert plan_of(planned, "C-39") is None
