"""The values of the variables of workflows/variables.py, as their reader writes them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace

from arfollow.levels.wording import Value
from arfollow.statements.catalogue import Words, letter_locale, words
from arfollow.statements.variables import values_of
from arfollow.workflows.messages.history import history_lines
from arfollow.workflows.messages.material import Material
from arfollow.workflows.messages.surveys import answer_said, last_answers, written
from arfollow.workflows.variables import VARIABLES

LINKS: Mapping[str, str] = {
    "pay_link": "pay",
    "statement_link": "statement",
    "survey_link": "survey",
    "confirm_link": "confirm",
    "preferences_link": "preferences",
    "unsubscribe_link": "unsubscribe",
}
"""Variables that are links of the customer's own, and the pages that they open."""


def locale_of(material: Material, language: str, *, for_colleague: bool) -> str:
    """How its reader writes: the customer as in its country, a colleague as in the company's."""
    country = material.company.country if for_colleague else material.card.country or material.company.country
    return letter_locale(spoken=(language,), country=country)


def values(
    material: Material,
    *,
    language: str,
    names: Collection[str],
    links: Mapping[str, str],
    for_colleague: bool = False,
) -> dict[str, Value]:
    """The value of each of the names, empty text for what is not known; `links`: addresses by variable."""
    spoken = words(locale_of(material, language, for_colleague=for_colleague))
    facts = replace(material.found.facts, locale=spoken.locale)
    known: dict[str, Value] = {
        **values_of(facts, language=language, contact_name=material.found.contact_name),
        **_of_customer(material),
        **_of_invoice(material, spoken),
        **{name: links.get(name, "") for name in LINKS},
        **{name: _campaign(material, name, spoken) for name in VARIABLES if name.startswith("campaign_")},
        "workflow_name": material.about.workflow,
    }
    if "answers" in names:
        known["answers"] = "\n".join(last_answers(material.facts, material.surveys, spoken))
    if "history" in names:
        lines = history_lines(
            material.past, material.about.definition, spoken, timezone=material.company.timezone
        )
        known["history"] = "\n".join(lines)
    return {
        name: _of_family(material, name, spoken) if "." in name else known.get(name, "") for name in names
    }


def call_link(phone: str) -> str:
    """A link that calls the number; empty where there is none."""
    digits = re.sub(r"\(0\)|[^\d+]", "", phone)
    return f"tel:{digits}" if digits.strip("+") else ""


def _of_customer(material: Material) -> dict[str, Value]:
    card, company = material.card, material.company
    reached = next((each.phone for each in card.contacts if each.phone), card.phone)
    return {
        "customer_phone": reached,
        "customer_email": card.mailbox.email,
        "customer_page": material.page,
        "sales_contact": material.sales or company.name,
        "call_link": call_link(company.phone),
    }


def _of_invoice(material: Material, spoken: Words) -> dict[str, Value]:
    invoice = material.invoice
    return {
        "invoice_number": invoice.number if invoice else "",
        "invoice_amount": spoken.money(invoice.open, invoice.currency) if invoice else "",
        "due_date": spoken.long_day(invoice.due_date) if invoice else "",
    }


def _campaign(material: Material, name: str, spoken: Words) -> str:
    return written(material.facts.get(name.replace("_", ".", 1)), spoken)


def _of_family(material: Material, name: str, spoken: Words) -> Value:
    family, *rest = name.split(".")
    if family == "value":
        told = material.facts.get(name)
        return (
            written(told, spoken) if told is not None else material.about.definition.values.get(rest[0], "")
        )
    value = material.facts.get(name)
    if family == "answer":
        return answer_said(material.surveys, rest[0], rest[1], value, spoken)
    return written(value, spoken)
