from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from arfollow.levels.drafts import FirstLevelError, LevelDraft, NameTakenError, PlanDraft, WordingDraft
from arfollow.levels.operations import (
    BroughtPlace,
    LastContact,
    LevelUsedError,
    PlanInUseError,
    UnknownLevelError,
    UnknownPlanError,
    add_level,
    assign_plan,
    bring_over,
    change_level,
    change_plan,
    create_default_plan,
    create_plan,
    delete_level,
    delete_plan,
    follow_default_plan,
    make_default,
    retire_level,
    retire_plan,
    write_whole_plan,
)
from arfollow.levels.queries import find_level, find_plan, plans, plans_in_force, wording_for
from arfollow.levels.rules.steps import Timing
from arfollow.levels.tables import ItemPlace, Wording
from arfollow.receivables.operations.lookup import UnknownCustomerError
from arfollow.web.locale import languages
from tests.levels.rows import add_company, add_customer, add_item, add_place

TODAY = date(2026, 11, 21)
WORDS = WordingDraft(email_subject="Hi", email_body="Pay", letter_title="Reminder", letter_body="Pay")


@pytest.fixture
def standard(session, company_id) -> int:
    return create_default_plan(session, company_id=company_id, language="en", who="Ana")


def view(session, company_id, plan_id):
    found = find_plan(session, company_id=company_id, plan_id=plan_id)
    assert found is not None
    return found


def names(session, company_id, plan_id):
    return [level.draft.name for level in view(session, company_id, plan_id).levels]


def tags(session):
    return [draft.tag for draft in session.info["chatter_drafts"]]


def test_a_company_starts_with_three_levels_in_its_language(session, company_id):
    plan_id = create_default_plan(session, company_id=company_id, language="de", who="Ana")

    plan = view(session, company_id, plan_id)
    assert plan.is_default
    assert [level.draft.name for level in plan.levels] == ["Zahlungserinnerung", "Mahnung", "Letzte Mahnung"]
    assert [sorted(level.wordings) for level in plan.levels] == [sorted(languages())] * 3
    assert (plan.draft.contact_gap_days, plan.draft.review_after_days) == (14, 14)


def test_the_rules_see_what_the_managers_see(session, company_id, standard):
    in_force = plans_in_force(session, company_id=company_id, customer_ids=[])

    assert in_force.by_id[standard] == view(session, company_id, standard).terms


def test_a_change_is_recorded_with_before_and_after_and_touches_the_plans_customers(
    session, company_id, standard
):
    own, other = add_customer(session, company_id, "A"), add_customer(session, company_id, "B")
    assign_plan(session, company_id=company_id, customer_id=other, plan_id=None, who="Ana")
    session.info.clear()
    draft = replace(view(session, company_id, standard).draft, contact_gap_days=7)

    change_plan(session, company_id=company_id, plan_id=standard, draft=draft, who="Ana")

    assert session.info["touched"] == {own}
    assert tags(session) == ["plan:changed"]
    assert view(session, company_id, standard).draft == draft


def test_saving_what_is_there_records_nothing(session, company_id, standard):
    plan = view(session, company_id, standard)
    session.info.clear()

    change_plan(session, company_id=company_id, plan_id=standard, draft=plan.draft, who="Ana")
    for level in plan.levels:
        change_level(
            session, company_id=company_id, level_id=level.id, draft=level.draft, position=None, who="Ana"
        )

    assert session.info == {}


def test_a_level_is_put_where_it_was_asked_to_be(session, company_id, standard):
    draft = LevelDraft(name="Courtesy", days=-5)

    add_level(session, company_id=company_id, plan_id=standard, draft=draft, position=1, who="Ana")

    assert names(session, company_id, standard)[:2] == ["Courtesy", "Payment reminder"]


def test_a_level_moves(session, company_id, standard):
    last = view(session, company_id, standard).levels[-1]

    change_level(session, company_id=company_id, level_id=last.id, draft=last.draft, position=1, who="Ana")

    assert names(session, company_id, standard) == ["Final notice", "Payment reminder", "Second reminder"]


def test_a_changed_text_becomes_a_new_version_and_the_old_one_stays(session, company_id, standard):
    level = view(session, company_id, standard).levels[0]
    draft = replace(level.draft, wordings={"en": WORDS})

    change_level(session, company_id=company_id, level_id=level.id, draft=draft, position=None, who="Ben")

    newest = wording_for(session, company_id=company_id, level_id=level.id, languages=["en"])
    assert (newest.version, newest.text, newest.written_by) == (2, WORDS, "Ben")
    assert (
        len(session.scalars(select(Wording).where(Wording.level_id == level.id)).all())
        == len(languages()) + 1
    )
    assert "de" in find_level(session, company_id=company_id, level_id=level.id).wordings


