import pytest

from arfollow.statements.addresses import address_lines, envelope_lines


@pytest.mark.parametrize(
    ("country", "lines"),
    [
        ("DE", ("ACME", "Ana", "Road 1", "10115 Town")),
        ("", ("ACME", "Ana", "Road 1", "10115 Town")),
        ("US", ("ACME", "Ana", "Road 1", "Town 10115")),
        ("GB", ("ACME", "Ana", "Road 1", "Town", "10115")),
    ],
)
def test_the_postcode_stands_where_the_country_puts_it(country, lines):
    found = address_lines(
        names=("ACME", " Ana "), street="Road 1\n", postal_code="10115", city="Town", country=country
    )

    assert found == lines


def test_what_is_empty_is_left_out():
    assert address_lines(names=("ACME", ""), street="", postal_code="", city="", country="US") == ("ACME",)


@pytest.mark.parametrize(
    ("country", "sender", "language", "last"),
    [
        ("FR", "DE", "de", "FRANKREICH"),
        ("FR", "GB", "en", "FRANCE"),
        ("DE", "DE", "de", "b"),
        ("", "DE", "de", "b"),
    ],
)
def test_the_country_is_named_abroad_in_the_senders_language(country, sender, language, last):
    lines = envelope_lines(("a", "b"), country=country, sender_country=sender, sender_language=language)

    assert lines[-1] == last


def test_an_address_never_has_more_lines_than_the_window():
    lines = tuple("abcdefgh")

    assert envelope_lines(lines, country="DE", sender_country="DE", sender_language="de") == lines[:6]
    assert envelope_lines(lines, country="FR", sender_country="DE", sender_language="de")[-1] == "FRANKREICH"
