"""Steps for the company's own people: notices, tasks, handing over."""

import pytest
from sqlalchemy import select, update

from arfollow import clock
from arfollow.access import Role
from arfollow.chatter.tables import StoredDocument
from arfollow.companies.tables import Company
from arfollow.followup.operations.erasing import erase, plan
from arfollow.profiles.operations import record_event
from arfollow.receivables.tables import Customer
from arfollow.tasks.tables import Task
from arfollow.users.operations.people import deactivate
from arfollow.users.tables import User
from arfollow.workflows.examples import surveys
from arfollow.workflows.rules.definition import TIMED_OUT, Kind
from arfollow.workflows.surveys.operations import save_survey
from tests.factories import TODAY, books
from tests.workflows.walking import branch, step, wait

WORDS = {
    "en": {"subject": "{{ customer_name }}", "text": "Call {{ customer_phone }}.\n\n{{ customer_page }}"},
    "de": {"subject": "{{ customer_name }}", "text": "Bitte anrufen: {{ customer_phone }}."},
}
TITLED = {
    "en": {"title": "Call {{ customer_name }}", "text": "{{ total_due }} open.\n\n{{ history }}"},
    "de": {"title": "{{ customer_name }} anrufen", "text": "{{ total_due }} offen."},
}


def tell(key="tell", **settings):
    return step(key, Kind.NOTIFY, words=WORDS, **settings)


def call(key="call", **settings):
    return step(key, Kind.ACTIVITY, words=TITLED, **settings)


@pytest.fixture
def site(sqlite_site):
    """What it reads is read on both engines by the neighbours."""
    return sqlite_site


@pytest.fixture
def people(desk, umit):
    """Whose the customer is, by role."""
    found = {
        "responsible": desk.site.person(Role.CLERK, name="Ana"),
        "sales": desk.site.person(Role.CLERK, email="sales@example.com", name="Sofia"),
        "manager": desk.site.person(Role.MANAGER, name="Maria"),
    }
    with desk.site.writing() as session:
        session.execute(update(User).where(User.id == found["responsible"]).values(language="de"))
        session.execute(update(Customer).values(responsible_id=found["responsible"], sales_id=found["sales"]))
    return found


def to(message):
    return message["To"].addresses[0].addr_spec


def text_of(message):
    return message.get_body(("plain",)).get_content().replace("\r\n", "\n")


def tasks(site):
    with site.reading() as session:
        return session.scalars(select(Task).order_by(Task.id)).all()


class TestANotice:
    @pytest.mark.parametrize(
        ("meant", "address"),
        [
            ({}, "clerk@example.com"),
            ({"who": "responsible"}, "clerk@example.com"),
            ({"who": "sales"}, "sales@example.com"),
            ({"who": "manager"}, "manager@example.com"),
            ({"who": "person", "person": "Sales@example.com"}, "sales@example.com"),
            ({"who": "person", "person": "workshop@example.com"}, "workshop@example.com"),
        ],
    )
    def test_goes_to_whom_the_step_is_for(self, desk, umit, people, meant, address):
        assert people
        desk.run(tell(**meant), customer_id=umit)

        desk.work()
        desk.send()

        assert [to(message) for message in desk.sink.messages] == [address]

    def test_names_the_customer_in_the_language_of_its_reader(self, desk, umit, people):
        assert people
        desk.run(tell("german"), tell("english", who="sales"), customer_id=umit)

        desk.work()
        desk.send()

        german, english = map(text_of, desk.sink.messages)
        assert german.startswith("Bitte anrufen: +49 171 3920012.\n")
        assert english.startswith("Call +49 171 3920012.\n\nhttp://127.0.0.1:5000/customers/C-1\n")
        assert "Sent by the workflow “Test” of ACME GmbH." in english

    def test_goes_to_the_companys_own_address_when_nobody_is_meant(self, desk, umit):
        desk.run(tell(), customer_id=umit)

        desk.work()
        desk.send()

        assert [to(message) for message in desk.sink.messages] == ["office@acme.example.com"]
        assert desk.runs()[0][2] == "Nobody in particular is meant, so the company's own address was told."

    @pytest.mark.parametrize(
        ("meant", "why"),
        [
            ({"who": "sales"}, "Nobody in particular is meant"),
            ({"who": "person", "person": "Sales@example.com"}, "“Sales@example.com” has left"),
        ],
    )
    def test_does_not_go_to_who_has_left(self, desk, umit, people, meant, why):
        with desk.site.writing() as session:
            deactivate(session, user_id=people["sales"], who="Paula")
        desk.run(tell(**meant), customer_id=umit)

        desk.work()
        desk.send()

        assert [to(message) for message in desk.sink.messages] == ["office@acme.example.com"]
        assert desk.runs() == [("tell", "done", f"{why}, so the company's own address was told.")]

    def test_stands_in_the_customers_chatter(self, desk, umit, people):
        assert people
        desk.run(tell(who="sales"), customer_id=umit)

        desk.work()

        assert desk.site.entries("notice") == [("notice:queued", "Notice “tell” to a colleague queued")]

    def test_is_erased_with_the_customer(self, desk, umit, people):
        assert people
        desk.run(tell(who="sales"), wait("w", 1), tell("later"), customer_id=umit)
        desk.work()
        desk.send()
        desk.work(days=1)
        with books(desk.site) as book:
            words = plan(book.session, company_id=1, customer_id=umit, day=TODAY).words
            erase(
                book.session,
                company_id=1,
                customer_id=umit,
                reason="Asked",
                words=words,
                who="Ana",
                today=TODAY,
            )

        sent, waited = desk.deliveries()
        assert (sent.outgoing, sent.recipient, waited.state) == ({}, "", "cancelled")
        with desk.site.reading() as session:
            kept = session.scalars(select(StoredDocument.content)).all()
        assert all(content is None for content in kept)


