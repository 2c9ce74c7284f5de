"""The words of a level: a small template language that managers can trust, checked before it is saved.

Values are plain text that was formatted before; whoever shows the result escapes it. There are no loops, no ranges, no
assignments and no other files to include, so a text cannot grow beyond what was typed and put in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from liquid import BoundTemplate, Environment
from liquid.builtin import content, illegal, output
from liquid.builtin.filters.misc import default
from liquid.builtin.filters.string import capitalize, downcase, upcase
from liquid.builtin.tags.if_tag import IfTag
from liquid.builtin.tags.unless_tag import UnlessTag
from liquid.exceptions import LiquidError, LiquidTypeError
from liquid.span import Span
from liquid.undefined import StrictUndefined

from arfollow.values.refusals import N_, Count, Remark

Value = str | int

VARIABLES: Mapping[str, str] = {
    "salutation": N_("“Dear Ms Kaya,” — “Dear Sir or Madam,” when no contact is known"),
    "customer_name": N_("the customer's name"),
    "customer_number": N_("the customer's number"),
    "contact_name": N_("the person who is written to; empty when nobody is named"),
    "company_name": N_("your company's name"),
    "total_due": N_("what the letter claims, in each currency: “EUR 1,240.50 and CHF 80.00”"),
    "overdue_total": N_("what is overdue before credits are taken off, in each currency"),
    "deadline": N_("the date to pay by"),
    "today": N_("the date of the letter"),
    "level_name": N_("the level's name"),
    "our_contact": N_("the person responsible for the customer, or your company"),
    "our_phone": N_("that person's telephone number; empty when there is none"),
    "our_email": N_("that person's e-mail address; empty when there is none"),
    "oldest_days": N_("how many days the oldest invoice is late (a number)"),
    "invoice_count": N_("how many invoices are overdue (a number)"),
}
"""The variables a text may use, and what each stands for."""

TAGS = ("if", "elsif", "else", "endif", "unless", "endunless")
FILTERS = {"default": default, "capitalize": capitalize, "downcase": downcase, "upcase": upcase}
LONGEST_TEXT = 8_000
_LONGEST_OUTPUT = 40_000
NUMBERS = frozenset({"oldest_days", "invoice_count"})
"""The variables that are numbers; the others are texts."""

_TRIALS: tuple[tuple[int, str], ...] = ((1, ""), (31, "x"))
_MOST_PROBLEMS = 20
_EXPRESSION = re.compile(r"\{\{.*?\}\}|\{%-?\s*(?P<tag>if|unless|elsif)\b.*?%\}", re.DOTALL)
_STRING = re.compile(r"'[^']*'|\"[^\"]*\"")


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """What is wrong with a text, and where: line and column count from 1."""

    line: int
    column: int
    message: str


class WordingError(ValueError):
    """The text cannot be used; `problems` say where and why."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__(" ".join(f"Line {p.line}: {p.message}" for p in problems))


class _Language(Environment):
    """Liquid with nothing but conditions and a few filters."""

    output_stream_limit = _LONGEST_OUTPUT

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:
        """Register what is allowed, instead of everything."""
        del extra
        for tag in (content.Literal, output.Output, illegal.Illegal, IfTag, UnlessTag):
            self.add_tag(tag)
        for name, function in FILTERS.items():
            self.add_filter(name, function)


_language = _Language(undefined=StrictUndefined)


def check(text: str, *, one_line: bool = False, variables: Mapping[str, str] = VARIABLES) -> list[Problem]:
    """What is wrong with the text, in its order; empty when it can be saved. `one_line`: a subject or a title.

    `variables`: those that it may use; a name may have points in it.
    """
    if len(text) > LONGEST_TEXT:
        return [
            Problem(1, 1, Remark(N_("The text has more than %(most)s characters."), most=Count(LONGEST_TEXT)))
        ]
    if one_line and len(text.strip().splitlines()) > 1:
        return [Problem(2, 1, Remark(N_("This has to be a single line.")))]
    try:
        template = _template(text)
    except LiquidError as error:
        return [_problem(error, text)]
    return sorted(_forbidden(template, text, variables))[:_MOST_PROBLEMS] or _trial(template, text, variables)


@lru_cache(maxsize=512)
def variables_in(text: str) -> frozenset[str]:
    """The names of the variables that the text uses; raise WordingError."""
    try:
        found = _template(text).analyze()
    except LiquidError as error:
        raise WordingError([_problem(error, text)]) from None
    return frozenset(str(variable) for uses in found.variables.values() for variable in uses)


def render(text: str, variables: Mapping[str, Value]) -> str:
    """The text with the values put in, lines ending in a line feed; raise WordingError.

    An empty value counts as missing, so that `{% if contact_name %}` asks what it seems to ask.
    """
    if "{" not in text:
        return text.replace("\r\n", "\n")
    try:
        return _template(text).render(_nested(variables))
    except LiquidError as error:
        raise WordingError([_problem(error, text)]) from None


