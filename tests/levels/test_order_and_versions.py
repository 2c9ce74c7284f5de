"""Writes of order, versions of words, files and whom a to-do is for."""

import json
from dataclasses import replace
from datetime import timedelta
from threading import Thread
from time import sleep

import pytest

from arfollow.access import Role
from arfollow.chatter import documents
from arfollow.levels.attachments import BadFileError
from arfollow.levels.drafts import FirstLevelError, Responsible, ResponsibleError
from arfollow.levels.operations import (
    OutdatedOrderError,
    UnknownLevelError,
    UnknownWordingError,
    attach_file,
    change_level,
    create_default_plan,
    detach_file,
    reorder_levels,
    restore_wording,
)
from arfollow.levels.ordering import Keeps
from arfollow.levels.queries import find_plan, versions_of
from arfollow.levels.queries.files import files_of
from arfollow.levels.queries.responsible import person_for
from arfollow.levels.rules.steps import Timing
from arfollow.receivables.tables import Customer
from arfollow.users.tables import Absence, Membership, User
from tests.factories import TODAY
from tests.levels.rows import add_company, add_customer

PDF = b"%PDF-1.7 terms"


@pytest.fixture
def plan(session, company_id):
    plan_id = create_default_plan(session, company_id=company_id, language="en", who="Ana")
    return lambda: find_plan(session, company_id=company_id, plan_id=plan_id)


@pytest.fixture
def ids(plan):
    return [level.id for level in plan().levels]


def person(session, company_id, name, role=Role.CLERK, *, active=True) -> int:
    user = User(name=name, email=f"{name}@example.com", password_hash="", session_key="", active=active)
    session.add(user)
    session.flush()
    session.add(Membership(user_id=user.id, company_id=company_id, role=role.value))
    session.flush()
    return user.id


def drafts(session):
    return session.info["chatter_drafts"]


def last_facts(session):
    return json.loads(drafts(session)[-1].facts)


def reorder(session, company_id, plan, order, keeps=Keeps.PLACES):
    reorder_levels(session, company_id=company_id, plan_id=plan().id, order=order, keeps=keeps, who="Ana")


def test_levels_change_places_and_the_days_stay(session, company_id, plan, ids):
    reorder(session, company_id, plan, [ids[0], ids[2], ids[1]])

    assert [(level.draft.name, level.draft.days) for level in plan().levels] == [
        ("Payment reminder", 15),
        ("Final notice", 30),
        ("Second reminder", 40),
    ]
    assert last_facts(session)["after"] == [
        "Payment reminder (15)",
        "Final notice (30)",
        "Second reminder (40)",
    ]


def test_two_orders_at_one_moment_are_one_after_the_other(site):
    with site.writing() as session:
        plan_id = create_default_plan(session, company_id=site.company_id, language="en", who="Ana")
    of_plan = {"company_id": site.company_id, "plan_id": plan_id}
    with site.reading() as session:
        first, second, third = (level.id for level in find_plan(session, **of_plan).levels[:3])
        rest = [level.id for level in find_plan(session, **of_plan).levels[3:]]

    def put(order):
        with site.writing() as session:
            find_plan(session, **of_plan)
            reorder_levels(session, **of_plan, order=[*order, *rest], keeps=Keeps.PLACES, who="Ana")

    other = Thread(target=put, args=[(first, third, second)])
    with site.writing() as session:
        reorder_levels(session, **of_plan, order=[second, first, third, *rest], keeps=Keeps.PLACES, who="Bob")
        session.flush()
        other.start()
        sleep(0.5)
    other.join()

    with site.reading() as session:
        levels = find_plan(session, **of_plan).levels
    assert [level.id for level in levels[:3]] == [first, third, second]
    assert [level.position for level in levels] == [*range(1, len(levels) + 1)]
    assert [level.draft.days for level in levels] == sorted(level.draft.days for level in levels)


def test_or_the_days_go_along(session, company_id, plan, ids):
    reorder(session, company_id, plan, [ids[2], ids[0], ids[1]], Keeps.LEVELS)

    assert [level.draft.days for level in plan().levels] == [40, 15, 30]


def test_the_same_order_again_is_no_change(session, company_id, plan, ids):
    before = len(drafts(session))

    reorder(session, company_id, plan, ids)

    assert len(drafts(session)) == before


def test_an_order_of_other_levels_is_refused(session, company_id, plan, ids):
    for order in (ids[:2], [*ids, 999], [ids[0], ids[0], ids[1]]):
        with pytest.raises(OutdatedOrderError):
            reorder(session, company_id, plan, order)


def test_the_first_level_cannot_count_from_a_previous_one(session, company_id, plan, ids):
    draft = replace(plan().levels[1].draft, timing=Timing.AFTER_PREVIOUS, days=5)
    change_level(session, company_id=company_id, level_id=ids[1], draft=draft, position=None, who="Ana")

    with pytest.raises(FirstLevelError):
        reorder(session, company_id, plan, [ids[1], ids[0], ids[2]], Keeps.LEVELS)


def rewrite(session, company_id, plan, body):
    level = plan().levels[0]
    words = {"en": replace(level.draft.wordings["en"], email_body=body)}
    change_level(
        session,
        company_id=company_id,
        level_id=level.id,
        draft=replace(level.draft, wordings=words),
        position=None,
        who="Maria",
    )


