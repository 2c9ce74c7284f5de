"""What is owed, and how it is paid."""

from __future__ import annotations

from dataclasses import dataclass

from flask import make_response, request
from werkzeug.wrappers import Response

from arfollow.access import Permission, needs
from arfollow.database import current_session
from arfollow.portal.blueprint import blueprint
from arfollow.portal.paying import Asked, Way, ways
from arfollow.portal.showing import show, tabs
from arfollow.portal.visiting import Visit, visit
from arfollow.receivables.rules.links import Page
from arfollow.statements.email import filename
from arfollow.statements.facts import LetterFacts
from arfollow.statements.letter import render_statement
from arfollow.statements.queries import correspondence
from arfollow.statements.rules import Block, StatementRow

_FEW = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ToPay:
    """What is to be paid at once: minor units, for one invoice or for all that is overdue, and how."""

    currency: str
    minor: int
    invoice: str
    ways: tuple[Way, ...]


@blueprint.get("/my/<int:link_id>/statement")
@needs(Permission.PUBLIC)
def statement(link_id: int) -> Response:
    """The open invoices."""
    here = visit(link_id, Page.STATEMENT)
    facts = account_of(here)
    return show(
        "portal/statement.html",
        here,
        tabs=tabs(here, Page.STATEMENT),
        facts=facts,
        statement=facts.statement,
        is_payable=any(map(due, facts.statement.blocks)),
    )


@blueprint.get("/my/<int:link_id>/statement.pdf")
@needs(Permission.PUBLIC)
def statement_pdf(link_id: int) -> Response:
    """The same on paper."""
    facts = account_of(visit(link_id, Page.STATEMENT))
    # Nobody waits for a document to be made.
    current_session().rollback()
    response = make_response(render_statement(facts))
    response.headers["Content-Type"] = "application/pdf"
    response.headers.set("Content-Disposition", "attachment", filename=filename(facts))
    return response


@blueprint.get("/my/<int:link_id>/pay")
@needs(Permission.PUBLIC)
def pay(link_id: int) -> Response:
    """What can be paid, invoice by invoice, and how."""
    here = visit(link_id, Page.PAY)
    facts = account_of(here)
    rows = [
        (block.currency, row)
        for block in facts.statement.blocks
        for row in (*block.overdue, *block.not_due)
        if payable(row)
    ]
    wanted = request.args.get("invoice") or here.link.about.get("invoice", "")
    chosen = next(((c, row) for c, row in rows if wanted in (row.label, row.invoice)), None)
    if request.args.get("invoice") == "":
        chosen = None
    return show(
        "portal/pay.html",
        here,
        tabs=tabs(here, Page.PAY),
        rows=[(currency, row, payable(row)) for currency, row in rows],
        several=len(rows) > 1,
        chosen=chosen[1].label if chosen else "",
        to_pay=[_one(facts, *chosen)] if chosen else _all(facts),
    )


def account_of(here: Visit) -> LetterFacts:
    """The customer's account today; the customer's own hold does not count, as for every statement that somebody asks for."""
    return correspondence(
        current_session(),
        company_id=here.link.company_id,
        customer_id=here.link.customer_id,
        day=here.today,
        customer_hold_counts=False,
    ).facts


def payable(row: StatementRow) -> int:
    """What can be paid of it: what was promised, too."""
    return row.open - row.disputed


def due(block: Block) -> int:
    """What is to be paid of what is overdue, credits taken off; where nothing is, of what is to come."""
    credit = block.unapplied
    for rows in (block.overdue, block.not_due):
        asked = sum(payable(row) for row in rows)
        if asked > credit:
            return asked - credit
        credit -= asked
    return 0


def _one(facts: LetterFacts, currency: str, row: StatementRow) -> ToPay:
    said = f"{facts.customer_number} / {row.label}"
    return _to_pay(facts, currency, payable(row), said, invoice=row.label)


def _all(facts: LetterFacts) -> list[ToPay]:
    """What is to be paid in each currency."""
    return [
        _to_pay(facts, block.currency, minor, _reference(facts, block))
        for block in facts.statement.blocks
        if (minor := due(block))
    ]


def _reference(facts: LetterFacts, block: Block) -> str:
    """The customer's number, and the invoices while they are few."""
    labels = [row.label for row in block.overdue or block.not_due if payable(row)]
    return " / ".join([facts.customer_number, *(labels if len(labels) <= _FEW else [])])


def _to_pay(facts: LetterFacts, currency: str, minor: int, said: str, *, invoice: str = "") -> ToPay:
    asked = Asked(facts=facts, currency=currency, minor=minor, reference=said)
    return ToPay(currency=currency, minor=minor, invoice=invoice, ways=tuple(ways(asked)))
