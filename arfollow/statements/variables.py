"""The values that a level's words may use."""

from __future__ import annotations

from dataclasses import replace

from arfollow.levels.drafts import WordingDraft
from arfollow.levels.wording import Value, paragraphs, render, render_line
from arfollow.statements.catalogue import words
from arfollow.statements.facts import LetterFacts
from arfollow.statements.salutation import salutation


def worded(facts: LetterFacts, wording: WordingDraft, *, contact_name: str, channel: str) -> LetterFacts:
    """The facts with the level's words, values put in, for this channel (letter or email); raise WordingError."""
    values = variables(facts, contact_name=contact_name)
    by_mail = channel == "email"
    return replace(
        facts,
        title=render_line(wording.letter_title, values),
        subject=render_line(wording.email_subject, values),
        paragraphs=paragraphs(render(wording.email_body if by_mail else wording.letter_body, values)),
    )


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
