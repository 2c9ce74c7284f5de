"""Who is here: the customer whose link this is, in the customer's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from http import HTTPStatus
from typing import NoReturn

from babel import Locale
from flask import abort, make_response, render_template
from sqlalchemy.orm import Session

from arfollow import clock
from arfollow.companies.queries import CompanyProfile, Logo, find_company, find_logo
from arfollow.database import current_session
from arfollow.portal import cookies
from arfollow.receivables.queries.customers import CustomerCard, cards_of
from arfollow.receivables.queries.links import Link, find_link
from arfollow.receivables.rules.links import LinkState, Page
from arfollow.statements.catalogue import letter_locale
from arfollow.web.locale import Reader, speak_to

_ACCOUNT = (Page.STATEMENT, Page.PAY, Page.PROMISE, Page.DISPUTE)
OPENS: dict[Page, tuple[Page, ...]] = {
    **dict.fromkeys(_ACCOUNT, (*_ACCOUNT, Page.PREFERENCES)),
    Page.SURVEY: (Page.SURVEY, Page.PREFERENCES),
    Page.CONFIRM: (Page.CONFIRM, Page.PREFERENCES),
    Page.PREFERENCES: (Page.PREFERENCES,),
    Page.UNSUBSCRIBE: (Page.UNSUBSCRIBE, Page.PREFERENCES),
}
"""The pages that a link opens: who may see what is owed may also say when it will be paid, and nobody else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A customer on a page of its own."""

    link: Link
    customer: CustomerCard
    company: CompanyProfile
    logo: Logo | None
    now: datetime
    today: date


def visit(link_id: int, page: Page) -> Visit:
    """The visit of whoever opened that link by hand; answers with the closed page when nobody did, or it opens another page."""
    found = find_link(current_session(), link_id=link_id, now=clock.now()) if cookies.holds(link_id) else None
    if found is None or page not in OPENS[found.page]:
        refuse(None)
    if found.state is not LinkState.VALID:
        refuse(found)
    return welcome(found)


def welcome(link: Link) -> Visit:
    """The visit by a link that is valid; from here on pages speak the customer's language."""
    session = current_session()
    customer = cards_of(session, company_id=link.company_id, customer_ids=[link.customer_id])[
        link.customer_id
    ]
    company = _introduce(session, link, customer)
    return Visit(
        link=link,
        customer=customer,
        company=company,
        logo=find_logo(session, company_id=company.id) if company.has_logo else None,
        now=clock.now(),
        today=clock.today(company.timezone),
    )


def refuse(link: Link | None, *, status: int = 0, advice: str = "") -> NoReturn:
    """Answer with the closed page, the same for every reason; whom to ask stands on it only for a link that there was."""
    session, company = current_session(), None
    if link is not None:
        cards = cards_of(session, company_id=link.company_id, customer_ids=[link.customer_id])
        company = _introduce(session, link, cards[link.customer_id])
    usual = HTTPStatus.NOT_FOUND if link is None else HTTPStatus.GONE
    text = render_template("portal/closed.html", company=company, logo=None, advice=advice)
    session.rollback()
    abort(make_response(text, status or usual))


def _introduce(session: Session, link: Link, customer: CustomerCard) -> CompanyProfile:
    company = find_company(session, company_id=link.company_id)
    locale = letter_locale(
        spoken=(customer.language, company.language), country=customer.country or company.country
    )
    speak_to(Reader(locale=Locale.parse(locale), timezone=company.timezone))
    return company
