"""Pages of lists. Importing it registers all their routes."""

from arfollow.profiles.views import lists, members
from arfollow.profiles.views.blueprint import blueprint

__all__ = ["blueprint", "lists", "members"]
