import pytest

from arfollow.access import Role
from arfollow.users.operations import remove_role
from tests.factories import books
from tests.followup.desks import words_of

PATH = "/settings/responsibility"


@pytest.fixture
def ana(site):
    return site.person(Role.CLERK, name="Ana", email="ana@example.com")


@pytest.fixture
def manager(site, ana):
    with books(site) as book:
        for country in ("AT", "DE"):
            book.customer(number=f"C-{country}", country=country)
    return site.sign_in(Role.MANAGER, name="Maria")


def rule(position, by, asked, user):
    return {
        f"rules-{position}-{name}": value for name, value in (("by", by), ("asked", asked), ("user", user))
    }


def test_rules_are_saved_and_carried_out(manager, ana):
    answer = manager.post(PATH, rule(0, "country", "at", ana))

    assert answer.location == PATH
    assert "Ana 1 0" in words_of(manager.get(PATH).text)
    assert "By the rules: Ana" in manager.get("/customers/C-AT/card").text


def test_a_rule_that_cannot_be_read_is_refused(manager, ana):
    answer = manager.post(PATH, rule(0, "country", "Austria", ana))

    assert answer.status_code == 422
    assert "not a country code" in answer.text


def test_rules_are_moved_before_they_are_saved(manager, ana):
    rules = {**rule(0, "country", "AT", ana), **rule(1, "country", "DE", ana)}

    moved = manager.post(PATH, {**rules, "do": "down-0"}).text

    assert moved.index('value="DE"') < moved.index('value="AT"')
    assert "Not saved yet." in moved
    assert "No rules" in manager.get(PATH).text


@pytest.mark.parametrize("what", ["up-9", "remove-x", "burn-1", "up-", "down-0"])
def test_a_button_that_is_none_changes_nothing(manager, ana, what):
    answer = manager.post(PATH, {**rule(0, "country", "AT", ana), "do": what})

    assert answer.status_code == 200
    assert 'value="AT"' in answer.text


def test_customers_of_somebody_who_left_are_handed_over(site, manager, ana):
    with books(site) as book:
        book.customer(number="C-3", responsible_id=ana)
    with site.writing() as session:
        remove_role(session, company_id=site.company_id, user_id=ana, who="Maria")
    left = words_of(manager.get(PATH).text)
    jan = site.person(Role.CLERK, name="Jan", email="jan@example.com")

    manager.post(f"{PATH}/hand-over", {"giver": ana, "taker": jan})

    assert "Ana no longer works here 1 0" in left
    assert "Jan 1 0" in words_of(manager.get(PATH).text)


def test_nobody_hands_over_to_themselves(manager, ana):
    manager.post(PATH, rule(0, "everybody", "", ana))

    answer = manager.post(f"{PATH}/hand-over", {"giver": ana, "taker": ana})

    assert answer.status_code == 422
    assert "Choose two different people." in answer.text


def test_a_clerk_sees_the_rules_and_changes_none(site, manager):
    clerk = site.sign_in(Role.CLERK)

    assert clerk.get(PATH).status_code == 200
    assert clerk.post(PATH, {}).status_code == 403
