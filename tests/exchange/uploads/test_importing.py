"""From dropping a file to the ledger: mapped, checked, mended, imported by the worker, all or nothing."""

from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import select, update

from arfollow import clock
from arfollow.access import Role
from arfollow.database import current_session
from arfollow.exchange.uploads.operations import MOST_FILES
from arfollow.exchange.uploads.rules import KEPT_DAYS, Kind, State
from arfollow.exchange.uploads.tables import ImportFile, ImportJob
from arfollow.exchange.uploads.working import work_imports
from arfollow.receivables.tables import Credit, Customer, Instalment
from tests.exchange.uploads.workbooks import workbook
from tests.factories import TODAY, standing_still

NOON = datetime.combine(TODAY, time(12), UTC)
INVOICES = "Nr;Kunde;Datum;Fällig;Betrag\nR-1;K-1;01.10.2026;31.10.2026;1.240,50\nR-2;K-2;15.10.2026;14.11.2026;99,00\n"
CUSTOMERS = "customer,name\nK-1,Bäckerei Ümit\nK-2,Nordlicht\n"
PAYMENTS = "payment,customer,date,currency,amount,invoice\nP-1,K-1,2026-11-02,EUR,240.50,R-1\n"


def count(site, table) -> int:
    with site.reading() as session:
        return len(session.execute(select(table.id)).all())


class TestAForeignFile:
    def test_with_more_columns_than_anybody_can_choose_from_says_so(self, desk):
        row = ",".join(["1"] * 20_000)

        import_id = desk.drop(("export.csv", f"{row}\n{row}\n"))

        shown = desk.shown(import_id)
        assert "there are 20000 columns, and at most 500 can be chosen from" in shown
        assert len(shown) < 100_000

    def test_is_detected_mapped_by_clicking_checked_and_imported(self, desk):
        import_id = desk.drop(("Rechnungen.csv", INVOICES.encode("cp1252")))

        before = desk.shown(import_id)
        after = desk.choose(import_id, value__currency="EUR")
        checked = desk.check(import_id)
        written = count(desk.site, Instalment)
        done = desk.apply(import_id)

        assert "as found: Windows-1252" in before
        assert "as found: semicolon" in before
        assert "as found: day, month, year" in before
        assert "columns are missing" in before
        assert "EUR\xa01,240.50" in after
        assert checked.state == State.CHECKED
        assert written == 0
        assert done.state == State.DONE
        assert [str(each) for each in done.report.counts] == [
            "customers: 2 new, 0 changed, 0 unchanged",
            "invoices: 2 new, 0 changed, 0 unchanged",
        ]
        assert [(each.currency, each.items, each.amount) for each in done.report.after] == [
            ("EUR", 2, 133950)
        ]
        assert desk.site.entries("ledger")[0][1].startswith("Imported Rechnungen.csv. customers: 2 new")

    def test_that_was_imported_leaves_its_bytes_nowhere(self, desk):
        import_id = desk.drop(("customers.csv", CUSTOMERS))
        desk.check(import_id)

        desk.apply(import_id)

        with desk.site.reading() as session:
            (row,) = session.execute(select(ImportFile.content, ImportFile.text)).all()
        assert tuple(row) == (None, None)

    def test_can_be_a_sheet_of_a_workbook(self, desk):
        rows = [["A/R"], ["Nr", "Kunde", "Datum", "Fällig", "Währung", "Betrag"]]
        rows.append(["R-1", "K-1", "2026-10-01", "2026-10-31", "EUR", 1240.5])
        import_id = desk.drop(("book.xlsx", workbook({"Cover": [["x"]], "Open": rows})))

        desk.choose(import_id, sheet="Open")
        checked = desk.check(import_id)

        assert checked.state == State.CHECKED
        assert [(each.currency, each.amount) for each in checked.report.after] == [("EUR", 124050)]

    def test_is_taken_apart_as_somebody_says(self, sqlite_desk):
        text = "a|b|c\nCustomer|Name|x\nK-1|Müller|1\n".encode("cp850")
        import_id = sqlite_desk.drop(("old.txt", text))

        shown = sqlite_desk.choose(import_id, encoding="cp850", delimiter="|", heading_line="2")

        assert sqlite_desk.job(import_id).files[0].settings.kind == Kind.CUSTOMERS
        assert "<td>Müller</td>" in shown