class TestAnActivity:
    def test_is_a_task_with_its_words_put_in(self, desk, umit, people):
        desk.run(call(), customer_id=umit)

        desk.work()

        [task] = tasks(desk.site)
        assert (task.title, task.text) == ("Bäckerei Ümit anrufen", "620,50\xa0EUR offen.")
        assert task.assignee_id == people["responsible"]

    def test_tells_somebody_outside_by_mail(self, desk, umit, people):
        assert people
        desk.run(call(who="person", person="collection@example.com"), customer_id=umit)

        desk.work()
        desk.send()

        [task] = tasks(desk.site)
        [message] = desk.sink.messages
        assert (task.title, task.assignee_id) == ("Call Bäckerei Ümit", None)
        assert (to(message), message["Subject"]) == ("collection@example.com", "Call Bäckerei Ümit")

    def test_knows_what_was_done_before(self, desk, umit, people):
        assert people
        words = {"en": {"subject": "Hi", "text": "Hi"}}
        mail = step("mail", Kind.EMAIL, words=words)
        asked = step("wait", Kind.WAIT_FOR, branch("replied"), branch(TIMED_OUT), amount=3)
        desk.run(mail, asked, call(who="sales"), customer_id=umit)
        desk.work()
        with desk.day(1), desk.site.writing() as session:
            record_event(session, company_id=1, customer_id=umit, kind="replied", at=clock.now(), who="Ana")

        desk.work(days=1)

        assert tasks(desk.site)[0].text.split("\n")[2:] == [
            "21 Nov 2026, 13:00: E-mail to the customer",
            "22 Nov 2026, 13:00: The customer replied",
        ]

    def test_shows_its_text_on_the_customers_page(self, desk, umit, people):
        assert people
        desk.run(call(), customer_id=umit)
        desk.work()
        visitor = desk.site.sign_in(Role.CLERK, email="b@example.com")

        page = visitor.get("/customers/C-1").text

        assert "620,50\xa0EUR offen." in page


class TestHandingOver:
    def test_brings_the_customer_onto_the_list_with_a_task(self, desk, umit, people):
        desk.run(step("over", Kind.HAND_OVER), customer_id=umit)

        desk.work()

        [task] = tasks(desk.site)
        assert (
            task.title
            == "An das Mahnwesen übergeben, Stufe „Payment reminder“: entscheiden, wie es weitergeht"
        )
        assert (task.due_on, task.assignee_id) == (TODAY, people["responsible"])

    def test_may_have_words_of_its_own(self, desk, umit, people):
        assert people
        desk.run(step("over", Kind.HAND_OVER, words=TITLED), wait("w"), customer_id=umit)

        desk.work()

        assert tasks(desk.site)[0].title == "Bäckerei Ümit anrufen"


class TestASurvey:
    def asked(self, key="ask", **settings):
        words = {"en": {"subject": "How are we?", "text": "{{ survey_link }}"}}
        return step(key, Kind.SURVEY, survey="satisfaction", words=words, **settings)

    def link_of(self, message):
        return next(word for word in text_of(message).split() if "/l/" in word)

    @pytest.fixture
    def survey(self, desk):
        with desk.site.writing() as session:
            save_survey(session, company_id=1, survey=surveys()["satisfaction"], who="Maria")

    def test_is_sent_with_its_link_and_reminded_of_with_the_same(self, desk, umit, survey):
        assert survey is None
        remind = step("remind", Kind.EMAIL, words={"en": {"subject": "Again", "text": "{{ survey_link }}"}})
        desk.run(self.asked(), wait("w", 3), remind, customer_id=umit)

        for days in (0, 3):
            desk.work(days=days)
            desk.send(days=days)

        first, second = map(self.link_of, desk.sink.messages)
        assert first == second

    def test_is_skipped_when_there_is_none(self, desk, umit):
        words = {"en": {"subject": "How are we?", "text": "{{ survey_link }}"}}
        desk.run(step("ask", Kind.SURVEY, survey="gone", words=words), customer_id=umit)

        desk.work()

        assert desk.runs() == [("ask", "skipped", "There is no survey “gone” in this company.")]

    def test_tells_its_answers_in_words(self, desk, umit, survey, people):
        assert survey is None
        words = {"en": {"subject": "Answers", "text": "{{ answers }}\n\n{{ answer.satisfaction.score }}"}}
        notice = step("tell", Kind.NOTIFY, words=words, who="sales")
        desk.run(self.asked(), wait("w", 1), notice, customer_id=umit)
        desk.work()
        with desk.day(), desk.site.writing() as session:
            data = {"survey": "satisfaction", "score": 9, "best": ["quality", "advice"]}
            record_event(
                session,
                company_id=1,
                customer_id=umit,
                kind="survey_answered",
                at=clock.now(),
                data=data,
                who="x",
            )

        desk.work(days=1)
        desk.send(days=1)

        assert text_of(desk.sink.messages[-1]).split("\n--")[0].splitlines() == [
            "How likely are you to recommend us? 9 / 10",
            "What do you value most? Quality, Advice",
            "",
            "9 / 10",
        ]
        assert people


def test_a_company_without_an_address_writes_from_its_colleagues(desk, umit, people):
    assert people
    with desk.site.writing() as session:
        session.execute(update(Company).values(email=""))
    desk.run(tell(who="sales"), customer_id=umit)

    desk.work()
    desk.send()

    assert desk.sink.messages[0]["From"].addresses[0].addr_spec == "sales@example.com"
