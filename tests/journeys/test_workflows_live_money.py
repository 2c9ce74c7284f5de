"""A subscription is not paid: from the due date over mail, text message and payment page to the call, in a real browser."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

WORKFLOW = "Collection: subscription not paid"


def owing(live, name, number, **fields):
    """A subscriber whose invoice of 49.00 falls due today; gives its id and the instalment's."""
    customer_id = live.customer(name, number=number, lists=["Subscriptions"], **fields)
    with live.books() as book:
        return customer_id, book.invoice(customer_id, "49.00", late=0, number=f"S-{number}")


def test_a_subscription_that_is_not_paid_ends_in_a_call_or_with_the_payment(live):
    live.take_over(WORKFLOW)
    live.set("call", "E-mail address of the person", "ana@example.com")
    live.publish()
    owing(live, "Bäckerei Ümit", "C-1", phone="+49 171 3920012")
    nordlicht = owing(live, "Nordlicht Optik", "C-2")

    live.day(1)
    [(subject, text)] = live.mails("c-1@example.com")
    assert subject == "We could not collect the payment for your subscription"
    assert "EUR\xa049.00 (invoice S-C-1)" in text
    live.pay(*nordlicht, "49.00")
    live.work()
    assert live.gateway.texts == []

    live.day(4)
    [(number, words)] = live.gateway.texts
    assert number == "+491713920012"
    page = live.follow(words)
    expect(page.get_by_role("heading", name="Pay", exact=True)).to_be_visible()
    expect(page.get_by_text("EUR 49.00").first).to_be_visible()
    live.work()
    page = live.inspected("C-1", WORKFLOW)
    asked = page.get_by_role("cell", name="Opened within 3 days?", exact=True)
    expect(page.get_by_role("row").filter(has=asked)).to_contain_text("went on: Opened")
    expect(page.locator(".coming")).to_contain_text("The collection team calls")

    live.day(7)
    live.day(8)
    page = live.on_the_list("Bäckerei Ümit")
    expect(page.locator("main")).to_contain_text("Call Bäckerei Ümit: EUR 49.00 for a subscription not paid")
    assert "Text message “Text message with the payment link”" in live.chatter("C-1")
    assert "its goal is reached" in live.chatter("C-2")
    assert [len(live.mails(f"c-{each}@example.com")) for each in (1, 2)] == [1, 1]
