"""Plans and levels: everybody may read them, managers change them."""

from arfollow.levels.views import default, files, levels, order, plans, retiring, versions
from arfollow.levels.views.blueprint import blueprint

__all__ = ["blueprint", "default", "files", "levels", "order", "plans", "retiring", "versions"]
