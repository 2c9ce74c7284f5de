"""Surveys for the company's own people."""

import re
from html import unescape

import pytest

from arfollow.access import Role
from arfollow.receivables.operations.links import issue
from arfollow.workflows.surveys.operations import answer_survey, install_survey
from arfollow.workflows.surveys.queries import survey_by_key
from tests.factories import TODAY, books, standing_still

FIELD = re.compile(
    r'<(?:input|textarea)[^>]* name="([^"]+)"[^>]*?(?:value="([^"]*)"[^>]*>|>([^<]*)</textarea>)'
)
CHOSEN = re.compile(r'<select[^>]* name="([^"]+)".*?<option value="([^"]*)" selected', re.DOTALL)
BOX = re.compile(r'<input[^>]*type="checkbox"[^>]*>')


@pytest.fixture
def site(sqlite_site):
    with standing_still():
        yield sqlite_site


@pytest.fixture
def manager(site):
    return site.sign_in(Role.MANAGER)


def install(site):
    with site.writing() as session:
        return install_survey(session, company_id=site.company_id, key="satisfaction", who="Ana")


def asked(site):
    with site.reading() as session:
        return survey_by_key(session, company_id=site.company_id, key="satisfaction")


def form_of(text):
    """What the browser would send: fields, the chosen options, boxes that are ticked."""
    values = {}
    unticked = {re.search('name="([^"]+)"', box)[1] for box in BOX.findall(text) if "checked" not in box}
    for name, value, long in FIELD.findall(text):
        if name not in ("csrf_token", *unticked):
            values.setdefault(name, []).append(unescape(value or long))
    return values | dict(CHOSEN.findall(text))


def answer(site, number, **answers):
    with books(site) as book:
        customer_id = book.customer(f"Customer {number}", number=number)
        own = {"company_id": site.company_id, "customer_id": customer_id}
        link_id = issue(book.session, **own, page="survey", about={}, now=book_now())
        answer_survey(
            book.session,
            **own,
            view=asked(site),
            link_id=link_id,
            enrolment_id=None,
            step="",
            answers=answers,
            now=book_now(),
        )


def book_now():
    from arfollow import clock

    return clock.now()


def test_one_that_comes_along_is_taken_over_once(site, manager):
    answers = [
        manager.post("/surveys/install", {"key": key}) for key in ("satisfaction", "satisfaction", "none")
    ]

    assert [each.status_code for each in answers] == [303, 303, 404]
    assert asked(site).number == 1
    assert site.entries("survey") == [("survey:changed", "Survey “satisfaction” saved, version 1")]


def test_saving_what_is_there_makes_no_version(site, manager):
    path = f"/surveys/{install(site).id}/edit"

    answer = manager.post(path, {**form_of(manager.get(path).text), "do": "save"})

    assert answer.status_code == 303
    assert asked(site).number == 1


def test_saving_a_change_makes_the_next_version(site, manager):
    path = f"/surveys/{install(site).id}/edit"
    form = form_of(manager.get(path).text)

    answer = manager.post(path, {**form, "q0-en": "Would you recommend us?", "do": "save"})

    assert answer.status_code == 303
    assert (asked(site).number, asked(site).survey.questions[0].words["en"]) == (2, "Would you recommend us?")
    assert asked(site).survey.questions[0].key == "score"


def test_a_colleague_s_change_is_not_lost(site, manager):
    path = f"/surveys/{install(site).id}/edit"
    form = form_of(manager.get(path).text)
    manager.post(path, {**form, "q0-en": "Mine", "do": "save"})

    answer = manager.post(path, {**form, "q0-en": "Theirs", "do": "save"})

    assert answer.status_code == 409
    assert "a colleague has changed this survey" in answer.text
    assert "Theirs" in answer.text
    assert asked(site).survey.questions[0].words["en"] == "Mine"


def test_buttons_change_the_form_and_save_nothing(site, manager):
    path = f"/surveys/{install(site).id}/edit"
    form = form_of(manager.get(path).text)

    added = manager.post(path, {**form, "do": "add"})
    refused = manager.post(path, {**form_of(added.text), "do": "save"})

    assert "Question 4" in added.text
    assert (refused.status_code, "Question 4 is missing in English." in refused.text) == (422, True)
    assert asked(site).number == 1


def test_a_new_one_is_written_from_nothing(site, manager):
    form = form_of(manager.get("/surveys/new").text)
    texts = {f"{name}-en": name for name in ("title", "intro", "thanks", "q0")}

    answer = manager.post("/surveys/new", {**form, "language": "en", **texts, "do": "save"})

    assert answer.status_code == 303
    with site.reading() as session:
        made = survey_by_key(session, company_id=site.company_id, key="title")
    assert [each.key for each in made.survey.questions] == ["q0"]


def test_results_count_what_was_answered(site, manager):
    survey_id = install(site).id
    answer(site, "C-1", score=9, best=("price",), better="More bread")
    answer(site, "C-2", score=8)

    words = manager.get(f"/surveys/{survey_id}").text

    assert "2 answers" in words
    assert re.search(r'survey-mean">8\.5<', words)
    assert "More bread" in words
    assert "Customer C-1" in words


def test_results_of_a_period_leave_the_others_out(site, manager):
    survey_id = install(site).id
    answer(site, "C-1", score=9)

    with standing_still(TODAY.replace(year=TODAY.year + 1)):
        visitor = site.sign_in(Role.AUDITOR)
        pages = [visitor.get(f"/surveys/{survey_id}{query}").text for query in ("", "?days=90", "?days=77")]

    assert ["Nobody has answered in this period." in page for page in pages] == [False, True, False]


def test_a_customer_s_answers_stand_on_its_card(site, manager):
    install(site)
    answer(site, "C-1", score=9, best=("price",))

    card = manager.get("/customers/C-1/card").text
    manager.headers = {"HX-Request": "true"}
    part = manager.get("/customers/C-1/surveys").text

    assert 'hx-get="/customers/C-1/surveys"' in card
    assert "9 / 10" in part
    assert "<html" not in part
