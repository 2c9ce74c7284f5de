import pytest

from arfollow.exchange.files import File
from arfollow.exchange.reading import Layout, NoHeadingError, Sheet, read_sheet
from arfollow.exchange.texts import ForeignFileError, UnreadableFileError, text_of

HEADING = ["customer", "name"]


def file(content: str | bytes) -> File:
    return File(name="1.csv", content=content if isinstance(content, bytes) else content.encode())


def sheet(content: str | bytes) -> Sheet:
    return read_sheet(file(content), lambda cells: set(HEADING) <= set(cells))


def cells(content: str | bytes) -> list[list[str]]:
    return [list(row.cells) for row in sheet(content).rows]


@pytest.mark.parametrize(
    ("encoding", "read_as"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("cp1252", "cp1252"),
    ],
)
def test_every_encoding_that_spreadsheets_write_is_read(encoding, read_as):
    found = sheet("customer,name\nC-1,Bäckerei €\n".encode(encoding))

    assert found.text.encoding == read_as
    assert found.heading == ("customer", "name")
    assert next(found.rows).cells == ["C-1", "Bäckerei €"]


def test_a_file_of_two_encodings_is_refused_and_names_the_row():
    content = b"customer,name\n" + "C-1,Müller\n".encode() + "C-2,Möller\n".encode("cp1252")

    with pytest.raises(UnreadableFileError, match="row 2 is in UTF-8 and this one is not") as caught:
        sheet(content)

    assert caught.value.line == 3


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_delimiter_and_line_end_is_read(delimiter, end):
    rows = [["customer", "name"], ["C-1", '"A, B; C | D"'], ["C-2", "E"]]
    content = end.join(delimiter.join(row) for row in rows)

    assert cells(content) == [["C-1", "A, B; C | D"], ["C-2", "E"]]


def test_rows_above_the_heading_and_blank_rows_are_passed_over():
    content = "sep=;\nMy report\n\n As of 31 December\n customer ; name \n\nC-1;A\n;\n;;\n"

    assert cells(content) == [["C-1", "A"]]


def test_rows_are_numbered_as_an_editor_does():
    found = sheet('Title\ncustomer,name\nC-1,"two\nlines"\n\nC-2,B\n')

    assert [row.line for row in found.rows] == [3, 6]


def test_cells_that_a_spreadsheet_left_out_at_the_end_are_empty():
    found = read_sheet(file("a,b,c\n1\n1,2,3,,\n"), lambda cells: cells == ["a", "b", "c"])

    assert [list(row.cells) for row in found.rows] == [["1", "", ""], ["1", "2", "3"]]


@pytest.mark.parametrize(
    ("content", "words", "line"),
    [
        (b"", "the file is empty", None),
        (b" \n ", "the file is empty", None),
        (b"PK\x03\x04\x00\x00\x81\x8d", "no text file", None),
        (b"customer,name\nC-1,\x81\x00\n", "no text file", None),
        (b"%PDF-1.7\n%", "this is a PDF", None),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00\x00", "has a password, or is in an old format", None),
        (b"\xef\xbb\xbf\n<!DOCTYPE HTML>\n<table>", "this is a web page", None),
        (b'customer,name\nC-1,"A\nC-2,B\n', "quotation mark missing", 2),
        (b'customer,name\nC-1,"A"B"\n', "quotation mark missing", 2),
        (b"customer,name\nC-1,A,B\n", "3 columns, the heading only 2", 2),
        (b"customer,name\nC-1,A\nC-2,1,\n", "3 columns, the heading only 2", 3),
        (b"customer,name\nC-1,A\nC-2", "ends in the middle of a row: 1 of 2", 3),
    ],
)
def test_what_is_no_whole_table_is_refused(content, words, line):
    with pytest.raises(UnreadableFileError, match=words) as refused:
        sheet(content)

    assert refused.value.line == line


def test_a_file_without_a_known_heading_is_refused():
    with pytest.raises(NoHeadingError):
        sheet("number;name\n1;2\n")


def test_a_heading_far_down_is_none():
    with pytest.raises(NoHeadingError):
        sheet("title\n" * 60 + "customer,name\nC-1,A\n")


def test_bytes_that_are_neither_utf8_nor_windows_1252_are_refused():
    with pytest.raises(UnreadableFileError, match="no text file"):
        text_of(file(b"caf\xe9 \x81"))


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("Straße;Kürzel\n".encode("cp850"), "cp850"),
        ("Имя;Номер\nИван;1\n".encode("utf-16-le"), "utf-16"),
    ],
)
def test_what_another_encoding_makes_readable_is_not_given_up(content, encoding):
    with pytest.raises(UnreadableFileError) as refused:
        text_of(file(content))

    assert not isinstance(refused.value, ForeignFileError)
    assert text_of(file(content), encoding).open().read() == content.decode(encoding)


def test_a_cell_of_a_million_characters_is_told_with_its_row_and_column():
    long = "x" * 1_000_001

    with pytest.raises(UnreadableFileError, match="column 2 holds more than 1,000,000 characters") as refused:
        sheet(f"{','.join(HEADING)}\n1,2\n1,{long}\n".encode())

    assert refused.value.line == 3


def test_a_file_is_taken_apart_as_somebody_says():
    layout = Layout(encoding="cp850", delimiter="|", heading_line=2)

    sheet = read_sheet(file("no|heading\nä|b\n1|2\n".encode("cp850")), lambda _: False, layout)

    assert (sheet.heading, sheet.heading_line, sheet.count) == (("ä", "b"), 2, 1)


def test_the_delimiter_below_a_chosen_row_is_the_one_that_gives_the_most_columns():
    sheet = read_sheet(file(b"a, b\nx;y, z;w\n1;2;3\n"), lambda _: False, Layout(heading_line=2))

    assert sheet.delimiter == ";"


def test_a_row_that_is_not_there_names_no_columns():
    with pytest.raises(UnreadableFileError, match="no row 9"):
        read_sheet(file(b"a,b\n1,2\n"), lambda _: False, Layout(heading_line=9))


def test_another_encoding_than_the_chosen_one_is_refused_in_words():
    with pytest.raises(UnreadableFileError, match="not in UTF-8; choose another"):
        text_of(file("Müller".encode("cp1252")), "utf-8")


def test_rows_that_are_left_out_are_read_no_more():
    sheet = read_sheet(
        file(b"a,b\n1,2\n3,4,5\n6,7\n"), lambda cells: cells == ["a", "b"], Layout(left_out=frozenset({3}))
    )

    assert [row.line for row in sheet.rows] == [2, 4]
