"""Groups of entries that readers filter by, from the subject of the tag."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What an entry is about, as far as a reader's filter cares."""

    EMAILS = "emails"
    TEXTS = "texts"
    LETTERS = "letters"
    TASKS = "tasks"
    NOTES = "notes"
    LEDGER = "ledger"
    CHANGES = "changes"


_SUBJECTS = {
    Kind.EMAILS: ("email",),
    Kind.TEXTS: ("sms",),
    Kind.LETTERS: ("letter", "statement"),
    Kind.TASKS: ("call", "task", "todo"),
    Kind.NOTES: ("note",),
    Kind.LEDGER: (
        "allocation",
        "credit",
        "credit-note",
        "dispute",
        "invoice",
        "ledger",
        "open-items",
        "payment",
        "promise",
    ),
}
_KINDS = {subject: kind for kind, subjects in _SUBJECTS.items() for subject in subjects}


def kind_of(tag: str) -> Kind:
    """The kind of an entry with this tag; a subject that stands in no group is a change."""
    return _KINDS.get(tag.partition(":")[0], Kind.CHANGES)


def subjects_of(kind: Kind) -> tuple[str, ...]:
    """The subjects of a kind; of changes: none, they are all the others."""
    return _SUBJECTS.get(kind, ())


def grouped_subjects() -> tuple[str, ...]:
    """Every subject that stands in a group."""
    return tuple(_KINDS)
