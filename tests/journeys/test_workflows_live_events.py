"""What happens, and days that come, make workflows go on, in a real browser: campaigns, appointments, dates, deals."""

import json
from datetime import timedelta
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import expect

from arfollow import clock
from arfollow.access import Role
from arfollow.api.rules import signature

pytestmark = pytest.mark.browser


def test_the_workshop_hears_of_a_check_ten_days_before_the_customer(live):
    page = live.take_over("Lease: bicycle due for its check")
    page.locator("#block-tell-workshop").click()
    live.settle()
    page.get_by_label("For whom").select_option("person")
    live.settle()
    live.set("tell-workshop", "E-mail address of the person", "workshop@example.com")
    live.publish()
    for number, lists in (("C-1", ["Company bikes"]), ("C-2", ["Company bikes"]), ("C-3", [])):
        live.customer(f"Customer {number}", number=number, lists=lists, phone="030 1234")
        page = live.open("ana", f"/customers/{number}/profile")
        page.get_by_text("Add a field").click()
        page.get_by_label("Field", exact=True).fill("lease_start")
        page.get_by_label("or a day").fill((live.today - timedelta(days=60)).isoformat())
        page.get_by_role("button", name="Add the field").click()
        page.get_by_label("lease_start").first.wait_for()

    live.day(10)
    page = live.open("ana", "/customers/C-2/profile")
    page.get_by_role("button", name="Take off Company bikes").click()
    page.get_by_text("On no list.").wait_for()
    live.work()
    live.day(20)

    told = live.mails("workshop@example.com")
    assert [subject for subject, _ in told] == [
        "In ten days: check of Customer C-1's bicycle",
        "In ten days: check of Customer C-2's bicycle",
    ]
    assert "Lease start: 2 January 2031" in told[0][1]
    assert "Phone: 030 1234" in told[0][1]
    [(subject, _)] = live.mails("c-1@example.com")
    assert subject == "Your bicycle is due for its check"
    assert live.mails("c-2@example.com") + live.mails("c-3@example.com") == []
    assert "Notice “Tell the workshop, ten days ahead” to a colleague" in live.chatter("C-1")
    assert "its goal is reached" in live.chatter("C-2")


def campaign(live, name, day, *numbers):
    """Maria makes a campaign of that day, to which these customers are to be invited."""
    page = live.open("maria", "/lists")
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Day").fill((live.today + timedelta(days=day)).isoformat())
    page.get_by_label("Time").fill("18:30")
    page.get_by_label("Place").fill("Hall 3")
    page.get_by_role("button", name="Make the list").click()
    page.get_by_label("Customer numbers").fill("\n".join(numbers))
    page.get_by_role("button", name="Put on the list").click()
    page.get_by_text("on the list now").wait_for()


def test_one_workflow_serves_two_campaigns(live):
    for number in ("C-1", "C-2"):
        live.customer(f"Customer {number}", number=number, agrees=True)
    campaign(live, "Open day", 10, "C-1", "C-2")
    campaign(live, "Test rides", 12, "C-2")
    address = live.take_over("Campaign: invitation to an event").url
    live.publish()
    page = live.open("maria", address.removeprefix(live.address) + "/campaigns")
    for name in ("Open day", "Test rides"):
        page.get_by_label("Attach it to a list").select_option(name)
        page.get_by_role("button", name="Attach").click()
        page.get_by_role("heading", name=name).wait_for()
    live.work()

    page = live.follow(live.mails("c-1@example.com")[0][1])
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_role("heading", name="You are registered")).to_be_visible()
    [rides] = [text for subject, text in live.mails("c-2@example.com") if "Test rides" in subject]
    page = live.follow(rides)
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_text("Test rides")).to_be_visible()
    live.work()
    live.day(9)
    page = live.inspected("C-1", "Campaign: invitation to an event")
    expect(page.get_by_text("14 Mar 2031, 18:00").first).to_be_visible()
    live.day(10)
    live.note("C-1", "attended", campaign="Open day")
    live.day(11)
    live.day(12)
    live.note("C-2", "missed", campaign="Test rides")

    assert [subject for subject, _ in live.mails("c-1@example.com")] == [
        "Invitation: Open day on 13 March 2031",
        "You are registered: Open day",
        "Tomorrow: Open day",
        "Thank you for attending Open day",
    ]
    assert [subject for subject, _ in live.mails("c-2@example.com")] == [
        "Invitation: Open day on 13 March 2031",
        "Invitation: Test rides on 15 March 2031",
        "You are registered: Test rides",
        "Tomorrow: Test rides",
        "Sorry we missed you at Test rides",
    ]
    assert "E-mail “Sorry we missed you”" in live.chatter("C-2")


