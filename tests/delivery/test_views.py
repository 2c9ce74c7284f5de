import re
from datetime import timedelta

import pytest

from arfollow import clock
from arfollow.access import Role
from arfollow.delivery import operations
from arfollow.delivery.message import Attachment, Mailbox, Message
from arfollow.delivery.operations import enqueue
from arfollow.delivery.protocol import register_preparer
from arfollow.delivery.queries import outgoing_delivery
from arfollow.delivery.rules import Doubtful, Refused, Sent
from arfollow.delivery.sending import send_due
from arfollow.receivables.tables import Customer

FAILED = Refused(answer="550 5.1.1 no such user", permanent=True)
UNCERTAIN = Doubtful(answer="no answer in time.")
LATER = Refused(answer="451 greylisted", permanent=False)


class Invoices:
    """Prepares a message with an attachment."""

    def facts(self, session, delivery, *, today):
        return delivery.key

    def render(self, facts):
        return Message(
            sender=Mailbox(name="ACME GmbH", email="office@acme.example"),
            reply_to=Mailbox(name="Ana Maier", email="ana@acme.example"),
            to=Mailbox(name="Bäckerei Ümit", email="buchhaltung@umit.example"),
            subject=f"Second reminder {facts}",
            text="Dear Ms Kaya,\n\nplease pay EUR 1,240.50.\n",
            html="<p>Dear Ms Kaya,</p><p style='color: #0d6763'>please pay EUR 1,240.50.</p><script>alert(1)</script>",
            attachments=(
                Attachment(filename="Statement.pdf", media_type="application/pdf", content=b"%PDF-1.7"),
            ),
        )


@pytest.fixture
def site(sqlite_site, monkeypatch):
    monkeypatch.setattr("arfollow.delivery.protocol._preparers", {})
    register_preparer("invoice", Invoices())
    return sqlite_site


@pytest.fixture
def deliver(site, mail_server):
    """Queues a message and, unless the outcome is None, brings it there; gives its delivery's id."""

    def one(outcome=None, key="k", company_id=site.company_id) -> int:
        with site.writing() as session:
            customer = session.query(Customer).filter_by(company_id=company_id).first()
            if customer is None:
                customer = Customer(company_id=company_id, number="C-1043", name="Bäckerei Ümit")
                session.add(customer)
                session.flush()
            identity = {"company_id": company_id, "customer_id": customer.id, "key": key}
            found = enqueue(
                session, **identity, purpose="invoice", channel="email", facts={}, queued_by="Ana"
            )
        if outcome is not None:
            mail_server.outcomes = [outcome]
            with site.reading() as session:
                send_due(session, channel=mail_server)
        return found

    return one


@pytest.fixture
def state_of(site):
    def read(delivery_id: int) -> str:
        with site.reading() as session:
            return outgoing_delivery(session, delivery_id=delivery_id).state

    return read


def test_without_deliveries_the_page_says_so(site):
    assert "Nothing has been sent yet." in site.sign_in(Role.AUDITOR).get("/deliveries").text


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (None, ["queued"]),
        (Sent(answer="250 OK"), ["sent", "Second reminder k", "buchhaltung@umit.example"]),
        (FAILED, ["failed", "to decide", "550 5.1.1 no such user"]),
        (UNCERTAIN, ["uncertain", "to decide", "no answer in time."]),
        (LATER, ["queued", "451 greylisted", "Tried again at"]),
    ],
)
def test_the_page_shows_each_delivery_in_words(site, deliver, outcome, words):
    deliver(outcome)

    text = site.sign_in(Role.AUDITOR).get("/deliveries").text

    assert [word for word in ["Bäckerei Ümit", "C-1043", *words] if word not in text] == []


@pytest.mark.parametrize(
    ("address", "expected"),
    [("?view=failed", {"b"}), ("?view=nonsense", {"a", "b"}), ("?page=0", {"a", "b"}), ("?page=2", set())],
)
def test_an_address_names_a_view_and_a_page(site, deliver, address, expected):
    deliver(Sent(), "a")
    deliver(FAILED, "b")

    text = site.sign_in(Role.AUDITOR).get(f"/deliveries{address}").text

    assert {key for key in "ab" if f"Second reminder {key}" in text} == expected


