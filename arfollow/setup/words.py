"""The first run in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from arfollow.delivery.rules import Cause
from arfollow.levels.shipped import GENTLE, STRICT, USUAL
from arfollow.setup.mail import MailServer, Result, Security
from arfollow.setup.rules import Missing, State, Step

STEPS: Mapping[Step, LazyString] = {
    Step.COMPANY: _l("Company"),
    Step.MAIL: _l("Mail server"),
    Step.IMPORT: _l("Import"),
    Step.PLAN: _l("Plan"),
    Step.TEAM: _l("Team"),
}
AIMS: Mapping[Step, LazyString] = {
    Step.COMPANY: _l("Who writes the letters, and where customers pay to"),
    Step.MAIL: _l("How e-mails leave, tried with a message to yourself"),
    Step.IMPORT: _l("Customers, invoices and payments from your ledger"),
    Step.PLAN: _l("When a customer is reminded, and how"),
    Step.TEAM: _l("Who works with you, and as what"),
}
STATES: Mapping[State, tuple[LazyString, str, str | None]] = {
    State.DONE: (_l("done"), "success", "check2"),
    State.SKIPPED: (_l("skipped"), "neutral", "skip-forward"),
    State.OPEN: (_l("open"), "neutral", None),
}
SECURITY: Mapping[Security, LazyString] = {
    Security.TLS: _l("encrypted from the start (TLS)"),
    Security.STARTTLS: _l("encrypted after the greeting (STARTTLS)"),
    Security.NONE: _l("not encrypted"),
}
PLANS: Mapping[str, tuple[LazyString, LazyString]] = {
    GENTLE: (
        _l("Gentle"),
        _l(
            "For customers whom you know well: weeks pass before the first word, and a call before anything harsher."
        ),
    ),
    USUAL: (_l("Usual"), _l("What most companies do: three reminders within six weeks.")),
    STRICT: (
        _l("Strict"),
        _l(
            "For short terms of payment: the first reminder within a week, the last one before the month is over."
        ),
    ),
}
_MISSING: Mapping[Missing, LazyString] = {
    Missing.ADDRESS: _l("the postal address"),
    Missing.SENDER: _l("the e-mail address"),
    Missing.BANK: _l("a bank account"),
}


@dataclass(frozen=True, slots=True)
class TrialWords:
    """What a test message came to. kind: of a notice."""

    title: str
    advice: str
    kind: str


def missing_words(missing: Sequence[Missing]) -> str:
    """What a company still lacks: `the postal address, a bank account`."""
    return ", ".join(str(_MISSING[each]) for each in missing)


def trial_words(result: str, *, to: str, server: MailServer) -> TrialWords:
    """What came of a test message, and what to do about it."""
    place = f"{server.host}:{server.port}"
    good: Mapping[str, tuple[str, str]] = {
        Result.ACCEPTED: (
            _("%(place)s has taken the message for %(to)s.", place=place, to=to),
            _(
                "Look into that mailbox now. If the message is not there, look for it under spam: what is said below helps."
            ),
        ),
    }
    doubtful: Mapping[str, tuple[str, str]] = {
        Result.WRITTEN: (
            _("The message was written into a file, and nobody receives it."),
            _(
                "That is right for trying things out. Set a mail server before the first e-mail to a customer."
            ),
        ),
        Result.DOUBTFUL: (
            _(
                "%(place)s broke off at the very end: nobody can tell whether the message for %(to)s was taken.",
                place=place,
                to=to,
            ),
            _("Look into that mailbox, then try once more."),
        ),
    }
    for known, kind in ((good, "success"), (doubtful, "warning"), (_refusals(place, to), "danger")):
        if result in known:
            title, advice = known[result]
            return TrialWords(title, advice, kind)
    return TrialWords(_("The message was not taken."), "", "danger")


def _refusals(place: str, to: str) -> Mapping[str, tuple[str, str]]:
    return {
        Cause.ANSWER: (
            _("%(place)s refuses the message for %(to)s.", place=place, to=to),
            _(
                "Its own words are below. Most often it does not let this user send as the company's address, or does not know the recipient."
            ),
        ),
        Cause.NO_HOST: (
            _("There is no mail server of that name: %(place)s.", place=place),
            _("Look for a typing mistake in the name, and whether this machine can look up names at all."),
        ),
        Cause.UNREACHABLE: (
            _("Nobody answers at %(place)s.", place=place),
            _(
                "Look for a typing mistake in name and port. Otherwise a firewall is in between, or the mail server is down."
            ),
        ),
        Cause.TIMED_OUT: (
            _("%(place)s does not answer in time.", place=place),
            _(
                "Most often a firewall, or port and encryption that do not go together: 587 with starttls, 465 with smtps://."
            ),
        ),
        Cause.TLS: (
            _("%(place)s and this machine do not agree on encryption.", place=place),
            _(
                "Port 587 goes with tls=starttls, port 465 with smtps://. If its certificate is the trouble, the server's name has to be the one in the certificate."
            ),
        ),
        Cause.LOGIN: (
            _("%(place)s refuses the login.", place=place),
            _(
                "Look at user and password. Characters such as @ : / # in them have to be percent-encoded. Some providers want a password that is made for one program alone."
            ),
        ),
        Cause.BROKEN_OFF: (
            _("%(place)s broke off in the middle.", place=place),
            _("Most often port and encryption do not go together: 587 with starttls, 465 with smtps://."),
        ),
        Cause.FOLDER: (
            _("The message could not be written into the folder."),
            _("Does the folder exist, and may this program write there?"),
        ),
    }
