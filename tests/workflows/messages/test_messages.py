"""Messages of workflows from the due position to the outbox and out."""

from datetime import date

import pytest

from arfollow import clock
from arfollow.access import Role
from arfollow.delivery.operations import resend
from arfollow.profiles.operations import consent, make_list, record_event, set_field
from arfollow.profiles.tables import CustomerList
from arfollow.workflows.operations.campaigns import attach
from arfollow.workflows.rules.definition import TIMED_OUT, Kind, Trigger
from arfollow.workflows.tables import Enrolment
from tests.factories import books
from tests.workflows.walking import branch, step, wait

HELLO = {
    "en": {
        "subject": "Hello {{ customer_name }}",
        "text": "{{ salutation }}\n\nYou owe {{ total_due }}.\n{{ pay_link }}",
    },
    "de": {
        "subject": "Hallo {{ customer_name }}",
        "text": "{{ salutation }}\n\nOffen: {{ total_due }}.\n{{ pay_link }}",
    },
}


def mail(key="mail", **settings):
    return step(key, Kind.EMAIL, **{"words": HELLO, "purpose": "service"} | settings)


def agree(site, customer_id, channel="email", *, given=True):
    with site.writing() as session:
        consent(
            session,
            company_id=site.company_id,
            customer_id=customer_id,
            channel=channel,
            given=given,
            source="form",
            who="Ana",
        )


def text_of(message):
    return message.get_body(("plain",)).get_content().replace("\r\n", "\n")


def test_an_email_goes_out_in_the_customers_language(desk, umit):
    desk.run(mail(), customer_id=umit)

    desk.work()
    desk.send()

    [message] = desk.sink.messages
    assert message["Subject"] == "Hallo Bäckerei Ümit"
    assert message["From"] == "ACME GmbH <office@acme.example.com>"
    assert "Sehr geehrte Damen und Herren,\n\nOffen: 620,50\xa0EUR.\nhttp://" in text_of(message)
    assert desk.runs() == [("mail", "done", "")]
    assert [tag for tag, _ in desk.site.entries("email")] == ["email:queued", "email:sent"]


def test_words_that_nobody_wrote_in_a_language_are_in_the_one_it_is_a_kind_of(desk, site):
    with books(site) as book:
        swiss = book.debtor("Alpin", number="C-2", email="alpin@example.com", language="de-CH", country="CH")
        greek = book.debtor("Kafe", number="C-3", email="kafe@example.com", language="el", country="GR")
    desk.run(mail(), customer_id=swiss)
    desk.run(mail(), customer_id=greek, name="Other")

    desk.work()
    desk.send()

    assert [message["Subject"] for message in desk.sink.messages] == ["Hallo Alpin", "Hello Kafe"]


def test_a_name_that_looks_like_a_variable_or_a_link_stays_text(desk, site):
    name = "{{ company_name }} <b>https://evil.example.com/x</b>"
    with books(site) as book:
        odd = book.debtor(name, number="C-2", email="odd@example.com", language="en")
    words = {"en": {"subject": "To {{ customer_name }}", "text": "Dear {{ customer_name }}: {{ pay_link }}"}}
    desk.run(mail(words=words), customer_id=odd)

    desk.work()
    desk.send()

    [message] = desk.sink.messages
    html = message.get_body(("html",)).get_content()
    assert message["Subject"] == f"To {name}"
    assert html.count("<a href=") == 1
    assert "{{ company_name }} &lt;b&gt;https://evil.example.com/x&lt;/b&gt;" in html


def test_the_statement_goes_with_it(desk, umit):
    desk.run(mail(attach="statement"), customer_id=umit)

    desk.work()
    desk.send()

    [pdf] = desk.sink.messages[0].iter_attachments()
    assert pdf.get_filename() == "Kontoauszug C-1 2026-11-21.pdf"
    assert pdf.get_content().startswith(b"%PDF")


