import csv
import io
import re
from datetime import UTC, datetime

import pytest

from arfollow import clock
from arfollow.access import Role
from arfollow.chatter.documents import store
from arfollow.chatter.operations import record
from arfollow.chatter.verification.runs import verify_what_is_due
from arfollow.receivables.operations.customers import CustomerFields, save_customer

PDF = b"%PDF-1.7 letter"
HTML = b"<h1>Reminder</h1><script>alert(1)</script>"
AT = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)


@pytest.fixture
def site(sqlite_site):
    return sqlite_site


@pytest.fixture
def customer_id(site) -> int:
    with site.writing() as session:
        fields = CustomerFields(name="Bäckerei Ümit")
        return save_customer(
            session, company_id=site.company_id, number="C-1043", customer=fields, who="system"
        )


@pytest.fixture
def write(site, customer_id):
    """Records an entry about the customer at 00:30 of 22 November in Berlin; gives its sequence."""

    def one(tag="letter:printed", text="Second reminder", company_id=site.company_id, **more) -> int:
        with site.writing() as session, clock.moved_to(AT):
            entry = {"customer_id": customer_id, "who": "Ana"} | more
            record(session, company_id=company_id, tag=tag, text=text, **entry)
        with site.reading() as session:
            return (
                session.connection()
                .exec_driver_sql(f"SELECT sequence FROM chatter_heads WHERE company_id = {company_id}")
                .scalar_one()
            )

    return one


@pytest.fixture
def keep(site):
    """Stores a document; gives its digest."""

    def one(media_type="application/pdf", content=PDF) -> str:
        with site.writing() as session:
            return store(session, media_type=media_type, content=content)

    return one


@pytest.fixture
def auditor(site):
    return site.sign_in(Role.AUDITOR)


def numbers(page) -> list[str]:
    """The entries of the company-wide table, by number."""
    return re.findall(r'data-href="/chatter/(\d+)"', page.text)


def test_the_log_shows_who_did_what_about_whom(auditor, write):
    number = write(text="Second <b>reminder</b>")

    page = auditor.get("/chatter")

    assert numbers(page)[0] == str(number)
    for words in ("Ana", "C-1043 Bäckerei Ümit", "Second &lt;b&gt;reminder&lt;/b&gt;", "letter:printed"):
        assert words in page.text


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("words=reminder", True),
        ("words=nothing", False),
        ("kind=letters", True),
        ("kind=notes", False),
        ("kind=%20&person=%20", True),
        ("since=2026-11-22&until=2026-11-22", True),
        ("until=2026-11-21", False),
        ("since=2026-11-23", False),
    ],
)
def test_the_log_is_filtered_by_days_of_the_companys_time_zone(auditor, write, query, is_found):
    number = write()

    assert (str(number) in numbers(auditor.get(f"/chatter?{query}"))) == is_found


def test_htmx_gets_the_entries_alone(auditor, write):
    write()
    auditor.headers["HX-Request"] = "true"

    page = auditor.get("/chatter")

    assert page.text.lstrip().startswith('<div id="entries">')


def test_more_than_a_page_is_read_on_by_a_link(auditor, write):
    for _ in range(51):
        last = write()

    first = auditor.get("/chatter")
    link = re.search(r'href="(/chatter\?before=\d+)"', first.text)
    second = auditor.get(link[1])

    assert numbers(first)[0] == str(last)
    assert len(numbers(first)) == 50
    assert int(numbers(second)[0]) == last - 50


def test_the_table_is_safe_to_open_in_a_spreadsheet(auditor, write, keep):
    digest = keep()
    write(text="=HYPERLINK(1)", facts={"level": 2}, documents=[digest])

    answer = auditor.get("/chatter?kind=letters&export=plain-csv")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))

    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert [(row["What happened"], row["Person"], row["Details"], row["Documents"]) for row in rows] == [
        ("'=HYPERLINK(1)", "Ana", '{"level": 2}', digest)
    ]


def test_an_entry_shows_its_proof_and_leads_to_its_customer(auditor, write):
    number = write(facts={"claimed": {"EUR": 124050}}, personal={"recipient": "ap@example.com"})

    page = auditor.get(f"/chatter/{number}")

    assert len(re.findall(r"<code>[0-9a-f]{64}</code>", page.text)) == 2
    for words in ("1,240.50", "ap@example.com", "/customers/C-1043", "C-1043 Bäckerei Ümit"):
        assert words in page.text


