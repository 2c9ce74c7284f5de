"""Whom a dry run is about: a customer as it is known today, or one who never was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import request
from flask_babel import gettext as _

from arfollow import clock
from arfollow.access import current_scope
from arfollow.database import current_session
from arfollow.profiles.queries import NOTHING_KNOWN, profiles
from arfollow.receivables.queries.accounts import accounts
from arfollow.receivables.queries.customers import CustomerCard
from arfollow.workflows.queries.known import snapshot
from arfollow.workflows.rules.conditions import Value
from arfollow.workflows.rules.definition import Definition
from arfollow.workflows.rules.triggers import key_name
from arfollow.workflows.samples import INVOICE, nobody
from arfollow.workflows.views import dry_run_address as said


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whom a run is about. `key`: what of them, such as an invoice; `keys`: those to choose from; `what`: what they are, in words."""

    facts: Mapping[str, Value]
    key: str
    keys: tuple[str, ...] = ()
    what: str = ""


def subject_of(definition: Definition, card: CustomerCard | None, start: date) -> Subject:
    """What is known of the customer today, or of one who never was; about what the address says, else the first that there is."""
    if card is None:
        facts = nobody(definition, start=start, language=request.args.get("language", ""))
        return Subject(facts=facts, key=said.key() or INVOICE)
    scope, now = current_scope(), clock.now()
    keys = keys_of(definition, card.id)
    key = said.key() if not keys or said.key() in keys else ""
    key = key or next(iter(keys), "")
    read = snapshot(
        current_session(),
        company_id=scope.company_id,
        customer_ids=[card.id],
        since=now,
        today=scope.today,
        keys=[key],
    )
    return Subject(
        facts=dict(read.known(card.id, key=key, since=now).facts),
        key=key,
        keys=keys,
        what=_("Campaign") if key_name(definition.trigger) == "campaign" else _("Invoice"),
    )


def keys_of(definition: Definition, customer_id: int) -> tuple[str, ...]:
    """The customer's open invoices, or the lists it is on, each once, where the workflow is about one."""
    session, about = current_session(), key_name(definition.trigger)
    if about == "invoice":
        account = accounts(session, customer_ids=[customer_id], day=current_scope().today)[customer_id]
        return tuple(dict.fromkeys(item.invoice for item in account.items))
    if about == "campaign":
        return tuple(profiles(session, customer_ids=[customer_id]).get(customer_id, NOTHING_KNOWN).lists)
    return ()
