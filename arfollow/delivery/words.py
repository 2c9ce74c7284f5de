"""Words of deliveries in the page's language."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from arfollow.delivery.rules import State

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
_CHANNELS: Mapping[str, LazyString] = {"email": _l("e-mail"), "letter": _l("letter")}


def state_name(state: State) -> str:
    """Where a delivery stands."""
    return str(_STATES[state])


def channel_name(channel: str) -> str:
    """The way it goes."""
    return str(_CHANNELS.get(channel, channel))
