"""The values that a level's words may use."""

from __future__ import annotations

from dataclasses import replace

from arfollow.levels.drafts import WordingDraft
from arfollow.levels.wording import Value, paragraphs, render, render_line
from arfollow.statements.catalogue import letter_locale, words
from arfollow.statements.facts import LetterFacts
from arfollow.statements.salutation import salutation


def worded(
    facts: LetterFacts, wording: WordingDraft, *, language: str, contact_name: str, channel: str
) -> LetterFacts:
    """The facts with the level's words, values put in, for this channel (letter or email); raise WordingError.

    `language`: the wording's; all else then speaks it too, whatever the customer would have preferred.
    """
    values = values_of(facts, language=language, contact_name=contact_name)
    facts = replace(facts, locale=_spoken(facts.locale, language))
    by_mail = channel == "email"
    return replace(
        facts,
        title=render_line(wording.letter_title, values),
        subject=render_line(wording.email_subject, values),
        paragraphs=paragraphs(render(wording.email_body if by_mail else wording.letter_body, values)),
    )


def values_of(facts: LetterFacts, *, language: str, contact_name: str) -> dict[str, Value]:
    """Every variable, as words in this language would have it."""
    spoken = replace(facts, locale=_spoken(facts.locale, language))
    return variables(spoken, contact_name=contact_name)


def _spoken(locale: str, language: str) -> str:
    """The locale if it is of the language, else that language's locale for the same country."""
    if words(locale).language == language.partition("-")[0]:
        return locale
    return letter_locale(spoken=(language,), country=locale.partition("_")[2])


def variables(facts: LetterFacts, *, contact_name: str) -> dict[str, Value]:
    """Every variable of `levels.wording.VARIABLES`, written as the customer's language writes it."""
    spoken = words(facts.locale)
    return {
        "salutation": salutation(spoken, contact_name=contact_name),
        "customer_name": facts.customer_name,
        "customer_number": facts.customer_number,
        "contact_name": contact_name,
        "company_name": facts.creditor.name,
        "total_due": spoken.amounts(facts.statement.claimed or facts.statement.coming),
        "overdue_total": spoken.amounts(facts.statement.overdue),
        "deadline": spoken.long_day(facts.deadline or facts.dated),
        "today": spoken.long_day(facts.dated),
        "level_name": facts.level,
        "our_contact": facts.our_contact.name,
        "our_phone": facts.our_contact.phone,
        "our_email": facts.our_contact.email,
        "oldest_days": facts.statement.oldest_days,
        "invoice_count": facts.statement.overdue_count,
    }
