from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from flask_babel import force_locale

from arfollow.app import create_app
from arfollow.config import Settings
from arfollow.delivery.queries import Progress
from arfollow.delivery.rules import State
from arfollow.followup.rules import Band, Status
from arfollow.followup.words import (
    band_name,
    contact_name,
    day_words,
    reason_name,
    reminder,
    status_name,
    what_next,
    why,
)
from arfollow.levels.actions import ACTIONS
from arfollow.levels.rules.explaining import Code, Explanation
from arfollow.levels.rules.facts import Decision, Step
from arfollow.levels.rules.outlook import Outlook, Rest
from arfollow.receivables.rules.accounts import Chased, OpenItem
from arfollow.web.locale import TRANSLATIONS

TODAY = date(2026, 11, 21)
LEVELS = ("First reminder", "Second reminder", "Final notice")
# English as in Europe: 21 November.
LANGUAGES = {"en": "en_150"} | {path.name: path.name for path in TRANSLATIONS.iterdir()}
LISTED = [Code(band.name.lower()) for band in Band if band is not Band.NOT_LISTED]


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    folder = tmp_path_factory.mktemp("words")
    return create_app(Settings(database_url="sqlite://", data_dir=folder, mail_url="", secret_key="test"))


@pytest.fixture(params=LANGUAGES)
def language(app, request):
    with app.test_request_context(), force_locale(LANGUAGES[request.param]):
        yield request.param


@pytest.fixture
def english(app):
    with app.test_request_context(), force_locale(LANGUAGES["en"]):
        yield


def step(due="2026-10-22", *, instalment=1):
    item = OpenItem(
        id=1,
        invoice="2026-0815",
        instalment=instalment,
        invoice_date=date(2026, 9, 22),
        due_date=date.fromisoformat(due),
        currency="EUR",
        amount=62050,
        residual=62050,
    )
    return Step(Chased(item, 62050), 0, 1)


def explanation(code, on="2026-11-21", due="2026-10-22"):
    return Explanation(
        decision=Decision(reason=None, steps=(), level=None, actions=()),
        code=code,
        on=date.fromisoformat(on) if on else None,
        step=step(due) if code is Code.LEVEL else None,
    )


def outlook(now, coming=None, *, next_on="2026-12-06", deadline_on=None):
    return Outlook(
        listed=now.code in LISTED,
        now=now,
        next_on=date.fromisoformat(next_on) if coming else None,
        next=coming,
        deadline_on=deadline_on,
    )


@pytest.mark.parametrize("on", ["2026-11-18", None])
@pytest.mark.parametrize("code", Code)
def test_every_code_has_words_in_every_language(language, code, on):
    sentence = why(outlook(explanation(code, on)), levels=LEVELS, today=TODAY)

    assert sentence.endswith(".")
    assert "%" not in sentence
    assert len(sentence) > 20


@pytest.mark.parametrize("code", LISTED)
def test_every_reason_to_be_listed_can_come_next(language, code):
    listed, resting = (
        what_next(outlook(explanation(now), explanation(code)), levels=LEVELS, today=TODAY)
        for now in (Code.LEVEL, Code.NOT_REACHED)
    )

    assert "%" not in listed + resting
    assert day_words(date(2026, 12, 6), today=TODAY) in listed
    assert listed != resting


@pytest.mark.parametrize("code", LISTED)
def test_every_reason_has_a_name_and_a_band_has_the_same(language, code):
    assert reason_name(code) == band_name(Band[code.name]) != ""


@pytest.mark.parametrize("other", sorted(LANGUAGES.keys() - {"en"}))
def test_a_language_says_it_in_its_own_words(english, other):
    def said():
        return {why(outlook(explanation(code)), levels=LEVELS, today=TODAY) for code in Code}

    in_english = said()
    with force_locale(other):
        assert said() & in_english == set()


def test_a_code_that_lists_nobody_has_no_reason_name(language):
    assert {reason_name(code) for code in Code if code not in LISTED} == {""}


