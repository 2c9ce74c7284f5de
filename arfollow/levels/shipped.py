"""The plans that a company may begin with: gentle, usual, strict. They say the same words at another pace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from arfollow.levels.defaults import default_plan
from arfollow.levels.drafts import LevelDraft, PlanDraft, WholePlan

GENTLE, USUAL, STRICT = "gentle", "usual", "strict"
_NAMES = {
    "en": {GENTLE: "Gentle", STRICT: "Strict"},
    "de": {GENTLE: "Behutsam", STRICT: "Streng"},
    "fr": {GENTLE: "Souple", STRICT: "Strict"},
}
# Days after due, days to pay and actions of each level.
_Rhythm = tuple[tuple[int, int, tuple[str, ...]], ...]
_GENTLE: _Rhythm = ((21, 14, ("email",)), (45, 14, ("email",)), (75, 14, ("letter", "todo")))
_STRICT: _Rhythm = ((5, 7, ("email",)), (14, 7, ("email", "letter")), (24, 7, ("letter", "todo")))


def shipped_plans(language: str) -> Mapping[str, WholePlan]:
    """The plans by GENTLE, USUAL and STRICT; named in `language`, English where we do not write it."""
    usual = default_plan(language)
    names = _NAMES.get(language.partition("-")[0], _NAMES["en"])
    gentle = PlanDraft(name=names[GENTLE], contact_gap_days=21, review_after_days=21)
    strict = PlanDraft(name=names[STRICT], contact_gap_days=7, review_after_days=7)
    return {
        GENTLE: WholePlan(plan=gentle, levels=_paced(usual.levels, _GENTLE)),
        USUAL: usual,
        STRICT: WholePlan(plan=strict, levels=_paced(usual.levels, _STRICT)),
    }


def is_as_shipped(whole: WholePlan) -> bool:
    """Whether it is one of these, and nobody has changed a word or a day of it."""
    return any(whole in shipped_plans(language).values() for language in _NAMES)


def _paced(levels: tuple[LevelDraft, ...], rhythm: _Rhythm) -> tuple[LevelDraft, ...]:
    return tuple(
        replace(level, days=days, deadline_days=deadline, actions=actions)
        for level, (days, deadline, actions) in zip(levels, rhythm, strict=True)
    )
