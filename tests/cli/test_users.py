import re

import pytest
from click.testing import CliRunner

from arfollow.access import Role
from arfollow.cli import main
from arfollow.users.queries import find_account_by_email, find_member


@pytest.fixture
def run(site, settings, monkeypatch):
    """Runs `arfollow users` over the site's database."""
    monkeypatch.setenv("ARFOLLOW_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("ARFOLLOW_DATA_DIR", str(settings.data_dir))
    site.person(Role.ADMINISTRATOR, name="Eva Alt")
    return lambda *words: CliRunner().invoke(main, ["users", *words])


def role_of(site, email: str) -> Role:
    with site.reading() as session:
        account = find_account_by_email(session, email=email)
        return find_member(session, company_id=site.company_id, user_id=account.id).role


def test_a_user_is_added_with_a_password_that_is_printed(run, site):
    answer = run("add", "Bob@Example.com", "--name", "Bob", "--role", "manager")
    password = re.search(r"one-time password (\S+)", answer.stdout)[1]

    assert role_of(site, "bob@example.com") is Role.MANAGER
    signed_in = site.visitor().post("/sign-in", {"email": "bob@example.com", "password": password})
    assert signed_in.status_code == 303


def test_somebody_who_has_an_account_gets_the_role(run, site):
    site.person(Role.CLERK, email="bob@example.com")

    answer = run("add", "bob@example.com", "--name", "Bob", "--role", "auditor")

    assert "has that account already" in answer.stdout
    assert role_of(site, "bob@example.com") is Role.AUDITOR


def test_the_list_shows_role_and_state(run, site):
    site.person(Role.CLERK, name="Bob")
    run("deactivate", "clerk@example.com")

    assert run("list").stdout.splitlines() == [
        "administrator@example.com\tadministrator\tactive\tEva Alt",
        "clerk@example.com\tclerk\tdeactivated\tBob",
    ]


def test_a_new_password_is_printed_and_works(run, site):
    password = run("password", "administrator@example.com").stdout.split()[-1]

    answer = site.visitor().post("/sign-in", {"email": "administrator@example.com", "password": password})

    assert answer.status_code == 303


@pytest.mark.parametrize(
    ("words", "code", "problem"),
    [
        (["role", "administrator@example.com", "clerk"], 1, "last administrator"),
        (["deactivate", "administrator@example.com"], 1, "last administrator"),
        (["role", "nobody@example.com", "clerk"], 2, "is no user of ACME GmbH"),
        (["password", "nobody@example.com"], 2, "is no user of ACME GmbH"),
        (["role", "administrator@example.com", "emperor"], 2, "'emperor' is not one of"),
        (["add", "bob@example.com"], 2, "--name"),
        (["list", "--company", "Nobody Ltd"], 2, "There is no company called 'Nobody Ltd'"),
    ],
)
def test_what_goes_wrong_is_said_on_stderr(run, words, code, problem):
    answer = run(*words)

    assert answer.exit_code == code
    assert problem in answer.stderr


def test_with_several_companies_one_has_to_be_named(run, site):
    site.company("Other Ltd")

    assert "--company with one of: ACME GmbH, Other Ltd" in run("list").stderr
    assert "Eva Alt" in run("list", "--company", "acme gmbh").stdout
