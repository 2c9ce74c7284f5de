"""Reads of profiles."""

from arfollow.profiles.queries.facts import NOTHING_KNOWN, Happened, Profile, events_since, profiles

__all__ = ["NOTHING_KNOWN", "Happened", "Profile", "events_since", "profiles"]