@pytest.mark.parametrize("purpose", ["service", "money"])
def test_no_way_out_is_offered_of_what_is_no_marketing(desk, umit, purpose):
    desk.run(mail(purpose=purpose), customer_id=umit)

    desk.work()
    desk.send()

    assert desk.sink.messages[0]["List-Unsubscribe"] is None


NEWS = {"en": {"subject": "News", "text": "News.\n\nStop: {{ unsubscribe_link }}"}}


class TestMarketing:
    def test_is_skipped_without_consent(self, desk, umit):
        desk.run(mail(purpose="marketing", words=NEWS), customer_id=umit)

        desk.work()

        assert desk.runs() == [
            ("mail", "skipped", "Not sent: the customer has not agreed to marketing by e-mail.")
        ]
        assert desk.deliveries() == []

    def test_that_is_skipped_is_not_waited_for(self, desk, umit):
        words = {"en": {"title": "Call", "text": "Please."}}
        call = branch(TIMED_OUT, step("call", Kind.ACTIVITY, words=words))
        asked = step("asked", Kind.WAIT_FOR, branch("opened"), call, amount=7, of="mail")
        enrolment_id = desk.run(mail(purpose="marketing", words=NEWS), asked, wait("w"), customer_id=umit)

        desk.work()

        assert [key for key, _, _ in desk.runs()] == ["mail", "call"]
        page = desk.site.sign_in(Role.MANAGER).get(f"/workflows/enrolments/{enrolment_id}")
        assert "was not sent: mail" in page.text

    def test_says_how_to_stop_it_to_people_and_to_mail_programs(self, desk, umit):
        agree(desk.site, umit)
        desk.run(mail(purpose="marketing", words=NEWS), customer_id=umit)

        desk.work()
        desk.send()

        [message] = desk.sink.messages
        address = text_of(message).partition("Stop: ")[2].split()[0]
        assert message["List-Unsubscribe"] == f"<{address}/one-click>"
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    def test_does_not_leave_when_the_customer_objects_before(self, desk, umit):
        agree(desk.site, umit)
        desk.run(mail(purpose="marketing", words=NEWS), customer_id=umit)
        desk.work()
        agree(desk.site, umit, given=False)

        desk.send()

        assert desk.sink.messages == []
        assert desk.site.entries("email")[-1] == (
            "email:cancelled",
            "Not sent: the customer objects to marketing by e-mail.",
        )


def test_what_nobody_can_be_reached_by_is_skipped(desk, site):
    with books(site) as book:
        silent = book.debtor("Silent", number="C-2")
    letter = step("letter", Kind.LETTER, words={"en": {"title": "Hi", "text": "Hi"}})
    text = step("text", Kind.SMS, words={"en": {"text": "Hi"}})
    desk.run(mail(), letter, text, customer_id=silent)

    desk.work()

    assert desk.runs() == [
        ("mail", "skipped", "Not sent: the customer has no e-mail address."),
        ("letter", "skipped", "Not written: the customer has no postal address."),
        ("text", "skipped", "Not sent: the customer has no mobile number."),
    ]


def test_the_last_message_of_a_route_still_goes_out(desk, umit):
    desk.run(mail(), customer_id=umit)
    desk.work()

    desk.send(days=1)

    assert len(desk.sink.messages) == 1


def test_work_that_is_done_again_sends_nothing_again(desk, umit):
    desk.run(mail(), wait("w", 3), customer_id=umit)

    for _ in range(3):
        desk.work()
        desk.send()

    assert len(desk.sink.messages) == 1


def test_a_crash_after_the_step_and_before_its_commit_leaves_one_message(desk, umit, monkeypatch):
    desk.run(mail(), wait("w", 3), customer_id=umit)
    monkeypatch.setattr("arfollow.workflows.jobs.commit", lambda session: session.rollback())
    desk.work()
    assert desk.deliveries() == []

    monkeypatch.undo()
    desk.work()
    desk.send()

    assert len(desk.sink.messages) == 1
    assert desk.runs() == [("mail", "done", "")]


