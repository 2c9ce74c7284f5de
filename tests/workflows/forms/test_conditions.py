import pytest

from arfollow.workflows.examples import examples, surveys
from arfollow.workflows.forms.conditions import (
    GroupForm,
    condition_form,
    entered_condition,
    with_row,
    without,
)
from arfollow.workflows.queries.choices import Choices
from arfollow.workflows.rules.conditions import All, Not, Operator, Some, Test

CHOICES = Choices(
    lists=["Subscriptions"], surveys=surveys(), fields=["lease_start"], workflows=["New-customer track"]
)
LISTED = Test(fact="lists", operator=Operator.CONTAINS, value="Subscriptions")
OVERDUE = Test(fact="money.overdue", operator=Operator.MORE, value=10_050)
KNOWN = Test(fact="customer.mobile", operator=Operator.KNOWN)


def fields(group):
    """What a browser would post of the form."""
    posted = {f"{group.name}.kind": group.kind}
    for part in group.parts:
        if isinstance(part, GroupForm):
            posted |= fields(part)
        else:
            posted |= {
                f"{part.name}.fact": part.fact,
                f"{part.name}.was": part.fact,
                f"{part.name}.operator": part.operator,
            }
            if part.has_value:
                posted[f"{part.name}.value"] = part.value
    return posted


def posted(condition):
    with_form = condition_form(condition, CHOICES, name="c")
    return fields(with_form)


@pytest.fixture(autouse=True)
def request_context(sqlite_site):
    """Facts are named in the page's language."""
    with sqlite_site.app.test_request_context():
        yield


CONDITIONS = [
    None,
    LISTED,
    OVERDUE,
    All(parts=(LISTED, OVERDUE)),
    Some(parts=(KNOWN, All(parts=(LISTED, OVERDUE)))),
    Not(part=Some(parts=(LISTED,))),
    Not(part=All(parts=(LISTED, KNOWN))),
]


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_condition_comes_back_as_it_was(condition):
    assert entered_condition(posted(condition), CHOICES, name="c") == condition


def test_those_of_the_examples_come_back_as_they_were():
    for each in examples():
        for condition in (each.definition.only, each.definition.goal):
            entered = entered_condition(posted(condition), CHOICES, name="c")
            again = entered_condition(posted(entered), CHOICES, name="c")
            assert entered == again, each.name


def test_a_line_is_added_and_taken_away():
    added = with_row(posted(LISTED), "c", nested=False)
    entered = entered_condition(added, CHOICES, name="c")

    assert entered == All(parts=(LISTED, Test(fact="", operator=Operator.KNOWN)))
    assert entered_condition(without(added, "c.1"), CHOICES, name="c") == LISTED


def test_what_follows_a_line_that_goes_moves_up():
    three = posted(All(parts=(LISTED, Some(parts=(KNOWN, OVERDUE)), KNOWN)))

    assert entered_condition(without(three, "c.0"), CHOICES, name="c") == All(
        parts=(Some(parts=(KNOWN, OVERDUE)), KNOWN)
    )


def test_another_fact_is_compared_in_its_own_way():
    changed = posted(OVERDUE) | {"c.0.fact": "invoice.paid"}

    assert entered_condition(changed, CHOICES, name="c") == Test(
        fact="invoice.paid", operator=Operator.IS, value=True
    )
