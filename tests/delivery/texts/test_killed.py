"""A worker that dies while the gateway has its request."""

import os
import signal
from datetime import timedelta
from threading import Event

from arfollow import clock
from arfollow.delivery.queries import outgoing_delivery
from arfollow.delivery.sending import settle_left_behind
from tests.crash.processes import exit_code, fork


def test_a_text_whose_worker_died_is_in_doubt_and_never_sent_again(
    engine, sessions, queue_text, send_texts, text_gateway, entries, noon
):
    delivery_id = queue_text()
    engine.dispose()
    worker, begun = [], Event()

    def kill() -> None:
        begun.wait()
        os.kill(worker[0], signal.SIGKILL)

    text_gateway.on_request = kill
    worker.append(fork(send_texts))
    begun.set()
    assert exit_code(worker[0]) == -signal.SIGKILL

    text_gateway.on_request = lambda: None
    with clock.moved_to(noon + timedelta(minutes=20)), sessions() as session:
        assert settle_left_behind(session) == 1
        assert send_texts() == 0
        assert outgoing_delivery(session, delivery_id=delivery_id).state == "uncertain"

    assert len(text_gateway.requests) == 1
    assert [entry.tag for entry in entries()] == ["sms:uncertain"]
