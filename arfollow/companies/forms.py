"""Forms of companies."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import available_timezones

from babel import Locale
from flask_babel import LazyString, get_locale, gettext
from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    Field,
    FieldList,
    FileField,
    FormField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.form import BaseForm
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, ValidationError

from arfollow.companies import letterhead as letterheads
from arfollow.companies import rules
from arfollow.companies.letterhead import Letterhead, Window
from arfollow.companies.operations import Address, FollowUpRules
from arfollow.companies.queries import BankDetails, CompanyProfile
from arfollow.values.folding import fold
from arfollow.values.money import UnknownCurrencyError, decimals
from arfollow.web.forms import Form, email_address, one_line
from arfollow.web.locale import languages
from arfollow.web.refusals import said

_MOST_DAYS = 365


def country_choices() -> list[tuple[str, str]]:
    """Code and name of every country, by name in the page's language."""
    names = Locale.parse(str(get_locale())).territories
    known = Locale("en").territories
    choices = ((code, names.get(code) or known[code]) for code in rules.COUNTRIES)
    return sorted(choices, key=lambda choice: fold(choice[1]))


def language_choices() -> list[tuple[str, str]]:
    """Code and name of the languages that a company may choose."""
    return [(code, Locale.parse(code).get_display_name(str(get_locale())) or code) for code in languages()]


def timezone_choices() -> list[tuple[str, str]]:
    """The time zones of places, by name."""
    return [
        (zone, zone.replace("_", " "))
        for zone in sorted(available_timezones())
        if "/" in zone and not zone.startswith("Etc")
    ]


def window_choices() -> list[tuple[str, LazyString]]:
    """Code and name of the windows that letters can be laid out for."""
    return [
        (letterheads.OURS, _("as usual in our country")),
        (letterheads.THEIRS, _("as usual in the customer's country")),
        (Window.DIN_B, _("left, DIN 5008 form B (also Britain)")),
        (Window.DIN_A, _("left, DIN 5008 form A (low head)")),
        (Window.RIGHT, _("right, as in France or Switzerland")),
        (Window.US, _("left, US no. 10")),
    ]


class AddressForm(Form):
    """Who the company is, and how it is reached."""

    name = StringField(_("Name"), [DataRequired(), Length(max=100)], filters=[one_line])
    street = StringField(_("Street"), [Length(max=100)])
    postal_code = StringField(_("Postal code"), [Length(max=20)])
    city = StringField(_("City"), [Length(max=100)])
    country = SelectField(_("Country"), choices=country_choices)
    phone = StringField(_("Telephone"), [Length(max=40)])
    email = StringField(_("E-mail"), [Length(max=254), email_address], filters=[one_line])
    website = StringField(_("Website"), [Length(max=200)])
    vat = StringField(_("VAT number"), [Length(max=30)])
    language = SelectField(
        _("Language"),
        choices=language_choices,
        description=_("Of letters to customers that have none of their own."),
    )
    timezone = SelectField(
        _("Time zone"), choices=timezone_choices, description=_("It decides when a new day begins.")
    )

    def address(self) -> Address:
        """What was entered."""
        return Address(**{name: (value or "").strip() for name, value in self.data.items()})


def lines_at_most(most: int) -> Callable[[BaseForm, Field], None]:
    """A field's validator: paper has room for so many lines."""

    def check(_form: BaseForm, field: Field) -> None:
        if len(_lines(field.data).splitlines()) > most:
            raise ValidationError(gettext("There is room for %(num)s lines.", num=most))

    return check


class BankAccountForm(Form):
    """One bank account; left blank, it is none."""

    currency = StringField(_("Currency"), [Length(max=3)])
    iban = StringField(_("IBAN"), [Length(max=50)])
    bic = StringField(_("BIC"), [Length(max=20)])
    account = StringField(
        _("Account number"), [Length(max=100)], filters=[one_line], description=_("Where there is no IBAN.")
    )
    bank = StringField(_("Bank"), [Length(max=100)], filters=[one_line])
    holder = StringField(
        _("Account holder"), [Length(max=100)], filters=[one_line], description=_("Left empty: the company.")
    )
    remove = BooleanField(_("Remove this account"))

    @property
    def is_dropped(self) -> bool:
        """Whether nothing but a currency was entered, or it is to be removed."""
        texts = (self.iban, self.bic, self.account, self.bank, self.holder)
        return bool(self.remove.data) or not any((field.data or "").strip() for field in texts)

    def validate_currency(self, field: Field) -> None:
        """A currency code."""
        if not self.is_dropped:
            _valid(lambda: decimals((field.data or "").strip().upper()))

    def validate_iban(self, field: Field) -> None:
        """An IBAN with the right check digits, or nothing where another number stands for it."""
        if not self.is_dropped and ((field.data or "").strip() or not (self.account.data or "").strip()):
            _valid(lambda: rules.checked_iban(field.data or ""))

    def validate_bic(self, field: Field) -> None:
        """A BIC, or nothing."""
        if not self.is_dropped and (field.data or "").strip():
            _valid(lambda: rules.checked_bic(field.data or ""))

    def details(self) -> BankDetails:
        """What was entered."""
        iban, bic = (self.iban.data or "").strip(), (self.bic.data or "").strip()
        return BankDetails(
            currency=(self.currency.data or "").strip().upper(),
            holder=self.holder.data or "",
            bank=self.bank.data or "",
            iban=rules.checked_iban(iban) if iban else "",
            bic=rules.checked_bic(bic) if bic else "",
            account=self.account.data or "",
        )