class TestSeveralFiles:
    def test_are_imported_in_the_right_order_whatever_theirs(self, desk):
        invoices = (
            "invoice,customer,date,due_date,currency,amount\nR-1,K-1,2026-10-01,2026-10-31,EUR,1240.50\n"
        )
        import_id = desk.drop(("3.csv", PAYMENTS), ("2.csv", invoices), ("1.csv", CUSTOMERS))

        desk.check(import_id)
        done = desk.apply(import_id)

        assert done.state == State.DONE
        assert [(each.currency, each.amount) for each in done.report.after] == [("EUR", 100000)]

    def test_of_the_same_name_are_told_apart(self, sqlite_desk):
        import_id = sqlite_desk.drop(("a.csv", CUSTOMERS), ("../a.csv", PAYMENTS))

        assert [file.name for file in sqlite_desk.job(import_id).files] == ["a.csv", "a.csv (2)"]

    def test_can_be_added_and_removed(self, sqlite_desk):
        import_id = sqlite_desk.drop(("a.csv", CUSTOMERS))

        more = sqlite_desk.drop(("b.csv", PAYMENTS))
        sqlite_desk.post(f"/imports/{more}/discard")
        first = sqlite_desk.job(import_id).files[0].id
        answer = sqlite_desk.post(f"/imports/{import_id}/files/{first}/remove")

        assert answer.location.endswith("/imports")
        assert count(sqlite_desk.site, ImportJob) == 0

    def test_too_many_are_refused(self, sqlite_desk):
        files = [(f"{number}.csv", CUSTOMERS) for number in range(MOST_FILES + 1)]

        with pytest.raises(AssertionError, match="At most 12 files"):
            sqlite_desk.drop(*files)

    def test_too_many_are_refused_before_any_is_opened(self, sqlite_desk):
        files = [(f"{number}.xlsx", b"PK\x03\x04") for number in range(MOST_FILES + 1)]

        with pytest.raises(AssertionError, match="At most 12 files"):
            sqlite_desk.drop(*files)

    @pytest.mark.parametrize(
        ("file", "words"),
        [
            (("a.csv", b"  \n"), "a.csv: The file is empty."),
            (("b.xlsx", b"PK\x03\x04"), "b.xlsx: This is no workbook"),
        ],
    )
    def test_one_that_cannot_be_taken_is_told_and_the_others_are_kept(self, sqlite_desk, file, words):
        import_id = sqlite_desk.drop(file, ("c.csv", CUSTOMERS))

        assert words in sqlite_desk.shown(import_id)
        assert [each.name for each in sqlite_desk.job(import_id).files] == ["c.csv"]


class TestProblems:
    BAD = "customer,name,email\nK-1,Ann,ann@example.com\nK-2,Bob,=nobody\nK-3,,\n"

    def test_are_told_by_row_and_nothing_is_imported(self, desk):
        import_id = desk.drop(("bad.csv", self.BAD))

        checked = desk.check(import_id)
        shown = desk.shown(import_id)

        assert checked.state == State.REFUSED
        assert checked.problem_count == 2
        assert "2 problems" in shown
        assert "is not one valid e-mail address" in shown
        assert count(desk.site, Customer) == 0

    def test_are_downloaded_without_a_formula(self, sqlite_desk):
        import_id = sqlite_desk.drop(("=cmd.csv", self.BAD))
        sqlite_desk.check(import_id)

        text = sqlite_desk.visitor.get(f"/imports/{import_id}?export=plain-csv").text

        assert text.splitlines()[0].endswith("File,Row,Field,Problem")
        assert text.splitlines()[1].startswith("'=cmd.csv,3,email,")

    def test_are_mended_by_leaving_their_rows_out_which_is_shown(self, desk):
        import_id = desk.drop(("bad.csv", self.BAD))
        desk.check(import_id)

        desk.post(f"/imports/{import_id}/leave-out")
        shown = desk.shown(import_id)
        checked = desk.check(import_id)

        assert "2 rows are left out." in shown
        assert checked.state == State.CHECKED
        assert "bad.csv: left out as chosen: row 3, 4." in checked.report.notes

    def test_are_mended_by_not_reading_a_column(self, desk):
        import_id = desk.drop(("bad.csv", self.BAD.replace("K-3,,\n", "")))
        desk.check(import_id)

        desk.choose(import_id, columns={"email": ""})
        checked = desk.check(import_id)

        assert checked.state == State.CHECKED

    @pytest.mark.parametrize(
        ("content", "why"),
        [
            (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "this is a picture"),
            (b"Dear Sir or Madam\nplease find attached\n", "no row has more than one column"),
            (b"\xef\xbb\xbf", "the file has no rows"),
        ],
    )
    def test_of_a_file_that_is_no_table_are_told_and_it_can_only_be_removed(self, sqlite_desk, content, why):
        import_id = sqlite_desk.drop(("list.csv", content))

        shown = sqlite_desk.shown(import_id)

        assert f"list.csv: {why}" in shown
        assert "Remove this file" in shown
        assert "import-settings" not in shown
        assert "columns are missing" not in shown