def test_a_delivery_shows_the_message_that_was_sent(site, deliver):
    delivery_id = deliver(Sent(answer="250 OK"))

    text = site.sign_in(Role.AUDITOR).get(f"/deliveries/{delivery_id}").text

    for words in (
        "Second reminder k",
        "Ana Maier &lt;ana@acme.example&gt;",
        "please pay EUR 1,240.50",
        "Statement.pdf",
    ):
        assert words in text
    assert "<iframe" in text
    assert "Send again" not in text


def test_the_documents_of_a_message_are_what_was_sent(site, deliver, mail_server):
    delivery_id = deliver(Sent())
    visitor = site.sign_in(Role.AUDITOR)

    page = visitor.get(f"/deliveries/{delivery_id}").text
    addresses = re.findall(r"/documents/[0-9a-f]{64}", page)
    contents = {visitor.get(address).data for address in addresses}

    html = Invoices().render("k").html.encode()
    assert contents == {mail_server.received[0].content, html, b"%PDF-1.7"}


@pytest.mark.parametrize(
    ("action", "outcome", "state", "words"),
    [
        ("sent-after-all", UNCERTAIN, "sent", "Noted as sent."),
        ("give-up", UNCERTAIN, "uncertain", "Closed without sending it again."),
        ("give-up", FAILED, "failed", "Closed without sending it again."),
        ("send-again", FAILED, "failed", "Queued to be sent again."),
        ("cancel", None, "cancelled", "Taken back: it will not be sent."),
    ],
)
def test_a_clerk_decides(site, deliver, state_of, action, outcome, state, words):
    delivery_id = deliver(outcome)

    answer = site.sign_in(Role.CLERK).post(
        f"/deliveries/{delivery_id}/{action}", {"reason": "She called."}, follow_redirects=True
    )

    assert words in answer.text
    assert state_of(delivery_id) == state


def test_a_decision_needs_a_reason(site, deliver, state_of):
    delivery_id = deliver(UNCERTAIN)

    answer = site.sign_in(Role.CLERK).post(f"/deliveries/{delivery_id}/sent-after-all", {"reason": " "})

    assert answer.status_code == 422
    assert "Say why: it goes into the chatter." in answer.text
    assert state_of(delivery_id) == "uncertain"


def test_the_second_of_two_clerks_is_told(site, deliver):
    delivery_id = deliver(FAILED)
    visitor = site.sign_in(Role.CLERK)
    visitor.post(f"/deliveries/{delivery_id}/send-again", {"reason": "New address."})

    answer = visitor.post(f"/deliveries/{delivery_id}/send-again", {"reason": "New address."})

    assert answer.status_code == 409
    assert "somebody was faster" in answer.text


@pytest.mark.parametrize("action", ["sent-after-all", "give-up", "send-again", "cancel"])
def test_an_auditor_changes_nothing(site, deliver, state_of, action):
    delivery_id = deliver(UNCERTAIN)

    answer = site.sign_in(Role.AUDITOR).post(f"/deliveries/{delivery_id}/{action}", {"reason": "x"})

    assert answer.status_code == 403
    assert state_of(delivery_id) == "uncertain"


def test_a_delivery_of_another_company_is_not_there(site, deliver):
    delivery_id = deliver(Sent(), company_id=site.company())

    assert site.sign_in(Role.MANAGER).get(f"/deliveries/{delivery_id}").status_code == 404


def test_a_delivery_of_another_company_is_not_decided(site, deliver, state_of):
    delivery_id = deliver(UNCERTAIN, company_id=site.company())

    answer = site.sign_in(Role.MANAGER).post(f"/deliveries/{delivery_id}/sent-after-all", {"reason": "x"})

    assert answer.status_code == 404
    assert state_of(delivery_id) == "uncertain"


def test_a_message_in_the_hands_of_a_dead_worker_is_shown(site, deliver, mail_server, noon):
    delivery_id = deliver()
    mail_server.outcomes = [KeyboardInterrupt()]
    with site.reading() as session, pytest.raises(KeyboardInterrupt):
        send_due(session, channel=mail_server)
    with clock.moved_to(noon + timedelta(hours=1)), site.writing() as session:
        operations.expire(session)

    text = site.sign_in(Role.CLERK).get(f"/deliveries/{delivery_id}").text

    assert "Nobody can tell whether it was sent" in text
    assert "<iframe" in text