def history(session, company_id, level_id):
    return versions_of(session, company_id=company_id, level_id=level_id, language="en")


def test_going_back_writes_the_earlier_words_as_a_new_version(session, company_id, plan, ids):
    rewrite(session, company_id, plan, "Second try")
    first = history(session, company_id, ids[0])[-1]

    version = restore_wording(session, company_id=company_id, wording_id=first.id, who="Jan")

    newest = history(session, company_id, ids[0])[0]
    assert (version, newest.version, newest.written_by) == (3, 3, "Jan")
    assert newest.text == first.text
    assert (
        drafts(session)[-1].text == "Words of “Payment reminder” in en: version 3, which is version 1 again."
    )
    assert last_facts(session)["back_to"] == 1


def test_going_back_to_what_is_in_force_changes_nothing(session, company_id, plan, ids):
    newest = history(session, company_id, ids[0])[0]

    assert restore_wording(session, company_id=company_id, wording_id=newest.id, who="Jan") == 1
    assert len(history(session, company_id, ids[0])) == 1


def test_another_companys_words_and_levels_are_unknown(session, company_id, plan, ids):
    other = add_company(session, "Other")
    wording = history(session, company_id, ids[0])[0]

    with pytest.raises(UnknownWordingError):
        restore_wording(session, company_id=other, wording_id=wording.id, who="Jan")
    with pytest.raises(UnknownLevelError):
        attach_file(session, company_id=other, level_id=ids[0], filename="a.pdf", content=PDF, who="Jan")
    assert history(session, other, ids[0]) == []


def attach(session, company_id, level_id, name, content=PDF):
    attach_file(session, company_id=company_id, level_id=level_id, filename=name, content=content, who="Ana")


def test_a_file_is_kept_replaced_by_name_and_taken_away(session, company_id, ids):
    attach(session, company_id, ids[0], "terms.pdf")
    attach(session, company_id, ids[0], "terms.pdf", PDF + b" 2")

    (file,) = files_of(session, company_id=company_id, level_id=ids[0])
    assert documents.read(session, sha256=file.sha256).content == PDF + b" 2"
    assert drafts(session)[-1].documents == (file.sha256,)
    detach_file(session, company_id=company_id, level_id=ids[0], file_id=file.id, who="Ana")
    assert files_of(session, company_id=company_id, level_id=ids[0]) == ()


def test_a_level_has_at_most_three_files(session, company_id, ids):
    for name in ("a.pdf", "b.pdf", "c.pdf"):
        attach(session, company_id, ids[0], name)

    with pytest.raises(BadFileError, match="at most 3"):
        attach(session, company_id, ids[0], "d.pdf")


def choose(session, company_id, plan, responsible, user_id=None):
    level = plan().levels[2]
    draft = replace(level.draft, responsible=responsible, responsible_id=user_id)
    change_level(session, company_id=company_id, level_id=level.id, draft=draft, position=None, who="Maria")
    return level.id


def test_a_todo_is_for_whom_the_level_says(session, company_id, plan):
    ana, jan = person(session, company_id, "ana"), person(session, company_id, "jan")
    maria = person(session, company_id, "maria", Role.MANAGER)
    customer = add_customer(session, company_id)
    session.get_one(Customer, customer).responsible_id = ana
    found = []
    for responsible, user_id in (
        (Responsible.CUSTOMER, None),
        (Responsible.USER, jan),
        (Responsible.MANAGER, None),
    ):
        level_id = choose(session, company_id, plan, responsible, user_id)
        found.append(
            person_for(session, company_id=company_id, customer_id=customer, level_id=level_id, day=TODAY).id
        )

    assert found == [ana, jan, maria]


def test_who_has_left_gives_way_to_the_customers_responsible(session, company_id, plan):
    ana, jan = person(session, company_id, "ana"), person(session, company_id, "jan")
    customer = add_customer(session, company_id)
    session.get_one(Customer, customer).responsible_id = ana
    level_id = choose(session, company_id, plan, Responsible.USER, jan)
    session.get_one(User, jan).active = False
    session.flush()

    assert (
        person_for(session, company_id=company_id, customer_id=customer, level_id=level_id, day=TODAY).id
        == ana
    )


def test_on_days_away_a_todo_is_for_the_stand_in(session, company_id, plan):
    jan, maria = person(session, company_id, "jan"), person(session, company_id, "maria")
    customer = add_customer(session, company_id)
    level_id = choose(session, company_id, plan, Responsible.USER, jan)
    session.add(
        Absence(company_id=company_id, user_id=jan, stand_in_id=maria, first_day=TODAY, last_day=TODAY)
    )
    session.flush()

    found = [
        person_for(session, company_id=company_id, customer_id=customer, level_id=level_id, day=day).id
        for day in (TODAY, TODAY + timedelta(days=1))
    ]

    assert found == [maria, jan]


def test_only_somebody_who_works_here_can_be_chosen(session, company_id, plan):
    stranger = person(session, add_company(session, "Other"), "stranger")

    for user_id in (stranger, None):
        with pytest.raises(ResponsibleError):
            choose(session, company_id, plan, Responsible.USER, user_id)