class TestAListOfOpenItems:
    LIST = "invoice,customer,date,due_date,currency,amount,open_amount\nR-1,K-1,2026-10-01,2026-10-31,EUR,100.00,60.00\n"

    def test_is_imported_as_of_its_day(self, desk):
        import_id = desk.drop(("customers.csv", CUSTOMERS), ("open.csv", self.LIST))
        file = desk.job(import_id).files[1].id
        desk.choose(import_id, file, kind="open-items")

        refused = desk.post(f"/imports/{import_id}/check")
        checked = desk.check(import_id, as_of="2026-11-20")
        done = desk.apply(import_id)

        assert refused.status_code == 409
        assert checked.state == State.CHECKED, checked.refusal
        assert done.report.day.isoformat() == "2026-11-20"
        assert [each.amount for each in done.report.after] == [6000]

    def test_is_not_mixed_with_invoices(self, sqlite_desk):
        import_id = sqlite_desk.drop(("open.csv", self.LIST), ("payments.csv", PAYMENTS))
        sqlite_desk.choose(import_id, kind="open-items")

        answer = sqlite_desk.post(f"/imports/{import_id}/check", as_of="2026-11-20")

        assert answer.status_code == 409
        assert "imported alone, or with customers" in answer.text

    def test_in_which_much_is_gone_asks_first(self, desk):
        many = self.LIST + "".join(
            f"R-{number},K-1,2026-10-01,2026-10-31,EUR,100.00,100.00\n" for number in range(2, 30)
        )
        for text, day, wanted in (
            (many, "2026-11-19", State.CHECKED),
            (self.LIST, "2026-11-20", State.REFUSED),
        ):
            import_id = desk.drop(("customers.csv", CUSTOMERS), ("open.csv", text))
            desk.choose(import_id, desk.job(import_id).files[1].id, kind="open-items")
            checked = desk.check(import_id, as_of=day)
            assert checked.state == wanted
            if wanted == State.CHECKED:
                desk.apply(import_id)

        confirmed = desk.check(import_id, as_of="2026-11-20", confirmed="on")

        assert "More than a tenth is gone" in checked.refusal
        assert "--confirm" not in desk.shown(import_id)
        assert confirmed.state == State.CHECKED


class TestAMapping:
    def test_that_was_saved_is_recognised_by_its_columns(self, desk):
        first = desk.drop(("Rechnungen.csv", INVOICES))
        desk.choose(first, value__currency="EUR")
        file = desk.job(first).files[0].id

        saved = desk.post(f"/imports/{first}/files/{file}/mapping", name="Our  ERP")
        second = desk.drop(("next.csv", INVOICES.replace("R-", "S-")))

        assert saved.status_code == 303
        assert desk.job(second).files[0].settings.mapping == "Our ERP"
        assert desk.check(second).state == State.CHECKED
        assert desk.site.entries("mapping") == [("mapping:saved", "Mapping “Our ERP” saved")]

    @pytest.mark.parametrize("name", ["", "invoices"])
    def test_has_a_name_of_its_own(self, sqlite_desk, name):
        import_id = sqlite_desk.drop(("Rechnungen.csv", INVOICES))
        file = sqlite_desk.job(import_id).files[0].id

        answer = sqlite_desk.post(f"/imports/{import_id}/files/{file}/mapping", name=name)

        assert answer.status_code == 409

    def test_is_changed_under_its_name_and_removed(self, sqlite_desk):
        desk = sqlite_desk
        import_id = desk.drop(("Rechnungen.csv", INVOICES))
        file = desk.job(import_id).files[0].id
        for currency in ("EUR", "USD"):
            desk.choose(import_id, value__currency=currency)
            desk.post(f"/imports/{import_id}/files/{file}/mapping", name="ERP")

        desk.post("/imports/mappings/1/remove")

        assert [tag for tag, _ in desk.site.entries("mapping")] == [
            "mapping:saved",
            "mapping:changed",
            "mapping:removed",
        ]
        assert "Saved mappings" not in desk.visitor.get("/imports").text


