"""docs/workflows.md shows each example as it is."""

import re

import pytest

from arfollow.workflows.examples import examples
from tests.workflows.examples.timetables import PAGE, file_of, shown, timetables

HOW = "python -m tests.workflows.examples.timetables writes the page anew"


@pytest.fixture(scope="module")
def text():
    return PAGE.read_text("utf-8")


def test_the_page_shows_the_timelines_of_the_examples(text):
    assert shown(text) == timetables(), HOW


def test_the_overview_names_every_example_with_its_file_and_its_timeline(text):
    rows = re.findall(
        r"^\| (\d+) \| \[([^]]+)\]\(([^)]+)\) \|.*\[timeline\]\(#(\d+)[^)]*\) \|$", text, re.MULTILINE
    )

    assert rows == [
        (str(each.number), each.definition.name, file_of(each), str(each.number)) for each in examples()
    ]
