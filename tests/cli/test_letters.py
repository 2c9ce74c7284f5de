from datetime import timedelta
from io import BytesIO

import pytest
from click.testing import CliRunner
from pypdf import PdfReader

from arfollow.app import create_app
from arfollow.cli import letter_run, main
from arfollow.companies.operations import change_bank_accounts
from arfollow.companies.queries import BankDetails
from arfollow.config import from_environment
from arfollow.database import begin_write
from arfollow.followup.actions.letter import print_letters
from arfollow.followup.operations.erasing import erase, plan
from tests.factories import TODAY, books, standing_still
from tests.fixtures.apps import make_site
from tests.followup.desks import customer_of


@pytest.fixture
def run(sqlite_url, tmp_path, monkeypatch):
    """Runs `arfollow letters` on TODAY."""
    monkeypatch.setenv("ARFOLLOW_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("ARFOLLOW_DATA_DIR", str(tmp_path))

    def one(*words):
        with standing_still():
            return CliRunner().invoke(main, ["letters", *map(str, words)])

    return one


@pytest.fixture
def site(run):
    """One customer whose second level is due today, which asks for a letter, and one whose first does not."""
    with make_site(create_app(from_environment())) as site:
        with books(site, TODAY - timedelta(days=20)) as book:
            book.done(book.debtor("Bäckerei Ümit", ("620.50", 21), number="C/1043"))
            book.debtor("Fresh", ("15.00", 3), number="C-2")
        yield site


def text_of(path) -> str:
    return PdfReader(BytesIO(path.read_bytes())).pages[0].extract_text()


def pages_of(path) -> list[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(path.read_bytes())).pages]


def tags(site) -> list[str]:
    return [tag for tag, _ in site.entries("letter")]


def test_the_letters_that_are_due_are_written_and_recorded_once(run, site, tmp_path):
    first = run("--out", tmp_path / "out")
    (path,) = (tmp_path / "out").glob("C_1043-*.pdf")
    before = path.read_bytes()
    second = run("--out", tmp_path / "out")

    assert (first.exit_code, first.stdout) == (0, f"1 letter in {tmp_path / 'out'}\n"), first.output
    assert "620" in text_of(path)
    assert (second.exit_code, path.read_bytes()) == (0, before)
    assert second.stdout.startswith(f"1 letter in {tmp_path / 'out'}, none of them new")
    assert tags(site) == ["letter:printed"]


def test_a_letter_that_was_erased_keeps_nobody_from_theirs(run, site, tmp_path):
    run("--out", tmp_path / "out")
    with books(site, TODAY - timedelta(days=20)) as book:
        book.done(book.debtor("Other", ("99.00", 21), number="C-9"))
    with books(site) as book:
        erased = {"customer_id": customer_of(book, "C/1043"), "reason": "asked for", "who": "Paula"}
        words = plan(
            book.session, company_id=site.company_id, customer_id=erased["customer_id"], day=TODAY
        ).words
        erase(book.session, company_id=site.company_id, words=words, today=TODAY, **erased)

    answer = run("--out", tmp_path / "later")

    assert answer.exit_code == 0, answer.output
    assert "C/1043" in answer.stderr
    assert "erased" in answer.stderr
    assert len([*(tmp_path / "later").glob("C-9-*.pdf")]) == 1


def test_a_long_number_makes_a_file_like_any_other(run, site, tmp_path):
    with books(site, TODAY - timedelta(days=20)) as book:
        book.done(book.debtor("Long", ("99.00", 21), number="ü" * 300))

    answer = run("--out", tmp_path / "out", "--merged", tmp_path / "new" / "all.pdf")

    assert answer.exit_code == 0, answer.output
    assert len([*(tmp_path / "out").glob("*.pdf")]) == 2
    assert (tmp_path / "new" / "all.pdf").exists()


def test_what_letters_lack_is_said_before_they_are_stored(run, site, tmp_path):
    answer = run("--out", tmp_path / "out")

    assert "not entered under Settings yet: your postal address, a bank account" in answer.stderr
    assert "C/1043 Bäckerei Ümit: no postal address" in answer.stderr


def test_a_currency_without_an_account_and_a_name_without_glyphs_are_said_too(run, site, tmp_path):
    with site.writing() as session:
        account = BankDetails(currency="GBP", holder="", bank="", iban="GB29NWBK60161331926819", bic="")
        change_bank_accounts(session, company_id=site.company_id, accounts=[account], who="Eva")
    with books(site, TODAY - timedelta(days=20)) as book:
        book.done(book.debtor("王小明", ("99.00", 21), number="C-9"))

    answer = run("--out", tmp_path / "out")

    assert "a bank account for EUR." in answer.stderr
    assert "C-9 王小明: no font has 王 小 明" in answer.stderr


