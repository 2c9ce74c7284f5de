"""What a customer does on a page of its own happens once, is logged as its own, and is told to workflows."""

import pytest
from sqlalchemy import select

from arfollow.companies.tables import BankAccount
from arfollow.profiles.operations import erase_profile
from arfollow.profiles.queries import profiles
from arfollow.receivables.operations.erasing import erase_customer
from arfollow.receivables.queries.links import address_of
from arfollow.receivables.rules.links import one_click
from arfollow.receivables.tables import Customer, Dispute, Instalment, Invoice, Promise
from arfollow.workflows.surveys.operations import install_survey
from arfollow.workflows.surveys.tables import SurveyAnswer
from tests.factories import books

WHO = "customer (by link)"


def item(phone, number):
    with phone.site.reading() as session:
        return session.scalars(
            select(Instalment.id)
            .join(Invoice, Invoice.id == Instalment.invoice_id)
            .where(Invoice.number == number)
        ).one()


def rows(phone, table):
    with phone.site.reading() as session:
        return session.scalars(select(table)).all()


def consents(phone):
    with phone.site.reading() as session:
        found = profiles(session, customer_ids=[phone.customer_id])
        return dict(found[phone.customer_id].consents) if found else {}


def test_a_promise_is_made_once_however_often_the_button_is_pressed(phone_anywhere):
    phone = phone_anywhere
    path = phone.open("promise", step="mail")
    page = phone.get(path) and phone.last
    values = {"item": [item(phone, "R-1"), item(phone, "R-2")], "due_on": "2026-12-05"}

    statuses = []
    for _ in range(2):
        phone.last = page
        statuses.append(phone.post(path, **values))

    assert statuses == [303, 303]
    assert [(made.amount, str(made.due_on)) for made in rows(phone, Promise)] == [(70_050, "2026-12-05")]
    assert phone.entries("promise") == [("promise:made", WHO)]
    assert phone.events()[-1] == ("promised", "mail", {"day": "2026-12-05"})
    shown = phone.get(phone.last.location)
    assert "5 Dec 2026" in shown
    assert "This form was sent before and counts once." in shown
    assert "Thank you." not in shown


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"due_on": "2026-11-20"}, "choose a day from today on"),
        ({"due_on": "2027-03-01"}, "choose a day from today on"),
        ({"due_on": ""}, "Please choose a day."),
        ({"due_on": "2026-12-05", "item": []}, "choose at least one invoice"),
        ({"due_on": "2026-12-05", "item": [987_654]}, "choose at least one invoice"),
    ],
)
def test_a_promise_that_cannot_be_is_refused_in_words(phone, values, words):
    path = phone.open("promise")
    phone.get(path)

    status = phone.post(path, **({"item": [item(phone, "R-1")]} | values))

    assert status == 422
    assert words in phone.last.text
    assert rows(phone, Promise) == []
    assert [kind for kind, *_ in phone.events()] == ["confirmed"]


def test_a_dispute_is_noted_in_the_company_s_words_and_the_customer_s(phone_anywhere):
    phone = phone_anywhere
    path = phone.open("dispute")
    page = phone.get(path) and phone.last
    values = {"item": item(phone, "R-1"), "reason": "amount", "text": "Zu viel", "amount": "20.50"}

    for _ in range(2):
        phone.last = page
        assert phone.post(path, **values) == 303

    (made,) = rows(phone, Dispute)
    assert (made.amount, made.reason) == (2050, "The amount is wrong: Zu viel")
    assert phone.entries("dispute") == [("dispute:opened", WHO)]
    assert phone.events()[-1] == ("disputed", "", {"invoice": "R-1"})


def test_a_dispute_over_more_than_is_owed_is_refused(phone):
    path = phone.open("dispute")
    phone.get(path)

    status = phone.post(path, item=item(phone, "R-2"), reason="amount", text="All", amount="80.01")

    assert status == 422
    assert "at most" in phone.last.text
    assert rows(phone, Dispute) == []


def test_nobody_disputes_the_invoice_of_another_customer(phone):
    with books(phone.site) as book:
        other = book.invoice(book.customer(number="C-2"), "5.00", number="R-9")
    path = phone.open("dispute")
    phone.get(path)

    status = phone.post(path, item=other, reason="amount", text="Mine")

    assert status == 422
    assert rows(phone, Dispute) == []


def test_preferences_are_kept_and_what_is_taken_back_is_told(phone):
    path = phone.open("preferences")
    phone.get(path)
    assert phone.post(path, email="y", letter="y", language="fr") == 303
    agreed = consents(phone)
    phone.get(path)

    assert phone.post(path, letter="y", language="fr") == 303

    assert agreed == {"email": True, "letter": True}
    assert consents(phone) == {"email": False, "letter": True}
    assert phone.events() == [("opted_out", "", {"channel": "email"})]
    assert [row.language for row in rows(phone, Customer)] == ["fr"]
    assert "Préférences" in phone.get(path) or "Ce que nous pouvons" in phone.last.text


