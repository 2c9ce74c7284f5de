from datetime import UTC, date, datetime

import pytest
from flask import render_template_string
from jinja2 import UndefinedError

from arfollow.access import Role
from arfollow.values.money import Money


@pytest.fixture
def shown(sqlite_site):
    """Renders a line of template, for somebody who has not signed in."""

    def render(line: str, **context) -> str:
        with sqlite_site.app.test_request_context():
            return render_template_string(line, **context).replace("\N{NO-BREAK SPACE}", " ")

    return render


@pytest.mark.parametrize(
    ("line", "value", "text"),
    [
        ("{{ value | money }}", Money("EUR", 124050), "EUR 1,240.50"),
        ("{{ value | number }}", Money("JPY", -1000), "-1,000"),
        ("{{ value | day }}", date(2026, 11, 21), "21 Nov 2026"),
        ("{{ value | day }}", None, "–"),
        ("{{ value | day_month }}", date(2026, 11, 2), "2 Nov"),
        ("{{ value | day_month }}", None, "–"),
        ("{{ value | long_day }}", date(2026, 11, 21), "Saturday, 21 November 2026"),
        ("{{ value | instant }}", datetime(2026, 11, 21, 13, 5, 9, tzinfo=UTC), "21 Nov 2026, 13:05"),
    ],
)
def test_values_are_written_for_readers(shown, line, value, text):
    assert shown(line, value=value) == text


def test_what_a_template_does_not_get_is_an_error(shown):
    with pytest.raises(UndefinedError):
        shown("{{ missing }}")


def test_an_instant_is_in_the_companys_time_zone(new_sqlite_site):
    @new_sqlite_site.app.get("/instant")
    def instant():
        return render_template_string(
            "{{ value | instant }}", value=datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
        )

    assert new_sqlite_site.sign_in(Role.CLERK).get("/instant").text == "22 Nov 2026, 00:30"
