"""Pages of workflows: what a manager is told, and what is refused in words."""

import re
from io import BytesIO

import pytest

from arfollow import clock
from arfollow.access import Role
from arfollow.profiles.operations.facts import find_list
from arfollow.workflows.examples import example
from arfollow.workflows.file import from_data, write_workflow
from arfollow.workflows.operations.beginning import begin_from_example
from arfollow.workflows.operations.campaigns import attach
from arfollow.workflows.operations.drafts import publish
from arfollow.workflows.operations.enrolling import enrol
from arfollow.workflows.queries.listing import workflow_rows
from arfollow.workflows.queries.versions import latest_version
from tests.factories import TODAY, books
from tests.workflows.triggered import put_on


@pytest.fixture
def manager(site):
    return site.sign_in(Role.MANAGER)


@pytest.fixture
def workflow_id(site):
    with site.writing() as session:
        return begin_from_example(
            session, company_id=site.company_id, example=example("collection"), name="", who="Maria"
        )


def seen(visitor, workflow_id):
    return re.search(r'name="seen-now" value="([^"]+)"', visitor.get(f"/workflows/{workflow_id}").text)[1]


def draft(site, workflow_id):
    with site.reading() as session:
        return from_data(latest_version(session, workflow_id=workflow_id, published=False).definition)


def test_a_file_comes_back_as_it_went(site, manager, workflow_id):
    file = manager.get(f"/workflows/{workflow_id}/file")

    manager.post("/workflows/import", {"file": (BytesIO(file.data), "collection.toml")})

    with site.reading() as session:
        ids = [row.id for row in workflow_rows(session, company_id=site.company_id)]
    assert draft(site, ids[1]).route == draft(site, ids[0]).route


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Choose a file, or paste its text."),
        ("name = x", "line 1"),
        (
            'name = "A"\n[trigger]\nkind = "by_hand"\n[[route]]\nkey = "a"\nkind = "fly"',
            "there is no kind “fly”",
        ),
    ],
)
def test_what_cannot_be_read_is_said_with_its_place(site, manager, text, words):
    answer = manager.post("/workflows/import", {"text": text})

    assert answer.status_code == 422
    assert words in answer.text
    with site.reading() as session:
        assert not workflow_rows(session, company_id=site.company_id)


def test_what_a_colleague_changed_meanwhile_is_not_written_over(site, manager, workflow_id):
    mark = seen(manager, workflow_id)
    step = {"seen": mark, "step": "time-to-pay", "s.unit": "days"}
    manager.post(f"/workflows/{workflow_id}/steps", step | {"s.amount": "5"})

    answer = manager.post(f"/workflows/{workflow_id}/steps", step | {"s.amount": "7"})

    assert answer.status_code == 409
    assert "Somebody else has changed this workflow meanwhile." in answer.text
    assert 'value="7"' in answer.text
    amounts = [
        each.settings["amount"] for each in draft(site, workflow_id).steps() if each.key == "time-to-pay"
    ]
    assert amounts == [5]


def test_what_is_no_number_is_said_at_its_field_and_nothing_is_saved(site, manager, workflow_id):
    before = draft(site, workflow_id)

    answer = manager.post(
        f"/workflows/{workflow_id}/steps",
        {"seen": seen(manager, workflow_id), "step": "time-to-pay", "s.amount": "soon"},
    )

    assert answer.status_code == 422
    assert "This has to be a whole number." in answer.text
    assert draft(site, workflow_id) == before


def test_an_example_is_begun_in_the_readers_language_and_finds_one_begun_in_another(sqlite_site):
    ours = sqlite_site.company(language="de")
    manager = sqlite_site.sign_in(Role.MANAGER, company_id=ours)
    with sqlite_site.writing() as session:
        begin_from_example(session, company_id=ours, example=example("new-customers"), name="", who="Maria")

    manager.post("/workflows/new", {"example": "existing-customers"})

    with sqlite_site.reading() as session:
        begun = {each.name: each.definition for each in workflow_rows(session, company_id=ours)}
    assert begun["Bestandskunden begleiten"].trigger.settings["workflow"] == "New-customer track"
    assert "Bestandskunden begleiten" in manager.get("/workflows/new").text
    assert "Wie zufrieden sind Sie mit uns?" in manager.get("/workflows/examples/existing-customers").text


def test_whom_no_notice_reaches_is_said_at_its_field(site, manager):
    with site.writing() as session:
        made = begin_from_example(
            session, company_id=site.company_id, example=example("lease-check"), name="", who="Maria"
        )

    answer = manager.post(
        f"/workflows/{made}/steps",
        {"seen": seen(manager, made), "step": "tell-workshop", "s.who": "person", "s.person": "Workshop"},
        follow_redirects=True,
    )

    assert 'id="s.person-error">“Workshop” is no e-mail address' in answer.text


def test_what_is_missing_keeps_it_from_being_published(site, manager, workflow_id):
    manager.post(
        f"/workflows/{workflow_id}/steps",
        {"seen": seen(manager, workflow_id), "step": "mail", "s.words.en.text": "Please pay"},
    )

    answer = manager.post(f"/workflows/{workflow_id}/publish", {"seen": seen(manager, workflow_id)})

    assert answer.status_code == 422
    assert "“Subject” is missing." in answer.text
    with site.reading() as session:
        assert workflow_rows(session, company_id=site.company_id)[0].state == "draft"


