"""Printed letters for a mail house: their PDFs and a table of whom they go to, in one ZIP archive."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.chatter.tables import StoredDocument
from arfollow.companies.tables import Company
from arfollow.delivery.rules import State
from arfollow.delivery.tables import Delivery
from arfollow.followup.queries.letters import MOST
from arfollow.receivables.queries.customers import PostalAddress, cards_of
from arfollow.spreadsheet import csv_rows

HEADER = (
    "file",
    "customer",
    "name",
    "attention",
    "street",
    "postal_code",
    "city",
    "country",
    "printed_on",
    "sha256",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterToHandOver:
    """A printed letter, byte for byte, and where it goes."""

    delivery_id: int
    customer: str
    address: PostalAddress
    printed_on: date
    sha256: str
    content: bytes

    @property
    def filename(self) -> str:
        """A name that no other letter has, and that any file system takes."""
        number = re.sub(r"[^A-Za-z0-9._-]+", "-", self.customer).strip(".-") or "customer"
        return f"{self.printed_on.isoformat()}-{number}-{self.delivery_id}.pdf"


def letters_to_hand_over(
    session: Session, *, company_id: int, delivery_ids: Collection[int]
) -> Sequence[LetterToHandOver]:
    """Those of the chosen letters that wait to be posted, by country and postal code, as a mail house sorts them."""
    deliveries = session.execute(
        select(Delivery.id, Delivery.customer_id, Delivery.queued_at, Delivery.outgoing, Company.timezone)
        .join(Company, Company.id == Delivery.company_id)
        .where(
            Delivery.company_id == company_id,
            Delivery.state == State.PRINTED,
            Delivery.id.in_(sorted(delivery_ids)[:MOST]),
        )
    ).all()
    documents = {row.id: row.outgoing["files"][0][2] for row in deliveries}
    stored = select(StoredDocument.sha256, StoredDocument.content)
    contents = dict(session.execute(stored.where(StoredDocument.sha256.in_(documents.values()))).all())
    cards = cards_of(session, company_id=company_id, customer_ids={row.customer_id for row in deliveries})
    letters = [
        LetterToHandOver(
            delivery_id=row.id,
            customer=cards[row.customer_id].number,
            address=cards[row.customer_id].postal_address,
            printed_on=row.queued_at.astimezone(ZoneInfo(row.timezone)).date(),
            sha256=documents[row.id],
            content=content,
        )
        for row in deliveries
        if (content := contents.get(documents[row.id])) is not None
    ]
    return sorted(
        letters, key=lambda each: (each.address.country, each.address.postal_code, each.delivery_id)
    )


def mail_house_archive(letters: Sequence[LetterToHandOver]) -> bytes:
    """The archive: letters.csv, and a PDF for each of its rows. The same letters give the same bytes."""
    table = csv_rows(
        HEADER,
        (
            (
                letter.filename,
                letter.customer,
                letter.address.name,
                letter.address.attention,
                letter.address.street,
                letter.address.postal_code,
                letter.address.city,
                letter.address.country,
                letter.printed_on,
                letter.sha256,
            )
            for letter in letters
        ),
    )
    written = BytesIO()
    with ZipFile(written, "w", ZIP_STORED) as archive:
        # Excel knows by the first character that it is UTF-8.
        archive.writestr(ZipInfo("letters.csv"), "\ufeff" + "".join(table))
        for letter in letters:
            archive.writestr(ZipInfo(letter.filename), letter.content)
    return written.getvalue()
