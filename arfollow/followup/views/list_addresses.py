"""Addresses of the list's views, and of a customer as one of a view: its page knows the way back and who is next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import current_app, request, url_for

from arfollow.followup.queries.list_view import ListView, View, parse_query
from arfollow.followup.queries.listing import PAGE_SIZE
from arfollow.followup.views.addresses import CustomerNumber

_PLACE = "NUMBER"


def list_address(list_view: ListView) -> str:
    """The address of a view of the list; the list of all customers has one of its own."""
    arguments = list_view.arguments()
    own = View.ALL if list_view.view is View.ALL else View.ACTION
    endpoint = "followup.customers" if own is View.ALL else "followup.follow_ups"
    values: dict[str, Any] = {k: v for k, v in arguments.items() if (k, v) != ("view", own.value)}
    return url_for(endpoint, **values)


def list_address_at(list_view: ListView, position: int | None) -> str:
    """The address of the page of the view that shows the customer at that position; None: the first page."""
    return list_address(replace(list_view, page=1 + ((position or 1) - 1) // PAGE_SIZE))


def customer_address(number: str, list_view: ListView) -> str:
    """The address of a customer that was opened from a view of the list."""
    return url_for("followup.customer", number=number, list=list_view.query)


def customer_addresses(list_view: ListView) -> Callable[[str], str]:
    """Gives addresses of customers that are opened from that view: what they have in common is made once for a whole page."""
    before, _, after = customer_address(_PLACE, list_view).partition(_PLACE)
    to_url = CustomerNumber(current_app.url_map).to_url
    return lambda number: f"{before}{to_url(number)}{after}"


def opened_from() -> ListView:
    """The view of the list that the present customer's page was opened from; the usual one when its address names none."""
    return parse_query(request.args.get("list", ""))
