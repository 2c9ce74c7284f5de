"""Text messages of workflows by a gateway."""

import pytest

from arfollow import database
from arfollow.delivery.channel import Channels
from arfollow.delivery.sending import send_due
from arfollow.delivery.sms import open_text_channel
from arfollow.profiles.operations import consent
from arfollow.receivables.operations.customers import CustomerFields, save_customer
from arfollow.workflows.rules.definition import Kind
from tests.fixtures.gateway import Reply
from tests.workflows.walking import step, wait

WORDS = {
    "en": {"text": "{{ company_name }}: {{ total_due }} open. {{ pay_link }}"},
    "de": {"text": "{{ company_name }}: {{ total_due }} offen. {{ pay_link }}"},
}


def text(key="text", **settings):
    return step(key, Kind.SMS, words=WORDS, **settings)


@pytest.fixture
def send(desk, text_gateway):
    """What waits leaves by the gateway."""

    def send(*, days=0):
        ways = Channels(ways={"sms": open_text_channel(text_gateway.settings)})
        with desk.day(days), desk.site.app.app_context():
            send_due(database.current_session(), channel=ways)

    return send


def test_a_text_goes_to_the_customers_mobile_in_its_language(desk, umit, text_gateway, send):
    desk.run(text(), customer_id=umit)

    desk.work()
    send()

    [(number, said)] = text_gateway.texts
    assert number == "+491713920012"
    assert said.startswith("ACME GmbH: 620,50\xa0EUR offen. http://")
    assert [tag for tag, _ in desk.site.entries("sms")] == ["sms:queued", "sms:sent"]


def test_one_that_may_have_arrived_is_not_sent_again(desk, umit, text_gateway, send):
    text_gateway.replies = [Reply(status=0)]
    desk.run(text(), wait("w", 3), customer_id=umit)

    for days in range(2):
        desk.work(days=days)
        send(days=days)

    assert len(text_gateway.requests) == 1
    assert [each.state for each in desk.deliveries()] == ["uncertain"]


def test_a_number_that_is_gone_by_then_cancels_it(desk, umit, text_gateway, send):
    desk.run(text(), customer_id=umit)
    desk.work()
    with desk.site.writing() as session:
        save_customer(
            session,
            company_id=1,
            number="C-1",
            customer=CustomerFields(name="Ümit", phone="+49 30 5550"),
            who="Ana",
        )

    send()

    assert text_gateway.requests == []
    assert desk.site.entries("sms")[-1] == (
        "sms:cancelled",
        "Not sent: the customer has no mobile number any more.",
    )


def test_marketing_needs_the_consent_to_texts(desk, umit, text_gateway, send):
    with desk.site.writing() as session:
        consent(
            session, company_id=1, customer_id=umit, channel="email", given=True, source="form", who="Ana"
        )
    desk.run(text(purpose="marketing"), customer_id=umit)

    desk.work()
    send()

    assert text_gateway.requests == []
    assert desk.runs()[0][2] == "Not sent: the customer has not agreed to marketing by text message."
