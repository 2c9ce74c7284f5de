"""What the words of a workflow give for a customer who never was: in the editor and in a dry run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from arfollow.levels.wording import Value as Text
from arfollow.statements.catalogue import Words, letter_locale, words
from arfollow.statements.salutation import salutation
from arfollow.statements.sample import CUSTOMER_NAME, contact_name
from arfollow.workflows.messages.history import Past, history_lines
from arfollow.workflows.messages.surveys import written
from arfollow.workflows.messages.values import call_link
from arfollow.workflows.rules.conditions import Facts, Value
from arfollow.workflows.rules.definition import Definition
from arfollow.workflows.rules.rehearsing import made_up
from arfollow.workflows.variables import FAMILIES, VARIABLES

INVOICE = "2026-0815"
"""What such a customer's enrolment is about."""

_NOTHING = "–"
_LATE = timedelta(days=31)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What is known of the customer on a day. `company` to `country`: the creditor's; `key`: the enrolment's."""

    definition: Definition
    facts: Facts
    company: str
    phone: str
    email: str
    currency: str
    country: str
    key: str
    today: date


def nobody(definition: Definition, *, start: date, language: str) -> dict[str, Value]:
    """Facts of a customer who never was."""
    return {
        **made_up(definition, start=start),
        "customer.name": CUSTOMER_NAME,
        "customer.number": "C-1043",
        "customer.language": language,
    }


def sample_values(
    scene: Scene, *, language: str, past: Sequence[Past] = (), timezone: str = "UTC"
) -> Mapping[str, Text]:
    """A value for each variable, as readers of the language write it. `past`: what was done before, told in that time zone."""
    spoken = words(letter_locale(spoken=(language,), country=scene.country))
    return {
        **dict.fromkeys(VARIABLES, _NOTHING),
        **_links(scene),
        **_of_customer(scene, spoken, language),
        **_of_company(scene),
        **_of_money(scene, spoken),
        **_of_workflow(scene, spoken),
        "history": "\n".join(history_lines(past, scene.definition, spoken, timezone=timezone)) or _NOTHING,
    }


def _links(scene: Scene) -> Mapping[str, Text]:
    links = {
        name: name.removesuffix("_link").replace("_", "-") for name in VARIABLES if name.endswith("_link")
    }
    return {
        **{name: f"https://example.com/l/{page}" for name, page in links.items()},
        "call_link": call_link(scene.phone) or _NOTHING,
        "customer_page": "https://example.com/customers",
    }


def _of_customer(scene: Scene, spoken: Words, language: str) -> Mapping[str, Text]:
    contact = contact_name(language.partition("-")[0])
    facts = {"name": "name", "number": "number", "phone": "mobile", "email": "email"}
    return {
        **{
            f"customer_{variable}": written(scene.facts.get(f"customer.{fact}"), spoken)
            for variable, fact in facts.items()
        },
        "salutation": salutation(spoken, contact_name=contact),
        "contact_name": contact,
    }


def _of_company(scene: Scene) -> Mapping[str, Text]:
    return {
        **dict.fromkeys(("company_name", "our_contact", "sales_contact"), scene.company),
        "our_phone": scene.phone,
        "our_email": scene.email,
    }


def _of_money(scene: Scene, spoken: Words) -> Mapping[str, Text]:
    overdue = int(str(scene.facts.get("money.overdue") or 0))
    open_ = int(str(scene.facts.get("invoice.open") or overdue))
    known = scene.facts.get("invoice.due_date")
    due = known if isinstance(known, date) else scene.today - _LATE
    return {
        **dict.fromkeys(("total_due", "overdue_total"), spoken.money(overdue, scene.currency)),
        "today": spoken.long_day(scene.today),
        "oldest_days": max((scene.today - due).days, 0),
        "invoice_count": 1,
        "invoice_number": scene.key or INVOICE,
        "invoice_amount": spoken.money(open_, scene.currency),
        "due_date": spoken.long_day(due),
    }


def _of_workflow(scene: Scene, spoken: Words) -> Mapping[str, Text]:
    told = {name: written(value, spoken) for name, value in scene.facts.items()}
    answers = [f"{name}: {text}" for name, text in told.items() if name.startswith("answer.")]
    campaign = ("name", "day", "time", "place", "map_link")
    return {
        **{f"campaign_{each}": told[f"campaign.{each}"] for each in campaign if told.get(f"campaign.{each}")},
        "workflow_name": scene.definition.name,
        "answers": "\n".join(answers) or _NOTHING,
        **{f"value.{name}": text for name, text in scene.definition.values.items()},
        **{name: text for name, text in told.items() if _is_variable(name)},
    }


def _is_variable(name: str) -> bool:
    family, *rest = name.split(".")
    return family in FAMILIES and len(rest) + 1 == FAMILIES[family][0]