class LetterheadForm(Form):
    """What letters look like, and how they are paid. `seen`: what the page showed."""

    seen = HiddenField()
    accent = StringField(_("Colour"), [Length(max=7)])
    window = SelectField(_("Window of the envelope"), choices=window_choices)
    sender_line = StringField(
        _("Sender line"),
        [Length(max=150)],
        filters=[one_line],
        description=_("Small, above the address. Left empty: name and address."),
    )
    contact_line = TextAreaField(
        _("Lines at the top right"), [Length(max=300), lines_at_most(4)], description=_("Left empty: none.")
    )
    footer_left = TextAreaField(
        _("Left column"), [Length(max=300), lines_at_most(5)], description=_("Left empty: name and address.")
    )
    footer_middle = TextAreaField(
        _("Middle column"),
        [Length(max=300), lines_at_most(5)],
        description=_("Left empty: telephone, e-mail, website."),
    )
    footer = TextAreaField(
        _("Right column"),
        [Length(max=300), lines_at_most(5)],
        description=_("Below the VAT number: register, directors, opening hours."),
    )
    payment_codes = BooleanField(
        _("Codes to scan"),
        description=_("For banking apps (euros to a SEPA account), Swiss QR-bills, and the pay link."),
    )
    pay_link = StringField(
        _("Pay link"),
        [Length(max=500)],
        filters=[one_line],
        description=_(
            "Of your payment provider, such as https://pay.example.com/{customer}/{reference}/{currency}/{amount}. It stands in e-mails, and as a code in letters."
        ),
    )
    accounts = FieldList(FormField(BankAccountForm), max_entries=20)

    def validate_accent(self, field: Field) -> None:
        """A colour, or nothing."""
        _valid(lambda: letterheads.checked_accent(field.data or ""))

    def validate_pay_link(self, field: Field) -> None:
        """A link that can be filled in, or nothing."""
        _valid(lambda: letterheads.checked_pay_link(field.data or ""))

    def letterhead(self) -> Letterhead:
        """What was entered."""
        texts = ("window", "sender_line", "contact_line", "footer_left", "footer_middle", "footer")
        return Letterhead(
            accent=letterheads.checked_accent(self.accent.data or ""),
            pay_link=letterheads.checked_pay_link(self.pay_link.data or ""),
            payment_codes=bool(self.payment_codes.data),
            **{name: _lines(self[name].data) for name in texts},
        )

    def bank_accounts(self) -> list[BankDetails]:
        """What was entered, without rows that are blank or to be removed."""
        return [entry.form.details() for entry in self.accounts if not entry.form.is_dropped]


class RulesForm(Form):
    """The company's own limits."""

    tolerances = TextAreaField(
        _("Tolerances"),
        description=_(
            "Smaller open amounts are not followed up. A line for each currency, such as EUR 5.00."
        ),
    )
    bucket_days = StringField(
        _("Borders of the aging buckets"), description=_("Days past due, such as 30, 60, 90, 120.")
    )
    import_limit_days = IntegerField(
        _("Days until open items are out of date"),
        [InputRequired(), NumberRange(1, _MOST_DAYS)],
        description=_("After that, the list says so and sending asks first."),
    )
    promise_limit_days = IntegerField(
        _("Longest promise, in days"),
        [InputRequired(), NumberRange(1, _MOST_DAYS)],
        description=_("A longer one needs a manager."),
    )

    @classmethod
    def of(cls, company: CompanyProfile) -> RulesForm:
        """The form with the company's limits, or with what was posted."""
        return cls.from_request(
            tolerances=rules.amounts_text(company.tolerances),
            bucket_days=rules.bucket_days_text(company.bucket_days),
            import_limit_days=company.import_limit_days,
            promise_limit_days=company.promise_limit_days,
        )

    def validate_tolerances(self, field: Field) -> None:
        """Amounts by currency."""
        _valid(lambda: rules.parse_amounts(field.data or ""))

    def validate_bucket_days(self, field: Field) -> None:
        """Ascending days."""
        _valid(lambda: rules.parse_bucket_days(field.data or ""))

    def limits(self) -> FollowUpRules:
        """What was entered."""
        return FollowUpRules(
            tolerances=rules.parse_amounts(self.tolerances.data or ""),
            bucket_days=rules.parse_bucket_days(self.bucket_days.data or ""),
            import_limit_days=self.import_limit_days.data or 0,
            promise_limit_days=self.promise_limit_days.data or 0,
        )


class LogoForm(Form):
    """An image to put on letters."""

    logo = FileField(_("Logo"), description=_("SVG, PNG or JPEG, at most 300 kB."))


def _lines(text: str | None) -> str:
    """The text with plain line ends, and nothing around it."""
    return "\n".join(line.rstrip() for line in (text or "").splitlines()).strip()


def _valid(check: Callable[[], object]) -> None:
    try:
        check()
    except (rules.SettingError, UnknownCurrencyError) as error:
        raise ValidationError(said(error)) from None
