"""Forms of a customer's card."""

from __future__ import annotations

from collections.abc import Sequence

from babel import Locale
from flask_babel import LazyString, get_locale
from flask_babel import gettext as _t
from flask_babel import lazy_gettext as _
from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import DataRequired, Length

from arfollow.companies.forms import country_choices, language_choices
from arfollow.receivables.operations.customers import ContactFields, CustomerFields
from arfollow.receivables.queries.customers import CustomerCard
from arfollow.users.queries import Member
from arfollow.web.forms import Form, email_address, one_line

_LONGEST = 200


def _line(label: LazyString, *validators: object) -> StringField:
    return StringField(label, [*validators, Length(max=_LONGEST)], filters=[one_line])


class _Reached(Form):
    """How somebody is reached."""

    name = _line(_("Name"), DataRequired())
    email = _line(_("E-mail"), email_address)
    phone = _line(_("Telephone"))
    street = _line(_("Street"))
    postal_code = _line(_("Postal code"))
    city = _line(_("City"))
    country = SelectField(_("Country"), choices=lambda: [("", _t("Not known")), *country_choices()])


class CardForm(_Reached):
    """What is known of the customer itself. `seen`: what the page showed."""

    language = SelectField(_("Language of letters and e-mails"))
    vat = _line(_("VAT number"))
    responsible = SelectField(_("Responsible"))
    sales = SelectField(_("Sales representative"))
    seen = HiddenField()

    @classmethod
    def values_of(cls, known: CustomerCard) -> dict[str, str]:
        """The fields as they are stored."""
        texts = {name: str(getattr(known, name)) for name in _TEXTS}
        by_hand = "" if known.responsible_by_rule else str(known.responsible_id or "")
        return {**texts, "responsible": by_hand, "sales": str(known.sales_id or "")}

    def choose_from(self, known: CustomerCard, people: Sequence[Member], *, has_rules: bool) -> None:
        """Offer the languages that letters are written in, and the people; what is stored too, whatever it is."""
        languages = language_choices()
        if known.language and known.language not in dict(languages):
            languages.append((known.language, _language_name(known.language)))
        self.language.choices = [("", _t("The company's")), *languages]
        self.responsible.choices = _people_choices(people, known, has_rules=has_rules)
        self.sales.choices = _sales_choices(people, known)

    def customer(self, known: CustomerCard) -> CustomerFields:
        """What was entered, and the rest as it was."""
        texts = {name: self[name].data or "" for name in _TEXTS}
        return CustomerFields(
            **texts,
            currency=known.currency,
            parent_id=known.parent_id,
            responsible_id=int(self.responsible.data) if self.responsible.data else None,
            sales_id=int(self.sales.data) if self.sales.data else None,
        )


_TEXTS = tuple("name email phone street postal_code city country language vat".split())


class ContactForm(_Reached):
    """A person or address of the customer. `seen`: what the page showed of one that is there already."""

    kind = SelectField(
        _("Gets"),
        choices=lambda: [("dunning", _t("reminders")), ("billing", _t("invoices"))],
        default="dunning",
    )
    seen = HiddenField()

    def contact(self) -> ContactFields:
        """What was entered."""
        texts = {name: value or "" for name, value in self.data.items() if name not in ("kind", "seen")}
        return ContactFields(kind="billing" if self.kind.data == "billing" else "dunning", **texts)


def _people_choices(
    people: Sequence[Member], known: CustomerCard, *, has_rules: bool
) -> list[tuple[str, str]]:
    """Who can be made responsible: nobody by name first, then the company's people, and who is it now."""
    nobody = _t("Nobody")
    if has_rules:
        by_rule = known.responsible if known.responsible_by_rule else ""
        nobody = _t("By the rules: %(name)s", name=by_rule) if by_rule else _t("By the rules")
    working = [(str(each.user_id), each.name) for each in people if each.active and each.role != "auditor"]
    now = str(known.responsible_id or "")
    if now and not known.responsible_by_rule and now not in dict(working):
        working.append((now, known.responsible))
    return [("", nobody), *working]


def _sales_choices(people: Sequence[Member], known: CustomerCard) -> list[tuple[str, str]]:
    """Nobody, the company's people, and who it is now."""
    working = [(str(each.user_id), each.name) for each in people if each.active and each.role != "auditor"]
    now = str(known.sales_id or "")
    if now and now not in dict(working):
        working.append((now, known.sales))
    return [("", _t("Nobody")), *working]


def _language_name(code: str) -> str:
    return Locale.parse(code, sep="-").get_display_name(str(get_locale())) or code
