"""What happens to each customer's ledger over the months: invoices, payments and what goes wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from arfollow.demo.names import Debtor, Habit

_SCALE = {"JPY": 160, "KWD": 3, "CHF": 1, "EUR": 1, "USD": 1, "GBP": 1}
_UNIT = {"JPY": 1, "KWD": 100}
# How often, of all invoices of those who do such things.
_BOUNCED = 0.6
_RETURNED = 0.4


@dataclass(frozen=True, slots=True)
class Issue:
    """An invoice; `parts`: due date and minor units of each instalment."""

    on: date
    number: str
    parts: tuple[tuple[date, int], ...]
    reference: str


@dataclass(frozen=True, slots=True)
class Pay:
    """Money comes in, for an invoice or (None) on account."""

    on: date
    number: str
    amount: int
    invoice: str | None


@dataclass(frozen=True, slots=True)
class Bounce:
    """A payment is returned by the bank."""

    on: date
    number: str


@dataclass(frozen=True, slots=True)
class Return:
    """Goods came back: a credit note that nobody has applied yet."""

    on: date
    number: str
    amount: int


Happening = Issue | Pay | Bounce | Return


def happenings(debtor: Debtor, index: int, *, start: date, end: date) -> list[Happening]:
    """Everything dated from `start` to `end` (both included) for one customer, in order; the same for the same input."""
    random = Random(f"{debtor.name} {index}")  # noqa: S311 - a story, not a secret
    events: list[Happening] = []
    day = start + timedelta(days=random.randint(0, 25))
    serial = 0
    while day <= end:
        serial += 1
        issue = _issue(debtor, random, day, f"{day.year}-{index:02}{serial:02}")
        events += [issue, *_answers(debtor, random, issue, end)]
        day += timedelta(days=random.randint(18, 42))
    return sorted((e for e in events if start <= e.on <= end), key=lambda e: (e.on, type(e) is not Issue))


def _issue(debtor: Debtor, random: Random, day: date, number: str) -> Issue:
    terms = random.choice((14, 14, 30))
    amount = _amount(debtor.currency, random)
    parts: tuple[tuple[date, int], ...] = ((day + timedelta(days=terms), amount),)
    if debtor.habit is Habit.INSTALMENTS:
        third = amount // 3
        dues = [day + timedelta(days=terms + 30 * n) for n in range(3)]
        parts = ((dues[0], third), (dues[1], third), (dues[2], amount - 2 * third))
    return Issue(day, number, parts, random.choice(("", f"PO {random.randint(4000, 4999)}", "Spring order")))


def _amount(currency: str, random: Random) -> int:
    return random.randint(60, 4200) * _UNIT.get(currency, 100) * _SCALE[currency] // (
        10 if currency == "KWD" else 1
    ) + (random.randint(0, 99) if currency in ("EUR", "CHF", "GBP", "USD") else 0)


def _answers(debtor: Debtor, random: Random, issue: Issue, end: date) -> Iterator[Happening]:
    """How the customer answers an invoice; later instalments are paid as late as the first."""
    for part, (due, amount) in enumerate(issue.parts, start=1):
        number = f"P-{issue.number}-{part}"
        yield from _ANSWERS[debtor.habit](random, _Bill(issue.number, number, due, amount, end))


@dataclass(frozen=True, slots=True)
class _Bill:
    invoice: str
    payment: str
    due: date
    amount: int
    end: date

    def paid(
        self, days: int, amount: int | None = None, suffix: str = "", *, on_account: bool = False
    ) -> Pay:
        """A payment that many days after it is due."""
        return Pay(
            self.due + timedelta(days=days),
            self.payment + suffix,
            self.amount if amount is None else amount,
            None if on_account else self.invoice,
        )

    def old(self, days: int) -> bool:
        """Whether it fell due more than that many days before the demo's end."""
        return self.due < self.end - timedelta(days=days)


def _after(lowest: int, highest: int) -> Callable[[Random, _Bill], Iterator[Happening]]:
    def answer(random: Random, bill: _Bill) -> Iterator[Happening]:
        yield bill.paid(random.randint(lowest, highest))

    return answer


def _unless_recent(days: int, lowest: int, highest: int) -> Callable[[Random, _Bill], Iterator[Happening]]:
    def answer(random: Random, bill: _Bill) -> Iterator[Happening]:
        late = random.randint(lowest, highest)
        if bill.old(days):
            yield bill.paid(late)

    return answer


def _in_parts(random: Random, bill: _Bill) -> Iterator[Happening]:
    part = bill.amount * random.choice((30, 40, 50)) // 100
    yield bill.paid(random.randint(12, 24), part, "a")
    yield bill.paid(random.randint(40, 70), bill.amount - part, "b")


def _on_account(random: Random, bill: _Bill) -> Iterator[Happening]:
    yield bill.paid(random.randint(7, 14), on_account=True)


def _bounces(random: Random, bill: _Bill) -> Iterator[Happening]:
    first = bill.paid(random.randint(2, 8), suffix="a")
    if random.random() < _BOUNCED:
        yield first
        yield Bounce(first.on + timedelta(days=7), first.number)
        yield bill.paid(random.randint(40, 60), suffix="b")
    else:
        yield first


def _returns(random: Random, bill: _Bill) -> Iterator[Happening]:
    if random.random() < _RETURNED:
        yield Return(bill.due + timedelta(days=5), f"CN-{bill.invoice}", bill.amount // 5)
    yield bill.paid(random.randint(20, 40))


_ANSWERS: dict[Habit, Callable[[Random, _Bill], Iterator[Happening]]] = {
    Habit.PROMPT: _after(-6, 4),
    Habit.LATE: _after(17, 36),
    Habit.SLOW: _after(33, 58),
    Habit.SILENT: _unless_recent(95, 10, 20),
    Habit.IN_PARTS: _in_parts,
    Habit.KEEPS_WORD: _after(26, 30),
    Habit.BREAKS_WORD: _unless_recent(70, 50, 60),
    Habit.DISPUTES: _unless_recent(60, 25, 40),
    Habit.PAYS_ON_ACCOUNT: _on_account,
    Habit.BOUNCES: _bounces,
    Habit.RETURNS_GOODS: _returns,
    Habit.INSOLVENT: _unless_recent(80, 5, 15),
    Habit.NO_FOLLOW_UP: _after(25, 45),
    Habit.INSTALMENTS: _after(20, 32),
}
