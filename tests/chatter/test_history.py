import pytest
from sqlalchemy import event

from arfollow import database
from arfollow.chatter.documents import store
from arfollow.chatter.history import History, customer_history, find_line
from arfollow.chatter.kinds import Kind, kind_of
from arfollow.chatter.operations import record
from arfollow.chatter.queries import EntryMissingError


@pytest.fixture
def write(session):
    """Records entries, each `tag` or `tag delivery`, and commits."""

    def one(*entries: str, who="Ana", customer_id=7, company_id=1, documents=()) -> None:
        for entry in entries:
            tag, _, delivery = entry.partition(" ")
            record(
                session,
                company_id=company_id,
                customer_id=customer_id,
                tag=tag,
                who=who,
                text=entry,
                facts={"delivery": int(delivery)} if delivery else {},
                documents=documents,
            )
        database.commit(session)
        database.begin_write(session)

    return one


def history(session, **asked) -> History:
    return customer_history(session, company_id=1, customer_id=7, **asked)


def tags(found: History) -> list[str]:
    return [line.entry.tag for line in found.lines]


def test_the_newest_entry_is_first(session, write):
    write("letter:printed", "note:written")

    assert tags(history(session)) == ["note:written", "letter:printed"]


def test_steps_of_a_delivery_are_one_line_with_the_last_state(session, write):
    write("email:queued 5", "note:written", "email:uncertain 5", "email:sent 5")

    found = history(session)

    assert [(line.entry.tag, line.state) for line in found.lines] == [
        ("note:written", ""),
        ("email:queued", "sent"),
    ]
    assert [step.tag for step in found.lines[1].steps] == ["email:uncertain", "email:sent"]


@pytest.mark.parametrize("outcome", ["sent", "failed", "cancelled", "uncertain"])
def test_a_message_is_under_way_until_its_outcome(session, write, outcome):
    write("email:queued 5")
    (waiting,) = history(session).lines
    write(f"email:{outcome} 5", who="system")
    (settled,) = history(session).lines

    assert (waiting.state, waiting.is_under_way) == ("queued", True)
    assert (settled.state, settled.is_under_way) == (outcome, False)


def test_two_deliveries_are_two_lines(session, write):
    write("email:queued 5", "email:queued 6", "email:failed 5", "email:sent 6")

    assert [line.state for line in history(session).lines] == ["sent", "failed"]


def test_a_delivery_of_the_same_number_in_another_company_is_another(session, write):
    write("email:queued 5")
    write("email:queued 5", "email:sent 5", company_id=2)

    assert [line.state for line in history(session).lines] == ["queued"]


def test_a_line_has_the_documents_of_all_its_steps_once(session, write):
    letter = store(session, media_type="application/pdf", content=b"%PDF letter")
    mail = store(session, media_type="message/rfc822", content=b"Subject: letter")
    write("email:queued 5", documents=[letter])
    write("email:sent 5", documents=[mail, letter])

    (line,) = history(session).lines

    assert [document.sha256 for document in line.documents] == [letter, mail]


def test_a_page_ends_with_where_the_older_ones_begin(session, write):
    write("note:written", "email:queued 5", "email:sent 5", "letter:printed", "call:logged")

    first = history(session, limit=2)
    second = history(session, limit=2, before=first.older)

    assert (tags(first), first.older) == (["call:logged", "letter:printed"], 4)
    assert (tags(second), second.older) == (["email:queued", "note:written"], None)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (
            None,
            [
                "plan:assigned",
                "payment:received",
                "credit-note:added",
                "note:written",
                "task:done",
                "letter:printed",
                "sms:received",
                "email:queued",
            ],
        ),
        (Kind.EMAILS, ["email:queued"]),
        (Kind.TEXTS, ["sms:received"]),
        (Kind.LETTERS, ["letter:printed"]),
        (Kind.TASKS, ["task:done"]),
        (Kind.NOTES, ["note:written"]),
        (Kind.LEDGER, ["payment:received", "credit-note:added"]),
        (Kind.CHANGES, ["plan:assigned"]),
    ],
)
def test_entries_are_filtered_by_kind(session, write, kind, expected):
    write(
        "email:queued",
        "sms:received",
        "letter:printed",
        "task:done",
        "note:written",
        "credit-note:added",
        "payment:received",
        "plan:assigned",
    )

    found = history(session, kind=kind)

    assert tags(found) == expected
    assert {line.entry.kind for line in found.lines} == ({kind} if kind else set(Kind))
    assert all(kind_of(line.entry.tag) is line.entry.kind for line in found.lines)


def test_entries_are_filtered_by_whoever_began_them(session, write):
    write("email:queued 5", who="Ana")
    write("email:sent 5", "payment:received", who="system")
    write("note:written", who="Jan")
    people = {person.name: person.digest for person in history(session).people}

    assert list(people) == ["Ana", "Jan", "system"]
    assert tags(history(session, person=people["Ana"])) == ["email:queued"]
    assert tags(history(session, person=people["system"])) == ["payment:received"]


def test_other_customers_and_companies_are_left_out(session, write):
    write("note:written")
    write("letter:printed", customer_id=8, who="Eve")
    write("letter:printed", company_id=2, who="Eve")
    write("plan:changed", customer_id=None, who="Eve")

    found = history(session)

    assert tags(found) == ["note:written"]
    assert [person.name for person in found.people] == ["Ana"]


def test_one_line_is_found_by_its_number(session, write):
    write("email:queued 5", "email:sent 5")

    assert find_line(session, company_id=1, sequence=1).state == "sent"


def test_an_entry_of_another_company_is_not_found(session, write):
    write("note:written", company_id=2)

    with pytest.raises(EntryMissingError):
        find_line(session, company_id=1, sequence=1)


def test_of_one_customer_only_its_own_entries_are_read(session, write):
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("PostgreSQL plans by how many entries there are.")
    write("note:written")
    statements = []
    listen = event.listens_for(session.get_bind(), "before_cursor_execute")
    listen(lambda connection, cursor, sql, parameters, *_: statements.append((sql, parameters)))
    history(session, kind=Kind.NOTES, before=9)

    plans = [
        step
        for sql, parameters in [each for each in statements if "chatter_entries" in each[0]]
        for (*_, step) in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", parameters)
        if " chatter_entries " in step
    ]

    assert plans
    assert all("company_id=? AND customer_id=?" in step for step in plans), plans
