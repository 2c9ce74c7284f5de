"""What a plan and its levels are to become, and what speaks against it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

from arfollow.levels.rules.steps import Pace, Timing
from arfollow.levels.wording import Problem, check
from arfollow.values.refusals import N_, Refusal, Remark, Term

_ONE_LINE = ("email_subject", "letter_title", "todo")
# A level that is due more than three years before or after the invoice is a slip of the finger.
FURTHEST_DAYS = 1000
_FIELDS = {
    "email_subject": N_("email subject"),
    "email_body": N_("email body"),
    "letter_title": N_("letter title"),
    "letter_body": N_("letter body"),
    "todo": N_("to-do"),
}


class PlanError(Refusal, ValueError):
    """A plan or level cannot be saved as it is; the message says what to change."""


class NameTakenError(PlanError):
    """Another plan of the company, or another level of the plan, has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(N_("The name “%(name)s” is taken. Choose another one."), name=name)


class FirstLevelError(PlanError):
    """The first level cannot count its days from a previous level."""

    def __init__(self, name: str) -> None:
        super().__init__(
            N_("“%(name)s” is the first level: there is no previous one that its days could follow."),
            name=name,
        )


class OutdatedLevelError(PlanError):
    """The level is not any more what somebody saw who changes it."""

    def __init__(self) -> None:
        super().__init__(
            N_(
                "Nothing was saved: a colleague has changed this level meanwhile. Below is what you entered; open the level anew to see theirs."
            )
        )


class OutdatedPlanError(PlanError):
    """The plan's settings are not any more what somebody saw who changes them."""

    def __init__(self) -> None:
        super().__init__(
            N_(
                "Nothing was saved: a colleague has changed this plan meanwhile. Below is what you entered; open the plan anew to see theirs."
            )
        )


class DaysError(PlanError):
    """A number of days is out of range."""

    def __init__(self, what: str, lowest: int) -> None:
        super().__init__(
            N_("%(what)s: enter a number of days from %(lowest)s to %(highest)s."),
            what=Term(what),
            lowest=lowest,
            highest=FURTHEST_DAYS,
        )


class UnknownActionError(PlanError):
    """There is no such action."""

    def __init__(self, name: str) -> None:
        super().__init__(N_("There is no action “%(name)s”."), name=name)


class TextError(PlanError):
    """A text of a level cannot be used. `language`, `field` and `problems` say which, where and why."""

    def __init__(self, *, language: str, field: str, problems: Sequence[Problem]) -> None:
        self.language, self.field, self.problems = language, field, tuple(problems)
        first = self.problems[0]
        super().__init__(
            N_("%(field)s (%(language)s), line %(line)s, column %(column)s: %(problem)s"),
            field=Term(_FIELDS.get(field, field)),
            language=language,
            line=first.line,
            column=first.column,
            problem=first.message,
        )


@dataclass(frozen=True, kw_only=True)
class WordingDraft:
    """A level's words in one language, in the template language of `wording`; `todo` is the title of its task."""

    email_subject: str
    email_body: str
    letter_title: str
    letter_body: str
    todo: str = ""


class Responsible(StrEnum):
    """Whom a level's to-do is for."""

    CUSTOMER = "customer"
    USER = "user"
    MANAGER = "manager"


class ResponsibleError(PlanError):
    """A level's to-do is to be for one person, and nobody who works here was chosen."""

    def __init__(self, name: str) -> None:
        super().__init__(
            N_("“%(name)s”: choose somebody who works in this company for its to-do."), name=name
        )


@dataclass(frozen=True, kw_only=True)
class LevelDraft:
    """A level as it is to be. `wordings` by language; `responsible_id`: the user, where the to-do is for one."""

    name: str
    timing: Timing = Timing.AFTER_DUE
    days: int
    deadline_days: int = 0
    actions: tuple[str, ...] = ("email",)
    attach_statement: bool = True
    attach_letter: bool = False
    attach_items: bool = False
    email_automatic: bool = False
    responsible: Responsible = Responsible.CUSTOMER
    responsible_id: int | None = None
    wordings: Mapping[str, WordingDraft] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class PlanDraft:
    """A plan's rhythm as it is to be. `minimum_amounts`: minor units by currency."""

    name: str
    pace: Pace = Pace.STEP
    minimum_amounts: Mapping[str, int] = field(default_factory=dict)
    contact_gap_days: int = 0
    repeat_last_after_days: int | None = None
    review_after_days: int | None = None
    promise_grace_days: int = 0


@dataclass(frozen=True, kw_only=True)
class WholePlan:
    """A plan with its levels in order, as in a plan file."""

    plan: PlanDraft
    levels: tuple[LevelDraft, ...]


