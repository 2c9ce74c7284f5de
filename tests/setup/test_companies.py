import pytest

from arfollow.access import Role
from arfollow.companies.queries import company_names, find_company
from arfollow.levels.queries.plans import plans
from arfollow.users.operations import join
from arfollow.users.queries import find_member, members

NEW = {"name": "Filiale AG", "country": "CH", "currency": "CHF", "language": "en"}


@pytest.fixture
def administrator(site):
    return site.sign_in(Role.ADMINISTRATOR)


def added(site, name="Filiale AG") -> int:
    """The id of the company of that name."""
    with site.reading() as session:
        return next(each.id for each in company_names(session) if each.name == name)


class TestAddingOne:
    def test_it_begins_as_the_first_one_did_with_its_founder_at_work_there(self, site, administrator):
        answer = administrator.post("/settings/companies", NEW)

        company_id = added(site)
        assert answer.location == "/setup"
        assert "Setting up Filiale AG" in administrator.get("/setup").text
        with site.reading() as session:
            found = find_company(session, company_id=company_id)
            assert (found.currency, found.language, found.timezone) == ("CHF", "en", "Europe/Zurich")
            assert [plan.is_default for plan in plans(session, company_id=company_id)] == [True]

    def test_both_companies_keep_it_in_their_chatter(self, site, administrator):
        administrator.post("/settings/companies", NEW)

        company_id = added(site)
        assert site.entries("company")[-1] == ("company:added", "Added the company Filiale AG")
        assert site.entries("company", company_id) == [("company:created", "Created Filiale AG")]
        assert site.entries("user", company_id) == [("user:role", "Administrator: no role → administrator")]

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"name": " "}, "This field is required."),
            ({"name": "acme GMBH"}, "There is a company called acme GMBH already."),
            ({"country": "Mars"}, "Not a valid choice."),
            ({"currency": "XXL"}, "Not a valid choice."),
        ],
    )
    def test_nothing_is_added_without_a_reason_why(self, site, administrator, change, words):
        answer = administrator.post("/settings/companies", NEW | change)

        assert answer.status_code == 422
        assert words in answer.text
        with site.reading() as session:
            assert len(company_names(session)) == 1

    @pytest.mark.parametrize("role", [Role.CLERK, Role.MANAGER, Role.AUDITOR])
    def test_only_administrators_add_one(self, site, role):
        visitor = site.sign_in(role)

        assert visitor.post("/settings/companies", NEW).status_code == 403


class TestOverview:
    def test_it_lists_those_that_one_administers_and_no_others(self, site, administrator):
        site.company("Foreign Ltd")

        shown = administrator.get("/settings/companies").text

        assert "ACME GmbH" in shown
        assert "Foreign Ltd" not in shown

    def test_a_company_where_one_is_less_than_that_is_not_listed(self, site, administrator):
        administrator.post("/settings/companies", NEW)
        company_id = added(site)
        clerk = site.sign_in(Role.ADMINISTRATOR, email="two@example.com")
        with site.writing() as session:
            join(
                session,
                company_id=company_id,
                email="two@example.com",
                name="",
                role=Role.CLERK,
                who="system",
            )

        assert '<th scope="row">Filiale AG' not in clerk.get("/settings/companies").text


class TestRolesElsewhere:
    def give(self, visitor, user_id, company_id, role="clerk"):
        return visitor.post(
            f"/settings/users/{user_id}/elsewhere", {"company": str(company_id), "role": role}
        )

    def role(self, site, user_id, company_id):
        with site.reading() as session:
            found = find_member(session, company_id=company_id, user_id=user_id)
        return found and found.role

    @pytest.fixture
    def two_companies(self, site, administrator):
        """The administrator at work in the first of two own companies; gives the second's id."""
        administrator.post("/settings/companies", NEW)
        administrator.post("/company", {"company": site.company_id})
        return added(site)

    def test_a_colleague_gets_a_role_in_another_own_company(self, site, administrator, two_companies):
        user_id = site.person(Role.CLERK)
        before = administrator.get(f"/settings/users/{user_id}").text

        answer = self.give(administrator, user_id, two_companies, "manager")

        assert "Filiale AG" in before
        assert answer.location == f"/settings/users/{user_id}"
        assert self.role(site, user_id, two_companies) is Role.MANAGER
        assert site.entries("user", two_companies)[-1] == ("user:role", "Clerk: no role → manager")

    def test_the_users_page_shows_it_to_who_administers_both_alone(self, site, administrator, two_companies):
        user_id = site.person(Role.CLERK)
        self.give(administrator, user_id, two_companies, "manager")
        stranger = site.sign_in(Role.ADMINISTRATOR, email="two@example.com")

        assert "Filiale AG: Manager" in administrator.get("/settings/users").text
        assert "Filiale AG" not in stranger.get("/settings/users").text

    def test_the_last_administrator_of_the_other_company_stays_one(self, site, administrator, two_companies):
        with site.reading() as session:
            own = next(
                member.user_id
                for member in members(session, company_id=site.company_id)
                if member.role is Role.ADMINISTRATOR
            )

        assert self.give(administrator, own, two_companies, "clerk").status_code == 409
        assert self.role(site, own, two_companies) is Role.ADMINISTRATOR

    def test_nobody_gets_a_role_where_one_is_no_administrator(self, site, administrator):
        foreign = site.company("Foreign Ltd")
        user_id = site.person(Role.CLERK)

        assert self.give(administrator, user_id, foreign).status_code == 404
        assert self.role(site, user_id, foreign) is None
        assert "Foreign Ltd" not in administrator.get(f"/settings/users/{user_id}").text

    def test_somebody_from_elsewhere_alone_is_not_reached(self, site, administrator, two_companies):
        stranger = site.person(
            Role.CLERK, email="stranger@example.com", company_id=site.company("Foreign Ltd")
        )

        assert self.give(administrator, stranger, two_companies).status_code == 404
        assert self.role(site, stranger, two_companies) is None
