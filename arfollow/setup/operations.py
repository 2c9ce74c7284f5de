"""Writes of the first run: what was skipped, chosen or tried, and companies to begin with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from arfollow import clock
from arfollow.access import Role
from arfollow.chatter.operations import record
from arfollow.companies.operations import change_currency, create_company
from arfollow.companies.queries import company_names, find_company
from arfollow.database import insert_into
from arfollow.levels.drafts import WholePlan
from arfollow.levels.operations import (
    PlanInUseError,
    create_default_plan,
    delete_plan,
    make_default,
    write_whole_plan,
)
from arfollow.levels.queries.plans import plans
from arfollow.levels.shipped import is_as_shipped
from arfollow.receivables.tables import Customer
from arfollow.setup.mail import MailServer, Trial
from arfollow.setup.marks import DISMISSED, PLAN_CHOSEN, TRIED, step_skipped_by
from arfollow.setup.plans import PlanChoice
from arfollow.setup.rules import Step
from arfollow.setup.tables import SetupMark
from arfollow.users.operations import set_role
from arfollow.values.refusals import N_, Refusal


class LedgerBegunError(Refusal, RuntimeError):
    """The currency cannot be changed any more."""

    def __init__(self) -> None:
        super().__init__(N_("The currency stays as it is once customers have been imported."))


class NameTakenError(Refusal, ValueError):
    """Commands know companies by their names."""

    def __init__(self, name: str) -> None:
        super().__init__(N_("There is a company called %(name)s already."), name=name)


def found_company(
    session: Session, *, name: str, country: str, currency: str, who: str, language: str | None = None
) -> int:
    """Make a company with its first plan and give its id. Raise SettingError or UnknownCurrencyError."""
    company_id = create_company(
        session, name=name, country=country, currency=currency, language=language, who=who
    )
    spoken = find_company(session, company_id=company_id).language
    create_default_plan(session, company_id=company_id, language=spoken, who=who)
    return company_id


def add_company(
    session: Session,
    *,
    beside: int,
    name: str,
    country: str,
    currency: str,
    language: str,
    user_id: int,
    who: str,
) -> int:
    """Found a company that the user administers, and give its id; the company that it was added from notes it as well.

    Raise NameTakenError, SettingError or UnknownCurrencyError.
    """
    if name.strip().casefold() in {each.name.casefold() for each in company_names(session)}:
        raise NameTakenError(name.strip())
    company_id = found_company(
        session, name=name, country=country, currency=currency, language=language, who=who
    )
    set_role(session, company_id=company_id, user_id=user_id, role=Role.ADMINISTRATOR, who=who)
    _record(
        session,
        beside,
        tag="company:added",
        who=who,
        text=f"Added the company {name.strip()}",
        facts={"company": company_id, "country": country, "currency": currency},
    )
    return company_id


def choose_currency(session: Session, *, company_id: int, currency: str, who: str) -> None:
    """Change the company's currency before its ledger begins. Raise LedgerBegunError, UnknownCurrencyError."""
    if find_company(session, company_id=company_id).currency == currency:
        return
    if session.scalar(select(Customer.id).where(Customer.company_id == company_id).limit(1)) is not None:
        raise LedgerBegunError
    change_currency(session, company_id=company_id, currency=currency, who=who)


def skip(session: Session, *, company_id: int, step: Step, who: str) -> None:
    """Leave the step for later."""
    _mark(session, company_id, step_skipped_by(step), who)
    _record(session, company_id, tag="setup:skipped", who=who, text=f"Setting up: {step.value} skipped")


def take_up(session: Session, *, company_id: int, step: Step, who: str) -> None:
    """Come back to a step that was skipped."""
    _unmark(session, company_id, step_skipped_by(step))
    _record(session, company_id, tag="setup:taken-up", who=who, text=f"Setting up: {step.value} taken up")


def dismiss(session: Session, *, company_id: int, who: str) -> None:
    """Remind nobody of the first run any more."""
    _mark(session, company_id, DISMISSED, who)
    _record(session, company_id, tag="setup:dismissed", who=who, text="Setting up: no more reminders")


def resume(session: Session, *, company_id: int, who: str) -> None:
    """Remind administrators of what is left again."""
    _unmark(session, company_id, DISMISSED)
    _record(session, company_id, tag="setup:resumed", who=who, text="Setting up: reminders again")


def confirm_plan(session: Session, *, company_id: int, who: str) -> None:
    """Keep the plan that there is."""
    _mark(session, company_id, PLAN_CHOSEN, who)
    _record(session, company_id, tag="setup:plan", who=who, text="Setting up: the plan stays as it is")


def choose_plan(session: Session, *, company_id: int, choice: PlanChoice, who: str) -> None:
    """Make this the plan of all customers without one of their own; one that is not there yet is made.

    The default from before is deleted if it is one of ours, unchanged and unused. Raise PlanError, UnknownPlanError.
    """
    if choice.is_current:
        confirm_plan(session, company_id=company_id, who=who)
        return
    before = next((plan for plan in plans(session, company_id=company_id) if plan.is_default), None)
    plan_id = choice.plan_id or _write(session, company_id, choice.whole, who)
    make_default(session, company_id=company_id, plan_id=plan_id, who=who)
    if before is not None and is_as_shipped(before.whole):
        _delete_unused(session, company_id=company_id, plan_id=before.id, who=who)
    _mark(session, company_id, PLAN_CHOSEN, who)


def note_trial(
    session: Session, *, company_id: int, server: MailServer, trial: Trial, to: str, who: str
) -> None:
    """Keep what a test message came to, and for which server."""
    facts = {"place": server.place, "to": to, **asdict(trial)}
    _mark(session, company_id, TRIED, who, facts)
    record(
        session,
        company_id=company_id,
        customer_id=None,
        tag="mail:tested",
        who=who,
        text=f"Test message to {to}: {trial.result}. {trial.answer}".strip(),
        facts={"result": str(trial.result), "host": server.host, "port": server.port},
        personal={"email": to},
    )


def _write(session: Session, company_id: int, whole: WholePlan, who: str) -> int:
    today = clock.today(find_company(session, company_id=company_id).timezone)
    return write_whole_plan(session, company_id=company_id, whole=whole, today=today, who=who)


def _delete_unused(session: Session, *, company_id: int, plan_id: int, who: str) -> None:
    try:
        delete_plan(session, company_id=company_id, plan_id=plan_id, who=who)
    except PlanInUseError:
        # Customers follow it, or have been followed by it: it stays beside the new one.
        return


def _mark(
    session: Session, company_id: int, mark: str, who: str, facts: Mapping[str, Any] | None = None
) -> None:
    values = {"facts": dict(facts or {}), "who": who, "at": clock.now()}
    row = insert_into(session, SetupMark).values(company_id=company_id, mark=mark, **values)
    session.execute(row.on_conflict_do_update(index_elements=["company_id", "mark"], set_=values))


def _unmark(session: Session, company_id: int, mark: str) -> None:
    session.execute(delete(SetupMark).where(SetupMark.company_id == company_id, SetupMark.mark == mark))


def _record(
    session: Session,
    company_id: int,
    *,
    tag: str,
    who: str,
    text: str,
    facts: Mapping[str, object] | None = None,
) -> None:
    record(session, company_id=company_id, customer_id=None, tag=tag, who=who, text=text, facts=facts)
