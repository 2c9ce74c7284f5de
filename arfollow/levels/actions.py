"""What can be done about a customer at a level; followup/actions says how each is done."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l


@dataclass(frozen=True, slots=True)
class Action:
    """A kind of action. `icon` is its symbol in the sprite of the pages."""

    name: str
    label: LazyString
    icon: str


ACTIONS: dict[str, Action] = {
    action.name: action
    for action in (
        Action("email", _l("E-mail"), "envelope"),
        Action("letter", _l("Letter"), "printer"),
        Action("todo", _l("To-do"), "check2-square"),
    )
}
"""Every kind of action, in the order in which pages show them."""
