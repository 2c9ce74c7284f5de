"""The templates of letters and mails, in the customer's language."""

from __future__ import annotations

from functools import lru_cache
from typing import Protocol

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from arfollow.companies.letterhead import ink, tint
from arfollow.statements.catalogue import words
from arfollow.statements.linked import linked
from arfollow.statements.payment import grouped
from arfollow.statements.unbroken import unbroken
from arfollow.web.templates import templates_folder


class Localized(Protocol):
    """Facts that say how their reader writes things."""

    @property
    def locale(self) -> str:
        """A locale such as `de_CH`."""
        ...


def laid_out(template: str, facts: Localized, **context: object) -> str:
    """The template with the facts put in, in their language."""
    environment = _environment(facts.locale)
    return environment.get_template(template).render(facts=facts, words=words(facts.locale), **context)


@lru_cache(maxsize=64)
def _environment(locale: str) -> Environment:
    """Strict and escaping, with the language's own words behind `_`."""
    environment = Environment(
        loader=FileSystemLoader(templates_folder()),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    translations = words(locale).translations
    environment.install_gettext_callables(  # type: ignore[attr-defined] # the extension adds it
        translations.gettext, translations.ngettext, newstyle=True
    )
    environment.filters |= {
        "grouped": grouped,
        "ink": ink,
        "linked": linked,
        "tint": tint,
        "unbroken": unbroken,
    }
    return environment
