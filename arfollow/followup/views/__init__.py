"""Pages of follow-up: the list, the customer, the letters to post. Importing it registers all their routes."""

from arfollow.followup.views import (
    actions,
    automatic,
    card,
    customer,
    done,
    erasing,
    items,
    letters,
    links,
    listing,
    papers,
    plans,
    reminders,
    responsibility,
    runs,
    tasks,
    trials,
)
from arfollow.followup.views.blueprint import blueprint

__all__ = [
    "actions",
    "automatic",
    "blueprint",
    "card",
    "customer",
    "done",
    "erasing",
    "items",
    "letters",
    "links",
    "listing",
    "papers",
    "plans",
    "reminders",
    "responsibility",
    "runs",
    "tasks",
    "trials",
]
