"""Forms of users."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from arfollow.access import Role
from arfollow.web.forms import Form


def role_name(role: Role) -> LazyString:
    """The role in the page's language."""
    return {
        Role.CLERK: _("Clerk"),
        Role.MANAGER: _("Manager"),
        Role.AUDITOR: _("Auditor (reads only)"),
        Role.ADMINISTRATOR: _("Administrator"),
    }[role]


class SignInForm(Form):
    """Who wants to sign in."""

    email = StringField(_("E-mail"), [InputRequired(), Length(max=254)])
    password = PasswordField(_("Password"), [InputRequired(), Length(max=200)])

    def address(self) -> str:
        """The e-mail address as accounts hold it."""
        return (self.email.data or "").strip().lower()
