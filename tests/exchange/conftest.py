from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest
from sqlalchemy import select

from arfollow.chatter.documents import read
from arfollow.chatter.tables import ChatterEntry, ChatterEntryDocument
from arfollow.exchange.files import File
from arfollow.exchange.mapping import parse_mapping
from arfollow.exchange.operations import OpenItems, apply, prepare
from arfollow.exchange.problems import ImportRefusedError
from arfollow.exchange.report import Report
from arfollow.exchange.translating import Reading
from arfollow.receivables.queries.credits import unapplied_credits
from arfollow.receivables.queries.customers import CustomerCard, find_customer
from arfollow.receivables.queries.items import open_items
from tests.fixtures.ledgers import Ledger, day

TODAY = date(2026, 12, 31)


@dataclass
class Importer:
    """Imports text as files into company 1, and shows what is in the ledger then."""

    ledger: Ledger

    def __call__(
        self,
        *texts: str | bytes,
        as_of: str | None = None,
        customers_in_file: bool = False,
        confirm: bool = True,
        mapping: str | None = None,
        company_id: int = 1,
        **reading,
    ) -> Report:
        """Import and commit; files are called 1.csv, 2.csv, and so on."""
        report = self.import_in_transaction(
            *texts,
            as_of=as_of,
            customers_in_file=customers_in_file,
            confirm=confirm,
            mapping=mapping,
            company_id=company_id,
            **reading,
        )
        self.ledger.commit()
        return report

    def import_in_transaction(
        self,
        *texts: str | bytes,
        as_of: str | None = None,
        customers_in_file: bool = False,
        confirm: bool = True,
        mapping: str | None = None,
        company_id: int = 1,
        **reading,
    ) -> Report:
        """The same without a commit."""
        files = [
            File(name=f"{index}.csv", content=text if isinstance(text, bytes) else text.encode())
            for index, text in enumerate(texts, start=1)
        ]
        form = parse_mapping("test", mapping.encode()) if mapping else None
        prepared = prepare(files, Reading(mapping=form, open_items=as_of is not None, **reading))
        wanted = None
        if as_of is not None:
            wanted = OpenItems(as_of=day(as_of), customers_in_file=customers_in_file, confirmed=confirm)
        return apply(
            self.ledger.session,
            company_id=company_id,
            prepared=prepared,
            open_items=wanted,
            today=TODAY,
            who="Ana",
        )

    def problems(self, *texts: str | bytes, **options) -> list[str]:
        """What an import is refused for."""
        with pytest.raises(ImportRefusedError) as refused:
            self(*texts, **options)
        self.ledger.session.rollback()
        return [str(problem) for problem in refused.value.problems]

    def residuals(self, customer: str = "C-1", on: str = "12-31") -> dict[str, int]:
        """What is open by invoice and instalment."""
        lines = open_items(self.ledger.session, company_id=1, customer_id=self.id(customer), day=day(on))
        return {f"{line.invoice}/{line.instalment}": line.residual for line in lines}

    def unapplied(self, customer: str = "C-1", on: str = "12-31") -> dict[str, int]:
        """What is unapplied by the number of the credit."""
        lines = unapplied_credits(
            self.ledger.session, company_id=1, customer_id=self.id(customer), day=day(on)
        )
        return {line.number: line.unapplied for line in lines}

    def id(self, customer: str) -> int:
        """A customer's id."""
        return self.card(customer).id

    def card(self, customer: str = "C-1") -> CustomerCard:
        """A customer's card."""
        found = self.find(customer)
        assert found is not None
        return found

    def find(self, customer: str) -> CustomerCard | None:
        """A customer's card; None when there is no such customer."""
        return find_customer(self.ledger.session, company_id=1, number=customer)

    def documents(self) -> list[str]:
        """The documents of the chatter's entries, oldest first."""
        rows = self.ledger.session.scalars(
            select(ChatterEntryDocument.sha256).order_by(ChatterEntryDocument.sequence)
        )
        return [read(self.ledger.session, sha256=sha256).content.decode() for sha256 in rows]

    def tags(self) -> list[str]:
        """The tags of the chatter's entries, oldest first."""
        return list(self.ledger.session.scalars(select(ChatterEntry.tag).order_by(ChatterEntry.sequence)))


CUSTOMERS = "customer,name\nC-1,Bäckerei Ümit\nC-2,Nordlicht Optik\n"


@pytest.fixture
def importer(ledger) -> Importer:
    """An importer into an empty company."""
    return Importer(ledger)


@pytest.fixture
def known(importer) -> Importer:
    """An importer into a company with customers C-1 and C-2."""
    importer(CUSTOMERS)
    return importer


@pytest.fixture
def invoices() -> Callable[..., str]:
    """An invoices.csv of rows `I-1 C-1 100.00`, dated 1 March, due 31 March 2026, in EUR."""

    def file(*rows: str) -> str:
        lines = [
            f"{number},{customer},2026-03-01,2026-03-31,EUR,{amount}"
            for number, customer, amount in (row.split() for row in rows)
        ]
        return "\n".join(["invoice,customer,date,due_date,currency,amount", *lines, ""])

    return file