def render_line(text: str, variables: Mapping[str, Value]) -> str:
    """The text as one line, for subjects and titles; raise WordingError."""
    return " ".join(render(text, variables).split())


def paragraphs(text: str) -> tuple[str, ...]:
    """The text's paragraphs, which blank lines divide; line breaks inside one are kept."""
    parts = re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip())
    return tuple("\n".join(line.strip() for line in part.strip().splitlines()) for part in parts if part)


@lru_cache(maxsize=512)
def _template(text: str) -> BoundTemplate:
    return _language.from_string(text.replace("\r\n", "\n"))


def _nested(variables: Mapping[str, Value]) -> dict[str, Any]:
    """As Liquid reads them: none for an empty one, and a table for what stands before a point."""
    nested: dict[str, Any] = {}
    for name, value in variables.items():
        *tables, last = name.split(".")
        inner = nested
        for table in tables:
            inner = inner.setdefault(table, {})
        inner[last] = value if value != "" else None
    return nested


def _forbidden(template: BoundTemplate, text: str, variables: Mapping[str, str]) -> Iterator[Problem]:
    """Unknown variables and filters, and ranges."""
    source = text.replace("\r\n", "\n")
    found = template.analyze()
    for uses in found.variables.values():
        for variable in uses:
            if str(variable) not in variables:
                yield _at(
                    variable.span, source, Remark(N_("There is no variable “%(name)s”."), name=str(variable))
                )
    for name, spans in found.filters.items():
        for span in spans:
            if name not in FILTERS:
                yield _at(
                    span,
                    source,
                    Remark(
                        N_("There is no filter “%(name)s”; there are %(known)s."),
                        name=name,
                        known=_listed(FILTERS),
                    ),
                )
    for match in re.finditer(r"\{[{%].*?[}%]\}", source, re.DOTALL):
        if ".." in _STRING.sub("", match.group()):
            yield _at(Span("", match.start()), source, Remark(N_("Ranges (1..9) cannot be used.")))


def _trial(template: BoundTemplate, text: str, variables: Mapping[str, str]) -> list[Problem]:
    """What goes wrong only when values are put in, such as a number compared with a text."""
    for number, words in _TRIALS:
        try:
            template.render(_nested({name: number if name in NUMBERS else words for name in variables}))
        except LiquidError as error:
            return [_problem(error, text)]
    return []


def _problem(error: LiquidError, text: str) -> Problem:
    source = text.replace("\r\n", "\n")
    message: str = str(error.message or "") or Remark(N_("This cannot be understood."))
    if isinstance(error, LiquidTypeError):
        message = Remark(N_("A number and a text cannot be compared."))
    unknown = re.fullmatch(r"unexpected tag '(.*)'", message)
    if unknown:
        message = (
            Remark(N_("“%(name)s” has no “if” that it belongs to."), name=unknown[1])
            if unknown[1] in TAGS
            else Remark(
                N_("There is no tag “%(name)s”; there are %(known)s."), name=unknown[1], known=_listed(TAGS)
            )
        )
    if error.token is not None and 0 <= error.token.start_index < len(source):
        return _at(Span("", error.token.start_index), source, message)
    return _unplaced(message, source)


def _unplaced(message: str, source: str) -> Problem:
    """Liquid does not always say where: an expression that is broken by itself, else a block without an end."""
    for match in _EXPRESSION.finditer(source):
        closing = {None: "", "unless": "{% endunless %}"}.get(match["tag"], "{% endif %}")
        try:
            _language.from_string(match.group().replace("elsif", "if", 1) + closing)
        except LiquidError:
            return _at(
                Span("", match.start()), source, Remark(N_("Something is missing between the brackets."))
            )
    unclosed = [spans[-1] for spans in _unclosed_tags(source) if spans]
    if unclosed:
        return _at(unclosed[-1], source, Remark(N_("This “if” or “unless” has no end.")))
    return Problem(1, 1, message)


def _unclosed_tags(source: str) -> list[list[Span]]:
    return list(_language.analyze_tags_from_string(source).unclosed_tags.values())


def _at(span: Span, source: str, message: str) -> Problem:
    before = source[: span.index]
    line = before.count("\n") + 1
    return Problem(line, span.index - (before.rfind("\n") + 1) + 1, _sentence(message))


def _sentence(message: str) -> str:
    """A message of the library begins in small letters."""
    return message if isinstance(message, Remark) else message[:1].upper() + message[1:]


def _listed(names: Mapping[str, object] | tuple[str, ...]) -> str:
    return ", ".join(names)
