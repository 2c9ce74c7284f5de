"""A letter that was printed by mistake is withdrawn, with a reason."""

from tests.followup.desks import desk
from tests.followup.test_customer_letters import LATE, letters


def test_a_letter_that_was_printed_by_mistake_is_withdrawn_and_its_follow_up_with_it(site):
    with desk(site, LATE) as page:
        page.open()
        before = page.row()
        page.click("letter")
        status = page.click(f"letters/{letters(site)[0].id}/withdraw", text="printed for the wrong day")

        assert status == 200
        assert "The letter is withdrawn, and can be printed anew." in page.words
        assert "Letter not posted: printed for the wrong day" in page.words
        assert page.tags[-3:] == ["letter:printed", "letter:cancelled", "follow-up:taken-back"]
        now = page.row()
        assert (now.band, now.level_id, now.actions) == (before.band, before.level_id, before.actions)
        assert page.state().last_contact_on is None
        assert page.click("done") == 422


def test_it_is_printed_anew(site):
    with desk(site, LATE) as page:
        page.click("letter")
        page.click(f"letters/{letters(site)[0].id}/withdraw", text="coffee on it")
        assert "Print Letter" in page.words

        page.click("letter")

        assert page.tags.count("letter:printed") == 2
        assert page.click("done") == 204


def test_a_follow_up_in_which_more_was_done_goes_on(site):
    with desk(site, LATE) as page:
        page.click("calls", **{"call-outcome": "reached", "call-text": "will pay"})
        page.click("letter")

        page.click(f"letters/{letters(site)[-1].id}/withdraw", text="he pays")

        assert "follow-up:taken-back" not in page.tags
        assert page.state().last_contact_kind == "call"
        assert page.click("done") == 204


def test_it_needs_a_reason(sqlite_site):
    with desk(sqlite_site, LATE) as page:
        page.click("letter")

        assert page.click(f"letters/{letters(sqlite_site)[0].id}/withdraw", text=" ") == 422
        assert "Please enter why the letter is not sent." in page.words
        assert "letter:cancelled" not in page.tags


def test_what_was_posted_or_done_cannot_be_withdrawn(sqlite_site):
    with desk(sqlite_site, LATE) as page:
        page.click("letter")
        [letter] = letters(sqlite_site)
        page.click("done")
        page.seen = 2
        assert page.click(f"letters/{letter.id}/withdraw", text="too late") == 422
        page.click("undo")
        page.seen = 1
        page.click(f"letters/{letter.id}/posted")

        assert page.click(f"letters/{letter.id}/withdraw", text="too late") == 422
        assert "only a letter that was printed" in page.words


def test_off_the_list_it_leaves_no_message_behind(sqlite_site):
    with desk(sqlite_site, ("100.00", 3)) as page:
        page.click("letter")
        assert page.state().last_message_on is not None

        page.click(f"letters/{letters(sqlite_site)[0].id}/withdraw", text="not needed")

        assert page.state().last_message_on is None
        assert "follow-up:taken-back" not in page.tags
