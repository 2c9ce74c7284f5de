import re
from io import BytesIO

import pytest

from arfollow.access import Role
from arfollow.companies.queries import find_company
from arfollow.levels.queries.plans import plans
from arfollow.setup.operations import found_company
from arfollow.users.queries import find_member, members
from tests.factories import books, standing_still

ADDRESS = {
    "name": "ACME GmbH",
    "street": "Hauptstr. 1",
    "postal_code": "10115",
    "city": "Berlin",
    "country": "DE",
    "email": "acme@example.com",
    "language": "en",
    "timezone": "Europe/Berlin",
}
BANK = {"bank-currency": "EUR", "bank-iban": "DE02 1203 0000 0000 2020 51"}
UNSEEN = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0"/></svg>'
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9" fill="#0a5"/></svg>'


@pytest.fixture
def site(sqlite_site):
    """Each page is opened on both engines by the guards."""
    return sqlite_site


@pytest.fixture
def company(site):
    """A company as `init` makes it; gives its id."""
    with site.writing() as session:
        return found_company(
            session, name="New GmbH", country="DE", currency="EUR", language="en", who="system"
        )


@pytest.fixture
def administrator(site, company):
    return site.sign_in(Role.ADMINISTRATOR, company_id=company)


def with_files(fields):
    return {
        name: (BytesIO(each), "logo.svg") if isinstance(each, bytes) else each
        for name, each in fields.items()
    }


def states(visitor):
    """How the five steps stand, in order."""
    text = visitor.get("/setup/team").text
    return re.findall(r'<li class="stepper-(\w+)">', text)


class TestLeading:
    def test_an_administrator_of_an_empty_company_begins_with_the_steps(self, administrator):
        assert administrator.get("/").location == "/setup"

    def test_a_clerk_begins_with_the_list_and_hears_nothing_of_it(self, site, company):
        clerk = site.sign_in(Role.CLERK, company_id=company)

        assert clerk.get("/").location == "/follow-ups"
        assert "Setting up" not in clerk.get("/follow-ups").text

    def test_with_customers_the_list_comes_first_and_says_what_is_left(self, site, company, administrator):
        with books(site, company_id=company) as ledger:
            ledger.debtor("Lena")

        assert administrator.get("/").location == "/follow-ups"
        shown = administrator.get("/follow-ups").text
        assert "Setting up: 1 of 5 steps done." in shown
        assert "Left: Company, Mail server, Plan, Team." in shown

    def test_who_does_not_want_to_hear_of_it_is_left_alone_until_asking_again(
        self, site, company, administrator
    ):
        administrator.post("/setup/dismiss")
        silent = administrator.get("/follow-ups").text

        administrator.post("/setup/resume")

        assert "Setting up:" not in silent
        assert "Setting up:" in administrator.get("/follow-ups").text
        assert [tag for tag, _ in site.entries("setup", company)] == ["setup:dismissed", "setup:resumed"]


class TestSkipping:
    def test_a_step_that_is_skipped_leads_to_the_next_and_can_be_taken_up_again(self, administrator):
        skipped = administrator.post("/setup/company/skip")
        after = states(administrator)

        taken_up = administrator.post("/setup/company/take-up")

        assert (skipped.location, after) == ("/setup/mail", ["skipped", "open", "open", "open", "open"])
        assert (taken_up.location, states(administrator)[0]) == ("/setup/company", "open")

    def test_after_the_last_step_comes_the_overview(self, administrator):
        assert administrator.post("/setup/team/skip").location == "/setup"

    def test_one_company_knows_nothing_of_what_was_skipped_in_another(self, site, administrator):
        administrator.post("/setup/plan/skip")

        other = site.sign_in(Role.ADMINISTRATOR, email="other@example.com", company_id=site.company_id)

        assert states(other)[3] == "open"


