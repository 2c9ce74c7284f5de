"""Facts of letters, made by hand."""

from dataclasses import replace
from datetime import date

from arfollow.levels.defaults import default_plan
from arfollow.statements.facts import Bank, Creditor, LetterFacts, OurContact, Paper
from arfollow.statements.rules import Block, Statement, StatementRow
from arfollow.statements.sample import contact_name, sample_facts
from arfollow.statements.variables import worded

TODAY = date(2026, 11, 21)
LOGO = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 60">'
    b'<rect width="60" height="60" rx="12" fill="#0d6763"/></svg>'
)
CREDITOR = Creditor(
    name="ACME GmbH",
    address=("Hauptstr. 1", "10115 Berlin"),
    phone="+49 30 123456",
    email="office@acme.example",
    vat="DE123456789",
    footer="Amtsgericht Charlottenburg HRB 12345",
    logo=LOGO,
    logo_media_type="image/svg+xml",
    banks=(
        Bank(
            currency="EUR",
            holder="ACME GmbH",
            bank="Musterbank",
            iban="DE02120300000000202051",
            bic="BYLADEM1001",
        ),
    ),
)


def letter(language="en", locale="en_GB", *, level=1, channel="letter", **changes) -> LetterFacts:
    """A letter of the default plan on the made-up customer's account, or on another `statement`."""
    draft = default_plan(language).levels[level]
    facts = sample_facts(
        creditor=CREDITOR,
        our_contact=OurContact(name="Ana Maier", phone="030 123", email="ana@acme.example"),
        locale=locale,
        paper=Paper.A4,
        currency="EUR",
        deadline_days=10,
        level=draft.name,
        today=TODAY,
    )
    facts = replace(facts, **{"draft": False, **changes})
    return worded(
        facts,
        draft.wordings[language],
        language=language,
        contact_name=contact_name(language),
        channel=channel,
    )


def row(invoice="2026-1", *, amount=10000, days_late=20, **changes) -> StatementRow:
    due = date.fromordinal(TODAY.toordinal() - days_late)
    made = StatementRow(
        invoice=invoice,
        instalment=1,
        invoice_date=due,
        due_date=due,
        reference="",
        amount=amount,
        open=amount,
        disputed=0,
        promised=0,
        days_late=max(0, days_late),
    )
    return replace(made, **changes)


def statement_of(*overdue: StatementRow, currency="EUR", **changes) -> Statement:
    block = Block(currency=currency, overdue=overdue, not_due=(), credits=(), unapplied=0, held=0)
    return Statement(as_of=TODAY, blocks=(replace(block, **changes),))
