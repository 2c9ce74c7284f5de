from io import BytesIO

import pytest
from PIL import Image

from arfollow.statements.letter import render_letter
from arfollow.statements.pictures import NoPageError, page_count, page_png
from tests.statements.builders import letter, row, statement_of


def test_a_page_is_a_picture_of_its_paper():
    content = render_letter(letter(statement=statement_of(*[row(f"{n}") for n in range(80)])))

    first, last = (
        Image.open(BytesIO(page_png(content, page=page, dots_per_inch=72)))
        for page in (1, page_count(content))
    )

    assert page_count(content) >= 2
    assert first.size == last.size == (596, 842)
    assert first.tobytes() != last.tobytes()


def test_a_page_that_is_not_there_is_refused():
    content = render_letter(letter())

    with pytest.raises(NoPageError, match="no page 2"):
        page_png(content, page=2)
