"""What one customer owes: invoices, instalments, credit notes, payments, and how far reminders had got."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from arfollow.levels.defaults import default_plan
from arfollow.values.money import decimals, plain
from tests.bench.ledger.debtors import Debtor, Habit

INVOICES = (
    "invoice instalment customer kind date due_date currency amount reference applies_to applies_to_instalment "
    "level followed_on"
).split()
PAYMENTS = "payment customer date currency amount invoice instalment".split()

LEVELS = tuple((level.days, level.name) for level in default_plan("en").levels)

_PAID, _PART_PAID, _CONTACTED = (
    {Habit.PROMPT: 0.2, Habit.SLOW: 0.1, Habit.BAD: 0.03},
    {Habit.PROMPT: 0.03, Habit.SLOW: 0.12, Habit.BAD: 0.1},
    {Habit.PROMPT: 0.1, Habit.SLOW: 0.5, Habit.BAD: 0.8},
)
_CREDIT_NOTES, _WITH_CREDIT = 0.03, 0.03
_ABROAD, _OTHER_CURRENCY = 0.03, 0.3
_OLDEST = 1500
_DAY = timedelta(days=1)
_MANY_UNITS = {"JPY": 150}
"""What costs one of most currencies costs so many of these."""

Write = Callable[[Sequence[object]], object]


@dataclass(frozen=True)
class _Item:
    """An instalment nothing was paid of yet."""

    invoice: str
    instalment: int
    issued: date
    currency: str
    amount: int


@dataclass
class Account:
    """Writes one customer's rows, as they come: nothing is kept but the last payment and the last open item."""

    debtor: Debtor
    random: Random
    today: date
    invoices: Write
    payments: Write
    _number: int = 0
    _untouched: _Item | None = None
    _is_abroad: bool = field(init=False)
    _contact: date | None = field(init=False)

    def __post_init__(self) -> None:
        self._is_abroad = self.random.random() < _ABROAD
        contacted = self.random.random() < _CONTACTED[self.debtor.habit]
        self._contact = self.today - self.random.randint(1, 40) * _DAY if contacted else None

    def write(self) -> None:
        """All that the customer owes and has paid; instalments and credit notes together are its number of items."""
        left = self.debtor.items
        while left > 0:
            if self.random.random() < _CREDIT_NOTES:
                self._credit_note()
                left -= 1
            else:
                parts = min(left, self.random.choices((1, 2, 3, 4), (95, 2, 2, 1))[0])
                self._invoice(parts)
                left -= parts
        if self.random.random() < _WITH_CREDIT:
            self._number += 1
            self._pay(self._key("P"), self.today - self.random.randint(0, 20) * _DAY, self.debtor.currency)

    def _invoice(self, parts: int) -> None:
        self._number += 1
        number, currency = self._key("R"), self._currency()
        first = self._due()
        issued = min(self.today, first - self.random.choice((14, 30, 30, 60)) * _DAY)
        reference = f"PO {self.random.randint(1000, 9999)}"
        for instalment in range(1, parts + 1):
            due = first + 30 * (instalment - 1) * _DAY
            item = _Item(number, instalment, issued, currency, self._amount(currency))
            is_paid = self._payment(item)
            level = None if is_paid else self._level(due)
            self.invoices(
                (
                    number,
                    instalment,
                    self.debtor.number,
                    "invoice",
                    issued,
                    due,
                    currency,
                    plain(item.amount, currency),
                    reference,
                    "",
                    "",
                    level or "",
                    self._contact if level else "",
                )
            )

    def _credit_note(self) -> None:
        """One that settles a part of the last item nothing was paid of, or is left unapplied."""
        self._number += 1
        target = self._untouched if self.random.random() < 1 / 2 else None
        self._untouched = None
        currency = target.currency if target else self.debtor.currency
        amount = max(1, target.amount // self.random.randint(2, 10)) if target else self._amount(currency)
        issued = target.issued if target else self.today - self.random.randint(0, 60) * _DAY
        to = (target.invoice, target.instalment) if target else ("", "")
        row = (self._key("N"), 1, self.debtor.number, "credit_note", issued, "", currency)
        self.invoices((*row, plain(amount, currency), "", *to, "", ""))

    def _payment(self, item: _Item) -> bool:
        """Pay the item, or a part of it, or nothing; whether it is paid in full."""
        luck, habit = self.random.random(), self.debtor.habit
        is_paid = luck < _PAID[habit]
        if not is_paid and luck >= _PAID[habit] + _PART_PAID[habit]:
            self._untouched = item
            return False
        amount = item.amount if is_paid else max(1, item.amount * self.random.randint(10, 90) // 100)
        on = item.issued + self.random.randint(0, (self.today - item.issued).days) * _DAY
        number = f"{self._key('P')}-{item.instalment}"
        self._pay(number, on, item.currency, amount=amount, item=item)
        return is_paid

    def _pay(
        self, number: str, on: date, currency: str, *, amount: int | None = None, item: _Item | None = None
    ) -> None:
        minor = self._amount(currency) if amount is None else amount
        target = (item.invoice, item.instalment) if item else ("", "")
        self.payments((number, self.debtor.number, on, currency, plain(minor, currency), *target))

    def _level(self, due: date) -> str | None:
        """The level that an item of that due date had reached when the customer was last written to."""
        if self._contact is None:
            return None
        reached = [name for days, name in LEVELS if (self._contact - due).days >= days]
        return reached[-1] if reached else None

    def _due(self) -> date:
        """Prompt payers owe what is not due yet, bad ones what has been due for months or years."""
        random = self.random
        match self.debtor.habit:
            case Habit.PROMPT:
                days = random.gauss(18, 12)
            case Habit.SLOW:
                days = random.gauss(-8, 30)
            case _:
                days = max(-_OLDEST, 30 - random.expovariate(1 / 200))
        return self.today + round(days) * _DAY

    def _amount(self, currency: str) -> int:
        """Log-normal: half of all are below 450 of most currencies, one of a hundred is above 9,000."""
        units = self.random.lognormvariate(6.1, 1.3) * _MANY_UNITS.get(currency, 1)
        minor: int = 10 ** decimals(currency)
        return max(1, round(units * minor))

    def _currency(self) -> str:
        is_other = self._is_abroad and self.random.random() < _OTHER_CURRENCY
        return ("USD" if self.debtor.currency != "USD" else "EUR") if is_other else self.debtor.currency

    def _key(self, letter: str) -> str:
        return f"{letter}{self.debtor.number[1:]}-{self._number:04}"
