import io
import re
from datetime import date, timedelta

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from arfollow.access import Role
from arfollow.delivery.tables import Delivery
from arfollow.followup.tables import RecordedAction
from arfollow.tasks.tables import Task
from tests.factories import TODAY, books, standing_still
from tests.followup.desks import customer_of, desk, set_company

LATE = ("100.00", 20)


def pdf_text(answer):
    assert answer.mimetype == "application/pdf"
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)


def test_the_email_is_queued_without_a_question_and_stands_on_top_of_the_chatter(site):
    with desk(site, LATE) as page:
        status = page.click("email")

    assert status == 200
    assert page.last.text.lstrip().startswith('<div id="customer"')
    assert "The e-mail is on its way. " in page.words
    assert 'id="email-state"' in page.last.text
    assert page.tags[-1] == "email:queued"
    assert page.words.index("queued") < page.words.index("added")
    assert page.state().last_contact_kind == "email"


def test_its_state_is_asked_for_until_it_is_final(sqlite_site):
    with desk(sqlite_site, LATE) as page:
        page.click("email")
        queued = page.visitor.get("/customers/C-1/deliveries/1")
        with sqlite_site.writing() as session:
            session.get(Delivery, 1).state = "sent"
        sent = page.visitor.get("/customers/C-1/deliveries/1")

    assert 'hx-trigger="load delay:1s"' in queued.text
    assert "sent" in sent.text
    assert "hx-trigger" not in sent.text


def test_the_state_of_somebody_elses_email_is_not_told(sqlite_site):
    with desk(sqlite_site, LATE) as page:
        with books(sqlite_site) as book:
            book.debtor("Nachbar", LATE, number="C-2")
        page.click("email")
        answer = page.visitor.get("/customers/C-2/deliveries/1")

    assert answer.status_code == 404


def test_without_an_address_the_letter_is_offered(sqlite_site):
    with desk(sqlite_site, LATE, email="") as page:
        before = page.open()
        status = page.click("email")

    assert "no address on file" in before
    assert status == 422
    assert "No e-mail address is on file for this customer. Print the letter instead" in page.words
    assert 'class="told-offer"' in page.last.text
    assert "email:queued" not in page.tags


def test_without_a_sender_the_letter_is_offered(sqlite_site):
    with desk(sqlite_site, LATE) as page:
        set_company(sqlite_site, email="")
        status = page.click("email")

    assert status == 422
    assert "Your company has no e-mail address to send from." in page.words
    assert 'class="told-offer"' in page.last.text


def test_a_second_email_is_refused_in_words(site):
    with desk(site, LATE) as page:
        page.click("email")
        status = page.click("email")

    assert status == 422
    assert "already been queued by Ana" in page.words
    assert page.tags.count("email:queued") == 1


@pytest.mark.parametrize("action", ["email", "letter"])
def test_sending_by_an_old_import_asks_first(sqlite_site, action):
    with desk(sqlite_site, LATE) as page:
        set_company(sqlite_site, imported_on=TODAY - timedelta(days=9))
        page.click(action)
        asked, before = page.words, list(page.tags)
        page.click(action, confirmed="1")

    assert "Send by what was imported on Thursday, 12 November 2026?" in asked
    assert not {"email:queued", "letter:printed"} & set(before)
    assert {"email": "email:queued", "letter": "letter:printed"}[action] in page.tags


def test_the_printed_letter_is_stored_recorded_and_then_fetched(site):
    with desk(site, LATE) as page:
        status = page.click("letter")
        html = page.last.text
        address = re.search(r'href="([^"]+)" download', html)[1]
        answer = page.visitor.get(address)

    assert status == 200
    assert "data-download" in html
    assert "100.00" in pdf_text(answer)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="Letter C-1 2026-11-21.pdf"'
    assert page.tags[-1] == "letter:printed"


def test_printing_again_opens_the_stored_letter(sqlite_site):
    with desk(sqlite_site, LATE) as page:
        page.click("letter")
        page.open()
        once = page.last.text
        page.click("letter")

    assert "Open the printed letter" in once
    assert 'id="print-letter"' not in once
    assert page.tags.count("letter:printed") == 1


def test_a_letter_is_no_document_of_another_customer(sqlite_site):
    with desk(sqlite_site, LATE) as page:
        with books(sqlite_site) as book:
            book.debtor("Nachbar", LATE, number="C-2")
        page.click("letter")
        with sqlite_site.reading() as session:
            sha256 = session.scalars(select(RecordedAction.document)).one()
        answers = [page.visitor.get(f"/customers/{number}/letters/{sha256}") for number in ("C-1", "C-2")]

    assert [answer.status_code for answer in answers] == [200, 404]


def test_a_preview_is_a_draft_and_logs_nothing(sqlite_site):
    with desk(sqlite_site, LATE) as page:
        before = page.tags
        text = pdf_text(page.visitor.get("/customers/C-1/letter/draft.pdf"))

    assert "DRAFT" in text
    assert page.tags == before


