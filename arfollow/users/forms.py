"""Forms of users."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from wtforms import DateField, PasswordField, SelectField, StringField
from wtforms.validators import DataRequired, EqualTo, InputRequired, Length

from arfollow.access import Role
from arfollow.web.forms import Form, email_address, one_line
from arfollow.web.locale import languages, own_name


def role_name(role: Role) -> LazyString:
    """The role in the page's language."""
    return {
        Role.CLERK: _("Clerk"),
        Role.MANAGER: _("Manager"),
        Role.AUDITOR: _("Auditor (reads only)"),
        Role.ADMINISTRATOR: _("Administrator"),
    }[role]


def role_choices() -> list[tuple[str, str]]:
    """The roles, for a field."""
    return [(role.value, str(role_name(role))) for role in Role]


def language_choices() -> list[tuple[str, str]]:
    """The languages that pages speak, each by its own name; first that of the company."""
    return [("", str(_("The company's"))), *((code, own_name(code)) for code in languages())]


class SignInForm(Form):
    """Who wants to sign in."""

    email = StringField(_("E-mail"), [InputRequired(), Length(max=254)])
    password = PasswordField(_("Password"), [InputRequired(), Length(max=200)])

    def address(self) -> str:
        """The e-mail address as accounts hold it."""
        return (self.email.data or "").strip().lower()


class DetailsForm(Form):
    """What letters and colleagues see of a user."""

    name = StringField(_("Name"), [DataRequired(), Length(max=100)], filters=[one_line])
    phone = StringField(
        _("Telephone"), [Length(max=40)], filters=[one_line], description=_("Letters name it beside you.")
    )
    language = SelectField(
        _("Language"),
        choices=language_choices,
        description=_("Of the pages that you see. Customers get letters and e-mails in their own."),
    )


class PasswordForm(Form):
    """A user's new password."""

    current = PasswordField(_("Password you have"), [InputRequired()])
    password = PasswordField(
        _("New password"), [InputRequired()], description=_("At least 10 characters; a few words are best.")
    )
    repeated = PasswordField(
        _("New password, again"),
        [InputRequired(), EqualTo("password", _("The two are not the same."))],
    )


class NewUserForm(Form):
    """Somebody who shall work in the company."""

    name = StringField(_("Name"), [DataRequired(), Length(max=100)], filters=[one_line])
    email = StringField(_("E-mail"), [InputRequired(), Length(max=254), email_address], filters=[one_line])
    role = SelectField(_("Role"), choices=role_choices)


class RoleForm(Form):
    """A user's role in the company."""

    role = SelectField(_("Role"), choices=role_choices)


class AbsenceForm(Form):
    """Days on which somebody is away."""

    user = SelectField(_("Who is away"))
    stand_in = SelectField(_("Who stands in"), [InputRequired(_("Please choose somebody."))])
    first_day = DateField(_("First day"), [InputRequired()])
    last_day = DateField(_("Last day"), [InputRequired()])
