"""What every click on a customer carries, and why one is refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from arfollow.values.refusals import N_, Refusal


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


class OutdatedError(Refusal, ValueError):
    """Somebody else has finished this follow-up; nothing was changed."""

    def __init__(self, who: str, day: date | None) -> None:
        if who and day:
            super().__init__(
                N_(
                    "Nothing was changed: %(who)s has already marked this follow-up Done on %(day)s. "
                    "The page now shows where things stand."
                ),
                who=who,
                day=day,
            )
        else:
            super().__init__(
                N_(
                    "Nothing was changed: somebody has already marked this follow-up Done. "
                    "The page now shows where things stand."
                )
            )


class DoneTakenBackError(OutdatedError):
    """The Done that the page showed has been taken back; nothing was changed."""

    def __init__(self) -> None:
        Refusal.__init__(
            self,
            N_(
                "Nothing was changed: the Done that this page showed has been taken back meanwhile. "
                "The page now shows where things stand."
            ),
        )


class NothingRecordedError(Refusal, ValueError):
    """Done needs at least one recorded action."""

    def __init__(self) -> None:
        super().__init__(
            N_(
                "Not marked Done: nothing has been recorded yet. Print the letter, send the e-mail, do the to-do or log a "
                "call first, or choose Do It Later."
            )
        )


class NoUndoError(Refusal, ValueError):
    """A Done can be taken back only until the next action."""

    def __init__(self) -> None:
        super().__init__(
            N_("There is nothing to undo: the last Done can be taken back only until the next action.")
        )


class DateNotAheadError(Refusal, ValueError):
    """A reminder or a return date must lie ahead."""

    def __init__(self, day: date) -> None:
        super().__init__(N_("Choose a day after today: %(day)s is not."), day=day)
