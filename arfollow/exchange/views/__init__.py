"""Pages of exchange: imports with their files and history, and letters for a mail house."""

from arfollow.exchange.views import files, history, imports, letters
from arfollow.exchange.views.blueprint import blueprint

__all__ = ["blueprint", "files", "history", "imports", "letters"]
