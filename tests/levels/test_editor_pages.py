"""Pages of order, versions and files; previews beside the form; what a plan would do."""

import re
from html import unescape
from io import BytesIO

import pytest

from arfollow import clock
from arfollow.access import Role
from arfollow.followup.trials.working import try_some
from arfollow.levels.drafts import Responsible
from arfollow.levels.queries import plans, versions_of
from arfollow.levels.queries.files import files_of
from tests.factories import books

TODAY = clock.today("Europe/Berlin")
LEVEL = {
    "name": "Payment reminder",
    "position": "1",
    "timing": "after_due",
    "days": "15",
    "deadline_days": "10",
    "actions": ["email"],
    "responsible": "customer",
}
WORDS = {
    "en-email_subject": "Hello {{ customer_name }}",
    "en-email_body": "Please pay {{ total_due }}",
    "en-letter_title": "Reminder",
    "en-letter_body": "Please pay",
    "en-todo": "",
}
PREVIEW = {**LEVEL, **WORDS, "preview-language": "en", "preview-pane": "email", "preview-customer": ""}
PDF = b"%PDF-1.7 terms"


@pytest.fixture
def site(sqlite_site):
    """The default plan, and a customer who owes EUR 620.50."""
    with books(sqlite_site, TODAY) as book:
        book.debtor("Zweirad Huber", ("620.50", 20), number="C-7", language="de")
    return sqlite_site


@pytest.fixture
def maria(site):
    return site.sign_in(Role.MANAGER)


@pytest.fixture
def level_id(site):
    return current(site).levels[0].id


def current(site):
    with site.reading() as session:
        return plans(session, company_id=site.company_id)[0]


def ids(site):
    return [level.id for level in current(site).levels]


def names(site):
    return [level.draft.name for level in current(site).levels]


def post_order(site, visitor, **values):
    return visitor.post(f"/levels/plans/{current(site).id}/order", {"order": ids(site), **values})


def test_an_order_is_tried_before_it_is_saved(site, maria):
    first, second, third = ids(site)

    tried = post_order(site, maria, move=f"{third}:-1")
    before = names(site)
    saved = post_order(site, maria, order=[first, third, second], keeps="places", confirmed="yes")

    assert "“Final notice” is number 2 of 3 now. It is not saved yet." in unescape(tried.text)
    assert "This is what the new order does" in tried.text
    assert before == ["Payment reminder", "Second reminder", "Final notice"]
    assert saved.status_code == 303
    assert names(site) == ["Payment reminder", "Final notice", "Second reminder"]


def test_days_that_go_along_are_said_to_be_out_of_order(site, maria):
    tried = post_order(site, maria, move=f"{ids(site)[2]}:-1", keeps="levels")

    assert "The levels are out of order" in tried.text


def test_an_outdated_order_changes_nothing_and_says_so(site, maria):
    answer = post_order(site, maria, order=[*ids(site), 77], confirmed="yes")

    assert "levels have changed meanwhile" in unescape(answer.text)
    assert names(site) == ["Payment reminder", "Second reminder", "Final notice"]


def test_an_earlier_version_is_shown_beside_the_next_and_taken_back(site, maria, level_id):
    maria.post(f"/levels/{level_id}", {**LEVEL, **words(site), **WORDS, "attach_statement": "y"})

    page = maria.get(f"/levels/{level_id}/words/en")
    back = maria.post(f"/levels/{level_id}/words/en", {"version": "1"})

    assert "<ins>" in page.text
    assert "<del>" in page.text
    assert back.status_code == 303
    with site.reading() as session:
        known = versions_of(session, company_id=site.company_id, level_id=level_id, language="en")
    assert [each.version for each in known] == [3, 2, 1]
    assert known[0].text == known[2].text


def words(site):
    level = current(site).levels[0]
    return {
        f"{language}-{name}": getattr(draft, name)
        for language, draft in level.draft.wordings.items()
        for name in ("email_subject", "email_body", "letter_title", "letter_body", "todo")
    }


def test_versions_of_a_language_without_words_are_not_found(maria, level_id):
    assert maria.get(f"/levels/{level_id}/words/xx").status_code == 404
    assert maria.post(f"/levels/{level_id}/words/en", {"version": "9"}).status_code == 404


def test_a_file_is_attached_read_and_taken_away(site, maria, level_id):
    maria.post(f"/levels/{level_id}/files", {"file": (BytesIO(PDF), "Terms.pdf")})
    with site.reading() as session:
        (file,) = files_of(session, company_id=site.company_id, level_id=level_id)

    page, content = (
        maria.get(f"/levels/{level_id}").text,
        maria.get(f"/levels/{level_id}/files/{file.id}").data,
    )
    maria.post(f"/levels/{level_id}/files/{file.id}/detach")

    assert "Terms.pdf" in page
    assert content == PDF
    assert "Terms.pdf" not in maria.get(f"/levels/{level_id}").text


def test_a_file_of_another_kind_is_refused_in_words(maria, level_id):
    maria.post(f"/levels/{level_id}/files", {"file": (BytesIO(b"MZ"), "virus.exe")})

    assert "is no PDF, PNG or JPEG file" in maria.get(f"/levels/{level_id}").text


