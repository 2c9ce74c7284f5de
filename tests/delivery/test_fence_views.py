import pytest

from arfollow.access import Role
from arfollow.delivery.operations import enqueue
from arfollow.delivery.queries import View, counts
from arfollow.fence import operations
from arfollow.fence.rules import Reason
from arfollow.receivables.operations.customers import CustomerFields, save_customer

PAGE = "/settings/sending"
STOPPED = "Nothing is sent"


@pytest.fixture
def waiting(site) -> list[int]:
    """Ids of three messages that wait."""
    with site.writing() as session:
        fields = CustomerFields(name="Bäckerei Ümit")
        who = {"company_id": site.company_id, "who": "Ana"}
        customer_id = save_customer(session, **who, number="C-1", customer=fields)
        return [
            enqueue(
                session,
                company_id=site.company_id,
                customer_id=customer_id,
                key=key,
                purpose="follow-up",
                channel="email",
                facts={},
                queued_by="Ana",
            )
            for key in "abc"
        ]


def stop(site) -> None:
    with site.writing() as session:
        operations.close(session, because=Reason.ELSEWHERE)


def cancelled(site) -> int:
    with site.reading() as session:
        return counts(session, company_id=site.company_id)[View.CANCELLED]


def may_send(site) -> bool:
    with site.writing() as session:
        return operations.lets_through(session)


def test_an_administrator_sees_why_nothing_is_sent_and_what_waits(site, waiting):
    stop(site)

    text = site.sign_in(Role.ADMINISTRATOR).get(PAGE).text

    assert "The database is not the file it was" in text
    assert text.count("may have been sent</span>") == 3
    assert "3 messages" in text


@pytest.mark.parametrize("path", ["/follow-ups", "/customers", "/deliveries"])
@pytest.mark.parametrize(
    ("role", "words"), [(Role.ADMINISTRATOR, PAGE), (Role.CLERK, "until an administrator confirms")]
)
def test_the_list_and_the_deliveries_say_it_on_top(sqlite_site, path, role, words):
    visitor = sqlite_site.sign_in(role)
    assert STOPPED not in visitor.get(path).text
    stop(sqlite_site)

    text = visitor.get(path).text

    assert STOPPED in text
    assert words in text


def test_confirming_sends_again_and_is_an_entry(site):
    stop(site)

    answer = site.sign_in(Role.ADMINISTRATOR).post(f"{PAGE}/confirm", {"reason": "New machine"})

    assert answer.status_code == 303
    assert may_send(site)
    assert site.entries("fence")[-1] == ("fence:confirmed", "Sending again from here: New machine")


def test_confirming_needs_a_reason(sqlite_site):
    stop(sqlite_site)

    answer = sqlite_site.sign_in(Role.ADMINISTRATOR).post(f"{PAGE}/confirm", {"reason": " "})

    assert answer.status_code == 422
    assert not may_send(sqlite_site)


def test_what_is_not_stopped_cannot_be_confirmed(sqlite_site):
    answer = sqlite_site.sign_in(Role.ADMINISTRATOR).post(f"{PAGE}/confirm", {"reason": "Why not"})

    assert answer.status_code == 409
    assert sqlite_site.entries("fence") == []


def test_chosen_messages_are_taken_back(site, waiting):
    stop(site)
    chosen = {"delivery": waiting[:2], "back-reason": "Sent by the original"}

    answer = site.sign_in(Role.ADMINISTRATOR).post(f"{PAGE}/take-back", chosen)

    assert answer.status_code == 303
    assert cancelled(site) == 2
    assert site.entries("email")[-1] == ("email:cancelled", "Sent by the original")


def test_all_messages_are_taken_back_at_once(site, waiting):
    site.sign_in(Role.ADMINISTRATOR).post(f"{PAGE}/take-back", {"all": "1", "back-reason": "Test system"})

    assert cancelled(site) == 3


@pytest.mark.parametrize("data", [{"back-reason": "None chosen"}, {"all": "1", "back-reason": ""}])
def test_taking_back_needs_a_choice_and_a_reason(sqlite_site, data):
    answer = sqlite_site.sign_in(Role.ADMINISTRATOR).post(f"{PAGE}/take-back", data)

    assert answer.status_code == 422


def test_messages_of_another_company_are_not_taken_back(site, waiting):
    other = site.company()
    visitor = site.sign_in(Role.ADMINISTRATOR, company_id=other)

    visitor.post(f"{PAGE}/take-back", {"delivery": waiting, "back-reason": "Mine"})

    assert cancelled(site) == 0
    assert "Bäckerei" not in visitor.get(PAGE).text


@pytest.mark.parametrize("role", [Role.CLERK, Role.MANAGER, Role.AUDITOR])
def test_nobody_else_sees_the_page(sqlite_site, role):
    visitor = sqlite_site.sign_in(role)

    assert visitor.get(PAGE).status_code == 403
    assert f'href="{PAGE}"' not in visitor.get("/settings/company").text
