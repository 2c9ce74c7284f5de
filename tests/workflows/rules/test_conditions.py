from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arfollow.workflows.rules.conditions import All, Not, Operator, Some, Test, facts_of, holds

FACTS = {
    "customer.country": "DE",
    "lists": ("Bikes", "Leases"),
    "money.overdue": 12_000,
    "field.lease_start": date(2026, 3, 1),
    "answer.again": "",
    "consent.email": True,
}
VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.dates(), st.just(("a", "b"))
)


@pytest.mark.parametrize(
    ("fact", "operator", "value", "expected"),
    [
        ("customer.country", "is", "de", True),
        ("customer.country", "is_not", "DE", False),
        ("customer.country", "contains", "d", True),
        ("lists", "contains", "leases", True),
        ("lists", "is", "leases", True),
        ("lists", "contains", "lease", False),
        ("money.overdue", "more", 11_999, True),
        ("money.overdue", "at_most", 12_000, True),
        ("money.overdue", "less", "20000", False),
        ("field.lease_start", "less", date(2026, 3, 2), True),
        ("field.lease_start", "at_least", 5, False),
        ("answer.again", "unknown", None, True),
        ("answer.again", "is_not", "yes", True),
        ("answer.again", "less", 5, False),
        ("never.heard", "known", None, False),
        ("consent.email", "is", True, True),
    ],
)
def test_a_fact_is_compared(fact, operator, value, expected):
    assert holds(Test(fact=fact, operator=Operator(operator), value=value), FACTS) is expected


def test_parts_are_joined():
    germany = Test(fact="customer.country", operator=Operator.IS, value="DE")
    owing = Test(fact="money.overdue", operator=Operator.MORE, value=0)

    assert holds(All(parts=(germany, owing)), FACTS)
    assert holds(Some(parts=(Not(part=germany), owing)), FACTS)
    assert holds(All(parts=()), FACTS)
    assert not holds(Some(parts=()), FACTS)
    assert facts_of(All(parts=(germany, Not(part=owing)))) == {"customer.country", "money.overdue"}


@given(st.sampled_from(Operator), VALUES, VALUES)
def test_no_fact_and_no_value_breaks_a_comparison(operator, fact, value):
    assert holds(Test(fact="x", operator=operator, value=value), {"x": fact}) in (True, False)


@given(VALUES, VALUES)
def test_a_fact_is_either_what_is_asked_or_not(fact, value):
    asked = {
        op: holds(Test(fact="x", operator=op, value=value), {"x": fact})
        for op in (Operator.IS, Operator.IS_NOT)
    }

    assert asked[Operator.IS] is not asked[Operator.IS_NOT]
