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

    action_id: int
    customer: str
    address: PostalAddress
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
        select(RecordedAction, StoredDocument.content)
        .join(Delivery, Delivery.id == RecordedAction.delivery_id)
        .join(StoredDocument, StoredDocument.sha256 == RecordedAction.document)
        .where(
            Delivery.company_id == company_id,
            Delivery.state == State.PRINTED,
            RecordedAction.id.in_(sorted(action_ids)[:MOST]),
        )
    ).all()
    cards = cards_of(session, company_id=company_id, customer_ids={row[0].customer_id for row in rows})
    letters = [
        LetterToHandOver(
            action_id=action.id,
            customer=cards[action.customer_id].number,
            address=cards[action.customer_id].postal_address,
            printed_on=action.recorded_on,
            sha256=action.document,
            content=content,
        )
        for action, content in rows
        if content is not None
    ]
    return sorted(letters, key=lambda each: (each.address.country, each.address.postal_code, each.action_id))


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
