"""The inspector in the web: what it shows to whom, and that a click does what it says, once."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from arfollow import clock, database
from arfollow.access import Role
from arfollow.values.refusals import N_, Remark
from arfollow.workflows.jobs import work_workflows
from arfollow.workflows.operations.drafts import publish, save_draft
from arfollow.workflows.operations.enrolling import enrol
from arfollow.workflows.rules.definition import Kind, Trigger
from arfollow.workflows.tables import Enrolment, StepPosition, StepRun
from tests.factories import books
from tests.workflows.walking import definition, step, wait

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def call(key):
    return step(key, Kind.ACTIVITY, words={"en": {"title": f"Call {key}", "text": "Please."}})


@pytest.fixture
def site(sqlite_site):
    """Each page is opened on both engines by the guards."""
    return sqlite_site


@pytest.fixture
def inside(site):
    """Two customers in a workflow at its wait; gives a manager's visitor, the workflow and the first's enrolment."""
    with clock.moved_to(NOON):
        with books(site) as book:
            ids = [
                book.debtor(name, ("620.50", 20), number=n) for name, n in (("Ümit", "C-1"), ("Kaya", "C-2"))
            ]
        company = {"company_id": site.company_id}
        with site.writing() as session:
            made = definition(call("one"), wait("pause", 3), call("two"))
            workflow_id = save_draft(session, **company, definition=made, who="Maria")
            publish(session, **company, workflow_id=workflow_id, who="Maria")
            found = [
                enrol(
                    session,
                    **company,
                    workflow_id=workflow_id,
                    customer_id=id_,
                    now=clock.now(),
                    today=NOON.date(),
                    who="Maria",
                )
                for id_ in ids
            ]
        with site.app.app_context():
            work_workflows(database.current_session())
        yield site.sign_in(Role.MANAGER), workflow_id, found[0]


def seen(visitor, enrolment_id):
    page = visitor.get(f"/workflows/enrolments/{enrolment_id}").text
    return re.search(r'name="skip-seen"[^>]*value="([^"]+)"', page)[1]


def stands(site, enrolment_id):
    with site.reading() as session:
        at = select(StepPosition.step).where(StepPosition.enrolment_id == enrolment_id)
        return session.scalar(at)


def test_the_list_says_who_stands_where_and_finds_them(inside):
    visitor, workflow_id, _ = inside
    address = f"/workflows/{workflow_id}/customers"

    assert "Ümit" in visitor.get(f"{address}?step=pause").text
    assert "Ümit" not in visitor.get(f"{address}?q=kaya").text
    assert visitor.get(f"{address}?sort=customer").text.index("Kaya") > 0
    assert "Nobody is found." in visitor.get(f"{address}?step=two").text
    assert "No step has failed." in visitor.get(f"{address}?view=failed").text


def test_the_page_says_what_comes_next_and_when(inside):
    visitor, _, enrolment_id = inside

    page = visitor.get(f"/workflows/enrolments/{enrolment_id}").text

    assert "24 Nov 2026, 13:00" in page
    assert "comes to the end and leaves" in page


def test_what_begins_at_its_hour_comes_then(inside, site):
    visitor, _, enrolment_id = inside
    with site.writing() as session:
        position = session.scalar(select(StepPosition).where(StepPosition.enrolment_id == enrolment_id))
        position.step, position.entered_at = "two", NOON + timedelta(days=10)
        position.due_at = position.entered_at

    page = visitor.get(f"/workflows/enrolments/{enrolment_id}").text

    assert page.count("1 Dec 2026, 13:00") == 4


def test_a_skip_goes_on_once(inside, site):
    visitor, _, enrolment_id = inside
    address = f"/workflows/enrolments/{enrolment_id}/skip"
    form = {"skip-seen": seen(visitor, enrolment_id), "skip-reason": "She asked"}

    done = visitor.post(address, form)
    again = visitor.post(address, form)

    assert (done.status_code, again.status_code) == (303, 409)
    assert "has gone on in the workflow" in again.text
    assert stands(site, enrolment_id) == "two"


def test_without_a_reason_nothing_is_changed_and_the_form_says_so(inside, site):
    visitor, _, enrolment_id = inside

    refused = visitor.post(
        f"/workflows/enrolments/{enrolment_id}/remove", {"remove-seen": seen(visitor, enrolment_id)}
    )

    assert refused.status_code == 422
    assert "Say why: it goes into the chatter." in refused.text
    assert stands(site, enrolment_id) == "pause"


def test_a_manager_moves_them_to_a_newer_version_all_at_once(inside, site):
    visitor, workflow_id, enrolment_id = inside
    with site.writing() as session:
        made = definition(call("one"), wait("pause", 9), call("other"))
        company = {"company_id": site.company_id, "workflow_id": workflow_id, "who": "Maria"}
        save_draft(session, definition=made, **company)
        publish(session, **company)
    assert "Older versions" in visitor.get(f"/workflows/{workflow_id}/customers").text

    answer = visitor.post(
        f"/workflows/{workflow_id}/versions/newest", {"version": "1", "move-reason": "Better words"}
    )

    assert answer.status_code == 303
    assert "version 2" in visitor.get(f"/workflows/enrolments/{enrolment_id}").text
    assert "Older versions" not in visitor.get(f"/workflows/{workflow_id}/customers").text


def test_a_customer_s_page_says_what_it_is_in_and_takes_it_into_more(inside, site):
    visitor, workflow_id, enrolment_id = inside
    with books(site) as book:
        book.debtor("Neu", ("10.00", 5), number="C-3")

    assert f"/workflows/enrolments/{enrolment_id}" in visitor.get("/customers/C-1").text
    added = visitor.post("/workflows/customers/C-3/add", {"workflow": str(workflow_id)})
    again = visitor.post("/workflows/customers/C-3/add", {"workflow": str(workflow_id)})

    assert "/workflows/enrolments/" in added.location
    assert again.location.endswith("/customers/C-3")
    with site.reading() as session:
        assert len(session.scalars(select(Enrolment.id)).all()) == 3


def test_why_a_step_was_skipped_is_said_in_the_reader_s_language(inside, site):
    visitor, _, enrolment_id = inside
    hold = Remark(N_("Not sent: nothing of invoice %(invoice)s is open."), invoice="R-7")
    with site.writing() as session:
        first = session.scalars(select(StepRun).where(StepRun.enrolment_id == enrolment_id)).one()
        for number, why in enumerate((hold, "Written before remarks were kept."), start=2):
            values = {each: getattr(first, each) for each in ("path", "step", "customer_id", "kind", "at")}
            session.add(
                StepRun(enrolment_id=enrolment_id, round=number, result="skipped", explanation=why, **values)
            )

    visitor.post("/account", {"name": "Maria", "language": "de"})
    page = visitor.get(f"/workflows/enrolments/{enrolment_id}").text

    assert "Nicht gesendet: Von Rechnung R-7 ist nichts offen." in page
    assert "Written before remarks were kept." in page


def test_one_about_an_invoice_is_offered_for_each_and_begins_about_it(inside, site):
    visitor, *_ = inside
    due = replace(
        definition(wait("pause", 3)), trigger=Trigger(kind="due", settings={"days": 300}), name="Due"
    )
    with site.writing() as session:
        workflow_id = save_draft(
            session,
            company_id=site.company_id,
            definition=replace(due, route=(*due.route, call("x"))),
            who="M",
        )
        publish(session, company_id=site.company_id, workflow_id=workflow_id, who="Maria")
    [invoice] = re.findall(rf'value="{workflow_id}:([^"]+)"', visitor.get("/customers/C-1").text)

    added = visitor.post("/workflows/customers/C-1/add", {"workflow": f"{workflow_id}:{invoice}"})
    other = visitor.post("/workflows/customers/C-1/add", {"workflow": f"{workflow_id}:other"})

    assert invoice in visitor.get(added.location).text
    assert f'value="{workflow_id}:' not in visitor.get("/customers/C-1").text
    assert other.status_code == 404


def test_an_auditor_reads_and_changes_nothing(inside, site):
    _, workflow_id, enrolment_id = inside
    auditor = site.sign_in(Role.AUDITOR)

    page = auditor.get(f"/workflows/enrolments/{enrolment_id}")

    assert page.status_code == auditor.get(f"/workflows/{workflow_id}/customers").status_code == 200
    assert "Take out" not in page.text
    assert auditor.post(f"/workflows/enrolments/{enrolment_id}/remove").status_code == 403


def test_a_manager_pauses_resumes_and_retires_a_workflow(inside, site):
    visitor, workflow_id, enrolment_id = inside
    address = f"/workflows/{workflow_id}"

    def click(what, **form):
        return visitor.post(f"{address}/{what}", {f"{what}-{name}": text for name, text in form.items()})

    assert click("pause").status_code == 422
    assert click("pause", reason="Holidays").status_code == 303
    assert click("pause", reason="Holidays").status_code == 409
    assert "when the workflow is resumed" in visitor.get(f"/workflows/enrolments/{enrolment_id}").text
    assert "after the pause" in visitor.get(f"{address}/customers").text
    assert click("resume", reason="Back", choice="never").status_code == 422
    assert click("resume", reason="Back", choice="shift").status_code == 303
    assert click("retire", reason="Done with it", inside="leave").status_code == 303
    refused = visitor.post("/workflows/1/publish", data={"seen": "1.0.1"})
    assert (refused.status_code, "is retired: it cannot" in refused.text) == (409, True)
    assert "the workflow was retired" in visitor.get(f"/workflows/enrolments/{enrolment_id}").text
    assert [text for tag, text in site.entries("workflow")][-4:] == [
        "Workflow “Test” resumed: everything comes later by the pause's length: Back",
        "Workflow “Test” retired, all leave: Done with it",
        "Leaves “Test”: the workflow is retired: Done with it",
        "Leaves “Test”: the workflow is retired: Done with it",
    ]
