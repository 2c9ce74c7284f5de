import pytest
from sqlalchemy.orm import Session

from arfollow.access import Role
from arfollow.users import operations
from arfollow.users.passwords import is_password
from arfollow.users.queries import find_account, find_credentials, find_member, workplaces
from arfollow.users.rules import PasswordError


def test_a_new_user_has_a_role_and_two_entries(site):
    user_id = site.person(Role.CLERK, name="Ana Maier", email=" Ana@Example.com ")

    with site.reading() as session:
        account = find_account(session, user_id=user_id)
        assert (account.email, account.name, account.one_time_password) == (
            "ana@example.com",
            "Ana Maier",
            False,
        )
        assert [place.role for place in workplaces(session, user_id=user_id)] == [Role.CLERK]
    assert site.entries("user") == [
        ("user:added", "Added Ana Maier"),
        ("user:role", "Ana Maier: no role → clerk"),
    ]


def test_an_address_has_one_account_however_it_is_written(site):
    site.person(Role.CLERK, email="ana@example.com")

    with pytest.raises(operations.EmailTakenError, match="ana@example"):
        site.person(Role.MANAGER, email="ANA@example.com")


def test_a_new_password_ends_sessions_and_is_an_entry_in_each_company(site):
    user_id = site.person(Role.CLERK, name="Ana")
    other = site.company()
    with site.writing() as session:
        operations.set_role(session, company_id=other, user_id=user_id, role=Role.AUDITOR, who="system")
    with site.reading() as session:
        before = find_account(session, user_id=user_id).session_key

    with site.writing() as session:
        operations.change_password(session, user_id=user_id, password="another long one", who="Ana")

    with site.reading() as session:
        assert find_account(session, user_id=user_id).session_key != before
    for company_id in (site.company_id, other):
        assert site.entries("user", company_id)[-1] == ("user:password", "Ana has a new password")


@pytest.mark.parametrize("password", ["short", "clerk@example.com", "correct horse battery"])
def test_a_password_that_is_weak_or_the_old_one_is_refused(site, password):
    user_id = site.person(Role.CLERK)

    with pytest.raises(PasswordError), site.writing() as session:
        operations.change_password(session, user_id=user_id, password=password, who="Ana")


def test_a_reset_gives_a_one_time_password(site):
    user_id = site.person(Role.CLERK)

    with site.writing() as session:
        password = operations.reset_password(session, user_id=user_id, who="Eva")

    with site.reading() as session:
        credentials = find_credentials(session, email="clerk@example.com")
        assert is_password(password, credentials.password_hash)
        assert find_account(session, user_id=user_id).one_time_password


@pytest.mark.parametrize("how", ["demote", "remove", "deactivate"])
def test_the_last_administrator_stays(site, how):
    user_id = site.person(Role.ADMINISTRATOR)
    retired = site.person(Role.ADMINISTRATOR, email="retired@example.com")
    with site.writing() as session:
        operations.deactivate(session, user_id=retired, who="system")

    with pytest.raises(operations.LastAdministratorError), site.writing() as session:
        take_away(session, how, company_id=site.company_id, user_id=user_id)


@pytest.mark.parametrize("how", ["demote", "remove", "deactivate"])
def test_an_administrator_may_go_when_there_is_another(site, how):
    user_id = site.person(Role.ADMINISTRATOR)
    site.person(Role.ADMINISTRATOR, email="second@example.com")

    with site.writing() as session:
        take_away(session, how, company_id=site.company_id, user_id=user_id)

    with site.reading() as session:
        member = find_member(session, company_id=site.company_id, user_id=user_id)
        assert member is None or not member.active or member.role is Role.CLERK


def take_away(session: Session, how: str, *, company_id: int, user_id: int) -> None:
    if how == "demote":
        operations.set_role(session, company_id=company_id, user_id=user_id, role=Role.CLERK, who="Eva")
    elif how == "remove":
        operations.remove_role(session, company_id=company_id, user_id=user_id, who="Eva")
    else:
        operations.deactivate(session, user_id=user_id, who="Eva")


def test_who_does_not_administer_all_companies_of_a_user_may_not_manage_the_account(site):
    administrator = site.person(Role.ADMINISTRATOR)
    user_id = site.person(Role.CLERK, name="Ana")
    with site.reading() as session:
        operations.check_administers(session, administrator_id=administrator, user_id=user_id)
    other = site.company()
    with site.writing() as session:
        operations.set_role(session, company_id=other, user_id=user_id, role=Role.CLERK, who="system")

    with pytest.raises(operations.ElsewhereError, match="Ana also works"), site.reading() as session:
        operations.check_administers(session, administrator_id=administrator, user_id=user_id)
