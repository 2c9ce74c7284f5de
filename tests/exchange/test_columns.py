"""Columns are told apart, whatever the heading calls them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arfollow.exchange.columns import column_names


@pytest.mark.parametrize(
    ("heading", "names"),
    [
        (("a", "b"), ("a", "b")),
        (("Amount", "x", "amount"), ("Amount (1)", "x", "amount (2)")),
        (("", "x", ""), ("column 1", "x", "column 3")),
        ((), ()),
    ],
)
def test_a_column_has_a_name_of_its_own(heading, names):
    assert column_names(heading) == names


@given(st.lists(st.sampled_from(["a", "A", "b", ""])))
def test_no_two_are_alike(heading):
    names = column_names(heading)

    assert len(set(names)) == len(heading)


def test_a_mapping_can_name_the_second_of_two_columns(importer):
    mapping = '[customer]\nnumber = "No"\nname = "Name (2)"\n'

    importer("No,Name,Name\nC-1,short,Long Name\n", mapping=mapping)

    assert importer.card("C-1").name == "Long Name"
