from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arfollow.companies.letterhead import (
    ACCENT,
    Legibility,
    Window,
    checked_accent,
    checked_pay_link,
    contrast,
    filled_pay_link,
    ink,
    legibility,
    tint,
    window_of,
)
from arfollow.companies.rules import SettingError

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
LINK = "https://pay.example.com/{customer}?ref={reference}&total={amount}&in={currency}"


@pytest.mark.parametrize(
    ("chosen", "ours", "theirs", "window"),
    [
        ("ours", "DE", "FR", Window.DIN_B),
        ("ours", "FR", "DE", Window.RIGHT),
        ("ours", "US", "DE", Window.US),
        ("ours", "GB", "FR", Window.DIN_B),
        ("theirs", "DE", "FR", Window.RIGHT),
        ("theirs", "CH", "DE", Window.DIN_B),
        ("theirs", "CH", "", Window.RIGHT),
        ("din-a", "FR", "FR", Window.DIN_A),
        ("right", "DE", "DE", Window.RIGHT),
    ],
)
def test_the_window_is_the_chosen_one_or_that_of_a_country(chosen, ours, theirs, window):
    assert window_of(chosen, company_country=ours, customer_country=theirs) is window


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21), ("#777777", "#ffffff", 4.48), ("#fff000", "#fff000", 1)],
)
def test_contrast_is_that_of_the_standard(one, other, ratio):
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01)


@pytest.mark.parametrize(
    ("accent", "is_good_for"),
    [
        ("", Legibility.GOOD),
        (ACCENT, Legibility.GOOD),
        ("#888888", Legibility.LARGE_ONLY),
        ("#ffe000", Legibility.POOR),
    ],
)
def test_a_colour_is_said_to_be_legible_or_not(accent, is_good_for):
    assert legibility(accent) is is_good_for


@given(COLOURS)
def test_what_is_written_in_a_colour_can_be_read(accent):
    assert contrast(ink(accent), "#ffffff") >= 4.5
    assert contrast(tint(accent, 0.12), "#15201f") > 10


def test_a_legible_colour_is_written_as_it_is():
    assert (ink(ACCENT), tint(ACCENT, 1), tint(ACCENT, 0)) == (ACCENT, ACCENT, "#ffffff")


@pytest.mark.parametrize("text", ["red", "#fff", "#12345g", "url(x)", "#123456;"])
def test_a_colour_that_is_none_is_refused(text):
    with pytest.raises(SettingError, match="not a colour"):
        checked_accent(text)


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("http://pay.example.com/{reference}", "begins with https"),
        ("javascript:alert(1)", "begins with https"),
        ("https:///x", "begins with https"),
        ("https://user@evil.example/", "begins with https"),
        ('https://pay.example.com/"x', "begins with https"),
        ("https://pay.example.com/ x", "begins with https"),
        ("https://pay.example.com/{iban}", "nothing that we could fill in"),
        ("https://{customer}.example.com/", "same for everybody"),
        ("https://pay.example.com/" + "x" * 500, "too long"),
    ],
)
def test_a_pay_link_that_leads_elsewhere_is_refused(link, words):
    with pytest.raises(SettingError, match=words):
        checked_pay_link(link)


def test_a_pay_link_is_filled_in():
    values = {"customer": "C-1", "reference": "C-1 / 2026-1", "amount": "1240.50", "currency": "EUR"}

    filled = filled_pay_link(checked_pay_link(f" {LINK} "), values)

    assert filled == "https://pay.example.com/C-1?ref=C-1%20%2F%202026-1&total=1240.50&in=EUR"


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(st.characters(exclude_categories=["Cs"])))
def test_no_value_adds_anything_to_the_address(reference, customer):
    values = {"customer": customer, "reference": reference, "amount": "1.00", "currency": "EUR"}

    filled = filled_pay_link(LINK, values)

    assert filled.startswith("https://pay.example.com/")
    assert (filled.count("/"), filled.count("?"), filled.count("&"), filled.count("#")) == (3, 1, 2, 0)
    assert unquote(filled.partition("ref=")[2].partition("&")[0]) == reference
