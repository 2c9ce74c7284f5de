"""Workflows: everybody may read them, managers change them."""

from arfollow.workflows.views import (
    blocks,
    campaigns,
    editor,
    files,
    overview,
    publishing,
    steps,
    versions,
    words,
)
from arfollow.workflows.views.blueprint import blueprint

__all__ = [
    "blocks",
    "blueprint",
    "campaigns",
    "editor",
    "files",
    "overview",
    "publishing",
    "steps",
    "versions",
    "words",
]
