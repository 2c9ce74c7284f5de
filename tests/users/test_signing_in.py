import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from arfollow import clock
from arfollow.access import Role
from arfollow.app import create_app
from arfollow.users import operations
from arfollow.users.tables import SignInFailure, User
from tests.fixtures.apps import PASSWORD, make_settings, make_site

NINE = datetime(2026, 11, 21, 9, tzinfo=UTC)


def sign_in(visitor, password=PASSWORD, email="clerk@example.com", **query):
    return visitor.post("/sign-in", {"email": email, "password": password}, query_string=query)


def test_the_right_password_opens_the_door(site):
    site.person(Role.CLERK)
    visitor = site.visitor()

    answer = sign_in(visitor, email=" Clerk@Example.com")

    assert (answer.status_code, answer.location) == (303, "/")
    assert visitor.get("/account").status_code == 200


@pytest.mark.parametrize(
    ("email", "password"), [("clerk@example.com", "wrong"), ("nobody@example.com", PASSWORD)]
)
def test_a_wrong_address_and_a_wrong_password_get_the_same_answer(site, email, password):
    site.person(Role.CLERK)
    visitor = site.visitor()

    answer = sign_in(visitor, password, email)

    assert answer.status_code == 422
    assert "The e-mail address or the password is wrong." in answer.text
    assert visitor.get("/account").location == "/sign-in?next=/account"


def test_nobody_who_was_deactivated_signs_in(site):
    user_id = site.person(Role.CLERK)
    with site.writing() as session:
        operations.deactivate(session, user_id=user_id, who="system")

    assert sign_in(site.visitor()).status_code == 422


def test_who_works_nowhere_is_told_so(site):
    user_id = site.person(Role.CLERK)
    with site.writing() as session:
        operations.remove_role(session, company_id=site.company_id, user_id=user_id, who="system")

    answer = sign_in(site.visitor())

    assert answer.status_code == 422
    assert "work in any company" in answer.text


def test_the_sixth_try_has_to_wait_even_with_the_right_password(site):
    site.person(Role.CLERK)
    visitor = site.visitor()
    with clock.moved_to(NINE):
        for _ in range(5):
            assert sign_in(visitor, "wrong").status_code == 422

        refused = sign_in(visitor)

    assert refused.status_code == 429
    assert "Try again in 30 s." in refused.text
    with clock.moved_to(NINE + timedelta(seconds=30)):
        assert sign_in(visitor).status_code == 303


def test_tries_at_the_same_moment_count_one_by_one(site):
    site.person(Role.CLERK)

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda _: sign_in(site.visitor(), "wrong").status_code, range(16)))

    assert statuses.count(422) == 5
    assert statuses.count(429) == 11


def test_a_success_starts_the_count_afresh_and_old_failures_are_removed(site):
    site.person(Role.CLERK)
    visitor = site.visitor()
    with clock.moved_to(NINE - timedelta(days=2)):
        sign_in(visitor, "wrong", "somebody@example.com")
    with clock.moved_to(NINE):
        sign_in(visitor, "wrong")
        sign_in(visitor)

    with site.reading() as session:
        assert session.scalars(select(SignInFailure.email)).all() == []


def test_a_hash_of_old_parameters_is_renewed_and_the_session_goes_on(site):
    user_id = site.person(Role.CLERK)
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with site.writing() as session:
        user = session.get_one(User, user_id)
        key, user.password_hash = user.session_key, weak
    visitor = site.visitor()

    answer = sign_in(visitor)

    with site.reading() as session:
        user = session.get_one(User, user_id)
        assert (answer.status_code, user.session_key) == (303, key)
        assert user.password_hash != weak


