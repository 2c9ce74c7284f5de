"""The base of all forms: its own messages in the page's language, and its values from the request."""

from __future__ import annotations

from typing import Any, Self

from email_validator import EmailNotValidError, validate_email
from flask import request
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import Field, ValidationError
from wtforms import Form as PlainForm
from wtforms.form import BaseForm
from wtforms.meta import DefaultMeta


def one_line(value: str | None) -> str | None:
    """A field's filter: runs of white space made one, none around the text, so that blanks alone are nothing."""
    return " ".join(value.split()) if value else value


def email_address(_form: BaseForm, field: Field) -> None:
    """A field's validator: one e-mail address, or nothing; whether mail arrives there is not tried."""
    if not field.data:
        return
    try:
        validate_email(field.data, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError:
        raise ValidationError(_("“%(text)s” is not a valid e-mail address.", text=field.data)) from None


class Form(PlainForm):
    """A form. The token against forged requests is checked for every POST by the app; templates print it with `csrf()`."""

    class Meta(DefaultMeta):
        """Says which language WTForms' own messages are in."""

        def get_translations(self, form: BaseForm) -> Any:
            """Those of the page's language."""
            self.locales = [str(get_locale())]
            return super().get_translations(form)

    @classmethod
    def from_request(cls, obj: object = None, **values: Any) -> Self:
        """The form with what was posted, else with the attributes of `obj` and these values."""
        posted: MultiDict[str, Any] | None = None
        if request.method == "POST":
            posted = MultiDict([*request.form.items(multi=True), *request.files.items(multi=True)])
        return cls(posted, obj=obj, **values)