def test_a_button_unsubscribes(phone):
    path = phone.open("unsubscribe", channel="sms", step="text")
    phone.get(path)

    assert [phone.post(path), consents(phone)] == [303, {"sms": False}]

    assert phone.events()[-1] == ("opted_out", "text", {"channel": "sms"})
    assert "You are unsubscribed" in phone.get(path)


def test_a_mail_program_unsubscribes_with_one_click_and_without_a_page_of_ours(phone_anywhere):
    phone = phone_anywhere
    _, link_id = phone.link("unsubscribe", step="mail")
    with phone.site.reading() as session:
        address = one_click(address_of(session, link_id))
    stranger = phone.site.app.test_client()

    statuses = [stranger.post(address, data={"List-Unsubscribe": "One-Click"}).status_code for _ in range(2)]

    assert statuses == [200, 200]
    assert consents(phone) == {"email": False}
    assert phone.events() == [("opted_out", "mail", {"channel": "email"})]


@pytest.mark.parametrize(
    ("page", "body", "status"), [("unsubscribe", {}, 400), ("pay", {"List-Unsubscribe": "One-Click"}, 404)]
)
def test_one_click_is_for_that_alone(phone, page, body, status):
    path, _ = phone.link(page)

    answer = phone.site.app.test_client().post(f"{path}/one-click", data=body)

    assert answer.status_code == status
    assert consents(phone) == {}


def test_a_button_registers_for_a_campaign(phone):
    path = phone.open("confirm", step="invitation", campaign="Spring party")
    before = [kind for kind, *_ in phone.events()]
    assert "Spring party" in phone.get(path)

    assert phone.post(path) == 303

    assert before == ["opened", "clicked"]
    assert phone.events()[2:] == [
        ("confirmed", "invitation", {}),
        ("registered", "invitation", {"campaign": "Spring party"}),
    ]
    assert "You are registered" in phone.get(phone.last.location)


@pytest.fixture
def asked(phone_anywhere):
    with phone_anywhere.site.writing() as session:
        install_survey(session, company_id=phone_anywhere.site.company_id, key="satisfaction")
    return phone_anywhere, phone_anywhere.open("survey", survey="satisfaction", step="ask")


def test_a_survey_is_answered_once(asked):
    phone, path = asked
    page = phone.get(path) and phone.last
    values = {"version": 1, "score": "9", "best": ["quality", "price"]}

    for score in ("9", "2"):
        phone.last = page
        assert phone.post(path, **(values | {"score": score})) == 303

    assert [row.answers for row in rows(phone, SurveyAnswer)] == [{"score": 9, "best": ["quality", "price"]}]
    assert phone.events()[-1] == (
        "survey_answered",
        "ask",
        {"survey": "satisfaction", "score": 9, "best": ["quality", "price"]},
    )
    assert "Your answers have reached us" in phone.get(path)
    assert phone.site.entries("survey")[-1] == (
        "survey:answered",
        """How satisfied are you with us?
How likely are you to recommend us? 9 / 10
What do you value most? Quality, Price""",
    )


def test_a_survey_says_at_the_question_what_is_missing(asked):
    phone, path = asked
    phone.get(path)

    status = phone.post(path, version=1, better="More bread")

    assert status == 422
    assert "Please answer this question." in phone.last.text
    assert "More bread" in phone.last.text
    assert rows(phone, SurveyAnswer) == []


def test_answers_go_with_the_customer(asked):
    phone, path = asked
    phone.get(path)
    phone.post(path, version=1, score="9")

    with phone.site.writing() as session:
        erase_profile(session, customer_id=phone.customer_id)
        erase_customer(session, company_id=phone.site.company_id, customer_id=phone.customer_id)

    assert rows(phone, SurveyAnswer) == []
    phone.get(path)
    assert phone.last.status_code == 404


def test_paying_names_the_account_the_reference_and_a_code(phone):
    with phone.site.writing() as session:
        session.add(
            BankAccount(
                company_id=phone.site.company_id,
                currency="EUR",
                holder="ACME",
                iban="DE02120300000000202051",
                bic="BYLADEM1001",
            )
        )

    whole = phone.get(phone.open("pay"))
    one = phone.get(phone.open("pay", invoice="R-2"))

    assert [words in whole for words in ("700.50", "C-1 / R-1 / R-2")] == [True, True]
    assert [words in one for words in ("C-1 / R-2", "C-1 / R-1")] == [True, False]
    assert all("data:image/png;base64," in page and "2020" in page for page in (whole, one))


def test_what_was_promised_can_be_paid_and_what_is_disputed_need_not_be(phone):
    path = phone.open("promise")
    phone.get(path)
    phone.post(path, item=[item(phone, "R-1")], due_on="2026-12-05")
    path = path.replace("promise", "dispute")
    phone.get(path)
    phone.post(path, item=item(phone, "R-2"), reason="paid", text="Last week")

    words = phone.get(path.replace("dispute", "pay"))

    assert "620.50" in words
    assert "R-2" not in words


def test_the_statement_can_be_taken_along(phone):
    path = phone.open("statement")

    answer = phone.client.get(f"{path}.pdf")

    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF")
