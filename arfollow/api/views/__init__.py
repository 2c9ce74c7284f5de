"""What other programs send, and the page of their keys. Importing it registers all routes."""

from arfollow.api.views import events, keys
from arfollow.api.views.events import blueprint as api
from arfollow.api.views.keys import blueprint as api_keys

__all__ = ["api", "api_keys", "events", "keys"]
