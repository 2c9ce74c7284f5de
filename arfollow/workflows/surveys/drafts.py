"""A survey while it is being edited: what the form holds, whether it is finished or not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from arfollow.web.locale import languages, own_name
from arfollow.workflows.rules.surveys import FEWEST_CHOICES, WIDEST_SCALE, Asks, Survey
from arfollow.workflows.survey_file import survey_data, survey_of

_LONGEST_KEY = 30
_MOST_QUESTIONS = 40
_MOST_CHOICES = 30
_TEXTS = ("title", "intro", "thanks")
_CHOOSE = (Asks.CHOICE, Asks.CHOICES)

Draft = dict[str, Any]
"""As `survey_data` writes a survey, with `languages`; texts may be empty, and what was added has no key yet."""


def draft_of(survey: Survey) -> Draft:
    """The survey as it stands."""
    data = survey_data(survey)
    questions = [{**_new(), **each} for each in data["questions"]]
    return {**data, "questions": questions, "languages": list(survey.languages)}


def new_draft() -> Draft:
    """An empty survey in all languages of the program, with one question."""
    return {
        "key": "",
        "title": {},
        "intro": {},
        "thanks": {},
        "questions": [_new()],
        "languages": [*languages()],
    }


def read_draft(form: MultiDict[str, str], *, key: str) -> Draft:
    """The survey as the form holds it."""
    spoken = [each for each in languages() if each in form.getlist("language")] or [languages()[0]]
    return {
        "key": key,
        "languages": spoken,
        **{name: _words(form, name, spoken) for name in _TEXTS},
        "questions": [_question(form, f"q{at}", spoken) for at in _places(form, "q", _MOST_QUESTIONS)],
    }


def apply(draft: Draft, action: str) -> None:
    """Do what a button of the form says: `add`, `remove:2`, `up:2`, `down:2`, `choice:2`, `drop:2:1`. Anything else does nothing."""
    name, *places = action.split(":")
    at = [int(each) for each in places if each.isdecimal()]
    questions = draft["questions"]
    if name == "add" and len(questions) < _MOST_QUESTIONS:
        questions.append(_new())
    if not at or not 0 <= at[0] < len(questions):
        return
    match name:
        case "remove":
            del questions[at[0]]
        case "up" if at[0]:
            questions.insert(at[0] - 1, questions.pop(at[0]))
        case "down":
            questions.insert(at[0] + 1, questions.pop(at[0]))
        case "choice" if len(questions[at[0]]["choices"]) < _MOST_CHOICES:
            questions[at[0]]["choices"].append({"key": "", "words": {}})
        case "drop" if len(at) > 1 and at[1] < len(questions[at[0]]["choices"]):
            del questions[at[0]]["choices"][at[1]]


def mistakes(draft: Draft) -> list[str]:
    """What is missing before it can be asked, each as a sentence."""
    spoken = draft["languages"]
    names = {"title": _("Title"), "intro": _("Introduction"), "thanks": _("Thanks")}
    found = [each for name in _TEXTS for each in _missing(names[name], draft[name], spoken)]
    if not draft["questions"]:
        found.append(_("Add at least one question."))
    for number, question in enumerate(draft["questions"], 1):
        found += _about(_("Question %(number)s", number=number), question, spoken)
    return found


def finished(draft: Draft) -> Survey:
    """The survey of a draft without mistakes: what has no key gets one, which it keeps."""
    first = draft["languages"][0]
    taken: set[str] = {each["key"] for each in draft["questions"] if each["key"]}
    questions = []
    for each in draft["questions"]:
        chosen = {choice["key"] for choice in each["choices"] if choice["key"]}
        choices = [
            {"key": choice["key"] or _key(choice["words"].get(first, ""), chosen), "words": choice["words"]}
            for choice in each["choices"]
        ]
        asks = Asks(each["asks"])
        data = {
            "key": each["key"] or _key(each["words"].get(first, ""), taken),
            "asks": asks.value,
            "required": each["required"],
            "words": each["words"],
        }
        if asks is Asks.SCALE:
            data |= {name: each[name] for name in ("least", "most")}
            data |= {name: each[name] for name in ("low", "high") if any(each[name].values())}
        if asks in _CHOOSE:
            data["choices"] = choices
        questions.append(data)
    key = draft["key"] or _key(draft["title"].get(first, ""), set())
    texts = {name: draft[name] for name in _TEXTS}
    return survey_of({"key": key, **texts, "questions": questions})


def shown(draft: Draft) -> Survey:
    """The draft as a survey to look at, whatever is missing: gaps are dots."""
    return finished(_filled(draft))


def _filled(draft: Draft) -> Draft:
    spoken = draft["languages"]

    def words(given: Mapping[str, str]) -> dict[str, str]:
        return {language: given.get(language) or "…" for language in spoken}

    return {
        **draft,
        "key": draft["key"] or "draft",
        **{name: words(draft[name]) for name in _TEXTS},
        "questions": [
            {
                **each,
                "words": words(each["words"]),
                "most": min(max(each["most"], each["least"] + 1), each["least"] + WIDEST_SCALE - 1),
                "choices": [{**choice, "words": words(choice["words"])} for choice in each["choices"]],
            }
            for each in draft["questions"]
        ],
    }


def _new() -> Draft:
    return {
        "key": "",
        "asks": Asks.SCALE.value,
        "required": True,
        "least": 0,
        "most": 10,
        "words": {},
        "low": {},
        "high": {},
        "choices": [],
    }


def _question(form: MultiDict[str, str], at: str, spoken: Sequence[str]) -> Draft:
    asks = form.get(f"{at}-asks", "")
    choices = [
        {"key": _clean(form.get(f"{at}-c{place}-key", "")), "words": _words(form, f"{at}-c{place}", spoken)}
        for place in _places(form, f"{at}-c", _MOST_CHOICES)
    ]
    asks = asks if asks in list(Asks) else Asks.TEXT.value
    while asks in _CHOOSE and len(choices) < FEWEST_CHOICES:
        choices.append({"key": "", "words": {}})
    return {
        "key": _clean(form.get(f"{at}-key", "")),
        "asks": asks,
        "required": form.get(f"{at}-required") == "y",
        "least": _whole(form.get(f"{at}-least", ""), 0),
        "most": _whole(form.get(f"{at}-most", ""), 10),
        "words": _words(form, at, spoken),
        "low": _words(form, f"{at}-low", spoken),
        "high": _words(form, f"{at}-high", spoken),
        "choices": choices,
    }


def _places(form: MultiDict[str, str], prefix: str, most: int) -> Iterator[int]:
    """The places that the form has, in order: each sends its key, which may be empty."""
    return (at for at in range(most) if f"{prefix}{at}-key" in form)


def _words(form: MultiDict[str, str], name: str, spoken: Sequence[str]) -> dict[str, str]:
    return {language: form.get(f"{name}-{language}", "").strip() for language in spoken}


def _clean(key: str) -> str:
    return key if re.fullmatch(r"[a-z][a-z0-9_]{0,39}", key) else ""


def _whole(text: str, default: int) -> int:
    return int(text) if re.fullmatch(r"[0-9]{1,3}", text.strip()) else default


def _key(words: str, taken: set[str]) -> str:
    """A key that is made of the words, unlike those that are taken; it is then taken, too."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().casefold()
    base = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:_LONGEST_KEY].strip("_")
    base = base if base[:1].isalpha() else f"q_{base}".rstrip("_")
    key, number = base, 2
    while key in taken:
        key, number = f"{base}_{number}", number + 1
    taken.add(key)
    return key


