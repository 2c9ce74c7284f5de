"""The outbox in figures: how many messages wait in which state, and for how long the oldest has."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from arfollow import clock
from arfollow.delivery.rules import OPEN_QUESTIONS, State
from arfollow.delivery.tables import Delivery

_ON_THE_WAY = (State.QUEUED, State.SENDING, State.PRINTED)


def queue_figures(session: Session) -> Iterator[Metric]:
    """Of all companies: what is on its way, and what somebody has to decide; the rest of the outbox is not looked at."""
    is_undecided = and_(Delivery.state.in_(list(OPEN_QUESTIONS)), Delivery.decided_at.is_(None))
    query = (
        select(Delivery.channel, Delivery.state, func.count(), func.min(Delivery.queued_at))
        .where(or_(Delivery.state.in_(_ON_THE_WAY), is_undecided))
        .group_by(Delivery.channel, Delivery.state)
    )
    labels = ["channel", "state"]
    depth = GaugeMetricFamily("arfollow_queue_messages", "Messages that wait.", labels=labels)
    age = GaugeMetricFamily("arfollow_queue_oldest_seconds", "Age of the oldest of them.", labels=labels)
    now = clock.now()
    for channel, state, count, oldest in session.execute(query):
        depth.add_metric([channel, state], count)
        age.add_metric([channel, state], (now - oldest).total_seconds())
    yield depth
    yield age