@pytest.mark.parametrize(
    ("languages", "language"),
    [(["de", "en"], "de"), (["de-AT"], "de"), (["nl", "de"], "de"), (["nl", "it"], "en"), ([""], "en")],
)
def test_words_fall_back_to_the_next_language(session, company_id, standard, languages, language):
    level = view(session, company_id, standard).levels[0]

    found = wording_for(session, company_id=company_id, level_id=level.id, languages=languages)

    assert found.language == language


def test_an_unused_level_can_be_deleted_and_a_used_one_only_retired(session, company_id, standard):
    first, second, _ = view(session, company_id, standard).levels
    item = add_item(session, add_customer(session, company_id), "I-1", TODAY)
    add_place(session, item, first.id, TODAY)

    delete_level(session, company_id=company_id, level_id=second.id, who="Ana")
    with pytest.raises(LevelUsedError, match="Payment reminder"):
        delete_level(session, company_id=company_id, level_id=first.id, who="Ana")
    retire_level(session, company_id=company_id, level_id=first.id, today=TODAY, who="Ana")

    plan = view(session, company_id, standard)
    assert [level.draft.name for level in plan.levels] == ["Final notice"]
    assert [(level.draft.name, level.retired_on) for level in plan.retired] == [("Payment reminder", TODAY)]
    assert plan.retired[0].wordings
    assert plan.levels[0].position == 1


def test_a_level_that_follows_the_previous_one_never_becomes_the_first(session, company_id, standard):
    first, second, _ = view(session, company_id, standard).levels
    after = replace(second.draft, timing=Timing.AFTER_PREVIOUS, days=10)
    change_level(session, company_id=company_id, level_id=second.id, draft=after, position=None, who="Ana")

    with pytest.raises(FirstLevelError):
        retire_level(session, company_id=company_id, level_id=first.id, today=TODAY, who="Ana")
    with pytest.raises(FirstLevelError):
        delete_level(session, company_id=company_id, level_id=first.id, who="Ana")
    with pytest.raises(FirstLevelError):
        change_level(
            session, company_id=company_id, level_id=first.id, draft=first.draft, position=3, who="Ana"
        )


def test_names_are_taken_once(session, company_id, standard):
    with pytest.raises(NameTakenError):
        create_plan(session, company_id=company_id, draft=PlanDraft(name="standard"), who="Ana")
    draft = LevelDraft(name="Final Notice", days=90)
    with pytest.raises(NameTakenError):
        add_level(session, company_id=company_id, plan_id=standard, draft=draft, position=None, who="Ana")


def test_another_default_takes_the_customers_without_a_plan_of_their_own(session, company_id, standard):
    customer_id = add_customer(session, company_id)
    vip = create_plan(session, company_id=company_id, draft=PlanDraft(name="VIP"), who="Ana")

    make_default(session, company_id=company_id, plan_id=vip, who="Ana")

    in_force = plans_in_force(session, company_id=company_id, customer_ids=[customer_id])
    assert in_force.plan_of(customer_id).id == vip
    assert [(plan.draft.name, plan.customers) for plan in plans(session, company_id=company_id)] == [
        ("VIP", 1),
        ("Standard", 0),
    ]
    assert customer_id in session.info["touched"]


def test_a_customer_is_given_a_plan_none_and_the_default_again(session, company_id, standard):
    customer_id = add_customer(session, company_id)
    vip = create_plan(session, company_id=company_id, draft=PlanDraft(name="VIP"), who="Ana")

    found = []
    for plan_id in (vip, None):
        assign_plan(session, company_id=company_id, customer_id=customer_id, plan_id=plan_id, who="Ana")
        in_force = plans_in_force(session, company_id=company_id, customer_ids=[customer_id])
        found.append(in_force.plan_of(customer_id))
    follow_default_plan(session, company_id=company_id, customer_id=customer_id, who="Ana")

    assert (found[0].id, found[1]) == (vip, None)
    in_force = plans_in_force(session, company_id=company_id, customer_ids=[customer_id])
    assert in_force.plan_of(customer_id).id == standard


