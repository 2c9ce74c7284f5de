import re

import pytest

from arfollow.access import Role
from arfollow.users import operations
from tests.fixtures.apps import PASSWORD


@pytest.fixture
def administrator(site):
    return site.sign_in(Role.ADMINISTRATOR)


def add(visitor, **fields):
    details = {"name": "Bob", "email": "bob@example.com", "role": "clerk"} | fields
    return visitor.post("/settings/users", details)


def test_a_new_user_signs_in_with_the_password_that_was_shown(site, administrator):
    shown = add(administrator, role="manager").text
    password = re.search(r'class="password">([^<]+)<', shown)[1]
    visitor = site.visitor()

    answer = visitor.post("/sign-in", {"email": "bob@example.com", "password": password})

    assert answer.status_code == 303
    assert visitor.get("/settings/users").location == "/account"
    assert password not in administrator.get("/settings/users").text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"email": "no address"}, "is not a valid e-mail address"),
        ({"email": "administrator@example.com"}, "works here already"),
        ({"name": ""}, "This field is required."),
        ({"role": "emperor"}, "Not a valid choice."),
    ],
)
def test_a_user_is_not_added_without_a_reason_why(administrator, fields, words):
    answer = add(administrator, **fields)

    assert answer.status_code == 422
    assert words in answer.text


def test_somebody_from_another_company_gets_a_role_and_keeps_the_password(site, administrator):
    other = site.company()
    site.person(Role.CLERK, email="bob@example.com", company_id=other)

    answer = add(administrator, role="auditor")

    assert answer.location == "/settings/users"
    assert ("user:role", "Clerk: no role → auditor") in site.entries("user")


def test_a_role_is_changed(site, administrator):
    user_id = site.person(Role.CLERK)

    administrator.post(f"/settings/users/{user_id}/role", {"role": "manager"})

    assert site.entries("user")[-1] == ("user:role", "Clerk: clerk → manager")


def test_the_last_administrator_is_told_why_the_role_stays(administrator):
    answer = administrator.post("/settings/users/1/role", {"role": "clerk"})

    assert answer.status_code == 409
    assert "last administrator" in answer.text


@pytest.mark.parametrize("what", ["password", "deactivate"])
def test_an_account_of_another_company_too_is_not_managed_from_here(site, administrator, what):
    user_id = site.person(Role.CLERK, name="Bob")
    other = site.company()
    with site.writing() as session:
        operations.set_role(session, company_id=other, user_id=user_id, role=Role.CLERK, who="system")

    answer = administrator.post(f"/settings/users/{user_id}/{what}")

    assert answer.status_code == 409
    assert "Bob also works in another company" in answer.text


def test_who_is_deactivated_is_out_and_comes_back_with_the_old_password(site, administrator):
    clerk = site.sign_in(Role.CLERK)
    user_id = 2

    administrator.post(f"/settings/users/{user_id}/deactivate")
    assert clerk.get("/account").status_code == 303
    administrator.post(f"/settings/users/{user_id}/reactivate")

    assert clerk.post("/sign-in", {"email": "clerk@example.com", "password": PASSWORD}).status_code == 303


def test_who_is_removed_no_longer_works_here(site, administrator):
    user_id = site.person(Role.CLERK, name="Bob")

    answer = administrator.post(f"/settings/users/{user_id}/remove", follow_redirects=True)

    assert "Bob no longer works here." in answer.text
    assert administrator.get(f"/settings/users/{user_id}").status_code == 404


def test_a_one_time_password_ends_the_users_sessions(site, administrator):
    clerk = site.sign_in(Role.CLERK)

    answer = administrator.post("/settings/users/2/password")

    assert "One-time password for Clerk" in answer.text
    assert clerk.get("/account").status_code == 303


@pytest.mark.parametrize("role", [Role.CLERK, Role.MANAGER, Role.AUDITOR])
def test_everybody_sees_who_may_do_what(site, role):
    answer = site.sign_in(role).get("/settings/users")

    assert f"{role.value}@example.com" in answer.text
    assert "Add a user" not in answer.text
