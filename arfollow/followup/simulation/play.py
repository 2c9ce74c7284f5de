"""Plays a scenario: each day the list is made by the rules, and every listed customer is worked and marked Done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from arfollow.followup.simulation.scenario import Debtor, Event, Scenario
from arfollow.levels.rules.facts import Decision, Facts, Reason, Standing, level_terms
from arfollow.levels.rules.outlook import after_done, moves
from arfollow.levels.rules.surfacing import decide
from arfollow.levels.rules.turning import next_chased
from arfollow.receivables.rules.accounts import Account, DisputeTerms, HoldTerms, account
from arfollow.receivables.rules.promises import PromiseTerms
from arfollow.values.money import plain


@dataclass(slots=True)
class _Books:
    """What has happened so far to one debtor."""

    debtor: Debtor
    standing: Standing
    holds: dict[int | None, HoldTerms]
    disputes: dict[int, DisputeTerms]
    promises: list[PromiseTerms]
    taken: int = 0

    def account(self, day: date) -> Account:
        """The debtor's account as of the day."""
        return account(
            day=day,
            items=self.debtor.items,
            credits_=self.debtor.credit_lines,
            promises=self.promises,
            disputes=self.disputes.values(),
            holds=self.holds.values(),
        )


def play(scenario: Scenario) -> Iterator[dict[str, Any]]:
    """One line for each day and listed customer, sorted by customer within a day; see cases/README for its keys."""
    books = [_open_books(debtor) for debtor in scenario.debtors]
    for day in scenario.days:
        for book in books:
            _take_events(book, day, after_done=False)
            yield from _work(book, day, scenario.tolerances)
            _take_events(book, day, after_done=True)


def _open_books(debtor: Debtor) -> _Books:
    standing = Standing(places=debtor.places)
    if debtor.places and debtor.plan is not None:
        last = max(place.followed_on for place in debtor.places.values())
        level = max(place.level for place in debtor.places.values() if place.followed_on == last)
        standing = replace(
            standing, last_done_on=last, last_deadline_days=debtor.plan.levels[level].deadline_days
        )
    return _Books(debtor, standing, {}, {}, [])


def _work(book: _Books, day: date, tolerances: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    known = book.account(day)
    facts = Facts(account=known, plan=book.debtor.plan, standing=book.standing, tolerances=tolerances)
    decision = decide(facts, day)
    if decision.reason is None:
        return
    done = after_done(facts, moves(facts, decision, day), day)
    book.standing = done.standing
    after = next_chased(done, day)
    yield _line(book.debtor, facts, decision, day, after)


def _line(debtor: Debtor, facts: Facts, decision: Decision, day: date, after: date | None) -> dict[str, Any]:
    level = level_terms(facts, decision)
    names = [terms.name for terms in facts.plan.levels] if facts.plan else []
    return {
        "date": day.isoformat(),
        "customer": debtor.name,
        "level": level.name if level else None,
        "reason": (decision.reason or Reason.LEVEL).value,
        "actions": list(decision.actions),
        "overdue": _amounts(
            (item.currency, item.residual) for item in facts.account.items if item.overdue(day)
        ),
        "due": _amounts((item.currency, item.residual) for item in facts.account.items),
        "items": [
            {
                "invoice": step.chased.item.invoice,
                "instalment": step.chased.item.instalment,
                "residual": plain(step.chased.item.residual, step.chased.item.currency),
                "from": None if step.was is None else names[step.was],
                "to": names[step.to],
            }
            for step in decision.steps
        ],
        "next": after.isoformat() if after else None,
    }


def _amounts(amounts: Iterable[tuple[str, int]]) -> dict[str, str]:
    sums: dict[str, int] = {}
    for currency, minor in amounts:
        sums[currency] = sums.get(currency, 0) + minor
    return {currency: plain(minor, currency) for currency, minor in sorted(sums.items())}


def _take_events(book: _Books, day: date, *, after_done: bool) -> None:
    """Let the events up to the day happen, in order; those of the day itself `after_done` only if asked for."""
    events = book.debtor.events
    while book.taken < len(events) and (events[book.taken].day, events[book.taken].after_done) <= (
        day,
        after_done,
    ):
        _TAKE[events[book.taken].kind](book, events[book.taken])
        book.taken += 1


def _hold(book: _Books, event: Event) -> None:
    book.holds[event.item_id] = HoldTerms(item_id=event.item_id, set_on=event.day, until=event.until)


def _release(book: _Books, event: Event) -> None:
    book.holds.pop(event.item_id, None)


def _dispute(book: _Books, event: Event) -> None:
    item_id = event.item_id or 0
    book.disputes[item_id] = DisputeTerms(item_id=item_id, opened_on=event.day, amount=event.amount)


def _resolve(book: _Books, event: Event) -> None:
    book.disputes.pop(event.item_id or 0, None)


def _promise(book: _Books, event: Event) -> None:
    book.promises.append(
        PromiseTerms(
            id=len(book.promises),
            currency=event.currency,
            amount=event.amount or 0,
            made_on=event.day,
            due_on=event.on or event.day,
            grace_days=book.debtor.plan.promise_grace_days if book.debtor.plan else 0,
            item_ids=frozenset(event.item_ids),
        )
    )


def _snooze(book: _Books, event: Event) -> None:
    book.standing = replace(book.standing, snoozed_until=event.until, snoozed_on=event.day)


def _manual(book: _Books, event: Event) -> None:
    book.standing = replace(book.standing, manual_on=event.on)


_TAKE = {
    "hold": _hold,
    "release": _release,
    "dispute": _dispute,
    "resolve": _resolve,
    "promise": _promise,
    "snooze": _snooze,
    "manual": _manual,
    "auto": _manual,
}
