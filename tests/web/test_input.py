import pytest

from arfollow.web.input import LARGEST_ID, whole


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("42", 42), (str(LARGEST_ID), LARGEST_ID)])
def test_a_number_that_can_be_an_id_is_read(text, number):
    assert whole(text) == number


@pytest.mark.parametrize("text", ["", "x", "-1", "1.5", str(LARGEST_ID + 1), "9" * 5000])
def test_a_number_that_no_row_can_have_is_none(text):
    with pytest.raises(ValueError, match=r"."):
        whole(text)
