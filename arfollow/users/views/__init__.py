"""Pages of users: signing in, the own account, the company's users."""

from arfollow.users.blueprint import blueprint
from arfollow.users.views import absences, account, people, person, signing_in

__all__ = ["absences", "account", "blueprint", "people", "person", "signing_in"]