@pytest.mark.parametrize(
    ("wanted", "location"),
    [
        ("/customers/C-1?tab=all", "/customers/C-1?tab=all"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("//[", "/"),
        ("/\\evil.example/", "/"),
        ("/%0d%0aSet-Cookie:x", "/%0d%0aSet-Cookie:x"),
        ("/\r\nSet-Cookie: x", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_the_way_on_never_leaves_this_site(sqlite_site, wanted, location):
    sqlite_site.person(Role.CLERK)

    assert sign_in(sqlite_site.visitor(), next=wanted).location == location


def test_a_page_that_needs_a_sign_in_comes_back_after_it(site):
    answer = site.visitor().get("/settings/users?page=2")

    assert (answer.status_code, answer.location) == (303, "/sign-in?next=/settings/users?page%3D2")


def test_htmx_is_sent_to_the_sign_in_and_back_to_the_page_it_was_on(site):
    visitor = site.visitor()
    visitor.headers = {"HX-Request": "true", "HX-Current-URL": "http://localhost/account?tab=1"}

    answer = visitor.get("/settings/users")

    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/sign-in?next=/account?tab%3D1"


def test_signing_out_ends_the_session(site):
    visitor = site.sign_in(Role.CLERK)

    answer = visitor.post("/sign-out")

    assert answer.location == "/sign-in"
    assert visitor.get("/account").status_code == 303


def test_signing_in_begins_a_session_that_shares_nothing_with_the_one_before(site):
    visitor = site.visitor()
    with visitor.client.session_transaction() as session:
        session["planted"] = "by somebody else"
    site.person(Role.CLERK)

    sign_in(visitor)

    with visitor.client.session_transaction() as session:
        assert "planted" not in session


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(site):
    site.person(Role.CLERK)

    cookie = sign_in(site.visitor()).headers["Set-Cookie"]

    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Expires" in cookie


def test_a_sign_in_lasts_twelve_hours(site):
    visitor = site.sign_in(Role.CLERK)

    assert site.app.permanent_session_lifetime == timedelta(hours=12)
    with visitor.client.session_transaction() as session:
        assert session.permanent


def test_a_user_of_two_companies_changes_between_them(site):
    user_id = site.person(Role.CLERK)
    other = site.company("Other Ltd")
    with site.writing() as session:
        operations.set_role(session, company_id=other, user_id=user_id, role=Role.AUDITOR, who="system")
    visitor = site.visitor()
    sign_in(visitor)
    assert "ACME GmbH" in visitor.get("/settings/company").text.partition("<main")[2]

    answer = visitor.post("/company", {"company": str(other)})

    assert answer.status_code == 303
    assert "Other Ltd" in visitor.get("/settings/company").text.partition("<main")[2]


def test_a_page_left_open_in_one_company_changes_nothing_in_another(site):
    user_id = site.person(Role.CLERK)
    other = site.company("Other Ltd")
    with site.writing() as session:
        operations.set_role(session, company_id=other, user_id=user_id, role=Role.CLERK, who="system")
    visitor = site.visitor()
    sign_in(visitor)
    visitor.get("/account")
    left_open = visitor.token()
    visitor.post("/company", {"company": other})

    refused = visitor.post("/sign-out", {"csrf_token": left_open})
    visitor.post("/company", {"company": site.company_id})
    obeyed = visitor.post("/sign-out", {"csrf_token": left_open})

    assert (refused.status_code, obeyed.status_code) == (400, 303)
    assert "This page is out of date" in refused.text


@pytest.mark.parametrize("company", ["99", "x", ""])
def test_nobody_changes_to_a_company_that_is_not_theirs(site, company):
    visitor = site.sign_in(Role.CLERK)

    assert visitor.post("/company", {"company": company}).status_code == 404


def test_a_role_that_was_taken_away_ends_access_with_the_next_click(site):
    visitor = site.sign_in(Role.CLERK)
    with site.writing() as session:
        user_id = session.scalar(select(User.id))
        operations.remove_role(session, company_id=site.company_id, user_id=user_id, who="system")

    assert visitor.get("/settings/company").status_code == 303


def test_the_day_is_the_companys_and_not_the_servers(site):
    visitor = site.sign_in(Role.CLERK)

    with clock.moved_to(datetime(2026, 11, 21, 23, 30, tzinfo=UTC)):
        page = visitor.get("/account").text

    assert 'datetime="2026-11-22"' in page
    assert "Sunday, 22 November 2026" in page


def test_the_demo_shows_who_may_sign_in(sqlite_url, tmp_path):
    people = [{"role": "clerk", "name": "Ana Maier", "email": "ana@example.com", "password": "demo-clerk"}]
    (tmp_path / "demo").write_text(json.dumps(people))

    with make_site(create_app(make_settings(sqlite_url, tmp_path, demo=True))) as site:
        page = site.visitor().get("/sign-in").text

    assert "Ana Maier" in page
    assert "demo-clerk" in page
