"""Why a mail server did not take a message: in its words, and as a cause that somebody can do something about."""

from __future__ import annotations

import smtplib
import socket
import ssl

from arfollow.delivery.rules import Cause


class LoginRefusedError(smtplib.SMTPException):
    """The mail server refuses our login. That is about us, not about the message, which waits until the password is right.

    Source: Postfix defers such mail as well (smtp_sasl_auth_soft_bounce).
    """

    def __init__(self, refusal: smtplib.SMTPResponseException) -> None:
        super().__init__(f"it refuses our login: {refusal.smtp_code} {words(refusal.smtp_error)}")


_CAUSES: tuple[tuple[tuple[type[Exception], ...], Cause], ...] = (
    ((LoginRefusedError,), Cause.LOGIN),
    ((ssl.SSLError,), Cause.TLS),
    ((socket.gaierror,), Cause.NO_HOST),
    ((TimeoutError,), Cause.TIMED_OUT),
    ((ConnectionResetError, smtplib.SMTPException), Cause.BROKEN_OFF),
    ((OSError,), Cause.UNREACHABLE),
)
"""The first that fits counts: most of them are OSErrors as well."""


def cause_of(problem: Exception) -> Cause:
    """The cause of what went wrong on the way to the server, before it had the message."""
    if isinstance(problem, smtplib.SMTPNotSupportedError):
        # Of smtplib's two: the server offers no STARTTLS, or none of the ways to sign in.
        return Cause.TLS if "STARTTLS" in str(problem) else Cause.LOGIN
    return next((cause for kinds, cause in _CAUSES if isinstance(problem, kinds)), Cause.BROKEN_OFF)


def words(answer: bytes | str) -> str:
    """The server's answer as one printable line."""
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:500]


def reason(problem: Exception) -> str:
    """What went wrong, as the end of a sentence."""
    if isinstance(problem, ssl.SSLCertVerificationError):
        return f"its certificate is not to be trusted: {problem.verify_message}."
    if isinstance(problem, TimeoutError):
        return "no answer in time."
    if isinstance(problem, OSError) and problem.strerror:
        return f"{problem.strerror}."
    return words(str(problem)) or type(problem).__name__
