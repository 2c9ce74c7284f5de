import csv
import io
import zipfile
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from arfollow import spreadsheet
from arfollow.spreadsheet import PLAIN, Sheet, Style, csv_rows, write_xlsx
from arfollow.values.money import Money

GERMAN = Style(locale="de_DE", timezone=ZoneInfo("Europe/Berlin"))
AMERICAN = Style(locale="en_US", timezone=ZoneInfo("America/New_York"))
FRENCH = Style(locale="fr_FR", timezone=ZoneInfo("Europe/Paris"))
NOON = datetime(2026, 11, 21, 9, 12, tzinfo=UTC)
# What a database can hold: no half characters, no NUL.
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))


def cells(*values: object, style: Style = PLAIN) -> list[str]:
    """One row, written and read back."""
    written = "".join(csv_rows(["x"] * len(values), [values], style))
    _header, row = csv.reader(io.StringIO(written, newline=""), delimiter=style.delimiter)
    return row


def workbook(*rows: tuple, style: Style = PLAIN) -> CalamineWorkbook:
    """Rows written as a workbook, opened."""
    target = io.BytesIO()
    write_xlsx(target, Sheet(name="x", header=["x"] * len(rows[0]), rows=rows), style)
    target.seek(0)
    return CalamineWorkbook.from_filelike(target)


def read_back(*rows: tuple, style: Style = PLAIN) -> list[list]:
    """Rows written as a workbook and read back, without the header."""
    return workbook(*rows, style=style).get_sheet_by_index(0).to_python(skip_empty_area=False)[1:]


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+49 30 123", "'+49 30 123"),
        ("-1+1|cmd", "'-1+1|cmd"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("  =1+1", "'  =1+1"),
        ("\t=1+1", "'\t=1+1"),
        ("\nx", "'\nx"),
        ("＝1+1", "'＝1+1"),
        ("|x", "'|x"),
        ("%x", "'%x"),
        ("-12.50", "-12.50"),
        ("+5", "+5"),
        ("a=b", "a=b"),
        ('say "so", twice\nyes', 'say "so", twice\nyes'),
        (None, ""),
        (-5, "-5"),
        (date(2026, 11, 21), "2026-11-21"),
        (NOON, "2026-11-21T09:12:00+00:00"),
        (Money("KWD", -1200), "-1.200"),
    ],
)
def test_a_cell_is_written_as(value, cell):
    assert cells(value) == [cell]


@pytest.mark.parametrize(
    ("style", "delimiter", "amount", "day", "instant"),
    [
        (GERMAN, ";", "-1234,50", "21.11.2026", "21.11.2026 10:12"),
        (FRENCH, ";", "-1234,50", "21/11/2026", "21/11/2026 10:12"),
        (AMERICAN, ",", "-1234.50", "11/21/2026", "11/21/2026 04:12"),
        (PLAIN, ",", "-1234.50", "2026-11-21", "2026-11-21T09:12:00+00:00"),
    ],
)
def test_numbers_and_days_are_written_as_readers_of_the_locale_do(style, delimiter, amount, day, instant):
    written = list(csv_rows(["a"], [[Money("EUR", -123450), date(2026, 11, 21), NOON]], style))

    assert written[1] == f"{amount}{delimiter}{day}{delimiter}{instant}\r\n"


@given(TEXT)
def test_no_text_begins_like_a_formula(text):
    (cell,) = cells(text, "")[:1]

    assert not cell.lstrip().startswith(("=", "@", "|", "%", "＝", "＋", "－", "＠"))
    assert not cell.startswith(("\t", "\r", "\n"))


@given(TEXT, st.sampled_from([PLAIN, GERMAN, AMERICAN]))
def test_text_reads_back_but_for_the_apostrophe(text, style):
    (cell, _end) = cells(text, "", style=style)

    assert cell.removeprefix("'") == text.removeprefix("'")


def test_the_header_comes_first_and_rows_are_written_one_by_one():
    rows = csv_rows(["a", "b"], iter([[1, 2], [3, 4]]))

    assert list(rows) == ["a,b\r\n", "1,2\r\n", "3,4\r\n"]


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "=1+1"),
        ("@SUM(A1)", "@SUM(A1)"),
        ("https://example.com", "https://example.com"),
        ("0042", "0042"),
        (" a ", " a "),
        ("a\nb", "a\nb"),
        ("_x0041_", "_x0041_"),
        (None, ""),
        (-5, -5.0),
        (2**60, str(2**60)),
        (Money("EUR", -123450), -1234.5),
        (Money("JPY", 1234), 1234.0),
        (Money("KWD", 1), 0.001),
        (Money("EUR", 10**17 + 1), "1000000000000000.01"),
        (date(2026, 11, 21), date(2026, 11, 21)),
        (date(1899, 1, 1), "1899-01-01"),
        (NOON, datetime(2026, 11, 21, 9, 12)),  # noqa: DTZ001  # a workbook knows no time zones
    ],
)
def test_a_workbook_reads_back_as(value, cell):
    assert read_back(("first", value, "last")) == [["first", cell, "last"]]


def test_a_workbook_has_instants_in_the_style_s_time_zone():
    assert read_back(("a", NOON), style=GERMAN)[0][1].isoformat() == "2026-11-21T10:12:00"


@settings(max_examples=30)
@given(TEXT)
def test_text_in_a_workbook_reads_back(text):
    # Spreadsheets and XML know one line break.
    expected = text.replace("\r\n", "\n")

    assert read_back(("a", text, "b"))[0][1].replace("\r\n", "\n") == expected


@settings(max_examples=30)
@given(st.integers(-(10**14), 10**14), st.sampled_from(["EUR", "JPY", "KWD"]))
def test_amounts_in_a_workbook_read_back_to_the_last_unit(minor, currency):
    places = {"EUR": 2, "JPY": 0, "KWD": 3}[currency]

    (read,) = read_back(("a", Money(currency, minor)))

    assert round(read[1] * 10**places) == minor


def test_a_formula_in_a_workbook_is_text_with_the_mark_that_keeps_it_so():
    target = io.BytesIO()
    write_xlsx(target, Sheet(name="x", header=["x"], rows=[["=1+1"], ["a"]]))

    parts = unzipped(target)

    assert "<f>" not in parts["xl/worksheets/sheet1.xml"]
    assert 'quotePrefix="1"' in parts["xl/styles.xml"]


@pytest.mark.parametrize(
    ("style", "day"),
    [(GERMAN, "dd.mm.yyyy"), (AMERICAN, "m/d/yyyy"), (FRENCH, "dd/mm/yyyy"), (PLAIN, "yyyy-mm-dd")],
)
def test_days_in_a_workbook_look_as_the_reader_writes_them(style, day):
    target = io.BytesIO()
    rows = [[date(2026, 11, 21), Money("JPY", 1), Money("KWD", 1)]]
    write_xlsx(target, Sheet(name="x", header=["x"] * 3, rows=rows), style)

    styles = unzipped(target)["xl/styles.xml"]

    assert f'formatCode="{day}"' in styles
    assert 'formatCode="#,##0.000"' in styles


def test_what_a_sheet_does_not_hold_goes_on_in_the_next(monkeypatch):
    monkeypatch.setattr(spreadsheet, "_ROWS_OF_A_SHEET", 3)

    written = workbook(("a",), ("b",), ("c",))

    assert [written.get_sheet_by_index(index).to_python() for index in (0, 1)] == [
        [["x"], ["a"], ["b"]],
        [["x"], ["c"]],
    ]


def unzipped(target: io.BytesIO) -> dict[str, str]:
    with zipfile.ZipFile(target) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml")}