def test_a_preview_of_nothing_says_why(sqlite_site):
    with desk(sqlite_site, LATE) as page:
        page.click("calls", **{"call-outcome": "reached"})
        with books(sqlite_site) as book:
            book.payment(customer_of(book), "100.00")
        page.last = page.visitor.get("/customers/C-1/letter/draft.pdf")

    assert page.last.status_code == 422
    assert "There is nothing to claim" in page.words


def test_the_statement_is_there_for_everybody(sqlite_site):
    with desk(sqlite_site, LATE, role=Role.AUDITOR) as page:
        answer = page.visitor.get("/customers/C-1/statement.pdf")

    assert "100.00" in pdf_text(answer)
    assert "Statement C-1 2026-11-21.pdf" in answer.headers["Content-Disposition"]


def test_a_call_is_logged_with_its_outcome(site):
    with desk(site, LATE) as page:
        page.click("calls", **{"call-outcome": "message", "call-text": "with Ms Kaya"})

    assert site.entries("call") == [("call:logged", "Left a message: with Ms Kaya")]
    assert "Done needs a recorded action" not in page.words


def test_an_outcome_that_is_not_offered_is_refused_beside_its_field(sqlite_site):
    with desk(sqlite_site, LATE) as page:
        status = page.click("calls", **{"call-outcome": "nonsense", "call-text": "kept"})

    assert status == 422
    assert '<details class="flyout " open id="call">' in page.last.text
    assert ">kept</textarea>" in page.last.text.replace("\r\n", "")


def test_a_note_is_no_action(site):
    with desk(site, LATE) as page:
        page.click("notes", **{"note-text": "Back from holiday on Monday"})

    assert site.entries("note") == [("note:written", "Back from holiday on Monday")]
    assert "Done needs a recorded action" in page.words


def test_done_without_an_action_is_refused_in_words(site):
    with desk(site, LATE) as page:
        page.open()
        disabled = page.last.text
        status = page.click("done", **{"done-todo": "keep"})

    assert "Done needs a recorded action first" in page.words
    assert 'aria-describedby="done-reason" disabled' in " ".join(disabled.split())
    assert status == 422
    assert "nothing has been recorded yet" in page.words
    assert "follow-up:done" not in page.tags


def test_done_goes_on_to_the_next_customer_and_says_when_this_one_is_back(site):
    with desk(site, LATE) as page:
        with books(site) as book:
            book.debtor("Nachbar", ("100.00", 17), number="C-2")
        page.click("email")
        status = page.click("done", **{"done-todo": "keep"})
        location = page.last.headers["HX-Redirect"]
        page.last = page.visitor.get(location)

    assert status == 204
    assert location == "/customers/C-2?list=view%3Daction"
    assert "Done. Bäckerei Ümit : Next on 6 December, when invoice R-" in page.words
    assert " reaches “Second reminder”." in page.words
    assert page.row().status == "overdue"


def test_after_the_last_one_comes_the_list(sqlite_site):
    with desk(sqlite_site, LATE) as page:
        page.click("email")
        page.click("done", htmx=False, **{"done-todo": "keep"})

    assert page.last.status_code == 303
    assert page.last.location == "/follow-ups"


def test_a_begun_follow_up_keeps_its_level_on_the_list_and_on_the_page(site):
    with desk(site, ("100.00", 15)) as page:
        page.click("email")
        begun_at = page.row().level_id
        with standing_still(TODAY + timedelta(days=20)):
            with books(site, TODAY + timedelta(days=20)):
                pass
            words, row = page.open(), page.row()

    assert (row.reason, row.level_id) == ("started", begun_at)
    assert "Here because this follow-up was begun and is not Done yet." in words
    assert "Level 1 Payment reminder" in words


def test_undo_puts_everything_back(site):
    with desk(site, LATE) as page:
        page.click("email")
        page.click("done", **{"done-todo": "keep"})
        done = page.row().status
        page.seen = 2
        page.click("undo")

    assert done == "overdue"
    assert "Done was taken back" in page.words
    assert page.state().number == 1
    assert page.row().status == "action"


def test_a_page_whose_done_was_taken_back_meanwhile_is_told_so(site):
    with desk(site, LATE) as page:
        page.click("email")
        page.click("done", **{"done-todo": "keep"})
        page.seen = 2
        page.click("undo")
        status = page.click("undo")

    assert status == 409
    assert "the Done that this page showed has been taken back meanwhile" in page.words
    assert page.tags.count("follow-up:undone") == 1


def test_undo_ends_with_the_next_action(site):
    with desk(site, LATE) as page:
        page.click("email")
        page.click("done", **{"done-todo": "keep"})
        page.seen = 2
        offered = page.open()
        page.click("calls", **{"call-outcome": "reached"})
        status = page.click("undo")

    assert "Marked Done by Ana on 21 Nov 2026. Undo" in offered
    assert status == 422
    assert "There is nothing to undo" in page.words


def at_the_last_level(site):
    """Their invoice was followed at the second level 15 days ago: the third asks for a letter and a call."""
    for days in (30, 15):
        with books(site, TODAY - timedelta(days=days)) as book:
            book.done(customer_of(book))