def test_sent_again_it_is_prepared_as_things_stand_then(desk, umit):
    desk.run(mail(), wait("w", 30), customer_id=umit)
    desk.work()
    desk.send()
    with books(desk.site) as book:
        book.invoice(umit, "100.00", late=5)
        delivery = desk.deliveries()[0]
        resend(
            book.session, company_id=delivery.company_id, delivery_id=delivery.id, reason="Asked", who="Ana"
        )

    desk.send(days=1)

    assert [text_of(each).count("720,50") for each in desk.sink.messages] == [0, 1]


def test_days_later_than_its_step_it_says_the_day_it_leaves(desk, umit):
    words = {"en": {"subject": "{{ today }}", "text": "{{ today }}"}}
    desk.run(mail(words=words), wait("w", 30), customer_id=umit)
    desk.work()

    desk.send(days=2)

    assert desk.sink.messages[0]["Subject"] == "23 November 2026"


def test_a_campaign_gives_its_day_and_place(desk, umit):
    with desk.site.writing() as session:
        session.add(
            CustomerList(
                company_id=1,
                name="Open day",
                day=date(2026, 12, 5),
                time="18:00",
                place="Hall 3",
                map_link="https://maps.example.com/3",
            )
        )
    text = "{{ campaign_name }}: {{ campaign_day }}, {{ campaign_time }}, {{ campaign_place }} {{ campaign_map_link }}"
    listed = Trigger(kind="listed")
    desk.run(
        mail(words={"en": {"subject": "Come", "text": text}}),
        customer_id=umit,
        key="Open day",
        trigger=listed,
    )

    desk.work()
    desk.send()

    said = text_of(desk.sink.messages[0])
    assert "Open day: 5 December 2026, 18:00, Hall 3 https://maps.example.com/3" in said


def test_a_campaigns_own_value_goes_before_the_workflows(desk, umit):
    text = "{{ value.coupon }} {{ value.place }}"
    enrolment_id = desk.run(
        wait("w", 1),
        mail(words={"en": {"subject": "Come", "text": text}}),
        customer_id=umit,
        key="Spring",
        trigger=Trigger(kind="listed"),
        values={"coupon": "X-10", "place": "Hall 3"},
    )
    with desk.site.writing() as session:
        workflow_id = session.get_one(Enrolment, enrolment_id).workflow_id
        for name, coupon in (("Spring", "S-1"), ("Autumn", "A-1")):
            attach(
                session,
                company_id=desk.site.company_id,
                workflow_id=workflow_id,
                list_id=make_list(session, company_id=desk.site.company_id, name=name),
                values={"coupon": coupon},
                who="Maria",
            )

    desk.work(days=1)
    desk.send(days=1)

    assert text_of(desk.sink.messages[0]).startswith("S-1 Hall 3\n")


def test_values_that_are_not_known_are_empty(desk, umit):
    text = "{{ field.colour }}{{ event.booked.place }}{{ campaign_name }}{{ answers }}{{ invoice_number }}!"
    desk.run(mail(words={"en": {"subject": "Hi", "text": text}}), customer_id=umit)

    desk.work()
    desk.send()

    assert text_of(desk.sink.messages[0]).startswith("!\n")


def test_a_value_of_the_workflow_and_what_an_event_told_are_put_in(desk, umit):
    with desk.day(), desk.site.writing() as session:
        set_field(session, company_id=1, customer_id=umit, name="lease_end", value="2027-01-31", who="Ana")
    text = "{{ value.coupon }} {{ field.lease_end }} {{ event.booked.place }}"
    desk.run(
        wait("w", 1),
        mail(words={"de": {"subject": "Hi", "text": text}}),
        customer_id=umit,
        values={"coupon": "X-10"},
    )
    with desk.day(), desk.site.writing() as session:
        record_event(
            session,
            company_id=1,
            customer_id=umit,
            kind="booked",
            at=clock.now(),
            data={"place": "Halle 3"},
            who="x",
        )

    desk.work(days=1)
    desk.send(days=1)

    assert text_of(desk.sink.messages[0]).startswith("X-10 31. Januar 2027 Halle 3\n")
