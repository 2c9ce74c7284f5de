"""Who may enter a workflow, and what for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Who may enter, about that key. `day`: the day that it is for; who has entered since then does not enter again for it.

    `event_id`, `event_at`: what happened to enrol the customer.
    """

    customer_id: int
    key: str = ""
    day: date | None = None
    event_id: int | None = None
    event_at: datetime | None = None
