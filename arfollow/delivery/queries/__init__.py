"""Reads of the outbox: one delivery, where deliveries stand, the page of all of them."""

from arfollow.delivery.queries.outgoing import (
    DeliveryNotFoundError,
    OutgoingDelivery,
    StoredFile,
    company_today,
    has_due,
    left_behind,
    mail_domain,
    outgoing_delivery,
    queued_delivery,
)
from arfollow.delivery.queries.overview import (
    PAGE_SIZE,
    DeliveryPage,
    DeliveryRow,
    View,
    counts,
    customer_of,
    deliveries,
    every_delivery,
)
from arfollow.delivery.queries.progress import Progress, open_questions, progress

__all__ = [
    "PAGE_SIZE",
    "DeliveryNotFoundError",
    "DeliveryPage",
    "DeliveryRow",
    "OutgoingDelivery",
    "Progress",
    "StoredFile",
    "View",
    "company_today",
    "counts",
    "customer_of",
    "deliveries",
    "every_delivery",
    "has_due",
    "left_behind",
    "mail_domain",
    "open_questions",
    "outgoing_delivery",
    "progress",
    "queued_delivery",
]
