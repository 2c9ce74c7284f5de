"""What every click on a customer carries, and why one is refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from arfollow.values.days import spelled


@dataclass(frozen=True, slots=True, kw_only=True)
class Click:
    """Who does something with which customer, on the company's today.

    `number`: the follow-up that the page showed. Done raises it, so a click from an outdated page is found out.
    """

    company_id: int
    customer_id: int
    number: int
    who: str
    user_id: int | None
    today: date

    def key(self, channel: str, *, followed: bool) -> str:
        """The key of the message by this channel: one in a follow-up; off the list (not `followed`) one a day."""
        day = "" if followed else f":{self.today.isoformat()}"
        return f"follow-up:{self.customer_id}:{self.number}{day}:{channel}"


class OutdatedError(ValueError):
    """Somebody else has finished this follow-up; nothing was changed."""

    def __init__(self, who: str, day: date | None) -> None:
        when = f" on {spelled(day)}" if day else ""
        super().__init__(
            f"Nothing was changed: {who or 'somebody'} has already marked this follow-up Done{when}. "
            "The page now shows where things stand."
        )


class DoneTakenBackError(OutdatedError):
    """The Done that the page showed has been taken back; nothing was changed."""

    def __init__(self) -> None:
        ValueError.__init__(
            self,
            "Nothing was changed: the Done that this page showed has been taken back meanwhile. "
            "The page now shows where things stand.",
        )


class NothingRecordedError(ValueError):
    """Done needs at least one recorded action."""

    def __init__(self) -> None:
        super().__init__(
            "Not marked Done: nothing has been recorded yet. Print the letter, send the e-mail, do the to-do or log a "
            "call first, or choose Do It Later."
        )


class NoUndoError(ValueError):
    """A Done can be taken back only until the next action."""

    def __init__(self) -> None:
        super().__init__(
            "There is nothing to undo: the last Done can be taken back only until the next action."
        )


class DateNotAheadError(ValueError):
    """A reminder or a return date must lie ahead."""

    def __init__(self, day: date) -> None:
        super().__init__(f"Choose a day after today: {spelled(day)} is not.")
