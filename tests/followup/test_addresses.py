from urllib.parse import unquote

import pytest

from arfollow.followup.views.addresses import CustomerNumber


@pytest.mark.parametrize(
    ("number", "part"),
    [
        ("C-1043", "C-1043"),
        ("A/1", "A~2F1"),
        ("~2F", "~7E2F"),
        ("..", "~2E~2E"),
        (".", "~2E"),
        ("a.b", "a.b"),
        ("50 %", "50%20%25"),
        ("Ümit?#", "%C3%9Cmit%3F%23"),
    ],
)
def test_any_number_is_one_part_of_a_path_and_comes_back(number, part):
    converter = CustomerNumber(map=None)

    assert converter.to_url(number) == part


@pytest.mark.parametrize("number", ["C-1", "A/1", "~", "~2F", "~7E", "../..", ".", "a~B", "a~BC"])
def test_what_is_written_is_read_again(number):
    converter = CustomerNumber(map=None)

    assert converter.to_python(unquote(converter.to_url(number))) == number
