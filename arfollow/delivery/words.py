"""Words of deliveries in the page's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import LazyString, ngettext
from flask_babel import lazy_gettext as _l

from arfollow.delivery.rules import State
from arfollow.values.remarks import brought_back
from arfollow.values.texts import Encoding, parts_of

_STATES: Mapping[State, LazyString] = {
    State.QUEUED: _l("queued"),
    State.SENDING: _l("sending"),
    State.SENT: _l("sent"),
    State.FAILED: _l("failed"),
    State.UNCERTAIN: _l("uncertain"),
    State.CANCELLED: _l("cancelled"),
    State.PRINTED: _l("printed"),
    State.POSTED: _l("posted"),
    State.RETURNED: _l("came back"),
}
_CHANNELS: Mapping[str, LazyString] = {
    "email": _l("e-mail"),
    "letter": _l("letter"),
    "sms": _l("text message"),
}


def state_name(state: State) -> str:
    """Where a delivery stands."""
    return str(_STATES[state])


def channel_name(channel: str) -> str:
    """The way it goes."""
    return str(_CHANNELS.get(channel, channel))


def text_length(text: str) -> str:
    """How long a text message is, and what that costs: `212 characters, sent in 2 parts`."""
    length = ngettext("%(num)s character", "%(num)s characters", len(text))
    encoding, parts = parts_of(text)
    if encoding is Encoding.UCS_2:
        words = ngettext(
            "%(length)s, sent in %(num)s part: special characters make it longer",
            "%(length)s, sent in %(num)s parts: special characters make it longer",
            parts,
            length=length,
        )
    else:
        words = ngettext(
            "%(length)s, sent in %(num)s part", "%(length)s, sent in %(num)s parts", parts, length=length
        )
    return str(words)


def _why_cancelled(facts: Mapping[str, Any]) -> str:
    return brought_back(facts["why"]) if "why" in facts else ""


SAID: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    f"{subject}:cancelled": _why_cancelled for subject in ("email", "letter", "notice", "sms", "webhook")
}
"""What entries of the chatter say by their facts; `app.py` registers them."""
