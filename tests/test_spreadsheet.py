import csv
import io
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arfollow.spreadsheet import csv_rows
from arfollow.values.money import Money


def cells(*values: object) -> list[str]:
    """One row, written and read back."""
    (row,) = csv.reader(io.StringIO("".join(csv_rows(values, [])), newline=""))
    return row


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
        (datetime(2026, 11, 21, 9, 12, tzinfo=UTC), "2026-11-21T09:12:00+00:00"),
        (Money("KWD", -1200), "-1.200"),
    ],
)
def test_a_cell_is_written_as(value, cell):
    assert cells(value) == [cell]


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")))
def test_no_text_begins_like_a_formula(text):
    (cell,) = cells(text, "")[:1]

    assert not cell.lstrip().startswith(("=", "@", "|", "%", "＝", "＋", "－", "＠"))
    assert not cell.startswith(("\t", "\r", "\n"))


def test_the_header_comes_first_and_rows_are_written_one_by_one():
    rows = csv_rows(["a", "b"], iter([[1, 2], [3, 4]]))

    assert list(rows) == ["a,b\r\n", "1,2\r\n", "3,4\r\n"]
