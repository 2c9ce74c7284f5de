import pytest
from hypothesis import given
from hypothesis import strategies as st

from arfollow.levels.wording import (
    LONGEST_TEXT,
    VARIABLES,
    Problem,
    WordingError,
    check,
    paragraphs,
    render,
    render_line,
)

VALUES = dict.fromkeys(VARIABLES, "x") | {"oldest_days": 31, "invoice_count": 2}


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("Dear {{ customer_nme }}", 1, 9, "no variable “customer_nme”"),
        ("one\n  two {{ our_phone | append: 'x' }}", 2, 22, "no filter “append”"),
        ("{{ contact_name.size }}", 1, 4, "no variable “contact_name.size”"),
        ("{{ ['secret'] }}", 1, 4, "no variable “secret”"),
        ("{% for x in y %}{% endfor %}", 1, 4, "no tag “for”"),
        ("a\n{% assign x = 'y' %}", 2, 4, "no tag “assign”"),
        ("{% capture x %}y{% endcapture %}", 1, 4, "no tag “capture”"),
        ("{% include '/etc/passwd' %}", 1, 4, "no tag “include”"),
        ("{% render 'x' %}", 1, 4, "no tag “render”"),
        ("{{ (1..300000000) | join }}", 1, 21, "no filter “join”"),
        ("{% if invoice_count > (1..9) %}x{% endif %}", 1, 1, "Ranges"),
        ("a\n\n{% if contact_name %}x", 3, 4, "has no end"),
        ("{% endif %}", 1, 4, "no “if” that it belongs to"),
        ("a\nb {{ today", 2, 3, "Expected '}}'"),
        ("a\r\nb\r\n{{ }}", 3, 1, "missing between the brackets"),
        ("a {% if invoice_count == %}x{% endif %}", 1, 3, "missing between the brackets"),
        ("a {% if oldest_days > 'x' %}x{% endif %}", 1, 21, "cannot be compared"),
        ("x" * (LONGEST_TEXT + 1), 1, 1, "more than"),
    ],
)
def test_a_problem_names_its_place_and_what_is_wrong(text, line, column, words):
    problem = next(each for each in check(text) if words in each.message)

    assert (problem.line, problem.column) == (line, column)


def test_all_unknown_names_are_reported_at_once():
    problems = check("{{ one }}\n{{ two | three }}")

    assert [problem.line for problem in problems] == [1, 2, 2]


def test_a_title_is_a_single_line():
    assert check("Reminder\nnow", one_line=True) == [Problem(2, 1, "This has to be a single line.")]
    assert check("Reminder\n", one_line=True) == []


@pytest.mark.parametrize("name", VARIABLES)
def test_every_variable_can_be_used(name):
    text = f"{{{{ {name} }}}}"

    assert check(text) == []
    assert render(text, VALUES) == str(VALUES[name])


def test_an_empty_value_counts_as_missing():
    text = (
        "{% if our_phone %}call {{ our_phone }}{% else %}write{% endif %} {{ contact_name | default: 'us' }}"
    )

    assert render(text, VALUES | {"our_phone": "", "contact_name": ""}) == "write us"


def test_a_value_is_text_and_never_evaluated():
    text = render("{{ customer_name }}", VALUES | {"customer_name": "{{ our_phone }}{% if %}<b>"})

    assert text == "{{ our_phone }}{% if %}<b>"


def test_a_text_that_cannot_be_used_says_where():
    with pytest.raises(WordingError) as caught:
        render("a\n{{ nobody }}", VALUES)

    assert [problem.line for problem in caught.value.problems] == [2]


def test_output_is_bounded():
    with pytest.raises(WordingError):
        render("{{ customer_name }}" * 50, VALUES | {"customer_name": "x" * 1000})


def test_a_line_has_no_breaks_whatever_is_put_in():
    assert render_line("To  {{ customer_name }}", VALUES | {"customer_name": "A\r\nBcc: b"}) == "To A Bcc: b"


def test_blank_lines_divide_paragraphs_and_line_breaks_stay():
    assert paragraphs("one\r\n two \n \n\n\nthree\n") == ("one\ntwo", "three")
    assert paragraphs(" \n ") == ()


PIECES = [
    "{{",
    "}}",
    "{%",
    "%}",
    " if ",
    " endif ",
    "else",
    "today",
    "|",
    "..",
    "(",
    ")",
    "'",
    "\n",
    "x",
    "1",
]


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_whatever_passes_the_check_can_be_rendered(text):
    problems = check(text)

    if not problems:
        render(text, VALUES)
    for problem in problems:
        assert 1 <= problem.line <= text.count("\n") + 1
        assert problem.column >= 1
