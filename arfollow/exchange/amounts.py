"""Amounts of files: one decimal mark per file; signs, brackets, symbols and groups of digits as people write them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from arfollow.exchange.evidence import AmbiguousError, Evidence, decide
from arfollow.values.money import AmountError, parse_decimal
from arfollow.values.refusals import N_, Quoted, Refusal

DecimalMark = Literal[".", ","]
MARKS: tuple[DecimalMark, ...] = (".", ",")
_SPACES = "\u0020\u00a0\u2009\u202f"
_AMOUNT = re.compile(
    rf"(?P<bracket>\()?[{_SPACES}]*(?P<before>[-+\u2212])?[{_SPACES}]*(?P<unit>[A-Z]{{3}}|[$€£¥])?[{_SPACES}]*"
    rf"(?P<between>[-+\u2212])?[{_SPACES}]*(?P<number>[0-9.,'’{_SPACES}]*[0-9][.,]?)(?P<after>[-\u2212])?"
    rf"[{_SPACES}]*(?P<unit_after>[A-Z]{{3}}|[$€£¥])?[{_SPACES}]*(?P<close>\))?",
    re.ASCII,
)
_PLAIN = re.compile(r"[0-9]+(\.[0-9]{1,2})?", re.ASCII)
_NUMBERS = {
    mark: re.compile(
        rf"(?:[0-9]+|[1-9][0-9]{{0,2}}(?P<group>[{other}'’{_SPACES}])[0-9]{{3}}(?:(?P=group)[0-9]{{3}})*)?"
        rf"(?:\{mark}[0-9]*)?",
        re.ASCII,
    )
    for mark, other in ((".", ","), (",", "."))
}
_NOT_DIGITS = re.compile(r"[^0-9]", re.ASCII)


class AmbiguousAmountsError(Refusal, ValueError):
    """The decimal mark cannot be told."""

    command = "Say --decimal-mark point or comma."

    def __init__(self, example: str) -> None:
        super().__init__(
            N_("point or comma for decimals? The amounts of this file do not tell, for one %(text)s."),
            text=Quoted(example),
        )
        self.example = example


def amount_evidence(texts: Iterable[str] = ()) -> Evidence[DecimalMark]:
    """What these cells say about the decimal mark; more can be added."""
    return Evidence(readings, _plain_marks).add(texts)


def detect_decimal_mark(
    evidence: Evidence[DecimalMark], *, default: DecimalMark | None = None
) -> DecimalMark:
    """The decimal mark with which all amounts of the file can be read; raise AmbiguousAmountsError.

    `default` is what a format prescribes: it decides among amounts that are plain decimals with it, such as `1.200`.
    """
    try:
        return decide(evidence.kinds) or default or "."
    except AmbiguousError as problem:
        several = [kind.text for kind in evidence.kinds if len(kind.readings) > 1]
        if default is not None and all(default in _plain_marks(text) for text in several):
            return default
        raise AmbiguousAmountsError(problem.example) from None


def parse_amount(text: str, mark: DecimalMark, currency: str) -> int:
    """Minor units, negative for `-`, `(…)` and a minus at the end; raise AmountError, UnknownCurrencyError.

    A currency code beside the number must be the amount's own; symbols are ignored, since `$` names many.
    """
    if mark == "." and _PLAIN.fullmatch(text):
        return parse_decimal(text, currency)
    parts = _AMOUNT.fullmatch(text.strip())
    plain = None if parts is None else _plain_number(parts["number"], mark)
    if parts is None or plain is None or not _signs_agree(parts):
        raise AmountError(_no_amount(text, mark), text=Quoted(text))
    for unit in (parts["unit"], parts["unit_after"]):
        if unit is not None and unit.isalpha() and unit != currency:
            raise AmountError(N_("%(text)s is not in %(currency)s."), text=Quoted(text), currency=currency)
    try:
        minor = parse_decimal(plain, currency)
    except AmountError as problem:
        # As it stands in the file, not as we read it.
        raise AmountError(problem.message, **{**problem.values, "text": Quoted(text)}) from None
    negative = parts["bracket"] or {"-", "\u2212"} & {parts["before"], parts["between"], parts["after"]}
    return -minor if negative else minor


def readings(text: str) -> dict[DecimalMark, str]:
    """The plain decimal that the text means with each mark with which it is one."""
    if _PLAIN.fullmatch(text):
        return {".": text} if "." in text else {".": text, ",": text}
    parts = _AMOUNT.fullmatch(text.strip())
    if parts is None:
        return {}
    found = {mark: _plain_number(parts["number"], mark) for mark in MARKS}
    return {mark: plain for mark, plain in found.items() if plain is not None}


def _plain_number(number: str, mark: DecimalMark) -> str | None:
    if not _NUMBERS[mark].fullmatch(number):
        return None
    whole, _, decimals = number.partition(mark)
    return f"{_NOT_DIGITS.sub('', whole) or '0'}.{decimals}".rstrip(".")


def _plain_marks(text: str) -> tuple[DecimalMark, ...]:
    """The marks with which the text is a plain decimal, without groups of digits."""
    return tuple(mark for mark in MARKS if re.fullmatch(rf"-?[0-9]+(\{mark}[0-9]+)?", text.strip(), re.ASCII))


def _signs_agree(parts: re.Match[str]) -> bool:
    signs = [parts[name] for name in ("bracket", "before", "between", "after") if parts[name]]
    return len(signs) <= 1 and bool(parts["bracket"]) == bool(parts["close"])


def _no_amount(text: str, mark: DecimalMark) -> str:
    other = "," if mark == "." else "."
    if other not in readings(text):
        return N_("%(text)s is no amount.")
    if mark == ".":
        return N_("%(text)s is no amount with a decimal point, which this file has.")
    return N_("%(text)s is no amount with a decimal comma, which this file has.")
