import pytest
from hypothesis import given
from hypothesis import strategies as st

from arfollow.statements.epc import epc_text

ACCOUNT = {"name": "ACME GmbH", "iban": "DE02120300000000202051", "bic": "BYLADEM1001"}


def test_a_code_says_what_the_standard_wants_line_by_line():
    lines = epc_text(**ACCOUNT, minor=113050, text="C-1043 / 2026-0815").split("\n")

    assert lines == [
        "BCD",  # service tag
        "002",  # version: the BIC may be left out
        "1",  # characters: UTF-8
        "SCT",  # SEPA credit transfer
        "BYLADEM1001",
        "ACME GmbH",
        "DE02120300000000202051",
        "EUR1130.50",
        "",  # purpose
        "",  # structured reference
        "C-1043 / 2026-0815",
    ]


def test_without_a_bic_its_line_is_empty():
    lines = epc_text(**ACCOUNT | {"bic": ""}, minor=1, text="x").split("\n")

    assert (lines[4], lines[7]) == ("", "EUR0.01")


@pytest.mark.parametrize(
    ("minor", "iban", "name", "has_code"),
    [
        (0, ACCOUNT["iban"], "ACME", False),
        (1, ACCOUNT["iban"], "ACME", True),
        (99_999_999_999, ACCOUNT["iban"], "ACME", True),
        (100_000_000_000, ACCOUNT["iban"], "ACME", False),
        (100, "TR330006100519786457841326", "ACME", False),
        (100, "CH9300762011623852957", "ACME", True),
        (100, "", "ACME", False),
        (100, ACCOUNT["iban"], " ", False),
    ],
)
def test_there_is_a_code_only_for_what_one_can_say(minor, iban, name, has_code):
    assert bool(epc_text(name=name, iban=iban, bic="", minor=minor, text="x")) is has_code


def test_a_name_of_the_longest_characters_is_cut_and_leaves_the_text_out():
    code = epc_text(**ACCOUNT | {"name": "𝔸" * 70}, minor=100, text="C-1043")

    lines = code.split("\n")
    assert len(code.encode()) <= 331
    assert lines[5].startswith("𝔸" * 60)
    assert lines[7] == "EUR1.00"


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(st.characters(exclude_categories=["Cs"])))
def test_no_text_adds_a_line_or_makes_it_too_long(name, text):
    code = epc_text(name=f"A{name}", iban=ACCOUNT["iban"], bic="", minor=100, text=text)

    lines = code.split("\n")
    assert len(code.encode()) <= 331
    assert len(lines) <= 11
    assert len(lines[5]) <= 70
    assert lines[7] == "EUR1.00"
