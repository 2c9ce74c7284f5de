"""Keeps the rows of files outside memory until they are entered, and gives them out account by account.

See docs/decisions/0012-imports-are-staged-beside-the-ledger.md.
"""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import Any
from weakref import finalize

from arfollow.exchange.problems import Place
from arfollow.exchange.rows import CreditRow, CustomerRow, EventRow, InvoiceRow, Rows, Unread

BATCH = 5_000
"""Rows that are entered at a time, if no one account has more."""

_BUFFER = 1000
_TABLES = """
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    PRAGMA cache_size = -16000;
    CREATE TABLE customers (file, line, number, fields, other_names, parent, is_brought);
    CREATE TABLE invoices
        (file, line, number, instalment, customer, date, due_date, currency, amount, open_amount, reference, level, followed_on);
    CREATE TABLE credits
        (file, line, kind, number, customer, date, currency, amount, target, target_instalment, reference);
    CREATE TABLE events (file, line, customer, kind, at, key, data);
    CREATE TABLE accounts (position INTEGER PRIMARY KEY, number UNIQUE, rows, batch);
    CREATE TABLE links (customer, other);
    CREATE TEMP TABLE wanted (number PRIMARY KEY) WITHOUT ROWID;
    BEGIN;
"""
_SORTED = """
    CREATE INDEX customers_number ON customers (number);
    CREATE INDEX invoices_customer ON invoices (customer);
    CREATE INDEX invoices_number ON invoices (number, customer);
    CREATE INDEX credits_customer ON credits (customer);
    CREATE INDEX credits_number ON credits (number, customer);
    CREATE INDEX accounts_batch ON accounts (batch);
    DELETE FROM customers WHERE is_brought AND number IN (SELECT number FROM customers WHERE NOT is_brought);
    INSERT OR IGNORE INTO accounts (number, rows) SELECT number, 1 FROM customers ORDER BY rowid;
    INSERT INTO accounts (number, rows) SELECT customer, count(*) FROM invoices GROUP BY customer
        ON CONFLICT DO UPDATE SET rows = rows + excluded.rows;
    INSERT INTO accounts (number, rows) SELECT customer, count(*) FROM credits GROUP BY customer
        ON CONFLICT DO UPDATE SET rows = rows + excluded.rows;
    UPDATE accounts SET batch = counted.rows / :batch FROM
        (SELECT position, sum(rows) OVER (ORDER BY position) AS rows FROM accounts) AS counted
        WHERE counted.position = accounts.position;
"""
# What one account's rows have in common with another's is a mistake in the file, and only told right side by side.
_LINKED = """
    INSERT INTO links
        WITH shared (number, first) AS (
            SELECT number, min(customer) FROM invoices GROUP BY number HAVING min(customer) <> max(customer)
        ), shared_credits (number, first) AS (
            SELECT number, min(customer) FROM credits GROUP BY number HAVING min(customer) <> max(customer)
        ), pairs (one, other) AS (
            SELECT customer, first FROM invoices JOIN shared USING (number)
            UNION SELECT customer, first FROM credits JOIN shared_credits USING (number)
            UNION SELECT credits.customer, invoices.customer FROM credits
            JOIN invoices ON invoices.number = credits.target WHERE invoices.customer <> credits.customer
        )
        SELECT one, other FROM pairs UNION SELECT other, one FROM pairs
"""
_MERGED = """
    UPDATE accounts SET batch = nearest.batch FROM
        (SELECT links.customer, min(there.batch) AS batch FROM links JOIN accounts AS there ON there.number = links.other
         GROUP BY links.customer) AS nearest
    WHERE nearest.customer = accounts.number AND nearest.batch < accounts.batch
"""
_ABOVE = """
    WITH RECURSIVE above (number) AS (
        SELECT number FROM wanted
        UNION SELECT parent FROM customers JOIN above USING (number) WHERE parent <> '')
    SELECT customers.number, accounts.batch FROM above JOIN customers USING (number) JOIN accounts USING (number)
"""
# CROSS JOIN says in which order to look: by what is wanted, and not through all rows for the sake of their order.
_CUSTOMERS = "SELECT customers.* FROM wanted CROSS JOIN customers USING (number) ORDER BY customers.rowid"
_INVOICES = (
    "SELECT invoices.* FROM wanted CROSS JOIN invoices ON customer = wanted.number ORDER BY invoices.rowid"
)
_CREDITS = (
    "SELECT credits.* FROM wanted CROSS JOIN credits ON customer = wanted.number ORDER BY credits.rowid"
)


