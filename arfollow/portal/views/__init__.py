"""Pages that links open; importing them adds them to the blueprint."""

from arfollow.portal.blueprint import blueprint
from arfollow.portal.views import account, agreeing, confirming, links, preferences, surveys

__all__ = ["account", "agreeing", "blueprint", "confirming", "links", "preferences", "surveys"]