@pytest.mark.parametrize("kind", [*ACTIONS, "call"])
def test_every_kind_of_contact_has_a_name(language, kind):
    assert contact_name(kind)


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (
            explanation(Code.LEVEL),
            "Here because invoice 2026-0815 reached “Second reminder” today (30 days after due).",
        ),
        (
            explanation(Code.LEVEL, "2026-11-18", "2026-11-20"),
            "Here because invoice 2026-0815 reached “Second reminder” on 18 November (1 day after due).",
        ),
        (
            explanation(Code.LEVEL, due="2026-11-26"),
            "Here because invoice 2026-0815 reached “Second reminder” today (5 days before due).",
        ),
        (
            replace(explanation(Code.LEVEL), step=step("2026-11-21", instalment=2)),
            "Here because invoice 2026-0815, instalment 2, reached “Second reminder” today (due today).",
        ),
        (
            explanation(Code.PROMISE_BROKEN, "2026-11-20"),
            "Here because a promise to pay was broken on 20 November.",
        ),
        (explanation(Code.TASK), "Here because of a task due today."),
        (
            explanation(Code.SNOOZED, "2027-01-05"),
            "Not on the list: put off by Do It Later, up to and including 5 January 2027.",
        ),
        (
            explanation(Code.CUSTOMER_HELD, None),
            "Not on the list: the customer is on hold until somebody ends it.",
        ),
        (
            explanation(Code.CUSTOMER_HELD, "2026-12-05"),
            "Not on the list: the customer is on hold until 5 December.",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_sentence_names_invoice_level_and_day(english, now, words):
    assert why(outlook(now), levels=LEVELS, today=TODAY) == words


@pytest.mark.parametrize(
    ("deadline_on", "words"),
    [
        (date(2026, 12, 6), "the deadline of the last follow-up"),
        (date(2026, 12, 1), "to be left in peace after the last contact"),
    ],
)
def test_peace_names_the_deadline_only_where_it_is_the_deadline(english, deadline_on, words):
    resting = outlook(explanation(Code.LEFT_IN_PEACE, "2026-12-06"), deadline_on=deadline_on)

    sentence = why(resting, levels=LEVELS, today=TODAY)

    assert sentence == f"Not on the list: it rests until 6 December, {words}."


def test_what_comes_next_names_day_and_level(english):
    coming = explanation(Code.LEVEL)

    listed = what_next(outlook(explanation(Code.LEVEL), coming), levels=LEVELS, today=TODAY)
    resting = what_next(outlook(explanation(Code.NOT_REACHED), coming), levels=LEVELS, today=TODAY)

    assert listed == "After Done: back on 6 December, when invoice 2026-0815 reaches “Second reminder”."
    assert resting == "Next on 6 December, when invoice 2026-0815 reaches “Second reminder”."


@pytest.mark.parametrize(
    ("rest", "words"),
    [
        (Rest.DEADLINE, "once the deadline of the last contact has passed"),
        (Rest.GAP, "once the plan's contact gap has passed"),
    ],
)
def test_a_level_that_has_to_wait_says_what_for(english, rest, words):
    waiting = replace(outlook(explanation(Code.NOT_REACHED), explanation(Code.LEVEL)), rest=rest)

    said = what_next(waiting, levels=LEVELS, today=TODAY)

    assert said == f"Next on 6 December, for “Second reminder” of invoice 2026-0815 {words}."


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (State.FAILED, "Here because a message was not delivered: somebody has to decide what happens next."),
        (
            State.UNCERTAIN,
            "Here because nobody knows whether a message was delivered: somebody has to decide.",
        ),
    ],
)
def test_a_message_that_failed_is_not_called_uncertain(english, state, words):
    message = Progress(
        id=1,
        key="k",
        customer_id=1,
        channel="email",
        state=state,
        explanation="552 mailbox full",
        at=datetime(2026, 11, 20, tzinfo=UTC),
        is_open=True,
    )
    here = outlook(explanation(Code.UNDELIVERED, None))

    said = why(here, levels=LEVELS, today=TODAY, undelivered=[message])

    assert said == words


def test_never_is_said(english):
    listed = what_next(outlook(explanation(Code.LEVEL)), levels=LEVELS, today=TODAY)
    resting = what_next(outlook(explanation(Code.SETTLED)), levels=LEVELS, today=TODAY)

    assert listed == "After Done: it does not come back by itself."
    assert resting == "It does not come up by itself."


@pytest.mark.parametrize("code", [Code.CUSTOMER_HELD, Code.ITEMS_HELD])
def test_who_is_held_without_an_end_comes_back_when_released(english, code):
    said = what_next(outlook(explanation(code, None)), levels=LEVELS, today=TODAY)

    assert "until" in said
    assert "released" in said


@pytest.mark.parametrize("status", Status)
def test_every_status_has_a_name(language, status):
    assert status_name(status)


@pytest.mark.parametrize("code", Code)
def test_every_code_has_words_for_a_narrow_column(language, code):
    said = reminder(code, on=TODAY, next_on=TODAY, today=TODAY)

    assert "%" not in said
    assert 0 < len(said) <= 24


@pytest.mark.parametrize(
    ("code", "on", "next_on", "words"),
    [
        (Code.LEVEL, None, None, "today"),
        (Code.PROMISE_BROKEN, "2026-11-20", None, "broken 20 Nov"),
        (Code.MANUAL, "2026-11-18", None, "Manual 18 Nov"),
        (Code.MANUAL_AHEAD, "2026-12-05", "2026-12-05", "Manual 5 Dec"),
        (Code.SNOOZED, None, "2027-01-05", "5 Jan 2027"),
        (Code.SETTLED, None, None, "–"),
    ],
    ids=str,
)
def test_the_next_reminder_is_said_in_two_words(english, code, on, next_on, words):
    on, next_on = (date.fromisoformat(day) if day else None for day in (on, next_on))

    assert reminder(code, on=on, next_on=next_on, today=TODAY) == words
