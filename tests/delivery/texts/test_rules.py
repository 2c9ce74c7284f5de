import pytest
from hypothesis import given
from hypothesis import strategies as st

from arfollow.delivery.texts.rules import Whose, step_of, whose
from arfollow.receivables.rules.numbers import Owner

OWNERS = st.builds(Owner, st.integers(1, 3), st.integers(1, 5))


@pytest.mark.parametrize(
    ("owners", "written_to", "found"),
    [
        ([(1, 7)], None, (1, 7)),
        ([(2, 7)], None, (2, 7)),
        ([(1, 7), (1, 8)], None, (1, None)),
        # Of whom we wrote to last, the company counts, and not the person: either may have answered.
        ([(1, 7), (1, 8)], (1, 8), (1, None)),
        ([(1, 7), (2, 9)], (2, 9), (2, 9)),
        ([(1, 7), (2, 9)], None, (1, 7)),
        ([], (2, 9), (2, 9)),
        ([(1, 7)], (2, 9), (1, 7)),
        ([], None, (1, None)),
    ],
)
def test_a_text_belongs_to_whom_its_number_names(owners, written_to, found):
    known = [Owner(*each) for each in owners]
    last = Owner(*written_to) if written_to else None

    assert whose(known, written_to=last, company_ids=[1, 2]) == Whose(
        company_id=found[0], customer_id=found[1]
    )


def test_without_a_company_a_text_is_nobodys():
    assert whose([], written_to=None, company_ids=[]) is None


@given(st.sets(OWNERS), st.none() | OWNERS)
def test_a_customer_is_named_only_if_it_has_the_number_or_was_written_to(owners, written_to):
    found = whose(owners, written_to=written_to, company_ids=[1, 2, 3])

    if found.customer_id is not None:
        assert Owner(found.company_id, found.customer_id) in owners | {written_to}


@pytest.mark.parametrize(
    ("key", "step"),
    [
        ("workflow:5:0:s1:1", (5, "s1")),
        ("workflow:5:12:s1:3", (5, "s1")),
        ("workflow:x:0:s1:1", None),
        ("workflow:5", None),
        ("follow-up:5:1:email", None),
    ],
)
def test_a_key_tells_the_step(key, step):
    assert step_of(key) == step
