"""A month of a company's life as a model that knows no database: what the ERP's file says, and who should be listed."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random

from arfollow.followup.rules import listing
from arfollow.levels.rules.explaining import explain
from arfollow.levels.rules.facts import Facts, Standing
from arfollow.levels.rules.outlook import after_done, moves
from arfollow.levels.rules.steps import LevelTerms, PlanTerms
from arfollow.levels.rules.surfacing import decide
from arfollow.receivables.rules.accounts import account
from arfollow.receivables.rules.ledger import CreditLine, Item, Settlement
from arfollow.receivables.rules.promises import PromiseTerms
from arfollow.values.money import plain

FIRST = date(2026, 5, 4)
DAYS = [FIRST + timedelta(days=n) for n in range(31)]
CUSTOMERS = [f"C{n:02}" for n in range(1, 31)]
CURRENCIES = ("EUR", "EUR", "USD", "JPY")
# Quicker than people would have it, so that a month sees every level and the review after the last.
LEVELS = (("First", 5, ("email",)), ("Second", 10, ("email", "letter")), ("Final", 14, ("letter",)))
DEADLINE_DAYS = 3
PLAN = PlanTerms(
    id=1,
    name="standard",
    levels=tuple(
        LevelTerms(id=index, name=name, days=days, deadline_days=DEADLINE_DAYS, actions=actions)
        for index, (name, days, actions) in enumerate(LEVELS)
    ),
    contact_gap_days=5,
    review_after_days=6,
)


def currency_of(customer):
    return CURRENCIES[CUSTOMERS.index(customer) % len(CURRENCIES)]


@dataclass
class Month:
    """The model: items and credits by number, what was promised, and each customer's standing."""

    random: Random
    items: dict[str, Item] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    on_account: dict[str, tuple[str, CreditLine]] = field(default_factory=dict)
    promises: dict[str, list[PromiseTerms]] = field(default_factory=lambda: {name: [] for name in CUSTOMERS})
    standings: dict[str, Standing] = field(default_factory=lambda: dict.fromkeys(CUSTOMERS, Standing()))

    def live(self, day):
        """The day's business: new invoices, payments in full and in part, returned payments, money on account."""
        for number, item in self.items.items():
            left = item.residual(day)
            luck = self.random.random()
            if left and luck < 0.06:
                part = left if luck < 0.03 else max(1, left // 3)
                self._settle(number, Settlement(day, None, part))
            elif item.settlements and luck > 0.985 and item.settlements[-1].on < day:
                self._reopen(number, day)
        # What is new today is paid tomorrow at the earliest: the file tells of an item only what was open of it when it came.
        for _ in range(40 if day == FIRST else 4):
            self._invoice(day)
        if self.random.random() < 0.3:
            self._pay_on_account(day)

    def open_list(self, day):
        """The ERP's file of what is open: paid invoices are simply not in it, credits are negative rows."""
        rows = ["invoice,customer,date,due_date,currency,amount"]
        for number, item in self.items.items():
            left = item.residual(day)
            if left:
                amount = plain(left, item.currency)
                rows.append(
                    f"{number},{self.owners[number]},{item.invoice_date},{item.due_date},{item.currency},{amount}"
                )
        for number, (customer, credit) in self.on_account.items():
            left = credit.unapplied(day)
            if left:
                rows.append(
                    f"{number},{customer},{credit.on},,{credit.currency},-{plain(left, credit.currency)}"
                )
        return "\n".join(rows) + "\n"

    def facts(self, customer, day):
        own = [item for number, item in self.items.items() if self.owners[number] == customer]
        credit_lines = [credit for owner, credit in self.on_account.values() if owner == customer]
        known = account(day=day, items=own, credits_=credit_lines, promises=self.promises[customer])
        return Facts(account=known, plan=PLAN, standing=self.standings[customer])

    def row(self, customer, day):
        """What the list should say about the customer."""
        facts = self.facts(customer, day)
        return listing(facts, explain(facts, day), day=day, ledger_day=None)

    def done(self, customer, day):
        facts = self.facts(customer, day)
        later = after_done(facts, moves(facts, decide(facts, day), day), day)
        self.standings[customer] = later.standing

    def put_off(self, customer, day, back_on):
        self._stand(customer, snoozed_until=back_on - timedelta(days=1), snoozed_on=day)

    def remind(self, customer, on):
        self._stand(customer, manual_on=on)

    def promise(self, customer, day, *, item, due_on):
        terms = PromiseTerms(
            id=len(self.promises[customer]),
            currency=item.currency,
            amount=item.residual,
            made_on=day,
            due_on=due_on,
            grace_days=0,
            item_ids=frozenset({item.id}),
        )
        self.promises[customer].append(terms)

    def _stand(self, customer, **changes):
        self.standings[customer] = replace(self.standings[customer], **changes)

    def _invoice(self, day):
        number = f"R{len(self.items) + 1:04}"
        customer = self.random.choice(CUSTOMERS)
        self.owners[number] = customer
        self.items[number] = Item(
            id=len(self.items) + 1,
            invoice=number,
            instalment=1,
            invoice_date=day - timedelta(days=self.random.choice((0, 20, 45, 70))),
            due_date=day - timedelta(days=self.random.choice((-14, -3, 10, 16, 31, 45))),
            currency=currency_of(customer),
            amount=self.random.randint(300, 90_000),
        )

    def _settle(self, number, settlement):
        item = self.items[number]
        self.items[number] = replace(item, settlements=(*item.settlements, settlement))

    def _reopen(self, number, day):
        """The last payment is returned: a bounced cheque, a debit that the bank took back."""
        item = self.items[number]
        last = item.settlements[-1]
        if last.ended_on is None:
            ended = replace(last, ended_on=day)
            self.items[number] = replace(item, settlements=(*item.settlements[:-1], ended))

    def _pay_on_account(self, day):
        customer = self.random.choice(CUSTOMERS)
        amount = self.random.choice((500, 20_000, 400_000))
        number = f"Z{len(self.on_account) + 1:03}"
        line = CreditLine(id=len(self.on_account), on=day, currency=currency_of(customer), amount=amount)
        self.on_account[number] = (customer, line)
