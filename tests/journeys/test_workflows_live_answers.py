"""Surveys are sent, answered by their links, and what comes next goes by the answers, in a real browser."""

from datetime import date

import pytest
from playwright.sync_api import expect

from tests.fixtures.gateway import NUMBER, signed_post

pytestmark = pytest.mark.browser

LEARN = {"id": "in-1", "from": "+49 171 3920012", "to": NUMBER, "text": " Learn "}


def test_feedback_after_a_sale_leads_to_an_apology_and_a_call(live):
    live.take_over("After the sale: feedback")
    live.publish()
    for number, agrees in (("C-1", True), ("C-2", True), ("C-3", False)):
        live.customer(f"Customer {number}", number=number, agrees=agrees)
        live.note(number, "sale_concluded", sale=f"V-{number}", product="the e-bike")

    live.day(15)
    [(subject, text)] = live.mails("c-1@example.com")
    assert subject == "How satisfied are you with the e-bike?"
    page = live.follow(text)
    page.get_by_role("radio", name="3").check(force=True)
    page.get_by_text("Not quite").click()
    page.get_by_label("What should we do better?").fill("The brakes squeal.")
    page.get_by_role("button", name="Send my answers").click()
    expect(page.get_by_text("Your answers have reached us.")).to_be_visible()
    page = live.follow(live.mails("c-2@example.com")[0][1], nth=1)
    page.locator("main").get_by_role("button").click()
    live.work()

    assert live.mails("c-1@example.com")[-1][0] == "We want to put this right"
    [(subject, text)] = live.mails("maria@example.com")
    assert subject == "Poor feedback from Customer C-1"
    assert "The brakes squeal." in text
    assert "its goal is reached" in live.chatter("C-2")
    assert live.mails("c-3@example.com") == []
    live.day(16)
    page = live.on_the_list("Customer C-1")
    expect(page.locator("main")).to_contain_text("Call Customer C-1: disappointed")
    expect(page.locator("#chatter")).to_contain_text("3 / 10")


def test_who_bought_nothing_for_long_is_asked_and_written_to(live):
    live.take_over("Retention: nothing bought for six months")
    live.publish()
    place = {"street": "Gasse 3", "postal_code": "50667", "city": "Köln"}
    for number in ("C-1", "C-2"):
        customer_id = live.customer(f"Customer {number}", number=number, agrees=True, **place)
        with live.books() as book:
            # Dated 30 days before: six months before the third day.
            item = book.invoice(customer_id, "80.00", late=(live.today - date(2030, 10, 5)).days)
        live.pay(customer_id, item, "80.00")
    live.work()
    assert live.sink.messages == []

    live.day(4)
    page = live.follow(live.mails("c-1@example.com")[0][1])
    page.get_by_role("radio", name="9").check(force=True)
    page.get_by_role("button", name="Send my answers").click()
    expect(page.get_by_text("Thank you").first).to_be_visible()
    live.work()
    live.day(19)

    assert "Letter “Letter: thanks and news”" in live.chatter("C-1")
    assert [subject for subject, _ in live.mails("c-2@example.com")] == [
        "May we ask you something?",
        "A small thank-you: 10 % off your next order",
    ]
    page = live.open("ana", "/letters")
    expect(page.locator("main")).to_contain_text("Customer C-1")


def test_a_word_by_text_message_begins_a_course_that_goes_by_the_answers(live):
    live.take_over("Course: a word by text message")
    live.publish()
    live.customer("Bäckerei Ümit", number="C-1", phone="0171 3920012")
    live.work()
    told = {**LEARN, "at": "2031-03-03T13:05:00+00:00"}
    answer = signed_post(live.site.app.test_client(), "/gateway/texts", told, kind="text")
    assert answer.status_code == 200
    live.work()

    live.day(1)
    page = live.follow(live.gateway.texts[-1][1])
    page.get_by_text("I know the basics").click()
    page.get_by_text("By exercises").click()
    page.get_by_role("button", name="Send my answers").click()
    expect(page.get_by_text("The first lesson is on its way.")).to_be_visible()
    live.work()
    live.day(5)
    live.day(9)

    assert {number for number, _ in live.gateway.texts} == {"+491713920012"}
    assert [text.partition(" http")[0].partition(":")[0] for _, text in live.gateway.texts] == [
        "Thank you for your interest! The course material",
        "So that the lessons fit you",
        "Lesson 1 goes straight to the core",
        "Lesson 2",
        "That was the series. All of it stays here",
    ]
    assert "five exercises" in live.gateway.texts[3][1]
    assert "Text message received: Learn" in live.chatter("C-1")
    page = live.open("ana", "/customers/C-1/profile")
    expect(page.get_by_role("link", name="Course participants")).to_be_visible()
