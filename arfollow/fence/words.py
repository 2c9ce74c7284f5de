"""Why the fence is closed, in the page's language."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from arfollow.fence.rules import Reason

EXPLANATIONS: Mapping[Reason, LazyString] = {
    Reason.RESTORED: _l("This database was restored from a backup."),
    Reason.BY_HAND: _l("Somebody has stopped it by command."),
    Reason.NO_FILE: _l(
        "The file that belongs beside the database is missing: the database was copied to here."
    ),
    Reason.OTHER_EPOCH: _l(
        "The file beside the database belongs to another one: one of the two was put here from somewhere else."
    ),
    Reason.OLDER_DATABASE: _l("The database is older than the file beside it: an earlier copy was put back."),
    Reason.OLDER_FILE: _l("The file beside the database is older than the database: it was put back."),
    Reason.ELSEWHERE: _l("The database is not the file it was: it was copied or put back."),
    Reason.OTHER_SERVER: _l("The database is on another PostgreSQL server than before."),
    Reason.OTHER_TIMELINE: _l(
        "The PostgreSQL server was recovered to a point in time, or a standby has taken over."
    ),
    Reason.OTHER_DATABASE: _l("This is another PostgreSQL database than before: a copy."),
    Reason.REWRITTEN: _l("The tables were loaded anew, from a dump."),
}


def explanation(reason: Reason) -> str:
    """The sentence."""
    return str(EXPLANATIONS[reason])
