"""What several journeys ask for."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import time_machine
from sqlalchemy import update

from arfollow.access import Role
from arfollow.companies.tables import Company
from tests.journeys.live import BEGIN, Live


@pytest.fixture
def live(sqlite_site, live_server, page, mail_sink, text_gateway) -> Iterator[Live]:
    """A company at work, with Maria, who manages, and Ana, a clerk."""
    settings = sqlite_site.app.config["SETTINGS"]
    address = live_server(sqlite_site.app)
    sqlite_site.app.config["SETTINGS"] = replace(
        settings, mail_url=mail_sink.url, texts=text_gateway.settings, base_url=address
    )
    with time_machine.travel(BEGIN, tick=True) as traveller:
        for name, role in (("Ana", Role.CLERK), ("Maria", Role.MANAGER)):
            sqlite_site.person(role, name=name, email=f"{name.lower()}@example.com")
        with sqlite_site.writing() as session:
            known = {"email": "office@acme.example.com", "phone": "+49 30 555 00", "language": "en"}
            session.execute(update(Company).values(**known))
        yield Live(
            site=sqlite_site,
            address=address,
            page=page,
            sink=mail_sink,
            gateway=text_gateway,
            traveller=traveller,
        )
    sqlite_site.app.config["SETTINGS"] = settings
