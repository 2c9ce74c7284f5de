import pytest
from sqlalchemy import select

from arfollow.access import Role
from arfollow.levels.drafts import LevelDraft, PlanDraft, WholePlan
from arfollow.levels.operations import write_whole_plan
from arfollow.levels.tables import Plan
from tests.factories import TODAY, books
from tests.followup.desks import customer_of, desk, words_of


def gentle_plan(book):
    whole = WholePlan(
        plan=PlanDraft(name="Gentle"),
        levels=(LevelDraft(name="Friendly word", days=60, actions=("email",)),),
    )
    write_whole_plan(book.session, company_id=book.company_id, whole=whole, today=TODAY, who="Ana")


@pytest.fixture
def page(site):
    with desk(site, ("100.00", 35), role=Role.MANAGER) as page:
        with books(site) as book:
            gentle_plan(book)
        yield page


def plan_named(site, name):
    with site.reading() as session:
        return str(session.scalars(select(Plan.id).where(Plan.name == name)).one())


def test_every_plan_says_what_it_would_do(page):
    words = words_of(page.visitor.get("/customers/C-1/plan").text)

    assert "Standard, the company's default follows it now Level: Payment reminder. Here because" in words
    assert "Gentle Not on the list: no level is due yet." in words
    assert "No follow-up Not on the list: this customer is in no plan" in words


def test_items_keep_their_place_in_the_plan_that_is_looked_at(page, site):
    with books(site) as book:
        book.done(customer_of(book))
    words = words_of(page.visitor.get("/customers/C-1/plan").text)

    assert "the company's default follows it now Level: Payment reminder." in words
    assert "Gentle Not on the list" in words


def test_a_customer_is_given_another_plan_none_and_the_default_again(page, site):
    page.click("plan", htmx=False, plan=plan_named(site, "Gentle"))
    gentle = page.open()
    page.click("plan", htmx=False, plan="none")
    none = page.open()
    page.click("plan", htmx=False, plan="default")

    assert "plan: Gentle" in gentle
    assert "no follow-up" in none
    assert "plan: Standard" in page.open()
    assert page.row().status == "action"


@pytest.mark.parametrize("plan", ["", "999", "-1", "Gentle"])
def test_a_plan_that_is_not_there_is_refused(page, plan):
    status = page.click("plan", htmx=False, plan=plan)

    assert status == 422
    assert "plan: Standard" in page.open()
