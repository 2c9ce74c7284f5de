"""Printed letters for a mail house: their PDFs and a table of whom they go to, in one ZIP archive."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.chatter.tables import StoredDocument
from arfollow.delivery.rules import State
from arfollow.delivery.tables import Delivery
from arfollow.followup.queries.letters import MOST
from arfollow.followup.tables import RecordedAction
from arfollow.receivables.tables import Customer
from arfollow.spreadsheet import csv_rows

HEADER = (
    "file",
    "customer",
    "name",
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

    action_id: int
    customer: str
    name: str
    street: str
    postal_code: str
    city: str
    country: str
    printed_on: date
    sha256: str
    content: bytes

    @property
    def filename(self) -> str:
        """A name that no other letter has, and that any file system takes."""
        number = re.sub(r"[^A-Za-z0-9._-]+", "-", self.customer).strip(".-") or "customer"
        return f"{self.printed_on.isoformat()}-{number}-{self.action_id}.pdf"


def letters_to_hand_over(
    session: Session, *, company_id: int, action_ids: Collection[int]
) -> Sequence[LetterToHandOver]:
    """Those of the chosen letters that wait to be posted, by country and postal code, as a mail house sorts them."""
    rows = session.execute(
        select(RecordedAction, Customer, StoredDocument.content)
        .join(Delivery, Delivery.id == RecordedAction.delivery_id)
        .join(Customer, Customer.id == RecordedAction.customer_id)
        .join(StoredDocument, StoredDocument.sha256 == RecordedAction.document)
        .where(
            Delivery.company_id == company_id,
            Delivery.state == State.PRINTED,
            RecordedAction.id.in_(sorted(action_ids)[:MOST]),
        )
        .order_by(Customer.country, Customer.postal_code, RecordedAction.id)
    )
    return [
        LetterToHandOver(
            action_id=action.id,
            customer=customer.number,
            name=customer.name,
            street=customer.street,
            postal_code=customer.postal_code,
            city=customer.city,
            country=customer.country,
            printed_on=action.recorded_on,
            sha256=action.document,
            content=content,
        )
        for action, customer, content in rows
        if content is not None
    ]


def mail_house_archive(letters: Sequence[LetterToHandOver]) -> bytes:
    """The archive: letters.csv, and a PDF for each of its rows. The same letters give the same bytes."""
    table = csv_rows(
        HEADER,
        (
            (
                letter.filename,
                letter.customer,
                letter.name,
                letter.street,
                letter.postal_code,
                letter.city,
                letter.country,
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
