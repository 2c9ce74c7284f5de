"""Plans and levels: everybody may read them, managers change them."""

from arfollow.levels.views import default, levels, plans, retiring
from arfollow.levels.views.blueprint import blueprint

__all__ = ["blueprint", "default", "levels", "plans", "retiring"]
