"""Who may do what: permissions, roles, and the scope that every query takes its company from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import abort, g

P = ParamSpec("P")
R = TypeVar("R")


class Permission(StrEnum):
    """What a route needs; every route names one."""

    PUBLIC = "public"
    SIGNED_IN = "signed in"
    VIEW = "view"
    VERIFY = "verify"
    WORK = "work"
    IMPORT = "import"
    CONFIGURE = "configure"
    WORKFLOWS = "workflows"
    ADMINISTER = "administer"


class Role(StrEnum):
    """A user's role in one company."""

    CLERK = "clerk"
    MANAGER = "manager"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


_BASE = frozenset({Permission.SIGNED_IN, Permission.VIEW, Permission.VERIFY})
_MANAGING = frozenset({Permission.WORK, Permission.IMPORT, Permission.CONFIGURE, Permission.WORKFLOWS})
PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.AUDITOR: _BASE,
    Role.CLERK: _BASE | {Permission.WORK},
    Role.MANAGER: _BASE | _MANAGING,
    Role.ADMINISTRATOR: _BASE | _MANAGING | {Permission.ADMINISTER},
}


@dataclass(frozen=True, kw_only=True)
class Scope:
    """The signed-in user at work in one company, on the company's today.

    `works_for`: the users whose work it is today, the user first: those whom the user stands in for are among them.
    """

    company_id: int
    user_id: int
    user_name: str
    role: Role
    today: date
    works_for: tuple[int, ...]

    def may(self, permission: Permission) -> bool:
        """Whether the role has the permission."""
        return permission in PERMISSIONS[self.role]


_scope_loader: list[Callable[[], Scope | None]] = []


def register_scope_loader(loader: Callable[[], Scope | None]) -> None:
    """Say how the scope of a request is found; None: nobody is signed in. `app.py` does, once."""
    _scope_loader[:] = [loader]


def find_scope() -> Scope | None:
    """The request's scope, looked up once a request; None when nobody is signed in."""
    if "scope" not in g:
        g.scope = _scope_loader[0]() if _scope_loader else None
    scope: Scope | None = g.scope
    return scope


def current_scope() -> Scope:
    """The request's scope; answers 401 when nobody is signed in."""
    scope = find_scope()
    if scope is None:
        abort(401)
    return scope


def needs(permission: Permission) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare what a view needs: 401 when nobody is signed in, 403 when the role does not have it."""

    def declare(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            if permission is not Permission.PUBLIC and not current_scope().may(permission):
                abort(403)
            return view(*args, **kwargs)

        guarded_view: Any = guarded
        guarded_view.permission = permission
        return guarded

    return declare
