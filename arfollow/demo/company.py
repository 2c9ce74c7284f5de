"""The demo's creditor: a bicycle maker, its people, its bank accounts and its plan."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from arfollow.access import Role
from arfollow.chatter.operations import SYSTEM
from arfollow.companies.letterhead import Letterhead
from arfollow.companies.operations import (
    Address,
    change_address,
    change_bank_accounts,
    change_letterhead,
    change_logo,
    create_company,
)
from arfollow.companies.queries import BankDetails
from arfollow.levels.operations import create_default_plan
from arfollow.users.operations import change_details, create_user

LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 280 56" width="280" height="56">'
    '<g fill="none" stroke="#0f5257" stroke-width="4"><circle cx="20" cy="34" r="15"/><circle cx="62" cy="34" r="15"/>'
    '<path d="M20 34 L33 14 L53 14 L62 34 M33 14 L42 34 L53 14"/></g>'
    '<g fill="#0f5257" font-family="Inter, sans-serif"><text x="90" y="32" font-size="25" font-weight="700">Windrad</text>'
    '<text x="91" y="49" font-size="11" letter-spacing="1.5">FAHRRADMANUFAKTUR</text></g></svg>'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """The people of the demo, by id."""

    ana: int
    jan: int
    lena: int
    maria: int


def found_company(session: Session) -> tuple[int, Staff, list[dict[str, str]]]:
    """Make the company; gives its id, its clerks and manager, and whom the sign-in page shows (one for each role)."""
    company_id = create_company(
        session, name="Windrad Fahrradmanufaktur GmbH", country="DE", currency="EUR", who=SYSTEM
    )
    change_address(session, company_id=company_id, address=_ADDRESS, who=SYSTEM)
    change_letterhead(session, company_id=company_id, letterhead=_LETTERHEAD, who=SYSTEM)
    change_bank_accounts(session, company_id=company_id, accounts=_ACCOUNTS, who=SYSTEM)
    change_logo(session, company_id=company_id, content=LOGO.encode(), who=SYSTEM)
    create_default_plan(session, company_id=company_id, language="en", who=SYSTEM)
    shown: list[dict[str, str]] = []
    ids = {name: _user(session, company_id, shown, name, role) for name, role in _PEOPLE}
    staff = Staff(
        ana=ids["Ana Maier"], jan=ids["Jan Kovač"], lena=ids["Lena Vogel"], maria=ids["Maria Schulz"]
    )
    return company_id, staff, shown[:1] + shown[3:]


def write_accounts(path: Path, shown: list[dict[str, str]]) -> None:
    """Tell the sign-in page who may try the demo."""
    path.write_text(json.dumps(shown, indent=1, ensure_ascii=False), encoding="utf-8")


def _user(session: Session, company_id: int, shown: list[dict[str, str]], name: str, role: Role) -> int:
    email = f"{name.split(maxsplit=1)[0].lower()}@windrad.example.com"
    password = "-".join(secrets.choice(_WORDS) for _ in range(4))
    user_id = create_user(
        session,
        company_id=company_id,
        email=email,
        name=name,
        role=role,
        password=password,
        one_time=False,
        who=SYSTEM,
    )
    phone = f"+49 30 5550 1{len(shown)}"
    change_details(session, user_id=user_id, name=name, phone=phone, who=SYSTEM)
    shown.append({"role": role.value, "name": name, "email": email, "password": password})
    return user_id


_WORDS = "amber birch cedar delta ember fjord grove heron iris juniper kestrel lotus maple nectar olive pepper".split()
_PEOPLE = (
    ("Ana Maier", Role.CLERK),
    ("Jan Kovač", Role.CLERK),
    ("Lena Vogel", Role.CLERK),
    ("Maria Schulz", Role.MANAGER),
    ("Erik Olsen", Role.AUDITOR),
    ("Paula Stein", Role.ADMINISTRATOR),
)
_ADDRESS = Address(
    name="Windrad Fahrradmanufaktur GmbH",
    street="Gleisdreieck 7",
    postal_code="10963",
    city="Berlin",
    country="DE",
    phone="+49 30 5550 0",
    email="accounts@windrad.example.com",
    website="www.windrad.example.com",
    vat="DE123456788",
    language="en",
    timezone="Europe/Berlin",
)
_LETTERHEAD = Letterhead(
    accent="#0f5257",
    window="ours",
    sender_line="",
    contact_line="",
    footer_left="",
    footer_middle="",
    footer="Managing director: Paula Stein\nAmtsgericht Charlottenburg HRB 00000",
    pay_link="",
    payment_codes=True,
)
_ACCOUNTS = (
    BankDetails(
        currency="EUR",
        holder="Windrad Fahrradmanufaktur GmbH",
        bank="Musterbank Berlin",
        iban="DE02120300000000202051",
        bic="BYLADEM1001",
    ),
    BankDetails(
        currency="CHF",
        holder="Windrad Fahrradmanufaktur GmbH",
        bank="Musterbank Zürich",
        iban="CH9300762011623852957",
        bic="",
    ),
    BankDetails(
        currency="GBP",
        holder="Windrad Fahrradmanufaktur GmbH",
        bank="Sample Bank London",
        iban="GB29NWBK60161331926819",
        bic="",
    ),
    BankDetails(
        currency="USD",
        holder="Windrad Fahrradmanufaktur GmbH",
        bank="Sample Bank New York",
        iban="",
        bic="",
        account="Routing 021000021 · Account 000123456789",
    ),
    BankDetails(
        currency="KWD",
        holder="Windrad Fahrradmanufaktur GmbH",
        bank="Sample Bank Kuwait",
        iban="KW81CBKU0000000000001234560101",
        bic="",
    ),
)
