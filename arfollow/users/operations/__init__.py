"""Writes of users: signing in, passwords, people and their roles."""

from arfollow.users.operations.joining import AlreadyHereError, Joined, join
from arfollow.users.operations.passwords import change_password, reset_password
from arfollow.users.operations.people import (
    EmailTakenError,
    change_details,
    choose_language,
    create_user,
    deactivate,
    reactivate,
)
from arfollow.users.operations.roles import (
    ElsewhereError,
    LastAdministratorError,
    check_administers,
    remove_role,
    set_role,
)
from arfollow.users.operations.signing_in import (
    NoWorkplaceError,
    SignInRefusedError,
    TooManyTriesError,
    admit_guess,
    admit_try,
    count_guess,
    forget_tries,
    renew_hash,
)

__all__ = [
    "AlreadyHereError",
    "ElsewhereError",
    "EmailTakenError",
    "Joined",
    "LastAdministratorError",
    "NoWorkplaceError",
    "SignInRefusedError",
    "TooManyTriesError",
    "admit_guess",
    "admit_try",
    "change_details",
    "change_password",
    "check_administers",
    "choose_language",
    "count_guess",
    "create_user",
    "deactivate",
    "forget_tries",
    "join",
    "reactivate",
    "remove_role",
    "renew_hash",
    "reset_password",
    "set_role",
]