def test_the_levels_todo_is_done_with_its_outcome(site):
    with desk(site, ("100.00", 45)) as page:
        at_the_last_level(site)
        page.seen = 3
        before = page.open()
        page.click("todo", **{"todo-outcome": "refused", "todo-text": "insolvent"})

    assert "Kunden anrufen" in before
    assert site.entries("todo") == [("todo:done", "Kunden anrufen: Reached, refuses to pay – insolvent")]
    assert "Kunden anrufen: done" in page.words


def test_the_levels_todo_is_done_once_and_the_second_click_is_told_by_whom(site):
    with desk(site, ("100.00", 45)) as page:
        at_the_last_level(site)
        page.seen = 3
        page.click("todo", **{"todo-outcome": "reached"})
        page.visitor = site.sign_in(Role.MANAGER, name="Jan")
        status = page.click("todo", **{"todo-outcome": "refused"})

    assert status == 422
    assert "Nothing was logged: Ana has done this to-do already." in page.words
    assert site.entries("todo") == [("todo:done", "Kunden anrufen: Reached, will pay")]


@pytest.mark.parametrize(
    ("choice", "entry", "tasks"),
    [
        ({"done-todo": "keep"}, "task:added", [("Kunden anrufen", date(2026, 11, 23), "open")]),
        ({"done-todo": "skip", "done-reason": "insolvent"}, "task:skipped", []),
    ],
)
def test_a_todo_that_was_not_done_is_kept_or_skipped_at_done(site, choice, entry, tasks):
    with desk(site, ("100.00", 45)) as page:
        at_the_last_level(site)
        page.seen = 3
        page.click("letter")
        asked = page.words
        status = page.click("done", **choice)

    with site.reading() as session:
        kept = session.execute(select(Task.title, Task.due_on, Task.state)).all()
    assert "“Kunden anrufen” is not done. At Done:" in asked
    assert status == 204
    assert entry in page.tags
    assert [tuple(task) for task in kept] == tasks


def test_a_todo_is_not_skipped_without_a_reason(site):
    with desk(site, ("100.00", 45)) as page:
        at_the_last_level(site)
        page.seen = 3
        page.click("letter")
        status = page.click("done", **{"done-todo": "skip", "done-reason": " "})

    assert status == 422
    assert "Please enter why the to-do is skipped." in page.words
    assert page.state().number == 3


OUTDATED = {
    "email": {},
    "letter": {},
    "calls": {"call-outcome": "reached"},
    "done": {"done-todo": "keep"},
    "later": {"later-on": "2026-12-01"},
    "reminder/manual": {"manual-on": "2026-12-01"},
    "reminder/auto": {},
    "holds/customer": {"hold-reason": "late"},
    "tasks": {"task-title": "Call", "task-due_on": "2026-12-01", "task-assignee": "0"},
}


@pytest.mark.parametrize("action", OUTDATED)
def test_an_outdated_click_changes_nothing_and_says_who_was_first(site, action):
    with desk(site, LATE) as page:
        page.click("calls", **{"call-outcome": "reached"})
        page.click("done", **{"done-todo": "keep"})
        page.visitor = site.sign_in(Role.MANAGER, name="Jan")
        before = page.tags
        status = page.click(action, **OUTDATED[action])

    assert status == 409
    assert "Nothing was changed: Ana has already marked this follow-up Done" in page.words
    assert 'name="number" value="2"' in page.last.text
    assert page.tags == before


def test_without_scripts_a_click_is_a_plain_form(sqlite_site):
    with desk(sqlite_site, LATE) as page:
        page.click("calls", htmx=False, **{"call-outcome": "reached"})
        redirected = page.last
        page.open()
        told = page.words
        page.click("done", htmx=False, **{"done-todo": "skip"})

    assert redirected.status_code == 303
    assert redirected.location == "/customers/C-1"
    assert "The call is logged." in told


def test_a_refused_plain_form_shows_the_whole_page_again(sqlite_site):
    with desk(sqlite_site, LATE) as page:
        page.click("done", htmx=False, **{"done-todo": "keep"})

    assert page.last.status_code == 422
    assert page.last.text.startswith("<!doctype html>")
    assert "nothing has been recorded yet" in page.words


def test_a_payment_that_came_in_meanwhile_wins(sqlite_site):
    with desk(sqlite_site, LATE) as page:
        page.open()
        with books(sqlite_site) as book:
            book.payment(customer_of(book), "37.50")
        page.click("letter")
        with sqlite_site.reading() as session:
            sha256 = session.scalars(select(RecordedAction.document)).one()
        text = pdf_text(page.visitor.get(f"/customers/C-1/letters/{sha256}"))

    assert "62.50" in text


def test_nothing_is_sent_once_everything_is_paid(sqlite_site):
    with desk(sqlite_site, LATE) as page:
        page.click("calls", **{"call-outcome": "reached"})
        with books(sqlite_site) as book:
            book.payment(customer_of(book), "100.00")
        status = page.click("email")

    assert status == 422
    assert "There is nothing to claim" in page.words
    assert "email:queued" not in page.tags
