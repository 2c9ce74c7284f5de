"""What a command says about failures that are none of its own: settings, and the database."""

from __future__ import annotations

from sqlalchemy.exc import DatabaseError, OperationalError

from arfollow.config import BadSettingError
from arfollow.database.migrating import MigratingElsewhereError, NoSchemaError

# Exactly these: their other kinds are mistakes of the program, whose traceback has to be seen.
_DATABASE = (DatabaseError, OperationalError)


def in_words(error: Exception) -> str | None:
    """What somebody who runs a server can do something about; None: it is a mistake of the program."""
    if isinstance(error, (BadSettingError, NoSchemaError, MigratingElsewhereError)):
        return str(error)
    if isinstance(error, DatabaseError) and type(error) in _DATABASE:
        return f"The database cannot be used: {error.orig}. What was not finished is not in it."
    return None
