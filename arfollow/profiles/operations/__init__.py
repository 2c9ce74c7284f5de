"""Writes of profiles."""

from arfollow.profiles.operations.facts import (
    UnknownListError,
    add_to_list,
    consent,
    erase_profile,
    find_list,
    make_list,
    on_change,
    on_erase,
    record_event,
    remove_from_list,
    set_field,
    tell_of,
)

__all__ = [
    "UnknownListError",
    "add_to_list",
    "consent",
    "erase_profile",
    "find_list",
    "make_list",
    "on_change",
    "on_erase",
    "record_event",
    "remove_from_list",
    "set_field",
    "tell_of",
]
