"""A mapping made by clicking is a mapping like any other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arfollow.exchange.mapping import mapping_of
from arfollow.exchange.uploads.fields import FIELDS, definition, form_of, missing, settings_of
from arfollow.exchange.uploads.rules import Kind, Settings, distinct, label_of

HEADING = ("Num", "Who", "On", "Due", "Sum", "Cur", "Extra")
INVOICE = {"Num": "number", "Who": "customer", "On": "date", "Due": "due_date", "Sum": "amount"}


def test_columns_constants_and_choices_become_what_a_file_of_toml_would_say():
    settings = Settings(
        columns=INVOICE,
        same={"name": "Who"},
        constants={"currency": "USD"},
        only_column="Extra",
        only_values=("x",),
        date_order="mdy",
        negative_is_credit=True,
        adds_up=True,
    )

    assert definition(settings) == {
        "heading": ["Num", "Who", "On", "Due", "Sum"],
        "whole_numbers": ["Num", "Who"],
        "invoice": {
            "number": "Num",
            "customer": "Who",
            "date": "On",
            "due_date": "Due",
            "amount": "Sum",
        },
        "customer": {"number": "Who", "name": "Who"},
        "constants": {"currency": "USD"},
        "only": {"Extra": ["x"]},
        "date_order": "mdy",
        "negative": "credit_note",
        "add_up": "items",
    }


def test_a_day_of_payment_is_a_payment_of_the_invoice():
    settings = Settings(columns={**INVOICE, "Extra": "paid_on"})

    assert definition(settings)["payment"] == {"date": "Extra", "number": "paid {Num}"}


def test_what_is_needed_and_not_given_is_named():
    assert missing(Settings(columns=INVOICE)) == ["currency", "name"]
    assert missing(Settings(columns=INVOICE, brings_customers=False)) == ["currency"]


def test_nothing_mapped_is_no_format():
    assert form_of(Settings(), HEADING) is None


@given(
    st.sampled_from(Kind).flatmap(
        lambda kind: st.tuples(
            st.just(kind),
            st.lists(st.sampled_from(FIELDS[kind]), min_size=1, max_size=len(HEADING), unique=True),
        )
    ),
    st.booleans(),
)
def test_what_was_clicked_is_shown_again_for_the_saved_mapping(chosen, adds_up):
    kind, fields = chosen
    settings = Settings(
        kind=kind,
        mapping="kept",
        columns=dict(zip(HEADING, fields, strict=False)),
        adds_up=adds_up and kind in (Kind.INVOICES, Kind.OPEN_ITEMS),
        brings_customers=kind is not Kind.PAYMENTS,
    )

    shown = settings_of(mapping_of("kept", definition(settings)), HEADING)

    if shown.kind == settings.kind:
        assert shown.columns == settings.columns


@pytest.mark.parametrize(
    ("sent", "label"),
    [
        ("invoices.csv", "invoices.csv"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Ann\\März 2026.xlsx", "März 2026.xlsx"),
        ("a\x00b\n.csv", "a b .csv"),
        ("/", "file"),
        ("x" * 500 + ".csv", "x" * 116 + ".csv"),
    ],
)
def test_a_name_from_outside_becomes_a_label(sent, label):
    assert label_of(sent) == label


def test_two_files_of_one_name_are_told_apart():
    assert distinct("a.csv", {"a.csv", "a.csv (2)"}) == "a.csv (3)"
