"""The sheet on top of a pile of letters: how many there are, and to whom they go."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from babel import Locale

from arfollow.companies.queries import CompanyProfile
from arfollow.statements.catalogue import letter_locale
from arfollow.statements.facts import Paper
from arfollow.statements.layout import laid_out
from arfollow.statements.pdf import pdf
from arfollow.statements.queries import paper_of

_STYLES = {Paper.A4: ("cover.css", "a4.css"), Paper.LETTER: ("cover.css", "us_letter.css")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosed:
    """A letter of the pile. `level` empty: a plain statement; `country`: ISO code."""

    number: str
    name: str
    level: str
    country: str
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What goes to a country at a level."""

    country: str
    level: str
    letters: int
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverFacts:
    """All that a cover sheet shows; the letters in the pile's order."""

    locale: str
    paper: Paper
    company: str
    dated: date
    who: str
    draft: bool
    letters: tuple[Enclosed, ...]

    @property
    def pages(self) -> int:
        """Of all letters, without the cover and empty backs."""
        return sum(each.pages for each in self.letters)

    @property
    def shares(self) -> tuple[Share, ...]:
        """How many letters and pages go where, by country and level, in the order of their names."""
        letters: Counter[tuple[str, str]] = Counter()
        pages: Counter[tuple[str, str]] = Counter()
        countries = Locale.parse(self.locale).territories
        for each in self.letters:
            place = countries.get(each.country, each.country), each.level
            letters[place] += 1
            pages[place] += each.pages
        return tuple(
            Share(country=country, level=level, letters=count, pages=pages[country, level])
            for (country, level), count in sorted(letters.items())
        )


def cover_facts(
    company: CompanyProfile, *, letters: tuple[Enclosed, ...], dated: date, who: str, draft: bool
) -> CoverFacts:
    """The cover in the company's language, on its paper."""
    return CoverFacts(
        locale=letter_locale(spoken=[company.language], country=company.country),
        paper=paper_of(company.country),
        company=company.name,
        dated=dated,
        who=who,
        draft=draft,
        letters=letters,
    )


def render_cover(facts: CoverFacts) -> bytes:
    """The PDF of the cover sheet."""
    return pdf(laid_out("letters/cover.html", facts), styles=_STYLES[facts.paper], images={})
