"""The variables that the words of a workflow may use; the language is that of the levels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from arfollow.levels import wording
from arfollow.levels.wording import Value, WordingError
from arfollow.values.refusals import N_, Remark, Term
from arfollow.workflows.rules.checking import Problem
from arfollow.workflows.rules.definition import Definition, Kind, Settings, Step
from arfollow.workflows.rules.settings import label

_SHARED = (
    "salutation customer_name customer_number contact_name company_name total_due overdue_total today our_contact "
    "our_phone our_email oldest_days invoice_count"
).split()

VARIABLES: Mapping[str, str] = {
    **{name: wording.VARIABLES[name] for name in _SHARED},
    "customer_phone": N_("the customer's telephone number; empty when there is none"),
    "customer_email": N_("the customer's e-mail address; empty when there is none"),
    "customer_page": N_("the link to the customer's page in this program, for colleagues"),
    "sales_contact": N_("the customer's sales representative, or your company"),
    "invoice_number": N_("the number of the invoice that this is about; empty when it is about none"),
    "invoice_amount": N_("what is open of that invoice"),
    "due_date": N_("the day on which that invoice falls due"),
    "pay_link": N_("the customer's page to pay on"),
    "statement_link": N_("the customer's page with the statement of account"),
    "survey_link": N_("the survey that was asked last, for this customer"),
    "confirm_link": N_("the customer's page to confirm or register on with one click"),
    "preferences_link": N_("the customer's page to choose what to hear, and how"),
    "unsubscribe_link": N_("the customer's page to stop messages of this kind"),
    "call_link": N_("a link that calls your company's telephone number"),
    "campaign_name": N_("the campaign's name"),
    "campaign_day": N_("the day of the campaign's event"),
    "campaign_time": N_("its time"),
    "campaign_place": N_("its place"),
    "campaign_map_link": N_("a link to a map of its place"),
    "workflow_name": N_("the workflow's name"),
    "answers": N_("the answers of the last survey, a line each"),
    "history": N_("what this workflow did and what the customer did since, a line each"),
}
"""What each variable stands for. All are texts, but `oldest_days` and `invoice_count`."""

FAMILIES: Mapping[str, tuple[int, str]] = {
    "field": (2, "a custom field of the customer: field.lease_start"),
    "event": (3, "what the last event of a kind told: event.appointment_booked.place"),
    "answer": (3, "the last answer to a question of a survey: answer.satisfaction.score"),
    "value": (2, "a value of the workflow: value.coupon_code"),
}
"""Names with points: what they begin with, how many parts they have, and what they stand for."""


def problems_in(definition: Definition) -> Iterator[Problem]:
    """What is wrong with the words of the steps, said at the step."""
    for step in definition.steps():
        for language, part, text in words_of(step):
            for problem in text_problems(text, definition, one_line=part in ("subject", "title")):
                yield Problem(
                    step=step.key,
                    words=Remark(
                        N_("%(part)s, language %(language)s: %(problem)s"),
                        part=Term(label(part)),
                        language=language,
                        problem=problem,
                    ),
                )
        if step.settings.get("purpose") == "marketing":
            yield from _without_a_way_out(step)
        if step.kind is Kind.SURVEY:
            yield from _without(step, "survey_link")


def words_of(step: Step) -> Iterator[tuple[str, str, str]]:
    """Language, part and text of everything that the step says."""
    words = step.settings.get("words")
    for language, parts in words.items() if isinstance(words, Mapping) else ():
        for part, text in parts.items():
            yield str(language), str(part), str(text)


def spoken(settings: Settings, language: str) -> Mapping[str, str]:
    """The words of a step in the language, else in the one that it is a kind of (de-AT: de), else in English, else in its first."""
    words: Mapping[str, Mapping[str, str]] = settings.get("words", {})
    return words.get(language_spoken(settings, language), {})


def language_spoken(settings: Settings, language: str) -> str:
    """The language of those words; the one that was asked for where there are none."""
    words = settings.get("words", {})
    wanted = (language, language.replace("_", "-").partition("-")[0], "en", *words)
    return next((each for each in wanted if each in words), language)


def variables_of(text: str) -> frozenset[str]:
    """The names of the variables that the text uses; raise WordingError."""
    return wording.variables_in(text)


def render(text: str, variables: Mapping[str, Value]) -> str:
    """The text with the values put in; one that has a point in its name and is not known is empty; raise WordingError."""
    unknown = {name: "" for name in wording.variables_in(text) if "." in name}
    return wording.render(text, {**unknown, **variables})


def text_problems(text: str, definition: Definition, *, one_line: bool) -> Iterator[str]:
    """What is wrong with a text of the workflow. `one_line`: a subject or a title."""
    try:
        used = wording.variables_in(text)
    except WordingError as error:
        yield from (problem.message for problem in error.problems)
        return
    allowed = {**VARIABLES, **{name: "" for name in used if _is_of_a_family(name, definition)}}
    for problem in wording.check(text, one_line=one_line, variables=allowed):
        yield problem.message


def _is_of_a_family(name: str, definition: Definition) -> bool:
    family, *rest = name.split(".")
    if family not in FAMILIES or len(rest) + 1 != FAMILIES[family][0]:
        return False
    return family != "value" or rest[0] in definition.values


def _without_a_way_out(step: Step) -> Iterator[Problem]:
    """Marketing by e-mail says how to stop it."""
    if any(part == "subject" for _, part, _ in words_of(step)):
        yield from _without(step, "unsubscribe_link")


def _without(step: Step, link: str) -> Iterator[Problem]:
    """In which languages the link is not in the text."""
    for language, part, text in words_of(step):
        if part == "text" and link not in text:
            yield Problem(
                step=step.key,
                words=Remark(
                    N_("The text in the language %(language)s has to contain %(link)s."),
                    language=language,
                    link=link,
                ),
            )
