"""Who may sign in to a demo ledger, for its sign-in page."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from arfollow.config import Settings


@dataclass(frozen=True, kw_only=True)
class DemoAccount:
    """A user of the demo ledger, with the password in the clear."""

    role: str
    name: str
    email: str
    password: str


def demo_accounts(settings: Settings) -> Sequence[DemoAccount]:
    """The users that the demo wrote into its data folder; empty for any other ledger."""
    if not settings.demo:
        return ()
    entries = json.loads((settings.data_dir / "demo").read_text(encoding="utf-8"))
    return [DemoAccount(**entry) for entry in entries]