def _missing(what: str, words: Mapping[str, str], spoken: Sequence[str]) -> list[str]:
    return [
        _("%(what)s is missing in %(language)s.", what=what, language=own_name(language))
        for language in spoken
        if not words.get(language)
    ]


def _about(what: str, question: Draft, spoken: Sequence[str]) -> Iterator[str]:
    yield from _missing(what, question["words"], spoken)
    asks = Asks(question["asks"])
    if asks in _CHOOSE:
        if len(question["choices"]) < FEWEST_CHOICES:
            yield _("%(what)s: give at least two answers to choose from.", what=what)
        for number, choice in enumerate(question["choices"], 1):
            answer = _("%(what)s, answer %(number)s", what=what, number=number)
            yield from _missing(answer, choice["words"], spoken)
    if asks is Asks.SCALE:
        if not question["least"] < question["most"] < question["least"] + WIDEST_SCALE:
            yield _(
                "%(what)s: a scale goes up and has at most %(most)s numbers.", what=what, most=WIDEST_SCALE
            )
        for name, words in ((_("lowest"), question["low"]), (_("highest"), question["high"])):
            if any(words.values()):
                yield from _missing(f"{what}, {name}", words, spoken)
        if any(question["low"].values()) != any(question["high"].values()):
            yield _("%(what)s: say what both ends of the scale mean, or neither.", what=what)
