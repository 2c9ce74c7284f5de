"""The template environment: where templates are, strictness, and the filters and globals they may use."""

from __future__ import annotations

from collections.abc import MutableMapping
from datetime import date, datetime, time
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from babel.dates import format_date, format_skeleton
from babel.support import NullTranslations
from flask import Flask, g
from flask.templating import Environment
from flask_babel import get_locale, get_translations, to_user_timezone
from jinja2 import StrictUndefined

from arfollow.access import Permission, find_scope
from arfollow.values.days import time_of_day
from arfollow.values.money import Money, localized
from arfollow.values.phones import spelled_number
from arfollow.web.addresses import page_at, url_with
from arfollow.web.charts import column_chart
from arfollow.web.refusals import said


def templates_folder() -> Path:
    """The templates of the checkout, else those inside the installed package."""
    package = Path(__file__).resolve().parent.parent
    checkout = package.parent / "templates"
    return checkout if checkout.is_dir() else package / "templates"


class _Environment(Environment):
    """Flask's, whose templates have their globals from the same mapping, not each from a chain of its own.

    For whatever a page imports from another template, each name that it was given is looked for among them.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The environment's own, unless a template is given more."""
        return super().make_globals(d) if d else self.globals


def init_templates(app: Flask) -> None:
    """Make the environment strict and give it our filters; before its first use."""
    app.jinja_environment = _Environment
    app.jinja_options = {
        **app.jinja_options,
        "undefined": StrictUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
    }
    app.jinja_env.filters.update(
        {
            "money": money,
            "number": number,
            "day": day,
            "day_month": day_month,
            "long_day": long_day,
            "month_year": month_year,
            "instant": instant,
            "said": said,
            "telephone": spelled_number,
            "once_each": cache,
        }
    )
    app.jinja_env.globals.update(
        url_with=url_with,
        page_at=page_at,
        get_locale=get_locale,
        Permission=Permission,
        column_chart=column_chart,
    )
    app.context_processor(lambda: {"scope": find_scope()})


def init_words(app: Flask) -> None:
    """Look the catalogue up once a request, where Flask-Babel does it for each text; after Babel, which installs its own."""
    # The extension's own method, which the environment only has once it is there.
    install = app.jinja_env.install_gettext_callables  # type: ignore[attr-defined]
    install(
        gettext=lambda text: _catalogue().ugettext(text),
        ngettext=lambda one, many, count: _catalogue().ungettext(one, many, count),
        pgettext=lambda context, text: _catalogue().upgettext(context, text),
        npgettext=lambda context, one, many, count: _catalogue().unpgettext(context, one, many, count),
        newstyle=True,
    )
    # The extension's own `_` is a way round to the same: a page has two hundred texts.
    app.jinja_env.globals["_"] = app.jinja_env.globals["gettext"]


def _catalogue() -> NullTranslations:
    """The texts in the reader's language."""
    found: NullTranslations | None = g.get("catalogue")
    if found is None:
        found = g.catalogue = get_translations()
    return found


def money(value: Money) -> str:
    """`EUR 1,240.50`, as the page's reader writes it."""
    return localized(value, _reader())


def number(value: Money) -> str:
    """`1,240.50`: the amount where its column or line names the currency."""
    return localized(value, _reader(), symbol=False)


def _reader() -> str:
    """The reader's locale, which a page with a hundred amounts asks for once."""
    reader: str | None = g.get("reader")
    if reader is None:
        reader = g.reader = str(get_locale())
    return reader


def day(value: date | None) -> str:
    """`21 Nov 2026`; a dash for no day."""
    return _medium(value.date() if isinstance(value, datetime) else value, _reader()) if value else "–"


@lru_cache(maxsize=4096)
def _medium(value: date, locale: str) -> str:
    """A page has the same few days again and again, and Babel takes its time."""
    return format_date(value, "medium", locale=locale)


@lru_cache(maxsize=4096)
def _short(value: time, locale: str) -> str:
    return time_of_day(value, locale=locale)


def day_month(value: date | None) -> str:
    """`21 Nov`, where the year is plain; a dash for no day."""
    if value is None:
        return "–"
    return format_skeleton("MMMd", datetime.combine(value, time()), locale=get_locale())


def month_year(value: date) -> str:
    """`Nov 2026`, for the month that begins then."""
    return format_skeleton("yMMM", datetime.combine(value, time()), locale=get_locale())


def long_day(value: date) -> str:
    """`Saturday 21 November 2026`."""
    return format_date(value, "full", locale=get_locale())


def instant(value: datetime) -> str:
    """`21 Nov 2026, 09:12`, in the company's time zone."""
    local = to_user_timezone(value)
    return f"{day(local)}, {_short(time(local.hour, local.minute), _reader())}"
