"""What the form of a file says: how it is taken apart, and what its columns mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from werkzeug.datastructures import MultiDict

from arfollow.exchange.dates import ORDERS
from arfollow.exchange.mapping import MARKS
from arfollow.exchange.reading import DELIMITERS
from arfollow.exchange.texts import CHOSEN_ENCODINGS
from arfollow.exchange.uploads.fields import NEEDED, is_field
from arfollow.exchange.uploads.rules import OWN, Kind, Settings

_LONGEST_VALUE = 200
_LAST_LINE = 100_000
SAME_FOR_ALL = "="
"""In a select of columns: the same text for all rows."""


def layout_asked(form: MultiDict[str, str], before: Settings, sheets: Sequence[str]) -> Settings:
    """The settings with what the form says of how the text is taken apart."""
    sheet = form.get("sheet", before.sheet)
    return replace(
        before,
        sheet=sheet if sheet in sheets else before.sheet,
        encoding=_of(form.get("encoding", ""), CHOSEN_ENCODINGS),
        delimiter=_of(_unescaped(form.get("delimiter", "")), DELIMITERS),
        heading_line=_line(form.get("heading_line", "")),
    )


def is_taken_apart_otherwise(settings: Settings, before: Settings) -> bool:
    """Whether the columns are others now."""
    names = ("sheet", "encoding", "delimiter", "heading_line")
    return any(getattr(settings, name) != getattr(before, name) for name in names)


def kind_asked(form: MultiDict[str, str], before: Settings) -> Kind:
    """What the form says the file holds."""
    return next((kind for kind in Kind if kind == form.get("kind")), before.kind)


def meaning_asked(form: MultiDict[str, str], before: Settings, columns: Sequence[str]) -> Settings:
    """The settings with what the form says of columns and values; a field has one column: the one that was just chosen."""
    chosen = {
        name: field
        for index, name in enumerate(columns)
        if is_field(field := form.get(f"column-{index}", ""), before.kind)
    }
    just = {field for name, field in chosen.items() if before.columns.get(name) != field}
    mapped: dict[str, str] = {}
    for name, field in chosen.items():
        is_older = before.columns.get(name) == field and field in just
        if not is_older and field not in mapped.values():
            mapped[name] = field
    same, constants = _otherwise(form, before, columns, set(mapped.values()))
    found = replace(
        _ticked(form, before),
        columns=mapped,
        same=same,
        constants=constants,
        kinds=_kinds(form),
        date_order=_of(form.get("date_order", ""), ORDERS),
        decimal_mark=_of(form.get("decimal_mark", ""), MARKS),
        only_column=_of(form.get("only_column", ""), columns),
        only_values=tuple(dict.fromkeys(value[:_LONGEST_VALUE] for value in form.getlist("only"))),
    )
    if found.only_column != before.only_column:
        found = replace(found, only_values=())
    # Dates and decimals can be chosen for any format; all else makes it another one.
    as_before = replace(found, date_order=before.date_order, decimal_mark=before.decimal_mark)
    return found if as_before == before else replace(found, mapping=OWN)


def _otherwise(
    form: MultiDict[str, str], before: Settings, columns: Sequence[str], mapped: set[str]
) -> tuple[dict[str, str], dict[str, str]]:
    """The fields that another field's column gives, and those that are the same for all rows."""
    same: dict[str, str] = {}
    constants: dict[str, str] = {}
    for field in dict.fromkeys((*NEEDED[before.kind], "name")):
        source, value = form.get(f"source-{field}", ""), form.get(f"value-{field}", "").strip()
        if field in mapped:
            continue
        if source in columns:
            same[field] = source
        elif value and source in (SAME_FOR_ALL, ""):
            constants[field] = (
                value[:_LONGEST_VALUE].upper() if field == "currency" else value[:_LONGEST_VALUE]
            )
    return same, constants


def _ticked(form: MultiDict[str, str], before: Settings) -> Settings:
    """With what was ticked; a box that was not shown stays as it is."""
    shown = form.getlist("box")

    def ticked(name: str, was: bool) -> bool:  # noqa: FBT001 - what it was
        return name in form if name in shown else was

    return replace(
        before,
        adds_up=ticked("adds_up", before.adds_up),
        negative_is_credit=ticked("negative_is_credit", before.negative_is_credit),
        brings_customers=ticked("brings_customers", before.brings_customers),
    )


def _kinds(form: MultiDict[str, str]) -> dict[str, str]:
    values = form.getlist("kind_value")
    return dict(zip(values, form.getlist("kind_meaning"), strict=False))


def _of(value: str, known: Sequence[str] | Mapping[str, object]) -> str:
    return value if value in known else ""


def _unescaped(delimiter: str) -> str:
    return "\t" if delimiter == "tab" else delimiter


def _line(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and 0 < int(text) <= _LAST_LINE else None