def text_problems(wordings: Mapping[str, WordingDraft]) -> dict[tuple[str, str], list[Problem]]:
    """What is wrong with the texts, by language and field; empty when all can be saved."""
    found = {
        (language, each.name): [*_problems(getattr(draft, each.name), one_line=each.name in _ONE_LINE)]
        for language, draft in wordings.items()
        for each in fields(draft)
    }
    return {place: problems for place, problems in found.items() if problems}


@lru_cache(maxsize=512)
def _problems(text: str, *, one_line: bool) -> tuple[Problem, ...]:
    # Of a level that is saved most texts are what they were.
    return tuple(check(text, one_line=one_line))


def check_plan(draft: PlanDraft, *, other_names: Sequence[str]) -> None:
    """Raise PlanError unless the plan can be saved beside the company's other plans."""
    _check_name(draft.name, other_names)
    for what, days in (
        (N_("Contact gap"), draft.contact_gap_days),
        (N_("Grace for promises"), draft.promise_grace_days),
    ):
        _check_days(what, days, lowest=0)
    for what, optional in (
        (N_("Review"), draft.review_after_days),
        (N_("Repetition"), draft.repeat_last_after_days),
    ):
        if optional is not None:
            _check_days(what, optional, lowest=1)


def check_level(
    draft: LevelDraft, *, first: bool, other_names: Sequence[str], actions: Sequence[str]
) -> None:
    """Raise PlanError unless the level can be saved beside the plan's other levels in force."""
    _check_name(draft.name, other_names)
    if first and draft.timing is Timing.AFTER_PREVIOUS:
        raise FirstLevelError(draft.name)
    # Only a level that counts from the due date can come before it.
    lowest = -FURTHEST_DAYS if draft.timing is not Timing.AFTER_PREVIOUS else 1
    _check_days(N_("Days"), draft.days, lowest=lowest)
    _check_days(N_("Deadline"), draft.deadline_days, lowest=0)
    for action in draft.actions:
        if action not in actions:
            raise UnknownActionError(action)
    if (draft.responsible is Responsible.USER) != (draft.responsible_id is not None):
        raise ResponsibleError(draft.name)
    for (language, name), problems in text_problems(draft.wordings).items():
        raise TextError(language=language, field=name, problems=problems)


def check_whole(whole: WholePlan, *, other_names: Sequence[str], actions: Sequence[str]) -> None:
    """Raise PlanError unless the plan and all of its levels can be saved."""
    check_plan(whole.plan, other_names=other_names)
    names = [level.name.strip() for level in whole.levels]
    for name, count in Counter(names).items():
        if count > 1:
            raise NameTakenError(name)
    for index, level in enumerate(whole.levels):
        check_level(level, first=index == 0, other_names=(), actions=actions)


def warnings(plan: PlanDraft, levels: Sequence[LevelDraft]) -> Iterator[str]:
    """What may be saved but is probably not meant, as sentences."""
    if not levels:
        yield Remark(
            N_("The plan has no level yet: its customers come up for reminders, promises and tasks only.")
        )
    yield from order_warnings(levels)
    longest = max((level.deadline_days for level in levels), default=0)
    if plan.review_after_days is not None and plan.review_after_days < max(plan.contact_gap_days, longest):
        is_gap = plan.review_after_days < plan.contact_gap_days
        yield Remark(
            N_("The review comes after %(days)s days, which is sooner than the contact gap.")
            if is_gap
            else N_("The review comes after %(days)s days, which is sooner than a deadline."),
            days=plan.review_after_days,
        )
    for level in levels:
        if not level.actions:
            yield Remark(N_("“%(name)s” has no action: nothing is pre-chosen for it."), name=level.name)
        if not level.wordings and set(level.actions) - {"todo"}:
            yield Remark(
                N_("“%(name)s” has no words yet: neither its letter nor its e-mail can be made."),
                name=level.name,
            )


def order_warnings(levels: Sequence[LevelDraft]) -> Iterator[str]:
    """The levels that do not come later than the one before them, as sentences."""
    for before, level in pairwise(levels):
        if level.timing is not Timing.AFTER_PREVIOUS and level.days <= before.days:
            yield Remark(
                N_(
                    "The levels are out of order: “%(name)s” (%(days)s) is not later than “%(before)s” "
                    "(%(days_before)s), which comes before it. Change the days, or its place in the plan."
                ),
                name=level.name,
                days=_days(level),
                before=before.name,
                days_before=_days(before),
            )


def _days(level: LevelDraft) -> str:
    return Remark(N_("%(days)s day") if abs(level.days) == 1 else N_("%(days)s days"), days=level.days)


def _check_name(name: str, other_names: Sequence[str]) -> None:
    if not name.strip():
        raise PlanError(N_("Enter a name."))
    if name.strip().casefold() in {other.strip().casefold() for other in other_names}:
        raise NameTakenError(name.strip())


def _check_days(what: str, days: int, *, lowest: int) -> None:
    if not lowest <= days <= FURTHEST_DAYS:
        raise DaysError(what, lowest)
