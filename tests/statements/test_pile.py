from io import BytesIO

import pytest
from pypdf import PdfReader

from arfollow.statements.letter import render_letter
from arfollow.statements.pile import Pile
from tests.statements.builders import letter, row, statement_of

COVER = render_letter(letter(customer_name="Cover"))


def rendered(number: str, *, items: int = 1) -> bytes:
    rows = [row(f"{number}-{each}") for each in range(items)]
    return render_letter(letter(customer_number=number, statement=statement_of(*rows)))


@pytest.mark.parametrize(
    ("duplex", "expected"),
    [
        (False, ["cover", "one", "two", "two", "three"]),
        (True, ["cover", "", "one", "", "two", "two", "three", ""]),
    ],
    ids=["on one side", "on both sides"],
)
def test_letters_follow_the_cover(duplex, expected):
    pile = Pile(duplex=duplex)

    pages = [pile.add(rendered(name, items=count)) for name, count in (("one", 1), ("two", 30), ("three", 1))]
    file = BytesIO()
    pile.write(file, cover=COVER)

    found = [page.extract_text() for page in PdfReader(file).pages]
    assert pages == [1, 2, 1]
    assert len(found) == len(expected)
    for text, name in zip(found, expected, strict=True):
        assert (name in text) if name != "cover" else ("C-1043" in text)
        assert bool(text) == bool(name)
