"""Whose a telephone number is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Owner:
    """A customer, and of which company it is one."""

    company_id: int
    customer_id: int