def post(live, page, *events):
    """What a program does that has the key whose page is open."""
    key, secret = page.locator("code.password").all_inner_texts()
    body = json.dumps({"events": events}).encode()
    stamp = str(int(clock.now().timestamp()))
    signed = {"X-Arfollow-Timestamp": stamp, "X-Arfollow-Signature": signature(secret, stamp, body)}
    told = Request(
        f"{live.address}/api/events",
        data=body,
        headers={"X-Arfollow-Key": key, **signed, "Content-Type": "application/json"},
    )
    with urlopen(told) as answer:
        return json.load(answer)


def booked(number):
    """The event that the customer of that number comes on Monday."""
    told = {"appointment": f"A-{number}", "day": "2031-03-10", "time": "17:30", "place": "Hall 3"}
    return {
        "customer": number,
        "event": "appointment_booked",
        "at": clock.now().isoformat(),
        "key": f"A-{number}",
        "data": {**told, "map_link": "https://maps.example.com/hall-3"},
    }


def test_an_appointment_that_another_program_tells_is_confirmed_and_reminded(live):
    live.take_over("Appointment: confirm, remind, ask")
    live.publish()
    live.customer("Bäckerei Ümit", number="C-1", phone="+49 171 3920012", agrees=True)
    live.customer("Nordlicht Optik", number="C-2", agrees=True)
    live.site.person(Role.ADMINISTRATOR, name="Paula", email="paula@example.com")
    page = live.open("paula", "/settings/keys")
    page.get_by_label("Name").fill("Calendar")
    page.get_by_role("button", name="Make").click()
    assert post(live, page, booked("C-1"), booked("C-2")) == {"received": 2, "new": 2}
    live.work()

    # A Sunday: mail goes out, text messages wait.
    live.day(6)
    assert len(live.gateway.texts) == 1
    live.day(7)
    live.day(8)
    page = live.follow(live.mails("c-1@example.com")[-1][1])
    page.get_by_role("radio", name="2").check(force=True)
    page.get_by_text("No", exact=True).click()
    page.get_by_role("button", name="Send my answers").click()
    live.work()
    live.day(9)

    confirmed, reminded = (text for _, text in live.gateway.texts)
    assert confirmed.startswith("ACME GmbH: your appointment is confirmed: 10 March 2031, 17:30, Hall 3.")
    assert reminded.startswith("Reminder: 10 March 2031, 17:30: your appointment with ACME GmbH.")
    assert [subject for subject, _ in live.mails("c-1@example.com")] == ["How was your appointment?"]
    assert [subject for subject, _ in live.mails("c-2@example.com")] == [
        "Your appointment: 10 March 2031, 17:30",
        "Tomorrow: your appointment at 17:30",
        "How was your appointment?",
    ]
    page = live.on_the_list("Bäckerei Ümit")
    expect(page.locator("main")).to_contain_text("Call Bäckerei Ümit: the appointment was not good")
    expect(page.locator("#chatter")).to_contain_text("Event: appointment booked")


def test_a_deal_without_news_is_asked_about_and_escalated(live):
    sara = live.site.person(Role.CLERK, name="Sara", email="sara@example.com")
    live.take_over("Deals: ask for an update")
    live.publish()
    live.customer("Bäckerei Ümit", number="C-1", sales_id=sara)
    live.note("C-1", "deal_updated", deal="D-1", name="Oven", status="offer")

    live.day(8)
    live.day(11)
    live.day(16)
    assert [subject for subject, _ in live.mails("sara@example.com")] == [
        "How does “Oven” stand?",
        "Second request: “Oven”",
    ]
    [(subject, text)] = live.mails("maria@example.com")
    assert subject == "No update on “Oven”"
    assert "Sara was asked twice and has not updated the deal. Last status: “offer”." in text
    assert "To do on 20 Mar 2031: Clear up: “Oven” of Bäckerei Ümit" in live.chatter("C-1")

    live.note("C-1", "deal_updated", deal="D-1", name="Oven", status="won")
    assert "its goal is reached" in live.chatter("C-1")
    assert live.mails("c-1@example.com") == []
