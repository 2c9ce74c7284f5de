"""What the editor's picture shows beside what was entered."""

from __future__ import annotations

from enum import StrEnum

from babel import Locale
from flask_babel import LazyString, get_locale
from flask_babel import lazy_gettext as _
from wtforms import IntegerField, SelectField, StringField
from wtforms.validators import NumberRange, Optional

from arfollow.web.forms import Form, one_line
from arfollow.web.locale import languages

_MOST_PAGES = 99


class Shape(StrEnum):
    """What the made-up customer owes."""

    FEW = "few"
    MANY = "many"
    CURRENCIES = "currencies"


def language_choices() -> list[tuple[str, str]]:
    """Code and name of the languages that letters can be in."""
    shown = str(get_locale())
    return [(code, Locale.parse(code).get_display_name(shown) or code) for code in languages()]


def shape_choices() -> list[tuple[str, LazyString]]:
    """Code and name of what the made-up customer owes."""
    return [
        (Shape.FEW, _("one page")),
        (Shape.MANY, _("many pages")),
        (Shape.CURRENCIES, _("several currencies")),
    ]


class PreviewForm(Form):
    """On whom, in which language, and which page."""

    language = SelectField(_("Language"), choices=language_choices)
    shape = SelectField(
        _("Letter"),
        choices=shape_choices,
        default=Shape.FEW,
    )
    customer = StringField(
        _("Customer number"), filters=[one_line], description=_("Left empty: a made-up customer.")
    )
    page = IntegerField(_("Page"), [Optional(), NumberRange(1, _MOST_PAGES)], default=1)
