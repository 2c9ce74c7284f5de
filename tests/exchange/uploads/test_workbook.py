"""A workbook becomes the table that its spreadsheet shows, and one that is made to harm harms nobody."""

import zipfile
from io import BytesIO

import pytest

from arfollow.exchange.workbook import WorkbookError, is_workbook, read_workbook
from tests.exchange.uploads.workbooks import packed, workbook


def lines(content: bytes, sheet: str = "") -> list[str]:
    return read_workbook(content, sheet).text.decode().split("\n")[:-1]


def test_a_row_has_the_number_that_the_spreadsheet_shows():
    content = workbook({"Sheet": [[], ["title"], [], [None, "a", "b"], [None, 1, 2]]})

    assert lines(content) == [",,", "title,,", ",,", ",a,b", ",1,2"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1041, "1041"),
        (1041.0, "1041"),
        (0.1 + 0.2, "0.3"),
        (1284.5, "1284.5"),
        (-0.005, "-0.005"),
        (123456789012345680.0, "123456789012346000"),
        ("007", "007"),
        ("a, b", '"a, b"'),
        ("two\nlines", "two\x0blines"),
    ],
)
def test_a_cell_is_what_the_spreadsheet_shows(value, text):
    assert lines(workbook({"Sheet": [[value, "end"]]})) == [f"{text},end"]


def test_the_first_sheet_with_rows_is_read_unless_another_is_named():
    content = workbook({"Cover": [], "March": [["m"]], "April": [["a"]]})

    assert lines(content) == ["m"]
    assert lines(content, "April") == ["a"]
    assert read_workbook(content, "no such sheet").sheet == "March"
    assert read_workbook(content).sheets == ("Cover", "March", "April")


def test_a_workbook_without_rows_is_refused():
    with pytest.raises(WorkbookError, match="has no rows"):
        read_workbook(workbook({"Empty": []}))


def test_a_cell_at_the_far_end_of_a_sheet_costs_its_own_process_only():
    row = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'

    with pytest.raises(WorkbookError, match="too much memory or time"):
        read_workbook(packed({"Sparse": row}))


def test_what_unpacks_to_far_more_than_it_is_is_refused_unread():
    bomb = BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("x", "w") as part:
        for _ in range(601):
            part.write(b"0" * 2**20)

    with pytest.raises(WorkbookError, match="Unpacked, this workbook has 601 megabytes"):
        read_workbook(bomb.getvalue())


@pytest.mark.parametrize("content", [b"PK\x03\x04 no archive", b"PK\x03\x04"])
def test_what_is_no_workbook_is_refused_in_words(content):
    assert is_workbook(content)
    with pytest.raises(WorkbookError, match="no workbook that can be read"):
        read_workbook(content)


def test_text_is_no_workbook():
    assert not is_workbook(b"customer,name\n")
