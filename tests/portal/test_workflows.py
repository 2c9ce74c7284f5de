"""What a customer does by a link makes the workflow go on that sent it."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from arfollow import clock, database
from arfollow.tasks.tables import Task
from arfollow.workflows.jobs import work_workflows
from arfollow.workflows.operations.drafts import publish, save_draft
from arfollow.workflows.operations.enrolling import enrol
from arfollow.workflows.rules.definition import TIMED_OUT, Kind, Trigger
from tests.factories import TODAY
from tests.workflows.walking import branch, definition, step


def waiting(site, customer_id, **wait):
    """The customer stands in a workflow that waits for the payment page to be opened, about one appointment."""
    mail, call = (
        step(key, Kind.ACTIVITY, words={"en": {"title": title, "text": "Please."}})
        for key, title in (("mail", "Write"), ("call", "Call"))
    )
    outcomes = (branch("confirmed", call), branch(TIMED_OUT, step("no", Kind.END)))
    trigger = Trigger(kind="event", settings={"event": "appointment_booked", "key": "appointment"})
    made = replace(definition(mail, step("wait", Kind.WAIT_FOR, *outcomes, **wait)), trigger=trigger)
    with site.writing() as session:
        workflow_id = save_draft(session, company_id=site.company_id, definition=made, who="Maria")
        publish(session, company_id=site.company_id, workflow_id=workflow_id, who="Maria")
        return enrol(
            session,
            company_id=site.company_id,
            workflow_id=workflow_id,
            customer_id=customer_id,
            key="A-1",
            now=clock.now(),
            today=TODAY,
            who="Maria",
        )


def work(site):
    with site.app.app_context():
        work_workflows(database.current_session())


def test_it_goes_on_with_the_enrolment_that_the_link_was_sent_in(phone):
    enrolment_id = waiting(phone.site, phone.customer_id, amount=3, of="mail")
    work(phone.site)

    with clock.moved_to(clock.now() + timedelta(minutes=1)):
        phone.open("pay", enrolment=str(enrolment_id), step="mail")
        work(phone.site)

    assert phone.events()[-1] == ("confirmed", "mail", {"appointment": "A-1", "enrolment": enrolment_id})
    with phone.site.reading() as session:
        assert session.scalars(select(Task.title).order_by(Task.id)).all() == ["Write", "Call"]
