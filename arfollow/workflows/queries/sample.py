"""A made-up customer, to read the words of a step on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from babel.dates import format_date
from sqlalchemy.orm import Session

from arfollow.companies.tables import Company
from arfollow.values.money import Money, localized
from arfollow.workflows.rules.definition import Definition

_SALUTATIONS = {"de": "Sehr geehrte Frau Kaya,", "fr": "Madame,"}
_LINKS = (
    "pay_link statement_link survey_link confirm_link preferences_link unsubscribe_link campaign_map_link customer_page"
).split()


def sample_values(
    session: Session, *, company_id: int, language: str, today: date, definition: Definition
) -> Mapping[str, str | int]:
    """A value for each variable, as the language writes amounts and days."""
    company = session.get_one(Company, company_id)
    day = format_date(today + timedelta(days=14), "long", locale=language)
    amount = localized(Money(company.currency, 62050), language)
    return {
        **{name: f"https://…/{name.removesuffix('_link').replace('_', '-')}" for name in _LINKS},
        "salutation": _SALUTATIONS.get(language, "Dear Ms Kaya,"),
        "customer_name": "Bäckerei Ümit",
        "customer_number": "C-1043",
        "contact_name": "Ümit Kaya",
        "customer_phone": "+49 221 5550123",
        "customer_email": "kaya@example.com",
        "company_name": company.name,
        "total_due": amount,
        "overdue_total": amount,
        "today": format_date(today, "long", locale=language),
        "our_contact": company.name,
        "our_phone": company.phone,
        "our_email": company.email,
        "oldest_days": 31,
        "invoice_count": 2,
        "sales_contact": company.name,
        "invoice_number": "2026-0815",
        "invoice_amount": amount,
        "due_date": format_date(today - timedelta(days=31), "long", locale=language),
        "call_link": "tel:…",
        "campaign_name": "…",
        "campaign_day": day,
        "campaign_time": "18:00",
        "campaign_place": "…",
        "workflow_name": definition.name,
        "answers": "…",
        "history": "…",
        **{f"value.{name}": text for name, text in definition.values.items()},
    }
