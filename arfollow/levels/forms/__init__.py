"""Forms of plans, levels and their words."""

from arfollow.levels.forms.levels import LevelForm
from arfollow.levels.forms.plans import PlanForm
from arfollow.levels.forms.words import WordingForm, language_name, wording_forms

__all__ = ["LevelForm", "PlanForm", "WordingForm", "language_name", "wording_forms"]