def test_no_letter_says_who_is_due_otherwise(run, site, tmp_path):
    with books(site) as book:
        book.done(customer_of(book, "C/1043"))
        book.debtor("By e-mail", ("15.00", 16), number="C-3")

    answer = run("--out", tmp_path / "out")

    assert answer.stdout == f"0 letters in {tmp_path / 'out'}\n"
    assert "2 customers are on the list, and no level there asks for a letter" in answer.stderr


def test_another_days_letters_are_drafts_and_recorded_nowhere(run, site, tmp_path):
    answer = run("--out", tmp_path / "out", "--on", TODAY + timedelta(days=1))

    assert answer.stdout.endswith("as drafts\n"), answer.output
    assert tags(site) == []


def test_a_folder_that_cannot_be_made_is_said(run, site, tmp_path):
    (tmp_path / "file").write_text("")

    answer = run("--out", tmp_path / "file" / "out")

    assert answer.exit_code == 1
    assert "Not a directory" in answer.stderr
    assert tags(site) == []


@pytest.fixture
def three_letters(site):
    """Letters to Vienna, and to two codes in Germany; one has more than a page holds."""
    with books(site, TODAY - timedelta(days=20)) as book:
        for number, code, country, items in (
            ("C-V", "1010", "AT", 1),
            ("C-K", "50667", "DE", 60),
            ("C-B", "10115", "DE", 1),
        ):
            place = {"street": "Gasse 3", "city": "Ort", "postal_code": code, "country": country}
            book.done(book.debtor(number, *[("10.00", 21)] * items, number=number, **place))


def test_the_file_for_the_printer_is_sorted_by_country_and_postal_code_below_a_cover(
    run, three_letters, tmp_path
):
    answer = run("--out", tmp_path / "out", "--processes", 2)

    cover, *pages = pages_of(tmp_path / "out" / "letters.pdf")
    firsts = [
        number
        for page in pages
        for number in ("C/1043", "C-V", "C-B", "C-K")
        if "Page 1 of" in page and number in page
    ]
    assert answer.stdout.startswith("4 letters in"), answer.output
    assert "Letters of 21 November 2026" in cover
    assert firsts == ["C/1043", "C-V", "C-B", "C-K"]
    assert "Austria" in cover
    assert len(pages) > 4


def test_printed_on_both_sides_each_letter_begins_on_a_front_side(run, three_letters, tmp_path):
    answer = run("--out", tmp_path / "out", "--duplex", "--merged", tmp_path / "both.pdf")

    pages = pages_of(tmp_path / "both.pdf")
    fronts = [number for number, page in enumerate(pages) if "Page 1 of" in page]
    assert answer.exit_code == 0, answer.output
    assert not (tmp_path / "out" / "letters.pdf").exists()
    assert len(fronts) == 4
    assert all(front % 2 == 0 for front in fronts)
    assert pages[1] == ""


def test_a_customer_who_has_paid_meanwhile_gets_none_and_the_others_theirs(
    run, three_letters, site, tmp_path
):
    with books(site) as book:
        book.payment(customer_of(book, "C-V"), "10.00")

    answer = run("--out", tmp_path / "out")

    assert answer.exit_code == 0, answer.output
    assert sorted(path.name.partition("-")[0] for path in (tmp_path / "out").iterdir()) == [
        "C",
        "C",
        "C_1043",
        "letters.pdf",
    ]


def test_a_letter_whose_account_changes_while_it_is_rendered_is_rendered_again(
    run, site, tmp_path, monkeypatch
):
    rendered = []

    def pay_part(session, letters):
        if not rendered:
            session.rollback()
            with books(site) as book:
                book.payment(customer_of(book, "C/1043"), "20.50")
            begin_write(session)
        rendered.append(len(letters))
        return print_letters(session, letters)

    monkeypatch.setattr(letter_run, "print_letters", pay_part)

    answer = run("--out", tmp_path / "out")

    (path,) = (tmp_path / "out").glob("C_1043-*.pdf")
    assert answer.exit_code == 0, answer.output
    assert rendered == [1, 1]
    assert "600" in text_of(path)
    assert tags(site) == ["letter:printed"]
