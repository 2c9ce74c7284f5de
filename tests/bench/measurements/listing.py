"""The list's first page: every sort of every view, and every kind of filter; server time within the process."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from urllib.parse import urlencode

from arfollow.followup.queries.list_view import SORTS, View
from arfollow.followup.rules import Band
from tests.bench.measuring import Figure, Measurement, Probe, Taken
from tests.bench.sites import Site

_LEVELS = re.compile(r'<select id="filter-level".*?</select>', re.DOTALL)
_OPTION = re.compile(r'value="([0-9]+)"')


@contextmanager
def begin(site: Site) -> Iterator[Probe]:
    """Asks for each page once."""
    pages = {Figure(f"list: {name}", "ms"): path for name, path in _pages(site).items()}

    def probe() -> Taken:
        return {figure: [site.milliseconds(partial(site.get, path))] for figure, path in pages.items()}

    yield probe


def _pages(site: Site) -> Mapping[str, str]:
    sorts = {
        f"{view.value} by {sort.value}": {"view": view.value, "sort": sort.value}
        for view in View
        for sort in SORTS[view]
    }
    bands = {
        f"reason {band.name.lower()}": {"band": band.name.lower()} for band in Band if band < Band.NOT_LISTED
    }
    others = {
        "second level": {"level": _level(site)},
        "mine": {"responsible": "me"},
        "nobody's": {"responsible": "none"},
        "search for a name": {"q": "alder foods"},
        "search for a number": {"q": "C0000007"},
        "search for an invoice": {"q": "R0000007-0001"},
        "search in vain": {"q": "zzz"},
        "all, search for a name": {"view": "all", "q": "alder foods"},
        "all, mine": {"view": "all", "responsible": "me"},
        "all, status overdue": {"view": "all", "status": "overdue"},
        "by amount in CHF": {"sort": "overdue", "currency": "CHF"},
        "all, by amount in CHF": {"view": "all", "sort": "total", "currency": "CHF"},
    }
    return {
        name: f"/{'customers' if arguments.get('view') == 'all' else 'follow-ups'}?{urlencode(arguments)}"
        for name, arguments in {**sorts, **bands, **others}.items()
    }


def _level(site: Site) -> str:
    """The id of the second level, as the list's filter offers it."""
    found = _LEVELS.search(site.get("/follow-ups"))
    return _OPTION.findall(found[0])[1] if found else ""


MEASUREMENT = Measurement(name="list", begin=begin, times=20, warm_up=2)
