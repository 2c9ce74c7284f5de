"""Forms of the first run and of companies."""

from __future__ import annotations

from collections.abc import Sequence

from babel import Locale
from babel.numbers import get_territory_currencies
from flask_babel import get_locale
from flask_babel import lazy_gettext as _
from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from arfollow.companies.forms import country_choices, language_choices
from arfollow.companies.rules import COUNTRIES
from arfollow.users.forms import role_choices
from arfollow.web.forms import Form, email_address, one_line

_LONGEST = 254


def currency_choices() -> list[tuple[str, str]]:
    """Code and name of the currencies that some country pays with today, by code."""
    codes = {code for country in COUNTRIES for code in get_territory_currencies(country)}
    names = Locale.parse(str(get_locale())).currencies
    return [(code, f"{code} · {names.get(code, code)}") for code in sorted(codes)]


class CurrencyForm(Form):
    """The currency of a company that has no ledger yet."""

    currency = SelectField(
        _("Currency"),
        choices=currency_choices,
        description=_("The one that you count in. Invoices may be in any other as well."),
    )


class TrialForm(Form):
    """Where a test message goes."""

    to = StringField(
        _("Send it to"), [InputRequired(), Length(max=_LONGEST), email_address], filters=[one_line]
    )


class NewCompanyForm(Form):
    """A further company."""

    name = StringField(_("Name"), [DataRequired(), Length(max=100)], filters=[one_line])
    country = SelectField(_("Country"), choices=country_choices)
    currency = SelectField(_("Currency"), choices=currency_choices)
    language = SelectField(
        _("Language"),
        choices=language_choices,
        description=_("Of its pages, its levels, and letters to customers that have none of their own."),
    )


class ElsewhereForm(Form):
    """A role in another company."""

    company = SelectField(_("Company"), coerce=int)
    role = SelectField(_("Role"), choices=role_choices)

    @classmethod
    def of(cls, companies: Sequence[tuple[int, str]]) -> ElsewhereForm:
        """The form with these companies to choose from."""
        form = cls.from_request()
        form.company.choices = list(companies)
        return form
