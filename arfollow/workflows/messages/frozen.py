"""What a step freezes of its message: which words, in which language, with which links. All else is read when it leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """What a delivery of a workflow was queued with. `links`: ids by variable; `to`: a colleague's address and name, else empty."""

    version: int
    enrolment: int
    customer: int
    step: str
    language: str
    links: Mapping[str, int] = field(default_factory=dict)
    to: str = ""
    name: str = ""

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> Frozen:
        """From a delivery's facts."""
        return cls(**facts)

    def facts(self) -> dict[str, Any]:
        """As a delivery keeps it."""
        return {
            "version": self.version,
            "enrolment": self.enrolment,
            "customer": self.customer,
            "step": self.step,
            "language": self.language,
            "links": dict(self.links),
            **({"to": self.to, "name": self.name} if self.to else {}),
        }