def test_an_earlier_version_becomes_the_draft_again(site, manager, workflow_id):
    first = draft(site, workflow_id)
    manager.post(f"/workflows/{workflow_id}/publish", {"seen": seen(manager, workflow_id)})
    manager.post(
        f"/workflows/{workflow_id}/route",
        {"seen": seen(manager, workflow_id), "do": "delete", "step": "call"},
    )
    manager.post(f"/workflows/{workflow_id}/publish", {"seen": seen(manager, workflow_id)})

    told = manager.get(f"/workflows/{workflow_id}/versions")
    manager.post(f"/workflows/{workflow_id}/versions", {"seen": seen(manager, workflow_id), "version": "1"})

    assert "What changed with version 2" in told.text
    assert write_workflow(draft(site, workflow_id)) == write_workflow(first)


def test_a_clerk_reads_and_changes_nothing(site, workflow_id):
    clerk = site.sign_in(Role.CLERK)

    page = clerk.get(f"/workflows/{workflow_id}?step=mail")

    assert page.status_code == 200
    assert "wire-add" not in page.text
    assert clerk.post(f"/workflows/{workflow_id}/route", {"do": "add"}).status_code == 403


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("collection", "today that is 1 of 2 customers"),
        ("campaign-with-event", "2 customers are on its campaigns, and enter within seconds."),
        ("after-sale-feedback", "What lies in the past enrols nobody"),
    ],
)
def test_publishing_says_whom_it_is_for(site, manager, name, words):
    with books(site) as book:
        ids = [book.customer() for _ in range(2)]
    put_on(site, ids[0], "Subscriptions")
    for each in ids:
        put_on(site, each, "Open day")
    with site.writing() as session:
        of = {"session": session, "company_id": site.company_id, "who": "Maria"}
        workflow_id = begin_from_example(example=example(name), name="Test", **of)
        if name == "campaign-with-event":
            list_id = find_list(session, company_id=site.company_id, name="Open day")
            attach(workflow_id=workflow_id, list_id=list_id, values={}, **of)

    answer = manager.get(f"/workflows/{workflow_id}/publish")

    assert words in answer.text


def test_the_pages_of_a_workflow_lead_to_each_other(site, manager, workflow_id):
    for page in ("", "/customers", "/dry-run", "/campaigns", "/versions"):
        answer = manager.get(f"/workflows/{workflow_id}{page}")

        tabs = re.findall(rf'<a href="/workflows/{workflow_id}([/a-z-]*)"', answer.text)
        assert {"", "/customers", "/dry-run", "/campaigns", "/versions"} <= set(tabs)


def test_a_workflow_that_runs_is_paused_and_retired_from_its_page(site, manager, workflow_id):
    with site.writing() as session:
        publish(session, company_id=site.company_id, workflow_id=workflow_id, who="Maria")

    answer = manager.get(f"/workflows/{workflow_id}")
    asked = manager.get(f"/workflows/{workflow_id}/customers?open=pause")

    assert f"/workflows/{workflow_id}/customers?open=pause" in answer.text
    assert f"/workflows/{workflow_id}/customers?open=retire" in answer.text
    assert re.search(r"<details[^>]*\bopen\b", asked.text)


def test_the_overview_leads_to_those_who_are_in_a_workflow(site, manager, workflow_id):
    with books(site) as book:
        customer_id = book.customer()
    put_on(site, customer_id, "Subscriptions")
    with site.writing() as session:
        publish(session, company_id=site.company_id, workflow_id=workflow_id, who="Maria")
        enrol(
            session,
            company_id=site.company_id,
            workflow_id=workflow_id,
            customer_id=customer_id,
            now=clock.now(),
            today=TODAY,
            who="Maria",
        )

    answer = manager.get("/workflows")

    assert f'<a href="/workflows/{workflow_id}/customers">1</a>' in answer.text


@pytest.mark.parametrize(
    ("typed", "words", "note"),
    [
        ("", "Dear Ms Kaya, Bäckerei Ümit owes EUR\N{NO-BREAK SPACE}120.00.", "A made-up customer"),
        ("nobody", "Bäckerei Ümit owes", "No customer is called so"),
        (
            "nord",
            "Dear Sir or Madam, Nord owes EUR\N{NO-BREAK SPACE}77.10.",
            "Nord (C-2), as things stand today",
        ),
    ],
)
def test_words_are_shown_on_a_customer_while_somebody_writes(site, manager, workflow_id, typed, words, note):
    with books(site) as book:
        book.invoice(book.customer("Nord", number="C-2", language="de"), "77.10", late=20, number="R-77")
    text = "{{ salutation }} {{ customer_name }} owes {{ total_due }}."

    shown = manager.post(
        f"/workflows/{workflow_id}/preview",
        {"words-language": "en", "s.words.en.text": text, "preview-customer": typed},
    ).text

    assert words in shown
    assert note in shown


def test_what_words_may_use_is_explained_in_the_reader_s_language(manager, workflow_id):
    manager.post("/account", {"name": "Maria", "language": "de"})

    assert 'title="der Name des Kunden"' in manager.get(f"/workflows/{workflow_id}?step=mail").text
