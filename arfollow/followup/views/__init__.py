"""Pages of follow-up: the list, the customer, the letters to post. Importing it registers all their routes."""

from arfollow.followup.views.blueprint import blueprint

__all__ = ["blueprint"]
