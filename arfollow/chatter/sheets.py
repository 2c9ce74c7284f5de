"""The tables of the chatter as files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from arfollow.chatter import queries
from arfollow.chatter.queries import Filters
from arfollow.spreadsheet import Sheet


def log_sheet(session: Session, *, company_id: int, filters: Filters) -> Sheet:
    """All entries that the filters let through, newest first, with what is in their hash."""
    header = (
        _("No."),
        _("Time"),
        _("Person"),
        _("Tag"),
        _("Customer's id"),
        _("Customer"),
        _("What happened"),
        _("Details"),
        _("Documents"),
        _("Hash of the entry before"),
        _("Hash"),
    )
    return Sheet(name=_("Chatter"), header=header, rows=_entries(session, company_id, filters))


def _entries(session: Session, company_id: int, filters: Filters) -> Iterator[Sequence[object]]:
    for each in queries.every_entry(session, company_id=company_id, filters=filters):
        yield (
            each.sequence,
            each.at,
            each.who,
            each.tag,
            each.customer_id,
            str(each.customer) if each.customer else None,
            each.text,
            json.dumps(each.facts, ensure_ascii=False),
            " ".join(document.sha256 for document in each.documents),
            each.previous_hash,
            each.hash,
        )


def heads_sheet(heads: Iterable[tuple[date, Mapping[str, object]]]) -> Sheet:
    """Heads that went outside, with their days."""
    header = (_("Day"), _("Entries"), _("Documents"), _("Head"))
    rows = ((day, head["sequence"], head["documents"], head["hash"]) for day, head in heads)
    return Sheet(name=_("Heads outside"), header=header, rows=rows)
