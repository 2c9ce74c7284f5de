"""What can be done about a customer at a level; followup/actions says how each is done."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Action:
    """A kind of action. `icon` is its symbol in the sprite of the pages."""

    name: str
    label: str
    icon: str


ACTIONS: dict[str, Action] = {
    action.name: action
    for action in (
        Action("email", "E-mail", "envelope"),
        Action("letter", "Letter", "printer"),
        Action("todo", "To-do", "check2-square"),
    )
}
"""Every kind of action, in the order in which pages show them."""
