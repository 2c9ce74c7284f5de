"""What Ana does to an account, and what is left of it, in a line each."""

from arfollow.receivables.operations.allocations import apply_credit
from arfollow.receivables.operations.credits import reverse_payment
from arfollow.receivables.operations.disputes import open_dispute
from arfollow.receivables.operations.holds import set_hold
from arfollow.receivables.operations.promises import make_promise
from arfollow.receivables.queries.accounts import accounts
from arfollow.receivables.queries.credits import unapplied_credits
from arfollow.receivables.queries.items import open_items
from arfollow.receivables.rules.accounts import chased
from tests.fixtures.ledgers import day


def hold(ledger, customer, item=None, *, on="04-01", until=None, reason="New address") -> int:
    return set_hold(
        ledger.session,
        company_id=1,
        customer_id=customer,
        instalment_id=item,
        reason=reason,
        until=day(until) if until else None,
        on=day(on),
        who="Ana",
    )


def dispute(ledger, customer, item, *, amount=None, on="04-01", reason="Broken goods") -> int:
    return open_dispute(
        ledger.session,
        company_id=1,
        customer_id=customer,
        instalment_id=item,
        amount=amount,
        reason=reason,
        on=day(on),
        who="Ana",
    )


def promise(ledger, customer, *items, amount=10000, on="04-01", due="04-15", **more) -> int:
    return make_promise(
        ledger.session,
        company_id=1,
        customer_id=customer,
        instalment_ids=items,
        amount=amount,
        due_on=day(due),
        on=day(on),
        who="Ana",
        **more,
    )


def apply(ledger, credit, *items, on="04-12", **more) -> int:
    return apply_credit(
        ledger.session,
        company_id=1,
        credit_id=credit,
        instalment_ids=items,
        on=day(on),
        who="Ana",
        **more,
    )


def reverse(ledger, payment, on="04-20", reason="Cheque bounced", company_id=1) -> None:
    reverse_payment(
        ledger.session, company_id=company_id, credit_id=payment, on=day(on), reason=reason, who="Ana"
    )


def chased_amounts(ledger, customer, on) -> list[int]:
    account = accounts(ledger.session, customer_ids=[customer], day=day(on))[customer]
    return [each.amount for each in chased(account, day(on), tolerances={})]


def residuals(ledger, customer, on="12-31") -> dict[str, int]:
    lines = open_items(ledger.session, company_id=1, customer_id=customer, day=day(on))
    return {line.invoice: line.residual for line in lines}


def left(ledger, customer, on="12-31") -> dict[str, int]:
    lines = unapplied_credits(ledger.session, company_id=1, customer_id=customer, day=day(on))
    return {line.number: line.unapplied for line in lines}
