"""E-mails that two worker processes render and hand to a mail server on this machine, from the first to the last."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace

from arfollow.followup.actions.email import NoAddressError, send_email
from arfollow.levels.defaults import default_plan
from arfollow.levels.operations import write_whole_plan
from arfollow.statements.rules import NothingToClaimError
from tests.bench import commands
from tests.bench.mail_server import MailServer, receiving
from tests.bench.measuring import Figure, Measurement, Probe, Taken
from tests.bench.sites import WHO, Site

_WORKERS, _EMAILS = 2, 200
_PATIENCE = 60


@contextmanager
def begin(site: Site) -> Iterator[Probe]:
    """Queues e-mails and sends them: first with the statement attached, as the plan begins, then without."""
    numbers = site.listed(2 * _EMAILS)
    halves = {True: numbers[::2], False: numbers[1::2]}

    def probe() -> Taken:
        taken = {}
        for attached, chosen in halves.items():
            _attach(site, attached=attached)
            queued = sum(_queue(site, number) for number in chosen)
            name = "e-mails with statement" if attached else "e-mails without statement"
            taken[Figure(f"{name}, {_WORKERS} workers", "e-mails/s")] = [_send(site, queued)]
        return taken

    yield probe


def _attach(site: Site, *, attached: bool) -> None:
    plan = default_plan("en")
    levels = tuple(replace(level, attach_statement=attached) for level in plan.levels)
    with site.writing() as session:
        write_whole_plan(
            session,
            company_id=site.company_id,
            whole=replace(plan, levels=levels),
            today=site.setup.today,
            who=WHO,
        )


def _queue(site: Site, number: str) -> bool:
    """Whether there was an address to send to, and money to ask for."""
    with suppress(NoAddressError, NothingToClaimError), site.writing() as session:
        send_email(session, site.click(session, number))
        return True
    return False


def _send(site: Site, count: int) -> float:
    """E-mails a second, counted once every worker has had time to start."""
    site.disconnect()
    with receiving() as server, ExitStack() as stack:
        settings = replace(site.settings, mail_url=server.url)
        for _ in range(_WORKERS):
            stack.enter_context(commands.running(settings, "worker", "--interval", "0.1"))
        _wait(server, count)
    return server.rate(after=count // 4)


def _wait(server: MailServer, count: int) -> None:
    last = time.monotonic()
    while (taken := len(server.taken_at)) < count:
        last = max([last, *server.taken_at[-1:]])
        if time.monotonic() > last + _PATIENCE:
            raise TimeoutError(f"After {taken} of {count} e-mails none came for {_PATIENCE} seconds.")
        time.sleep(0.02)


MEASUREMENT = Measurement(name="emails", begin=begin)
