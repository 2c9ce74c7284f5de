"""What happens to customers, in words of the page's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

EVENTS: Mapping[str, object] = {
    "appointment_booked": _l("appointment booked"),
    "appointment_cancelled": _l("appointment cancelled"),
    "attended": _l("attended"),
    "clicked": _l("link clicked"),
    "confirmed": _l("page opened or confirmed"),
    "contract_ended": _l("contract ended"),
    "contract_renewed": _l("contract renewed"),
    "deal_updated": _l("deal updated"),
    "disputed": _l("invoice disputed"),
    "failed": _l("text message did not arrive"),
    "invoice_missed": _l("payment missed"),
    "message_failed": _l("message could not be sent"),
    "message_received": _l("text message received"),
    "message_sent": _l("message sent"),
    "missed": _l("did not attend"),
    "opened": _l("e-mail opened (a hint only)"),
    "opted_out": _l("opted out"),
    "payment_failed": _l("payment failed"),
    "payment_received": _l("payment received"),
    "product_arrived": _l("product arrived"),
    "promise_broken": _l("promise broken"),
    "promise_kept": _l("promise kept"),
    "promise_made": _l("promise made"),
    "promised": _l("promised on the customer's page"),
    "purchased": _l("purchase"),
    "registered": _l("registered"),
    "replied": _l("replied"),
    "sale_concluded": _l("sale concluded"),
    "service_arrived": _l("service arrived"),
    "survey_answered": _l("survey answered"),
}


def event_words(kind: str) -> str:
    """The kind of event in words; one of the company's own by its name."""
    return str(EVENTS.get(kind) or kind.replace("_", " "))


def noted_words(facts: Mapping[str, Any]) -> str:
    """What an entry of the chatter about an event says."""
    return str(_("Event: %(event)s", event=event_words(str(facts["event"]))))
