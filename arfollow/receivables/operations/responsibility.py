"""Who is responsible for which customers: by hand, by rules, and handing all of them over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import RowMapping, delete, func, select, update
from sqlalchemy.orm import Session

from arfollow.chatter.operations import record
from arfollow.database import insert_into, touch
from arfollow.receivables.operations.lookup import lock_customer
from arfollow.receivables.queries.responsibility import chooser_of, responsibility_rules
from arfollow.receivables.rules.responsibility import Rule
from arfollow.receivables.tables import Customer, ResponsibilityRule, ResponsibilityVersion
from arfollow.users.tables import Membership, User
from arfollow.values.refusals import N_, Refusal


class NotAMemberError(Refusal, ValueError):
    """The person responsible does not work in this company."""

    def __init__(self) -> None:
        super().__init__(N_("This person does not work in this company."))


AT_ONCE = 1000
"""Of more customers than this the worker goes through the rules."""

_BATCH = 1000
_READ = tuple("id number name country postal_code language currency responsible_id".split())
_FREE = Customer.responsible_id.is_(None) | Customer.responsible_by_rule


def make_responsible(
    session: Session, *, company_id: int, customer_id: int, user_id: int | None, who: str
) -> None:
    """Make a user responsible for a customer by hand; None: whoever the rules say. Raise NotAMemberError."""
    check_member(session, company_id=company_id, user_id=user_id)
    customer = lock_customer(session, company_id=company_id, customer_id=customer_id)
    before = (customer.responsible_id, customer.responsible_by_rule)
    customer.responsible_id, customer.responsible_by_rule = user_id, False
    if user_id is None:
        go_by_the_rules(session, customer)
    if before == (customer.responsible_id, customer.responsible_by_rule):
        return
    names = _names(session, [before[0], customer.responsible_id])
    how = " by rule" if customer.responsible_by_rule else ""
    record(
        session,
        company_id=company_id,
        customer_id=customer_id,
        tag="customer:responsible",
        who=who,
        text=f"Responsible: {names[before[0]]} → {names[customer.responsible_id]}{how}",
        facts={"before": before[0], "after": customer.responsible_id},
    )
    touch(session, [customer_id])


def go_by_the_rules(session: Session, customer: Customer) -> None:
    """Make whoever the rules say responsible for the customer, unless somebody was chosen by hand or by a file."""
    if customer.responsible_id is not None and not customer.responsible_by_rule:
        return
    choose = chooser_of(session, company_id=customer.company_id)
    columns = {name: getattr(customer, name) or "" for name in _READ[1:-1]}
    customer.responsible_id = choose(columns) if choose else None
    customer.responsible_by_rule = customer.responsible_id is not None


def save_rules(session: Session, *, company_id: int, rules: Sequence[Rule], who: str) -> None:
    """Replace the company's rules; raise NotAMemberError. `carry_out` then goes through the customers.

    Saving what is there already changes nothing and writes no entry.
    """
    version = _lock_version(session, company_id)
    before = responsibility_rules(session, company_id=company_id)
    if list(before) == list(rules):
        return
    for user_id in {rule.user_id for rule in rules}:
        check_member(session, company_id=company_id, user_id=user_id)
    session.execute(delete(ResponsibilityRule).where(ResponsibilityRule.company_id == company_id))
    session.add_all(
        ResponsibilityRule(
            company_id=company_id,
            position=position,
            by=rule.by.value,
            asked=rule.asked,
            user_id=rule.user_id,
        )
        for position, rule in enumerate(rules, 1)
    )
    version.wanted += 1
    names = _names(session, [rule.user_id for rule in (*before, *rules)])
    record(
        session,
        company_id=company_id,
        customer_id=None,
        tag="responsibility:rules",
        who=who,
        text="Rules of responsibility changed",
        facts={"before": _told(before), "after": _told(rules)},
        personal={"names": ", ".join(sorted(names[rule.user_id] for rule in rules))},
    )
    session.flush()


def carry_out(session: Session, *, company_id: int, who: str) -> int:
    """Go through the company's customers by its rules as they are now; gives how many have somebody else than before.

    Who was chosen by hand or by a file stays.
    """
    version = _lock_version(session, company_id)
    choose = chooser_of(session, company_id=company_id)
    changed: Counter[int | None] = Counter()
    last = 0
    while rows := _batch(session, company_id, last):
        last = rows[-1]["id"]
        new = {row["id"]: choose(dict(row)) if choose else None for row in rows}
        others = {row["id"]: new[row["id"]] for row in rows if new[row["id"]] != row["responsible_id"]}
        _write(session, others)
        changed.update(others.values())
    version.applied = version.wanted
    if changed:
        _record_changed(session, company_id, changed, who=who)
    return changed.total()


def hand_over(session: Session, *, company_id: int, from_id: int, to_id: int | None, who: str) -> int:
    """Give all customers of one user to another, or (None) to whoever the rules say; rules that name the one name the other.

    Where the one is their sales representative, the other is from now on (None: nobody). Gives how many customers the one
    was responsible for; raise NotAMemberError.
    """
    check_member(session, company_id=company_id, user_id=to_id)
    version = _lock_version(session, company_id)
    own = (Customer.company_id == company_id) & (Customer.responsible_id == from_id)
    ids = session.scalars(
        select(Customer.id).where(own).order_by(Customer.id).with_for_update(key_share=True)
    ).all()
    of_rules = (ResponsibilityRule.company_id == company_id) & (ResponsibilityRule.user_id == from_id)
    if to_id is None:
        session.execute(delete(ResponsibilityRule).where(of_rules))
        version.wanted += 1
        session.execute(update(Customer).where(own).values(responsible_id=None, responsible_by_rule=False))
    else:
        session.execute(update(ResponsibilityRule).where(of_rules).values(user_id=to_id))
        session.execute(update(Customer).where(own).values(responsible_id=to_id))
    sold = _hand_over_sales(session, company_id, from_id, to_id)
    names = _names(session, [from_id, to_id])
    record(
        session,
        company_id=company_id,
        customer_id=None,
        tag="responsibility:handed-over",
        who=who,
        text=f"Customers of {names[from_id]} handed over to {names[to_id] if to_id else 'whoever the rules say'}: {len(ids)}",
        facts={"before": from_id, "after": to_id, "customers": len(ids), "sales": sold},
    )
    touch(session, ids)
    return len(ids)


def _hand_over_sales(session: Session, company_id: int, from_id: int, to_id: int | None) -> int:
    """Those whom the one looks after in sales are the other's, or (None) nobody's; how many they are."""
    own = (Customer.company_id == company_id) & (Customer.sales_id == from_id)
    return len(
        session.execute(update(Customer).where(own).values(sales_id=to_id).returning(Customer.id)).all()
    )


def check_member(session: Session, *, company_id: int, user_id: int | None) -> None:
    """Raise NotAMemberError unless the user (None: nobody) works in the company."""
    if user_id is not None and session.get(Membership, (user_id, company_id)) is None:
        raise NotAMemberError


def has_many_customers(session: Session, *, company_id: int) -> bool:
    """Whether there are more than a request should go through."""
    some = select(Customer.id).where(Customer.company_id == company_id).limit(AT_ONCE + 1)
    return (session.scalar(select(func.count()).select_from(some.subquery())) or 0) > AT_ONCE


def _batch(session: Session, company_id: int, after: int) -> Sequence[RowMapping]:
    found = (
        select(*(getattr(Customer, name) for name in _READ))
        .where(Customer.company_id == company_id, Customer.id > after, _FREE)
        .order_by(Customer.id)
        .limit(_BATCH)
        .with_for_update(key_share=True)
    )
    return session.execute(found).mappings().all()


def _write(session: Session, responsible: Mapping[int, int | None]) -> None:
    if responsible:
        rows = [
            {"id": id_, "responsible_id": user_id, "responsible_by_rule": user_id is not None}
            for id_, user_id in responsible.items()
        ]
        session.execute(update(Customer), rows)
        touch(session, responsible)


def _record_changed(session: Session, company_id: int, changed: Counter[int | None], *, who: str) -> None:
    names = _names(session, changed)
    told = ", ".join(f"{names[user_id]} {count}" for user_id, count in changed.most_common())
    record(
        session,
        company_id=company_id,
        customer_id=None,
        tag="responsibility:assigned",
        who=who,
        text=f"Customers assigned by rule: {told}",
        facts={"customers": {str(user_id or 0): count for user_id, count in changed.items()}},
    )


def _lock_version(session: Session, company_id: int) -> ResponsibilityVersion:
    """Held while rules are changed or carried out, so that the last change is the one that counts."""
    made = insert_into(session, ResponsibilityVersion).values(company_id=company_id, wanted=0, applied=0)
    session.execute(made.on_conflict_do_nothing())
    return session.scalars(
        select(ResponsibilityVersion)
        .where(ResponsibilityVersion.company_id == company_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def _names(session: Session, user_ids: Collection[int | None]) -> Mapping[int | None, str]:
    ids = {user_id for user_id in user_ids if user_id is not None}
    rows = session.execute(select(User.id, User.name).where(User.id.in_(ids))) if ids else ()
    return {None: "nobody", **{row.id: row.name for row in rows}}


def _told(rules: Sequence[Rule]) -> list[dict[str, object]]:
    return [{"by": rule.by.value, "asked": rule.asked, "user": rule.user_id} for rule in rules]
