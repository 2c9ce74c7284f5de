"""Reads events from rows: one a row, with what they carry as JSON, in columns of their own, or both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from arfollow.exchange.cells import Cells
from arfollow.exchange.own_columns import open_names, own_name
from arfollow.exchange.reading import Row
from arfollow.exchange.rows import EventRow, Into
from arfollow.profiles.rules import Data, ProfileError, checked_data, datum, event_data, event_key, field_name
from arfollow.values.refusals import remark


def read_events(cells: Cells, rows: Iterable[Row], into: Into) -> None:
    """Add the events of these rows; those with a problem are left out."""
    own = _own_names(cells)
    for row in rows:
        before = len(cells.problems)
        event = _event(cells, row, own)
        if len(cells.problems) == before:
            into.add_event(event)


def _event(cells: Cells, row: Row, own: Mapping[str, str]) -> EventRow:
    part = cells.event
    return EventRow(
        place=cells.place(row),
        customer=part.number(row, "customer", required=True),
        kind=part.read(row, "event", field_name, required=True),
        at=part.instant(row, "at"),
        key=part.read(row, "key", event_key),
        data=_data(cells, row, own),
    )


def _data(cells: Cells, row: Row, own: Mapping[str, str]) -> Mapping[str, Data]:
    part = cells.event
    columns = {name: datum(value) for column, name in own.items() if (value := part.own(row, column))}
    try:
        return checked_data({**event_data(part.raw(row, "data")), **columns})
    except ProfileError as problem:
        part.problem(row, "data", remark(problem))
        return {}


def _own_names(cells: Cells) -> Mapping[str, str]:
    """The names of what events carry, by column; a name that is none is a problem of the file already."""
    names: dict[str, str] = {}
    for column in open_names("event", cells.event.sources):
        try:
            names[column] = own_name(column)
        except ProfileError:
            continue
    return names
