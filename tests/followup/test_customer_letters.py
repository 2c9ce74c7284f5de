from sqlalchemy import select

from arfollow.access import Role
from arfollow.followup.tables import RecordedAction
from tests.factories import TODAY, books
from tests.followup.desks import desk, words_of

LATE = ("100.00", 20)


def letters(site):
    with site.reading() as session:
        return session.scalars(select(RecordedAction).order_by(RecordedAction.id)).all()


def test_a_printed_letter_waits_until_it_is_posted(site):
    with desk(site, LATE) as page:
        page.click("letter")
        waiting = words_of(page.visitor.get("/letters").text)
        page.click(f"letters/{letters(site)[0].id}/posted")
        after = words_of(page.visitor.get("/letters").text)

    assert "Bäckerei Ümit C-1 Payment reminder 21 Nov 2026 Ana" in waiting
    assert "The letter is confirmed as posted." in page.words
    assert letters(site)[0].posted_on == TODAY
    assert "No letter waits to be posted." in after


def test_many_are_confirmed_at_a_time(site):
    with desk(site, LATE) as page:
        with books(site) as book:
            book.debtor("Nachbar", LATE, number="C-2")
            book.debtor("Dritter", LATE, number="C-3")
        for number in ("C-1", "C-2", "C-3"):
            page.number = number
            page.click("letter")
        chosen = [letter.delivery_id for letter in letters(site)][:2]
        page.visitor.post("/letters/posted", {"letter": chosen})
        page.last = page.visitor.get("/letters")

    assert "2 letters are confirmed as posted." in page.words
    assert [letter.posted_on is not None for letter in letters(site)] == [True, True, False]
    assert site.entries("letter").count(("letter:posted", "Letter posted")) == 2


def test_nothing_chosen_is_said(sqlite_site):
    with desk(sqlite_site, LATE) as page:
        page.click("letter")
        page.visitor.post("/letters/posted", {})
        page.last = page.visitor.get("/letters")

    assert "Nothing was changed: choose letters" in page.words


def test_a_letter_of_another_company_stays_as_it_is(sqlite_site):
    with desk(sqlite_site, LATE) as page:
        page.click("letter")
        other = sqlite_site.company()
        stranger = sqlite_site.sign_in(Role.CLERK, email="x@x.example", company_id=other)
        shown = words_of(stranger.get("/letters").text)
        stranger.post("/letters/posted", {"letter": [letters(sqlite_site)[0].delivery_id]})

    assert "Bäckerei" not in shown
    assert letters(sqlite_site)[0].posted_on is None


def test_an_auditor_sees_the_letters_without_boxes(sqlite_site):
    with desk(sqlite_site, LATE) as page:
        page.click("letter")
        html = sqlite_site.sign_in(Role.AUDITOR).get("/letters").text

    assert "Bäckerei" in html
    assert 'type="checkbox"' not in html
