"""What happens to a request that PostgreSQL undoes for another one's sake, with real deadlocks."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import request
from sqlalchemy import select, text

from arfollow.access import Permission, Role, needs
from arfollow.database import commit, current_session, open_engine
from arfollow.receivables.tables import Customer
from tests.fixtures.apps import Site
from tests.fixtures.rivals import Rival, lock

pytestmark = pytest.mark.parametrize("engine_url", ["postgresql"], indirect=True)


Calls = list[str]


@pytest.fixture
def calls() -> Calls:
    """Each time that the view was run."""
    return []


@pytest.fixture
def rivals(new_site: Site, engine_url: str, calls: Calls) -> Iterator[Callable[[int], None]]:
    """Adds pages on which a click meets a rival, a number of times."""
    rival = Rival(engine_url, 0)

    @new_site.app.post("/meet")
    @needs(Permission.WORK)
    def meet():
        calls.append(request.form.get("text", ""))
        session = current_session()
        if request.form.get("commits"):
            commit(session)
        if request.form.get("hurries"):
            session.execute(text("SET LOCAL lock_timeout = '100ms'"))
        customer = lock(session, "C-1")
        rival.come_between()
        lock(session, "C-2")
        customer.city += request.form.get("text", "")
        commit(session)
        return "done"

    with new_site.writing() as session:
        session.add_all(
            Customer(company_id=new_site.company_id, number=number, name=number) for number in ("C-1", "C-2")
        )
    new_site.app.config["PROPAGATE_EXCEPTIONS"] = False

    def times(number: int) -> None:
        rival.left = number

    yield times
    rival.end()


def city(site: Site) -> str:
    with site.reading() as session:
        return session.scalars(select(Customer.city).where(Customer.number == "C-1")).one()


def test_a_request_that_was_undone_is_run_again_as_a_whole(new_site, rivals, calls):
    clerk = new_site.sign_in(Role.CLERK)
    rivals(2)

    answer = clerk.post("/meet", {"text": "once"})

    assert (answer.status_code, answer.text) == (200, "done")
    assert calls == ["once"] * 3
    assert city(new_site) == "once"


def test_after_a_few_times_it_is_told_that_nothing_was_changed(new_site, rivals, calls):
    clerk = new_site.sign_in(Role.CLERK)
    rivals(10)

    answer = clerk.post("/meet", {"text": "never"})

    assert answer.status_code == 500
    assert "Nothing was changed" in answer.text
    assert len(calls) == 4
    assert city(new_site) == ""


def test_what_was_committed_is_not_done_again(new_site, rivals, calls):
    clerk = new_site.sign_in(Role.CLERK)
    rivals(1)

    answer = clerk.post("/meet", {"text": "half", "commits": "1"})

    assert answer.status_code == 500
    assert calls == ["half"]


def test_a_request_with_a_file_runs_once(new_site, rivals, calls):
    clerk = new_site.sign_in(Role.CLERK)
    rivals(1)

    answer = clerk.post("/meet", {"text": "file", "file": (io.BytesIO(b"x"), "x.txt")})

    assert answer.status_code == 500
    assert calls == ["file"]


@contextmanager
def held(url: str) -> Iterator[None]:
    """The first customer, by somebody who takes his time."""
    engine = open_engine(url)
    with engine.connect() as connection:
        connection.execute(select(Customer.id).where(Customer.number == "C-1").with_for_update())
        yield
        connection.rollback()
    engine.dispose()


def test_whoever_waits_too_long_for_somebody_else_is_told_so(new_site, rivals, calls, engine_url):
    clerk = new_site.sign_in(Role.CLERK)

    with held(engine_url):
        answer = clerk.post("/meet", {"text": "late", "hurries": "1"})

    assert answer.status_code == 503
    assert "The ledger is busy" in answer.text
    assert calls == ["late"]
