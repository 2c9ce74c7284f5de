from datetime import date

import pytest
from flask_babel import force_locale

from arfollow.values.money import Money
from arfollow.values.refusals import N_, Count, Quoted, Refusal, Remark, Term
from arfollow.web.refusals import said

DISPUTED = N_("The disputed part of %(item)s must be above zero and at most %(amount)s.")
PROMISE = N_("A promise for a day after %(day)s needs a manager.")
MISSING = N_("Please enter %(what)s.")


class SampleError(Refusal, ValueError):
    """A refusal."""


@pytest.mark.parametrize(
    ("problem", "english", "german"),
    [
        (
            SampleError(DISPUTED, item="I-1", amount=Money("EUR", 123450)),
            "The disputed part of I-1 must be above zero and at most EUR 1,234.50.",
            "Der strittige Teil von I-1 muss über null liegen und höchstens 1.234,50 EUR betragen.",
        ),
        (
            SampleError(PROMISE, day=date(2026, 9, 24)),
            "A promise for a day after 24 Sept 2026 needs a manager.",
            "Eine Zusage für einen Tag nach dem 24. September 2026 braucht einen Manager.",
        ),
        (SampleError(MISSING, what=Term("a name")), "Please enter a name.", "Bitte angeben: einen Namen."),
        (
            SampleError(
                N_("A promise cannot be for %(day)s: %(why)s."), day="x", why=Refusal("that day has passed")
            ),
            "A promise cannot be for x: that day has passed.",
            "Eine Zusage für den x ist nicht möglich: dieser Tag ist vorbei.",
        ),
        (SampleError("100 % of it"), "100 % of it", "100 % of it"),
        (
            Remark(N_("%(text)s is no date."), text=Quoted("nie")),
            "'nie' is no date.",
            "„nie“ ist kein Datum.",
        ),
        (
            Remark(N_("%(count)s of %(total)s items"), count=Count(1200), total=Count(12000)),
            "1,200 of 12,000 items",
            "1.200 von 12.000 Posten",
        ),
        (
            Remark(N_("Changed since: %(what)s."), what=(Term(N_("a note")), Money("EUR", 500))),
            "Changed since: a note, EUR 5.00.",
            "Seither geändert: Notiz, 5,00 EUR.",
        ),
    ],
)
def test_a_refusal_is_said_in_the_reader_s_language_and_logged_in_english(
    sqlite_site, problem, english, german
):
    with sqlite_site.app.test_request_context(), force_locale("de"):
        words = said(problem).replace("\N{NO-BREAK SPACE}", " ")

    assert str(problem) == english
    assert words == german


def test_another_error_is_said_as_it_is(sqlite_site):
    with sqlite_site.app.test_request_context():
        assert said(ValueError("as it is")) == "as it is"
