"""A made-up customer, to preview a level's words on."""

from __future__ import annotations

from datetime import date, timedelta

from arfollow.statements.facts import Creditor, LetterFacts, OurContact, Paper
from arfollow.statements.rules import Block, Statement, StatementRow, UnappliedRow

CUSTOMER_NAME = "Bäckerei Ümit"
CONTACT_NAMES = {"de": "Frau Ümit Kaya", "fr": "Mme Ümit Kaya"}
"""The person who is written to, by language; elsewhere `Ms Ümit Kaya`."""


def contact_name(language: str) -> str:
    """The made-up contact, as the language would name it."""
    return CONTACT_NAMES.get(language, "Ms Ümit Kaya")


def sample_facts(
    *,
    creditor: Creditor,
    our_contact: OurContact,
    locale: str,
    paper: Paper,
    currency: str,
    deadline_days: int,
    level: str,
    today: date,
) -> LetterFacts:
    """A draft without words yet: three invoices of one customer, one of them partly paid, one not due."""
    language = locale.partition("_")[0]
    return LetterFacts(
        locale=locale,
        paper=paper,
        dated=today,
        creditor=creditor,
        address=(CUSTOMER_NAME, contact_name(language), "Gasse 3", "50667 Köln"),
        customer_number="C-1043",
        customer_name=CUSTOMER_NAME,
        our_contact=our_contact,
        statement=_statement(currency, today),
        title="",
        level=level,
        deadline=today + timedelta(days=deadline_days),
        draft=True,
    )


def _statement(currency: str, today: date) -> Statement:
    return Statement(
        as_of=today,
        blocks=(
            Block(
                currency=currency,
                overdue=(
                    _row("2026-0815", today, late=31, amount=92050, paid=30000, reference="PO 4711"),
                    _row("2026-0838", today, late=17, amount=64000, disputed=8000),
                ),
                not_due=(_row("2026-0902", today, late=-12, amount=206950, reference="PO 4790"),),
                credits=(
                    UnappliedRow(kind="payment", number="P-311", date=today - timedelta(days=6), left=5000),
                ),
                unapplied=5000,
                held=0,
            ),
        ),
    )


def _row(
    invoice: str,
    today: date,
    *,
    late: int,
    amount: int,
    paid: int = 0,
    disputed: int = 0,
    reference: str = "",
) -> StatementRow:
    due = today - timedelta(days=late)
    return StatementRow(
        invoice=invoice,
        instalment=1,
        invoice_date=due - timedelta(days=30),
        due_date=due,
        reference=reference,
        amount=amount,
        open=amount - paid,
        disputed=disputed,
        promised=0,
        days_late=max(0, late),
    )
