"""Buttons that are pressed twice at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import select

from arfollow import clock
from arfollow.profiles.tables import CustomerEvent
from arfollow.receivables.tables import Instalment, Promise
from tests.portal.conftest import ONCE, TOKEN, held_by


def test_a_promise_is_made_once_by_four_clicks_at_once(site):
    # Threads have the machine's clock.
    phone = held_by(site)
    path = phone.open("promise")
    page = phone.get(path)
    with site.reading() as session:
        items = session.scalars(select(Instalment.id)).all()
    form = {
        "csrf_token": TOKEN.search(page)[1],
        "once": ONCE.search(page)[1],
        "item": items,
        "due_on": (clock.today("Europe/Berlin") + timedelta(days=5)).isoformat(),
    }
    cookies = "; ".join(
        f"{each.key}={each.value}"
        for each in (phone.client.get_cookie(name, path=where) for name, where in names(path))
    )

    def press(_):
        client = site.app.test_client(use_cookies=False)
        return client.post(path, data=form, headers={"Cookie": cookies}).status_code

    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(press, range(4)))

    with site.reading() as session:
        assert len(session.scalars(select(Promise.id)).all()) == 1
        kinds = session.scalars(select(CustomerEvent.kind).order_by(CustomerEvent.id)).all()
    assert statuses == [303] * 4
    assert kinds == ["confirmed", "promised"]


def names(path):
    link_id = path.split("/")[2]
    return [("arfollow", "/"), (f"arfollow_link_{link_id}", f"/my/{link_id}")]
