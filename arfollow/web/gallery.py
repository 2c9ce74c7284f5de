"""Each component in each of its states, for those who write pages; there is no such page unless settings say so."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

from flask import Blueprint, abort, current_app, render_template
from wtforms import BooleanField, DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired

from arfollow.access import Permission, current_scope, needs
from arfollow.values.money import Money
from arfollow.web.forms import Form

blueprint = Blueprint("gallery", __name__)

LONG = "Société Générale des Eaux Minérales et Boissons Rafraîchissantes du Haut-Rhin-Donaudampfschifffahrtsgesellschaft"
_BUCKETS = (
    ("not due", 1200),
    ("1-30", 5300),
    ("31-60", 3100),
    ("61-90", 800),
    ("91-120", 0),
    ("> 120", 2600),
)
_AMOUNTS = (Money("EUR", 124_050), Money("JPY", 98_765_432), Money("KWD", -1))


def _asked(key: str, asks: str) -> SimpleNamespace:
    """A question as `components/question.html` takes it."""
    choices = [SimpleNamespace(key=name, words={"en": words}) for name, words in (("a", "Yes"), ("b", LONG))]
    return SimpleNamespace(
        key=key,
        asks=asks,
        words={"en": "How was it?"},
        required=asks != "text",
        least=0,
        most=10,
        low={"en": "Bad"},
        high={"en": "Good"},
        choices=choices,
    )


class SampleForm(Form):
    """A field of each kind."""

    name = StringField("Name", [DataRequired()], description="As on the invoice")
    note = TextAreaField("Note")
    day = DateField("Day")
    role = SelectField("Role", choices=lambda: [("a", "Clerk"), ("b", LONG)])
    agreed = BooleanField("Agreed")
    kind = RadioField("Kind", choices=lambda: [("x", "One"), ("y", "Two")])


@blueprint.get("/components")
@needs(Permission.SIGNED_IN)
def components() -> str:
    """The page; 404 where nobody writes pages."""
    if not current_app.config["SETTINGS"].development:
        abort(404)
    today = current_scope().today
    return render_template(
        "gallery/page.html",
        usual=_form("usual", today),
        off=_form("off", today),
        wrong=_refused(),
        long=LONG,
        values=_AMOUNTS,
        buckets=_BUCKETS,
        shortcuts=(("one week", today), (LONG, today)),
        questions=[_asked(asks, asks) for asks in ("scale", "choice", "choices", "text")],
        refused=_asked("refused", "scale"),
    )


def _form(prefix: str, today: date) -> SampleForm:
    return SampleForm(
        prefix=prefix, formdata=None, data={"name": LONG, "day": today, "kind": "x", "agreed": True}
    )


def _refused() -> SampleForm:
    form = SampleForm(prefix="wrong", formdata=None)
    form.validate()
    return form