def test_the_panel_of_a_customer_folds_a_delivery_and_asks_for_its_state(auditor, write, customer_id):
    first = write("email:queued", "Reminder", facts={"delivery": 5})
    waiting = auditor.get(f"/chatter/customers/{customer_id}").text
    write("email:sent", "Sent to ap@example.com", facts={"delivery": 5}, who="system")
    settled = auditor.get(f"/chatter/customers/{customer_id}").text

    assert f'hx-get="/chatter/{first}"' in waiting
    assert "queued" in waiting
    assert f'hx-get="/chatter/{first}"' not in settled
    assert settled.count('class="chatter-line"') == waiting.count('class="chatter-line"')
    assert "Sent to ap@example.com" in settled


def test_htmx_gets_one_line_or_the_entries_of_a_kind(auditor, write, customer_id):
    number = write()
    write("note:written", "Called")
    auditor.headers["HX-Request"] = "true"

    line = auditor.get(f"/chatter/{number}").text
    notes = auditor.get(f"/chatter/customers/{customer_id}?kind=notes").text

    assert line.lstrip().startswith('<li class="chatter-line"')
    assert notes.lstrip().startswith('<div id="chatter-entries"')
    assert "Called" in notes
    assert "Second reminder" not in notes


def test_a_customer_of_nobody_has_an_empty_history(auditor):
    page = auditor.get("/chatter/customers/99")

    assert page.status_code == 200
    assert "Nothing has happened yet." in page.text


def test_a_pdf_is_opened_byte_for_byte(auditor, write, keep):
    digest = keep()
    write(documents=[digest])

    answer = auditor.get(f"/documents/{digest}")

    assert (answer.data, answer.mimetype) == (PDF, "application/pdf")
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("media_type", "shown_as", "disposition"),
    [
        ("text/html", "text/html", "inline"),
        ("message/rfc822", "text/plain", "inline"),
        ("image/svg+xml", "image/svg+xml", "attachment"),
        ("application/zip", "application/zip", "attachment"),
    ],
)
def test_nothing_in_a_document_is_run(auditor, write, keep, media_type, shown_as, disposition):
    digest = keep(media_type, HTML)
    write(documents=[digest])

    answer = auditor.get(f"/documents/{digest}")

    assert (answer.data, answer.mimetype) == (HTML, shown_as)
    assert answer.headers["Content-Disposition"].startswith(disposition)
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_a_document_can_be_downloaded_as_what_it_is(auditor, write, keep):
    digest = keep("message/rfc822", b"Subject: x")
    write(documents=[digest])

    answer = auditor.get(f"/documents/{digest}?download")

    assert answer.mimetype == "message/rfc822"
    assert re.fullmatch(r"attachment; filename=\w+\.eml", answer.headers["Content-Disposition"])


def test_another_company_sees_nothing_of_it(site, write, keep, customer_id):
    digest = keep()
    number = write(documents=[digest])
    other = site.company()
    stranger = site.sign_in(Role.ADMINISTRATOR, company_id=other)

    assert stranger.get(f"/documents/{digest}").status_code == 404
    addresses = ["/chatter", "/chatter?export=csv", f"/chatter/{number}", f"/chatter/customers/{customer_id}"]
    for address in addresses:
        page = stranger.get(address).data.decode()
        assert "Second reminder" not in page
        assert "C-1043" not in page


def test_nobody_who_has_not_signed_in_sees_anything(site, write, keep):
    digest = keep()
    write(documents=[digest])

    for address in (
        "/chatter",
        "/chatter?export=csv",
        "/chatter/1",
        "/chatter/verification",
        f"/documents/{digest}",
    ):
        assert site.visitor().get(address).status_code == 303


@pytest.fixture
def work(site):
    """Does what the worker does about verifications."""

    def once():
        with site.reading() as session:
            verify_what_is_due(session)

    return once


def test_a_log_that_was_never_verified_says_so(auditor):
    assert "The log was not verified yet." in auditor.get("/chatter/verification").text


def test_an_auditor_asks_for_a_verification_and_sees_what_it_found(auditor, write, work):
    write()

    waiting = auditor.post("/chatter/verification", follow_redirects=True).text
    work()
    found = auditor.get("/chatter/verification").text

    assert "A verification is under way" in waiting
    assert 'hx-trigger="every 2s"' in waiting
    assert "The log is whole" in found
    assert "asked for by" in found
    assert re.search(r"<code[^>]*>[0-9a-f]{64}</code>", found)
    assert "hx-trigger" not in found.partition('id="standing"')[2].partition("</section>")[0]


def test_the_verification_and_the_log_name_the_first_bad_entry(auditor, site, write, work):
    number = write()
    with site.writing() as session:
        session.connection().exec_driver_sql("DROP TRIGGER chatter_personal_update")
        session.connection().exec_driver_sql(
            f"UPDATE chatter_personal SET text = 'other' WHERE sequence = {number}"
        )
    auditor.post("/chatter/verification")
    work()

    for address in ("/chatter/verification", "/chatter"):
        assert f"entry {number} was changed" in auditor.get(address).text