class Staging:
    """Rows in a private file of SQLite's, which has no name and ends with this object, whatever happens.

    First rows are added, then `finish`, then they are given out, as often as somebody asks.
    """

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.unread = Unread()
        # The standard module: the wheel's SQLite, which the ledger needs, keeps whatever is temporary in memory.
        self._database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        finalize(self, self._database.close)
        self._database.executescript(_TABLES)
        self._buffers: dict[str, list[tuple[Any, ...]]] = {
            table: [] for table in ("customers", "invoices", "credits", "events")
        }

    def add_customer(self, row: CustomerRow) -> None:
        """Keep a customer."""
        names = json.dumps(sorted(row.other_names))
        place, values = row.place, row.values
        self._add(
            "customers",
            (
                place.file,
                place.line,
                row.number,
                json.dumps(values),
                names,
                values.get("parent", ""),
                row.is_brought,
            ),
        )

    def add_invoice(self, row: InvoiceRow) -> None:
        """Keep an instalment of an invoice."""
        place, number, instalment, customer, date, due_date, *money, followed_on = row
        days = (date.toordinal(), due_date.toordinal())
        followed = None if followed_on is None else followed_on.toordinal()
        self._add("invoices", (place.file, place.line, number, instalment, customer, *days, *money, followed))

    def add_credit(self, row: CreditRow) -> None:
        """Keep a payment or credit note."""
        place, kind, number, customer, date, currency, amount, target, reference = row
        money = (date.toordinal(), currency, amount, *(target or (None, None)), reference)
        self._add("credits", (place.file, place.line, kind, number, customer, *money))

    def add_event(self, row: EventRow) -> None:
        """Keep an event."""
        place, customer, kind, at, key, data = row
        self._add("events", (place.file, place.line, customer, kind, at, key, json.dumps(data)))

    def finish(self) -> None:
        """All rows are there: put them into the order in which they are given out."""
        for table in self._buffers:
            self._write(table)
        for statement in filter(str.strip, _SORTED.split(";")):
            self._database.execute(statement, {"batch": BATCH} if ":batch" in statement else {})
        if self._database.execute(_LINKED).rowcount:
            while self._database.execute(_MERGED).rowcount:
                pass

    @property
    def has_items(self) -> bool:
        """Whether there is any invoice or credit."""
        found = self._database.execute(
            "SELECT EXISTS (SELECT 1 FROM invoices UNION ALL SELECT 1 FROM credits)"
        )
        return bool(found.fetchone()[0])

    def numbers(self) -> Iterator[str]:
        """Of every customer that a row names, as its own or that of its parent."""
        yield from self._column(
            "SELECT number FROM accounts UNION SELECT parent FROM customers UNION SELECT customer FROM events"
        )

    def unnamed(self, numbers: Sequence[str]) -> list[str]:
        """Those of these customers of whom there are no rows."""
        self._want(numbers)
        return self._column("SELECT number FROM wanted EXCEPT SELECT number FROM accounts ORDER BY number")

    def events(self) -> Iterator[Sequence[EventRow]]:
        """All events in the order of the files, some at a time."""
        found = self._database.execute("SELECT * FROM events ORDER BY rowid")
        while some := found.fetchmany(BATCH):
            yield [_event(row) for row in some]

    def batches(self) -> Iterator[Rows]:
        """All rows, a few accounts at a time; accounts that share a number come together."""
        ahead: set[str] = set()
        for batch in self._column("SELECT DISTINCT batch FROM accounts ORDER BY batch"):
            accounts = self._column("SELECT number FROM accounts WHERE batch = ?", batch)
            self._want(accounts)
            above = dict(self._database.execute(_ABOVE))
            repeated = {number for number in above if number in ahead or above[number] < batch}
            ahead |= {number for number in above if above[number] > batch}
            yield self._rows(set(accounts), above, repeated)

    def _rows(self, accounts: AbstractSet[str], above: Collection[str], repeated: AbstractSet[str]) -> Rows:
        invoices = [_invoice(row) for row in self._database.execute(_INVOICES)]
        credits_ = [_credit(row) for row in self._database.execute(_CREDITS)]
        self._want(above)
        customers = [_customer(row) for row in self._database.execute(_CUSTOMERS)]
        return Rows(
            accounts=accounts, customers=customers, invoices=invoices, credits=credits_, repeated=repeated
        )

    def _add(self, table: str, row: tuple[Any, ...]) -> None:
        buffer = self._buffers[table]
        buffer.append(row)
        if len(buffer) >= _BUFFER:
            self._write(table)

    def _write(self, table: str) -> None:
        buffer = self._buffers[table]
        if buffer:
            marks = ", ".join("?" * len(buffer[0]))
            self._database.executemany(f"INSERT INTO {table} VALUES ({marks})", buffer)  # noqa: S608 - our own names
            buffer.clear()

    def _want(self, numbers: Collection[str]) -> None:
        self._database.execute("DELETE FROM wanted")
        self._database.executemany("INSERT INTO wanted VALUES (?)", ((number,) for number in numbers))

    def _column(self, statement: str, *values: object) -> list[Any]:
        return [value for (value,) in self._database.execute(statement, values)]


def _customer(stored: Sequence[Any]) -> CustomerRow:
    file, line, number, fields, other_names, _, is_brought = stored
    names = frozenset(json.loads(other_names))
    return CustomerRow(Place(file, line), number, json.loads(fields), names, bool(is_brought))


def _event(stored: Sequence[Any]) -> EventRow:
    file, line, customer, kind, at, key, data = stored
    return EventRow(Place(file, line), customer, kind, at, key, json.loads(data))


def _invoice(stored: Sequence[Any]) -> InvoiceRow:
    file, line, number, instalment, customer, date, due_date, *about, followed_on = stored
    currency, amount, open_amount, reference, level = about
    return InvoiceRow(
        Place(file, line),
        number,
        instalment,
        customer,
        dt.date.fromordinal(date),
        dt.date.fromordinal(due_date),
        currency,
        amount,
        open_amount,
        reference,
        level,
        None if followed_on is None else dt.date.fromordinal(followed_on),
    )


def _credit(stored: Sequence[Any]) -> CreditRow:
    file, line, kind, number, customer, date, currency, amount, target, instalment, reference = stored
    named = None if target is None else (target, instalment)
    day = dt.date.fromordinal(date)
    return CreditRow(Place(file, line), kind, number, customer, day, currency, amount, named, reference)
