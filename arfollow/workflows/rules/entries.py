"""What the chatter says of those who enter and leave, by the facts of its entries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from arfollow.values.refusals import N_, Remark, Term

_REASONS: Mapping[str, str] = {
    "goal": N_("its goal is reached"),
    "end": N_("the route is at its end"),
    "removed": N_("taken out"),
    "retired": N_("the workflow is retired"),
}


def entered(facts: Mapping[str, Any]) -> str:
    """That somebody entered; empty where the facts do not name the workflow, as of those before it was kept."""
    if "name" not in facts:
        return ""
    return Remark(N_("Enters “%(name)s”, version %(number)s"), name=facts["name"], number=facts["version"])


def left(facts: Mapping[str, Any]) -> str:
    """That somebody left, and why; empty where the facts do not name the workflow, as of those before it was kept."""
    if "name" not in facts:
        return ""
    reason = facts["reason"]
    because = Term(_REASONS.get(reason, reason))
    if facts.get("why"):
        message = N_("Leaves “%(name)s”: %(reason)s: %(why)s")
        return Remark(message, name=facts["name"], reason=because, why=facts["why"])
    return Remark(N_("Leaves “%(name)s”: %(reason)s"), name=facts["name"], reason=because)