class TestTheWorker:
    def asked(self, desk) -> int:
        import_id = desk.drop(("customers.csv", CUSTOMERS))
        desk.check(import_id)
        desk.post(f"/imports/{import_id}/apply")
        return import_id

    def test_is_missed_in_words_when_there_is_none(self, sqlite_desk):
        import_id = self.asked(sqlite_desk)

        at_first = sqlite_desk.shown(import_id)
        with clock.moved_to(NOON + timedelta(minutes=1)):
            later = sqlite_desk.visitor.get(f"/imports/{import_id}").text

        assert "No worker has taken this up yet" not in at_first
        assert "No worker has taken this up yet" in later
        assert "<code>arfollow worker</code>" in later

    def test_takes_up_what_another_left_when_its_lease_is_over(self, desk):
        import_id = self.asked(desk)
        with standing_still(TODAY), desk.site.writing() as session:
            left = {"token": 1, "lease_until": clock.now() + timedelta(minutes=1)}
            session.execute(update(ImportJob).values(**left))

        held = desk.worked(import_id).state
        with standing_still(TODAY), desk.site.writing() as session:
            session.execute(update(ImportJob).values(lease_until=clock.now() - timedelta(seconds=1)))
        done = desk.worked(import_id)

        assert held == State.RUNNING
        assert done.state == State.DONE
        assert count(desk.site, Customer) == 2

    def test_gives_up_what_breaks_it_again_and_again(self, sqlite_desk):
        import_id = self.asked(sqlite_desk)
        with sqlite_desk.site.writing() as session:
            session.execute(update(ImportJob).values(token=3))

        assert sqlite_desk.worked(import_id).state == State.FAILED
        assert "That went wrong on our side" in sqlite_desk.shown(import_id)

    def test_imports_once_however_often_somebody_clicks(self, desk):
        import_id = self.asked(desk)

        again = desk.post(f"/imports/{import_id}/apply")
        done = desk.worked(import_id)
        afterwards = desk.post(f"/imports/{import_id}/check")

        assert again.status_code == 409
        assert done.state == State.DONE
        assert afterwards.status_code == 409
        assert len(desk.site.entries("ledger")) == 1

    def test_drops_files_that_nobody_imports(self, desk):
        desk.drop(("customers.csv", CUSTOMERS))

        with standing_still(TODAY + timedelta(days=KEPT_DAYS + 1)), desk.site.app.app_context():
            work_imports(current_session())

        assert count(desk.site, ImportFile) == 0

    def test_counts_what_payments_leave(self, desk):
        import_id = desk.drop(("customers.csv", CUSTOMERS), ("payments.csv", PAYMENTS.replace(",R-1", ",")))
        desk.check(import_id)

        done = desk.apply(import_id)

        assert count(desk.site, Credit) == 1
        assert [each.unapplied for each in done.report.after] == [24050]


class TestPrivacy:
    def test_what_somebody_sets_up_is_shown_to_nobody_else(self, sqlite_desk):
        import_id = sqlite_desk.drop(("customers.csv", CUSTOMERS))
        with standing_still(TODAY):
            other = sqlite_desk.site.sign_in(Role.MANAGER)
            answer = other.get(f"/imports/{import_id}")

        assert answer.status_code == 404

    @pytest.mark.parametrize(
        ("role", "status"), [(Role.CLERK, 403), (Role.AUDITOR, 403), (Role.MANAGER, 303)]
    )
    def test_managers_and_administrators_import(self, sqlite_site, role, status):
        with standing_still(TODAY):
            visitor = sqlite_site.sign_in(role)
            answer = visitor.post("/imports", {})
            page = visitor.get("/imports")

        assert answer.status_code == status
        assert ("Drop files here" in page.text) == (status == 303)
