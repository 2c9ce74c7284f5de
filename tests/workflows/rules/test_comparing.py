from dataclasses import replace

from arfollow.workflows.rules.comparing import compare
from arfollow.workflows.rules.definition import Kind
from arfollow.workflows.rules.editing import delete, move, put
from tests.workflows.rules.test_editing import ROUTE
from tests.workflows.walking import definition, step, wait


def found(before, after):
    return [
        (each.what.value, (each.after or each.before).key, each.settings)
        for each in compare(before, after).steps
    ]


def test_the_same_does_not_differ():
    assert compare(ROUTE, ROUTE).is_same


def test_what_was_set_is_named():
    before, after = definition(wait("w", amount=3)), definition(wait("w", amount=5, unit="weeks"))

    assert found(before, after) == [("changed", "w", ("amount", "unit"))]


def test_steps_come_and_go():
    before, after = definition(step("a"), step("b")), definition(step("a"), step("c", Kind.END))

    assert found(before, after) == [("added", "c", ()), ("removed", "b", ())]


def test_a_step_that_leaves_its_path_is_moved():
    moved = move(ROUTE, "call", down=True)

    assert ("moved", "call", ()) in found(ROUTE, moved)


def test_what_lies_on_a_path_does_not_change_the_step_that_branches():
    assert found(ROUTE, delete(ROUTE, "thanks")) == [("removed", "thanks", ())]


def test_a_name_is_a_change_of_its_step_and_that_of_the_workflow_its_own():
    named = put(ROUTE, replace(ROUTE.route[0], name="Hello"))

    assert found(ROUTE, named) == [("changed", "mail", ())]
    assert compare(ROUTE, replace(ROUTE, name="Other")).own == ("name",)