class TestCompany:
    def test_everything_is_entered_on_one_page(self, site, company, administrator):
        entered = ADDRESS | BANK | {"money-currency": "CHF", "logo": DRAWING}
        answer = administrator.post("/setup/company", with_files(entered))

        assert answer.location == "/setup/mail"
        assert states(administrator)[0] == "done"
        with site.reading() as session:
            found = find_company(session, company_id=company)
        assert (found.street, found.currency, found.has_logo) == ("Hauptstr. 1", "CHF", True)
        assert [account.iban for account in found.bank_accounts] == ["DE02120300000000202051"]

    def test_a_bank_account_may_come_later(self, administrator):
        answer = administrator.post("/setup/company", ADDRESS | {"bank-currency": "EUR"})

        assert answer.location == "/setup/mail"
        assert "Still missing: a bank account." in administrator.get("/setup").text

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"name": ""}, "This field is required."),
            ({"bank-iban": "DE00"}, "is not an IBAN"),
            ({"money-currency": "XXL"}, "Not a valid choice."),
            ({"logo": b"GIF89a"}, "The logo has to be an SVG, a PNG or a JPEG file."),
            ({"logo": UNSEEN}, "Nothing of this file would be seen on paper"),
        ],
    )
    def test_nothing_is_saved_while_something_is_wrong(self, site, company, administrator, change, words):
        answer = administrator.post("/setup/company", with_files(ADDRESS | BANK | change))

        assert answer.status_code == 422
        assert words in answer.text
        assert site.entries("company", company) == [("company:created", "Created New GmbH")]

    def test_the_currency_stays_once_there_are_customers(self, site, company, administrator):
        with books(site, company_id=company) as ledger:
            ledger.customer("Lena")

        administrator.post("/setup/company", ADDRESS | {"money-currency": "CHF"})

        with site.reading() as session:
            assert find_company(session, company_id=company).currency == "EUR"


class TestPlan:
    def choose(self, visitor, key):
        return visitor.post("/setup/plan", {"plan": key})

    def test_each_plan_says_whom_it_would_bring_up_tomorrow(self, site, company, administrator):
        with books(site, company_id=company) as ledger:
            for late in (10, 16, 30):
                ledger.debtor("", ("100.00", late))

        with standing_still():
            shown = administrator.get("/setup/plan").text

        counts = re.findall(r'class="plan-choice-count">(\d+)<', shown)
        assert counts == ["1", "2", "3"]

    def test_the_plan_from_before_gives_way_when_nobody_has_changed_or_used_it(
        self, site, company, administrator
    ):
        answer = self.choose(administrator, "strict")

        assert answer.location == "/setup/team"
        assert states(administrator)[3] == "done"
        with site.reading() as session:
            found = plans(session, company_id=company)
        assert [(plan.draft.name, plan.is_default) for plan in found] == [("Strict", True)]
        assert [level.draft.days for level in found[0].levels] == [5, 14, 24]

    def test_a_plan_that_somebody_changed_stays_beside_the_new_one(self, site, company, administrator):
        with site.reading() as session:
            level = plans(session, company_id=company)[0].levels[0]
        administrator.post(f"/levels/{level.id}/retire")
        with site.reading() as session:
            before = plans(session, company_id=company)[0].whole

        self.choose(administrator, "gentle")

        with site.reading() as session:
            found = {plan.draft.name: plan for plan in plans(session, company_id=company)}
        assert {name: plan.is_default for name, plan in found.items()} == {
            "Gentle": True,
            "Standard": False,
        }
        assert found["Standard"].whole == before

    def test_to_keep_the_plan_is_a_choice(self, site, company, administrator):
        self.choose(administrator, "usual")

        assert states(administrator)[3] == "done"
        with site.reading() as session:
            assert [plan.draft.name for plan in plans(session, company_id=company)] == ["Standard"]
        assert ("setup:plan", "Setting up: the plan stays as it is") in site.entries("setup", company)

    def test_the_way_back_is_the_same(self, site, company, administrator):
        self.choose(administrator, "strict")

        self.choose(administrator, "usual")

        with site.reading() as session:
            assert [plan.draft.name for plan in plans(session, company_id=company)] == ["Standard"]

    def test_a_plan_that_there_is_not_is_refused(self, administrator):
        assert self.choose(administrator, "harsh").status_code == 404


class TestTeam:
    def test_a_new_colleague_gets_a_password_that_is_shown_once(self, site, company, administrator):
        shown = administrator.post(
            "/setup/team", {"name": "Bob", "email": "bob@example.com", "role": "clerk"}
        ).text

        password = re.search(r'class="password">([^<]+)<', shown)[1]
        assert states(administrator)[4] == "done"
        assert password not in administrator.get("/setup/team").text
        with site.reading() as session:
            assert {member.email for member in members(session, company_id=company)} == {
                "administrator@example.com",
                "bob@example.com",
            }

    def test_somebody_with_an_account_keeps_the_password(self, site, company, administrator):
        user_id = site.person(Role.CLERK, email="bob@example.com")

        answer = administrator.post(
            "/setup/team", {"name": "Bob", "email": "bob@example.com", "role": "manager"}
        )

        assert answer.location == "/setup/team"
        with site.reading() as session:
            assert find_member(session, company_id=company, user_id=user_id).role is Role.MANAGER

    def test_nobody_is_added_twice(self, administrator):
        details = {"name": "Ada", "email": "administrator@example.com", "role": "clerk"}

        answer = administrator.post("/setup/team", details)

        assert answer.status_code == 422
        assert "This person works here already." in answer.text