def test_a_plan_in_use_is_neither_retired_nor_deleted(session, company_id, standard):
    customer_id = add_customer(session, company_id)
    vip = create_plan(session, company_id=company_id, draft=PlanDraft(name="VIP"), who="Ana")
    assign_plan(session, company_id=company_id, customer_id=customer_id, plan_id=vip, who="Ana")

    for plan_id, why in ((standard, "default"), (vip, "1 customers")):
        with pytest.raises(PlanInUseError, match=why):
            retire_plan(session, company_id=company_id, plan_id=plan_id, today=TODAY, who="Ana")
        with pytest.raises(PlanInUseError, match=why):
            delete_plan(session, company_id=company_id, plan_id=plan_id, who="Ana")


def test_an_unused_plan_is_deleted_and_a_used_one_retired(session, company_id, standard):
    unused = create_plan(session, company_id=company_id, draft=PlanDraft(name="A"), who="Ana")
    used = create_plan(session, company_id=company_id, draft=PlanDraft(name="B"), who="Ana")
    for plan_id in (unused, used):
        level_id = add_level(
            session,
            company_id=company_id,
            plan_id=plan_id,
            draft=LevelDraft(name="First", days=1, wordings={"en": WORDS}),
            position=None,
            who="Ana",
        )
    add_place(session, add_item(session, add_customer(session, company_id), "I-1", TODAY), level_id, TODAY)

    delete_plan(session, company_id=company_id, plan_id=unused, who="Ana")
    with pytest.raises(PlanInUseError, match="Retire it"):
        delete_plan(session, company_id=company_id, plan_id=used, who="Ana")
    retire_plan(session, company_id=company_id, plan_id=used, today=TODAY, who="Ana")
    with pytest.raises(PlanInUseError, match="retired"):
        make_default(session, company_id=company_id, plan_id=used, who="Ana")

    assert [(plan.draft.name, plan.retired_on) for plan in plans(session, company_id=company_id)] == [
        ("Standard", None),
        ("B", TODAY),
    ]


def test_another_companys_plans_and_levels_are_not_there(session, company_id, standard):
    stranger, customer = add_company(session, "Stranger"), add_customer(session, company_id)
    level = view(session, company_id, standard).levels[0]

    assert find_plan(session, company_id=stranger, plan_id=standard) is None
    assert find_level(session, company_id=stranger, level_id=level.id) is None
    with pytest.raises(UnknownPlanError):
        make_default(session, company_id=stranger, plan_id=standard, who="Eve")
    with pytest.raises(UnknownLevelError):
        delete_level(session, company_id=stranger, level_id=level.id, who="Eve")
    with pytest.raises(UnknownCustomerError):
        assign_plan(session, company_id=stranger, customer_id=customer, plan_id=None, who="Eve")
    with pytest.raises(UnknownCustomerError):
        follow_default_plan(session, company_id=stranger, customer_id=customer, who="Eve")


def test_places_are_brought_over_once_and_give_the_last_contact(session, company_id, standard):
    first, second, third = (level.id for level in view(session, company_id, standard).levels)
    customer_id = add_customer(session, company_id)
    items = [add_item(session, customer_id, f"I-{n}", TODAY) for n in range(4)]
    add_place(session, items[3], third, TODAY)
    days = (date(2026, 10, 1), date(2026, 11, 1))
    places = [
        BroughtPlace(instalment_id=items[0], level_id=third, followed_on=days[0]),
        BroughtPlace(instalment_id=items[1], level_id=second, followed_on=days[1]),
        BroughtPlace(instalment_id=items[2], level_id=first, followed_on=days[1]),
        BroughtPlace(instalment_id=items[3], level_id=first, followed_on=days[1]),
    ]

    last = bring_over(session, company_id=company_id, places=places)
    again = bring_over(session, company_id=company_id, places=places)

    assert last == {
        customer_id: LastContact(
            customer_id=customer_id, level_id=second, followed_on=days[1], deadline_days=10
        )
    }
    assert again == {}
    assert session.get(ItemPlace, items[3]).level_id == third


def test_a_file_adds_changes_and_takes_away_levels_by_their_names(session, company_id, standard):
    plan = view(session, company_id, standard)
    add_place(
        session,
        add_item(session, add_customer(session, company_id), "I-1", TODAY),
        plan.levels[0].id,
        TODAY,
    )
    second = replace(plan.levels[1].draft, days=25)
    whole = replace(plan.whole, levels=(LevelDraft(name="Courtesy", days=-3), second))

    same = write_whole_plan(session, company_id=company_id, whole=whole, today=TODAY, who="Ana")

    after = view(session, company_id, same)
    assert same == standard
    assert [(level.draft.name, level.draft.days) for level in after.levels] == [
        ("Courtesy", -3),
        ("Second reminder", 25),
    ]
    assert [level.draft.name for level in after.retired] == ["Payment reminder"]
    assert after.levels[1].id == plan.levels[1].id
