"""Letters for a mail house: PDFs and a table of whom they go to."""

import csv
import io
from datetime import UTC, datetime
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from arfollow.access import Role
from arfollow.clock import moved_to
from arfollow.delivery.tables import Delivery
from arfollow.exchange.mail_house import HEADER
from arfollow.followup.actions.letter import confirm_posted, prepare_letter, print_letter, render
from arfollow.receivables.operations.customers import ContactFields, save_contact
from tests.factories import TODAY, books
from tests.followup.desks import customer_of

PATH = "/letters/mail-house"


@pytest.fixture
def printed(site):
    """Letters to C-1 and to =C/2, whose number no file system and no spreadsheet should see as it is; gives their ids."""
    with moved_to(datetime(2026, 11, 21, 12, tzinfo=UTC)):
        with books(site) as book:
            book.debtor(
                "Nordlicht", number="C-1", street="Gasse 3", city="Köln", postal_code="50667", country="DE"
            )
            book.debtor("Alpin", number="=C/2", street="Weg 1", city="Bern", postal_code="3000", country="CH")
            lawyer = ContactFields(
                kind="dunning",
                name="RA Blum",
                street="Allee 9",
                city="Bonn",
                postal_code="53111",
                country="DE",
            )
            of = {"company_id": site.company_id, "customer_id": customer_of(book, "C-1")}
            save_contact(book.session, **of, contact=lawyer, who="Ana")
            for number in ("C-1", "=C/2"):
                click = book.click(customer_of(book, number))
                facts = prepare_letter(book.session, click)
                print_letter(book.session, click, facts=facts, pdf=render(facts))
        with site.reading() as session:
            ids = list(session.scalars(select(Delivery.id).order_by(Delivery.id)))
        yield site, ids


def download(site, ids, role=Role.CLERK):
    return site.sign_in(role).post(PATH, {"letter": [str(each) for each in ids]})


def test_each_row_names_a_pdf_of_the_archive(printed):
    site, ids = printed

    answer = download(site, ids)

    assert answer.headers["Content-Disposition"] == "attachment; filename=letters-2026-11-21.zip"
    with ZipFile(io.BytesIO(answer.data)) as archive:
        table = archive.read("letters.csv").decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(table)))
        assert tuple(rows[0]) == HEADER
        assert [(row["country"], row["postal_code"], row["name"], row["attention"]) for row in rows] == [
            ("CH", "3000", "Alpin", ""),
            ("DE", "53111", "Nordlicht", "RA Blum"),
        ]
        assert rows[0]["customer"] == "'=C/2"
        assert sorted(archive.namelist()) == sorted(["letters.csv", *(row["file"] for row in rows)])
        assert all(archive.read(row["file"]).startswith(b"%PDF") for row in rows)
        assert all("/" not in name for name in archive.namelist())


def test_what_was_posted_or_is_somebody_elses_is_not_in_it(printed):
    site, ids = printed
    with books(site) as book:
        confirm_posted(book.session, company_id=site.company_id, delivery_ids=ids[:1], on=TODAY, who="Ana")

    answer = download(site, ids)

    with ZipFile(io.BytesIO(answer.data)) as archive:
        assert len(archive.namelist()) == 2
    other = site.company()
    visitor = site.sign_in(Role.CLERK, email="o@example.com", company_id=other)
    assert visitor.post(PATH, {"letter": str(ids[1])}).status_code == 404


def test_without_a_choice_there_is_nothing_to_hand_over(printed):
    site, _ = printed

    assert download(site, []).status_code == 404
