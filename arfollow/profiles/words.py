"""What happens to customers, in words of the page's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from arfollow.values.refusals import N_

EVENTS: Mapping[str, str] = {
    "appointment_booked": N_("appointment booked"),
    "appointment_cancelled": N_("appointment cancelled"),
    "attended": N_("attended"),
    "clicked": N_("link clicked"),
    "confirmed": N_("page opened or confirmed"),
    "contract_ended": N_("contract ended"),
    "contract_renewed": N_("contract renewed"),
    "deal_updated": N_("deal updated"),
    "disputed": N_("invoice disputed"),
    "failed": N_("text message did not arrive"),
    "invoice_missed": N_("payment missed"),
    "message_failed": N_("message could not be sent"),
    "message_received": N_("text message received"),
    "message_sent": N_("message sent"),
    "missed": N_("did not attend"),
    "opened": N_("e-mail opened (a hint only)"),
    "opted_out": N_("opted out"),
    "payment_failed": N_("payment failed"),
    "payment_received": N_("payment received"),
    "product_arrived": N_("product arrived"),
    "promise_broken": N_("promise broken"),
    "promise_kept": N_("promise kept"),
    "promise_made": N_("promise made"),
    "promised": N_("promised on the customer's page"),
    "purchased": N_("purchase"),
    "registered": N_("registered"),
    "replied": N_("replied"),
    "sale_concluded": N_("sale concluded"),
    "service_arrived": N_("service arrived"),
    "survey_answered": N_("survey answered"),
}
"""What the program calls the kinds of events that it knows."""


def event_words(kind: str) -> str:
    """The kind of event in words; one of the company's own by its name."""
    return str(_(EVENTS[kind])) if kind in EVENTS else kind.replace("_", " ")


def noted_words(facts: Mapping[str, Any]) -> str:
    """What an entry of the chatter about an event says."""
    return str(_("Event: %(event)s", event=event_words(str(facts["event"]))))
