"""Notices to colleagues: e-mails that may name the customer, in the colleague's language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from arfollow.delivery.message import Mailbox, Message
from arfollow.statements.email import inlined
from arfollow.statements.layout import laid_out
from arfollow.workflows.messages.material import Material
from arfollow.workflows.messages.words import Written


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """All that a notice says. `told`: what the chatter keeps of it."""

    locale: str
    sender: Mailbox
    to: Mailbox
    subject: str
    paragraphs: tuple[str, ...]
    links: tuple[str, ...]
    workflow: str
    told: Mapping[str, object] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        known: Material,
        words: Written,
        *,
        locale: str,
        to: Mailbox | None = None,
        told: Mapping[str, object] | None = None,
    ) -> Notice:
        """The words of a step; from the company's address, or where it has none from the colleague's own."""
        to = to or Mailbox(email=known.company.email)
        return cls(
            locale=locale,
            sender=Mailbox(email=known.company.email or to.email, name=known.company.name),
            to=to,
            subject=words.subject,
            paragraphs=words.paragraphs,
            links=words.links,
            workflow=known.about.workflow,
            told=told or {},
        )


def render_notice(facts: Notice) -> Message:
    """The e-mail."""
    text = laid_out("messages/notice.txt", facts)
    return Message(
        sender=facts.sender,
        to=facts.to,
        subject=facts.subject,
        text=re.sub(r"\n{3,}", "\n\n", text).strip() + "\n",
        html=inlined(laid_out("messages/notice.html", facts, links=facts.links)),
        facts=facts.told,
    )