def test_what_a_level_attaches_and_whom_its_todo_is_for_is_saved(site, maria, level_id):
    jan = site.person(Role.CLERK, name="Jan", email="jan@example.com")
    chosen = {"attach_items": "y", "attach_letter": "y", "responsible": "user", "responsible_id": str(jan)}

    maria.post(f"/levels/{level_id}", {**LEVEL, **words(site), **chosen})

    draft = current(site).levels[0].draft
    assert (draft.attach_statement, draft.attach_letter, draft.attach_items) == (False, True, True)
    assert (draft.responsible, draft.responsible_id) == (Responsible.USER, jan)


def test_one_person_has_to_be_chosen(site, maria, level_id):
    answer = maria.post(f"/levels/{level_id}", {**LEVEL, **words(site), "responsible": "user"})

    assert answer.status_code == 422
    assert "Choose the person." in answer.text


def test_a_preview_is_of_the_unsaved_words_on_a_real_customer(maria):
    answer = maria.post("/levels/preview", {**PREVIEW, "preview-customer": "C-7"})

    text = unescape(answer.text)
    assert "Zweirad Huber (C-7)" in text
    assert "Hello Zweirad Huber" in text
    assert re.search(r'id="value-total_due"[^>]*>EUR\xa0620.50<', text)
    assert answer.headers["HX-Trigger"] == "mail-preview"


@pytest.mark.parametrize(
    ("typed", "words"),
    [("", "A made-up customer"), ("huber", "Zweirad Huber (C-7)"), ("nobody", "No customer is called so")],
)
def test_a_preview_says_whose_it_is(maria, typed, words):
    assert words in maria.post("/levels/preview", {**PREVIEW, "preview-customer": typed}).text


def test_a_preview_names_what_goes_with_the_e_mail(maria, level_id):
    maria.post(f"/levels/{level_id}/files", {"file": (BytesIO(PDF), "Terms.pdf")})
    boxes = {
        "attach_letter": "y",
        "attach_statement": "y",
        "attach_items": "y",
        "preview-level": str(level_id),
    }

    text = maria.post("/levels/preview", {**PREVIEW, **boxes, "preview-customer": "C-7"}).text

    found = re.findall(r"</svg>\s*([^<]+\.(?:pdf|xlsx))</span>", text)
    day = TODAY.isoformat()
    assert found == [
        f"Reminder C-7 {day}.pdf",
        f"Statement of account C-7 {day}.pdf",
        f"Open invoices C-7 {day}.xlsx",
        "Terms.pdf",
    ]


def test_a_customer_with_very_many_invoices_is_not_previewed(maria, monkeypatch):
    monkeypatch.setattr("arfollow.statements.preview.MOST_ROWS", 0)

    answer = maria.post("/levels/preview", {**PREVIEW, "preview-customer": "C-7"})
    files = [
        maria.post(f"/levels/preview/{what}/en", {**PREVIEW, "preview-customer": "C-7"})
        for what in ("letter", "email")
    ]

    assert "Zweirad Huber has 1 open invoices: too many for a preview." in answer.text
    assert 'id="preview-subject"' not in answer.text
    assert [each.status_code for each in files] == [409, 409]
    assert "too many for a preview" in files[0].text


def test_a_letter_is_previewed_as_images(maria):
    answer = maria.post("/levels/preview", {**PREVIEW, "preview-pane": "letter"})

    assert answer.text.count("data:image/png;base64,") == 1
    assert "Page 1 of 1" in answer.text


def test_words_that_fail_say_where_and_replace_no_preview(site, maria):
    before = current(site)

    answer = maria.post("/levels/preview", {**PREVIEW, "en-email_body": "Dear\r\n{{ nobody }}"})

    text = unescape(answer.text)
    assert "Line 2, column 4: There is no variable “nobody”." in text
    assert 'id="live-en-email_body"' in text
    assert 'id="preview-subject"' not in text
    assert "HX-Trigger" not in answer.headers
    assert current(site) == before


def test_customers_are_offered_by_name_or_number(maria):
    assert '<option value="C-7">' in maria.get("/levels/preview/customers?preview-customer=zwei").text


def test_another_companys_customer_is_nobody(site):
    stranger = site.sign_in(Role.MANAGER, company_id=site.company())

    assert "Huber" not in stranger.post("/levels/preview", {**PREVIEW, "preview-customer": "C-7"}).text


def work(site):
    with site.reading() as session:
        while try_some(session):
            pass


def test_a_changed_level_is_tried_beside_what_it_is(site, maria, level_id):
    asked = maria.post(f"/levels/{level_id}/trials", {**LEVEL, **words(site), "days": "25"})
    waiting = maria.get(asked.location)
    work(site)

    text = unescape(maria.get(asked.location).text)

    assert 'hx-trigger="every 1s"' in waiting.text
    assert "1 customer for whom it differs" in text
    assert "Zweirad Huber" in text
    assert current(site).levels[0].draft.days == 15


@pytest.mark.parametrize("what", ["trials", "settings/trials", "order/trials", "levels/trials"])
def test_every_page_of_a_plan_can_be_tried(site, maria, what):
    settings = {"pace": "step", "contact_gap_days": "7", "promise_grace_days": "0", "order": ids(site)}
    new = {**LEVEL, **WORDS, **settings, "name": "Standard", "position": "4", "days": "60"}

    asked = maria.post(f"/levels/plans/{current(site).id}/{what}", new)
    work(site)

    assert asked.status_code == 303
    assert "By week" in maria.get(asked.location).text


def test_a_form_with_mistakes_is_not_tried(maria, level_id):
    assert maria.post(f"/levels/{level_id}/trials", {**LEVEL, "days": "soon"}).status_code == 422
