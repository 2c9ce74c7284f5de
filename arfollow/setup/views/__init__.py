"""Pages of the first run, of companies, and of the mail server."""

from arfollow.setup.views import companies, company, mail, overview, plan, team
from arfollow.setup.views.blueprint import blueprint

__all__ = ["blueprint", "companies", "company", "mail", "overview", "plan", "team"]
