from io import BytesIO

from PIL import Image

from arfollow.statements.images import page_at, pages
from arfollow.statements.letter import render_letter
from tests.statements.builders import letter, row, statement_of


def test_pages_are_pictures_of_the_paper():
    content = render_letter(letter(statement=statement_of(*[row(f"{n}") for n in range(80)])))

    shown, count = pages(content, width=595, most=2)

    assert count == 3
    assert [(page.width, page.height) for page in shown] == [(595, 842)] * 2
    assert shown[0].png != shown[1].png
    assert Image.open(BytesIO(shown[0].png)).size == (595, 842)


def test_of_a_short_letter_there_are_no_more_than_it_has():
    shown, count = pages(render_letter(letter()), width=100, most=9)

    assert (len(shown), count) == (1, 1)


def test_one_page_is_shown_by_its_number_or_else_the_last():
    content = render_letter(letter(statement=statement_of(*[row(f"{n}") for n in range(80)])))
    each, count = pages(content, width=100, most=9)

    found = [page_at(content, width=100, number=number) for number in (2, 99)]

    assert found == [(each[1], 2, count), (each[2], 3, count)]
