import pytest
from hypothesis import given
from hypothesis import strategies as st

from arfollow.values.phones import PhoneError, is_mobile, number_or_none, parse_number, spelled_number


@pytest.mark.parametrize(
    ("text", "country", "number"),
    [
        ("0171 3920012", "DE", "+491713920012"),
        ("0049 171 39200-12", "DE", "+491713920012"),
        ("+49 (0)171/3920012", "FR", "+491713920012"),
        ("07700 900123", "GB", "+447700900123"),
        ("079 123 45 67", "CH", "+41791234567"),
        ("+41791234567", "", "+41791234567"),
        ("0041 79 123 45 67", "", "+41791234567"),
    ],
)
def test_a_number_is_read_as_people_write_it(text, country, number):
    assert parse_number(text, country=country) == number


@pytest.mark.parametrize(
    ("text", "country", "words"),
    [
        ("ask Ana", "DE", "is not a telephone number"),
        ("123", "DE", "too few digits"),
        ("079 123 45 67 89 01", "CH", "too many digits"),
        ("0171 3920012", "", "needs its country's code in front"),
        ("0171 3920012, 0171 3920013", "DE", "is not a telephone number"),
        ("1" * 100, "DE", "is not a telephone number"),
    ],
)
def test_what_is_no_number_is_refused_in_words(text, country, words):
    with pytest.raises(PhoneError, match=words):
        parse_number(text, country=country)


@pytest.mark.parametrize(
    ("number", "takes_texts"),
    [("+491713920012", True), ("+493023125001", False), ("+12015550123", True), ("Bank", False), ("", False)],
)
def test_a_number_tells_whether_it_takes_texts(number, takes_texts):
    assert is_mobile(number) is takes_texts


def test_a_number_is_spelled_with_its_parts_apart():
    assert spelled_number("+491713920012") == "+49 171 3920012"
    assert spelled_number("Bank") == "Bank"


@given(text=st.text(max_size=70), country=st.sampled_from(["", "DE", "XX", "GB"]))
def test_whatever_was_written_is_a_number_or_none(text, country):
    number = number_or_none(text, country=country)

    assert number == "" or parse_number(number, country="") == number
