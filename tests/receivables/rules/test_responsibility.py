import pytest
from hypothesis import given
from hypothesis import strategies as st

from arfollow.receivables.rules.responsibility import By, Rule, RuleError, checked, chooser

ANA, JAN = 1, 2
BLANK = dict.fromkeys("number name country postal_code language currency".split(), "")


def chosen(by, asked, **columns):
    """Whose the customer is by one rule for Ana."""
    return chooser([Rule(by=by, asked=checked(by, asked), user_id=ANA)])({**BLANK, **columns})


@pytest.mark.parametrize(
    ("by", "asked", "columns", "fits"),
    [
        (By.COUNTRY, "de, at", {"country": "AT"}, True),
        (By.COUNTRY, "de, at", {"country": "CH"}, False),
        (By.COUNTRY, "de", {"country": ""}, False),
        (By.CURRENCY, "chf", {"currency": "CHF"}, True),
        (By.LANGUAGE, "de", {"language": "de-AT"}, True),
        (By.LANGUAGE, "de-AT", {"language": "de"}, False),
        (By.POSTAL_CODE, "10-19", {"postal_code": "10115"}, True),
        (By.POSTAL_CODE, "10–19", {"postal_code": "19999"}, True),
        (By.POSTAL_CODE, "10..19", {"postal_code": "20095"}, False),
        (By.POSTAL_CODE, "45", {"postal_code": "4 5127"}, True),
        (By.POSTAL_CODE, "1000-123", {"postal_code": "1000-123"}, True),
        (By.NAME, "A-K", {"name": "Ümit"}, False),
        (By.NAME, "L–Z", {"name": "Ümit"}, True),
        (By.NAME, "bäck", {"name": "Bäckerei Ümit"}, True),
        (By.NUMBER, "C-10", {"number": "C-1042"}, True),
        (By.NUMBER, "C-1000–C-1049", {"number": "C-1042"}, True),
        (By.NUMBER, "C-1000–C-1049", {"number": "C-1050"}, False),
        (By.EVERYBODY, "whatever", {}, True),
    ],
)
def test_a_rule_fits_what_it_asks_for(by, asked, columns, fits):
    assert chosen(by, asked, **columns) == (ANA if fits else None)


@pytest.mark.parametrize(
    ("by", "asked", "words"),
    [
        (By.COUNTRY, "Germany", "not a country code"),
        (By.LANGUAGE, "klingonisch", "not a language code"),
        (By.CURRENCY, "EURO", "EURO"),
        (By.NAME, " , ", "what to look for"),
        (By.POSTAL_CODE, "19–10", "first end comes after"),
        (By.POSTAL_CODE, "1–100", "same length"),
        (By.NAME, "x" * 501, "500 characters"),
    ],
)
def test_what_cannot_be_looked_for_is_refused(by, asked, words):
    with pytest.raises(RuleError, match=words):
        checked(by, asked)


def test_the_first_rule_that_fits_says():
    rules = [
        Rule(by=By.COUNTRY, asked="AT", user_id=JAN),
        Rule(by=By.EVERYBODY, asked="", user_id=ANA),
    ]

    choose = chooser(rules)

    assert [choose({**BLANK, "country": country}) for country in ("AT", "DE")] == [JAN, ANA]


@given(st.sampled_from([By.POSTAL_CODE, By.NAME, By.NUMBER]), st.text(max_size=30))
def test_what_was_tidied_is_tidy(by, text):
    try:
        tidied = checked(by, text)
    except RuleError:
        return

    assert checked(by, tidied) == tidied


@given(st.sampled_from(["A–K", "L–Z"]), st.from_regex(r"[A-Z][a-z]{0,8}", fullmatch=True))
def test_two_halves_of_the_alphabet_share_every_name(half, name):
    other = {"A–K": "L–Z", "L–Z": "A–K"}[half]

    assert (chosen(By.NAME, half, name=name) is None) != (chosen(By.NAME, other, name=name) is None)
