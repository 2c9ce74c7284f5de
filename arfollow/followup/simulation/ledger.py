"""The ledger of a scenario: invoices, credit notes and payments, applied in the order of their dates."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from arfollow.followup.simulation.reading import Row, ScenarioError
from arfollow.levels.rules.steps import Place, PlanTerms
from arfollow.receivables.rules.ledger import CreditLine, Item, Settlement, applicable

_INVOICE = frozenset(
    {
        "invoice",
        "instalment",
        "customer",
        "kind",
        "date",
        "due_date",
        "currency",
        "amount",
        "applies_to",
        "applies_to_instalment",
        "level",
        "followed_on",
    }
)
_PAYMENT = frozenset({"payment", "customer", "date", "currency", "amount", "invoice", "instalment"})


@dataclass(slots=True)
class _Credit:
    line: CreditLine
    customer: str
    target: tuple[str, int] | None
    row: Row


@dataclass(slots=True)
class Books:
    """All items and credits by customer; `keys` gives an item's id by invoice and instalment."""

    items: dict[int, Item] = field(default_factory=dict)
    owners: dict[int, str] = field(default_factory=dict)
    keys: dict[tuple[str, int], int] = field(default_factory=dict)
    credit_lines: dict[str, list[CreditLine]] = field(default_factory=dict)
    followed: dict[int, tuple[str, date, Row]] = field(default_factory=dict)
    default_currency: str = "EUR"

    @property
    def currencies(self) -> frozenset[str]:
        """Every currency that a row is in."""
        lines = (line.currency for lines in self.credit_lines.values() for line in lines)
        return frozenset({self.default_currency, *(item.currency for item in self.items.values()), *lines})

    @property
    def customers(self) -> list[str]:
        """Those that a row names, in no order that matters."""
        return [*self.owners.values(), *self.credit_lines]

    def items_of(self, customer: str) -> tuple[Item, ...]:
        """The customer's items."""
        return tuple(item for item_id, item in self.items.items() if self.owners[item_id] == customer)

    def credits_of(self, customer: str) -> tuple[CreditLine, ...]:
        """The customer's payments and credit notes."""
        return tuple(self.credit_lines.get(customer, ()))

    def places_of(self, customer: str, plan: PlanTerms | None) -> dict[int, Place]:
        """How far its items were followed before the scenario; raise ScenarioError for a level that its plan has not."""
        places: dict[int, Place] = {}
        names = [level.name for level in plan.levels] if plan else []
        for item_id, (level, followed_on, row) in self.followed.items():
            if self.owners[item_id] == customer and plan is not None:
                if level not in names:
                    raise row.error("level", f"unknown level {level!r} of plan {plan.name!r}")
                places[item_id] = Place(names.index(level), followed_on)
        return places


def parse_books(scenario: Row, *, default_currency: str) -> Books:
    """The ledger with every credit applied; raise ScenarioError for a row that cannot be booked."""
    books = Books(default_currency=default_currency)
    credits_: list[_Credit] = []
    for row in scenario.rows("invoices", _INVOICE):
        kind = row.text("kind", "invoice")
        if kind == "invoice":
            _add_item(books, row)
        elif kind == "credit_note":
            credits_.append(
                _credit(row, len(credits_), "applies_to", "applies_to_instalment", default_currency)
            )
        else:
            raise row.error("kind", f"unknown kind {kind!r}; known are invoice, credit_note")
    credits_ += [
        _credit(row, len(credits_) + index, "invoice", "instalment", default_currency)
        for index, row in enumerate(scenario.rows("payments", _PAYMENT))
    ]
    for credit in sorted(credits_, key=lambda credit: credit.line.on):
        _book(books, credit)
    return books


def _add_item(books: Books, row: Row) -> None:
    key = (row.text("invoice"), row.number("instalment", 1))
    if key in books.keys:
        raise row.error("invoice", f"{key[0]!r} instalment {key[1]} is there twice")
    currency = row.currency("currency", books.default_currency)
    item = Item(
        id=len(books.items) + 1,
        invoice=key[0],
        instalment=key[1],
        invoice_date=row.day("date"),
        due_date=row.day("due_date"),
        currency=currency,
        amount=row.minor("amount", currency),
    )
    books.keys[key] = item.id
    books.items[item.id] = item
    books.owners[item.id] = row.text("customer")
    if row.has("level"):
        books.followed[item.id] = (row.text("level"), row.day("followed_on"), row)


def _credit(row: Row, line_id: int, target: str, instalment: str, default_currency: str) -> _Credit:
    currency = row.currency("currency", default_currency)
    line = CreditLine(id=line_id, on=row.day("date"), currency=currency, amount=row.minor("amount", currency))
    key = (row.text(target), row.number(instalment, 1)) if row.has(target) else None
    return _Credit(line, row.text("customer"), key, row)


def _book(books: Books, credit: _Credit) -> None:
    line = credit.line
    if credit.target is not None:
        item = _target(books, credit, credit.target)
        left = item.amount - sum(s.amount for s in item.settlements)
        amount, on = applicable(
            credit_left=line.amount, item_left=left, credit_on=line.on, invoice_on=item.invoice_date
        )
        if amount:
            settlement = Settlement(on, None, amount)
            books.items[item.id] = replace(item, settlements=(*item.settlements, settlement))
            line = replace(line, settlements=(settlement,))
    books.credit_lines.setdefault(credit.customer, []).append(line)


def _target(books: Books, credit: _Credit, key: tuple[str, int]) -> Item:
    if key not in books.keys:
        raise ScenarioError(credit.row.where, f"unknown item {key[0]!r} instalment {key[1]}")
    item = books.items[books.keys[key]]
    if books.owners[item.id] != credit.customer:
        raise ScenarioError(credit.row.where, f"{key[0]!r} is not of customer {credit.customer!r}")
    if item.currency != credit.line.currency:
        raise ScenarioError(credit.row.where, f"{key[0]!r} is in {item.currency}, not {credit.line.currency}")
    return item
