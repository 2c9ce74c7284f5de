"""Enters customers."""

from __future__ import annotations

from collections.abc import Mapping

from arfollow.exchange.own_fields import own_of
from arfollow.exchange.posting.journal import Journal, PlanChoice, twice
from arfollow.exchange.problems import Place
from arfollow.exchange.rows import CustomerRow
from arfollow.receivables.rules.books import CUSTOMER_COLUMNS, BookCustomer
from arfollow.values.refusals import N_, Quoted, Remark

_ELSEWHERE = frozenset({"parent", "plan", "responsible", "sales_representative"})


def post_customers(journal: Journal) -> None:
    """Enter every customer row; parents are looked up last, since they may stand further down."""
    places: dict[str, Place] = {}
    for row in journal.rows.customers:
        # Beside the entries of several files stands the same customer; the later file wins.
        if row.number in places and not row.is_brought:
            what = Remark(N_("customer %(number)s"), number=Quoted(row.number))
            message = twice(places[row.number], row.place, what)
            journal.problems.about(row.place, "customer", message)
            continue
        places.setdefault(row.number, row.place)
        _post(journal, row)
    for row in journal.rows.customers:
        if "parent" in row.values and places[row.number] == row.place:
            _post_parent(journal, row)
    _check_circles(journal, places)


def _post(journal: Journal, row: CustomerRow) -> None:
    customer = journal.books.customers.get(row.number)
    own = own_of(row.values)
    given = {name: value for name, value in row.values.items() if name not in _ELSEWHERE and name not in own}
    if customer is None:
        values = dict.fromkeys(CUSTOMER_COLUMNS, "") | given
        customer = BookCustomer(number=row.number, values=values)
        journal.books.customers[row.number] = customer
    else:
        if customer.values["name"] in row.other_names:
            # One of several spellings: the known one stays, or it would change with every file.
            del given["name"]
        customer.values.update(given)
    customer.own.update(own)
    if row.number not in journal.rows.repeated:
        journal.mentioned.append(customer)
    if "plan" in row.values:
        journal.plans.append(PlanChoice(place=row.place, customer=customer, plan=row.values["plan"]))
    if "responsible" in row.values:
        customer.responsible_id = _person(journal, row, "responsible")
        customer.responsible_by_rule = False
    if "sales_representative" in row.values:
        customer.sales_id = _person(journal, row, "sales_representative")


def _person(journal: Journal, row: CustomerRow, field: str) -> int | None:
    who = row.values[field]
    if not who:
        return None
    found = journal.people.get(who.casefold())
    if found is None:
        message = Remark(
            N_("%(who)s is neither the e-mail address nor the name of one user of this company."),
            who=Quoted(who),
        )
        journal.problems.about(row.place, field, message)
    return found


def _post_parent(journal: Journal, row: CustomerRow) -> None:
    number = row.values["parent"]
    parent = journal.books.customers.get(number) if number else None
    if number and parent is None and number not in journal.unread.customers:
        message = Remark(N_("customer %(number)s is not known."), number=Quoted(number))
        journal.problems.about(row.place, "parent", message)
    journal.books.customers[row.number].parent = parent


def _check_circles(journal: Journal, places: Mapping[str, Place]) -> None:
    for number, place in places.items():
        above, seen = journal.books.customers[number].parent, set[str]()
        while above is not None and above.number not in seen:
            if above.number == number:
                message = Remark(N_("customer %(number)s would be above itself."), number=Quoted(number))
                journal.problems.about(place, "parent", message)
                break
            seen.add(above.number)
            above = above.parent
