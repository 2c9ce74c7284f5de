"""The main navigation."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, request
from flask_babel import gettext as _


@dataclass(frozen=True, kw_only=True)
class Destination:
    """An entry: where it goes, and the path under which it is the current one. `is_lesser`: where room is short, it stands under More."""

    label: str
    path: str
    icon: str
    is_lesser: bool = False

    @property
    def is_current(self) -> bool:
        """Whether the page that is being shown belongs to it."""
        return request.path == self.path or request.path.startswith(f"{self.path}/")


def destinations() -> tuple[Destination, ...]:
    """The main navigation, in order, in the page's language."""
    return (
        Destination(label=_("Follow-ups"), path="/follow-ups", icon="list-check"),
        Destination(label=_("Customers"), path="/customers", icon="people"),
        Destination(label=_("Lists"), path="/lists", icon="list-ol", is_lesser=True),
        Destination(label=_("Letters"), path="/letters", icon="mailbox"),
        Destination(label=_("Deliveries"), path="/deliveries", icon="send"),
        Destination(label=_("Chatter"), path="/chatter", icon="journal-text"),
        Destination(label=_("Levels"), path="/levels", icon="sliders", is_lesser=True),
        Destination(label=_("Workflows"), path="/workflows", icon="diagram-2"),
        Destination(label=_("Import"), path="/imports", icon="cloud-upload"),
        Destination(label=_("Settings"), path="/settings", icon="gear", is_lesser=True),
    )


def init_navigation(app: Flask) -> None:
    """Give templates `destinations`."""
    app.context_processor(lambda: {"destinations": destinations})
