"""Writes of companies. Every change is an entry in the company's chatter."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, time

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from arfollow import clock
from arfollow.chatter.operations import record
from arfollow.companies import rules
from arfollow.companies.letterhead import Letterhead
from arfollow.companies.logo import checked_logo
from arfollow.companies.queries import BankDetails, TextHours, bank_accounts
from arfollow.companies.tables import BankAccount, Company
from arfollow.database import touch_everybody
from arfollow.values.money import decimals
from arfollow.web.locale import languages

_on_moved: list[Callable[[Session, int], None]] = []


@dataclass(frozen=True, kw_only=True)
class Address:
    """Who the company is, and how it is reached."""

    name: str
    street: str
    postal_code: str
    city: str
    country: str
    phone: str
    email: str
    website: str
    vat: str
    language: str
    timezone: str


@dataclass(frozen=True, kw_only=True)
class FollowUpRules:
    """The company's own limits. `tolerances`: minor units by currency."""

    tolerances: Mapping[str, int]
    bucket_days: Sequence[int]
    import_limit_days: int
    promise_limit_days: int


def on_moved(listener: Callable[[Session, int], None]) -> None:
    """Register what runs when a company's country changed. `app.py` does."""
    if listener not in _on_moved:
        _on_moved.append(listener)


def create_company(
    session: Session,
    *,
    name: str,
    country: str,
    currency: str,
    who: str,
    language: str | None = None,
    timezone: str | None = None,
) -> int:
    """Make a company and give its id; language and time zone are the country's by default.

    Raise SettingError or UnknownCurrencyError.
    """
    country = rules.checked_country(country)
    decimals(currency)
    company = Company(
        name=name.strip(),
        country=country,
        currency=currency,
        language=language or rules.default_language(country, offered=languages()),
        timezone=timezone or rules.default_timezone(country),
    )
    session.add(company)
    session.flush()
    facts = {"country": country, "currency": currency}
    _record(session, company.id, tag="company:created", who=who, text=f"Created {company.name}", facts=facts)
    return company.id


def change_address(session: Session, *, company_id: int, address: Address, who: str) -> None:
    """Change who the company is and how it is reached."""
    moved = _change(session, company_id, asdict(address), tag="company:address", who=who)
    if moved.keys() & {"timezone", "country"}:
        touch_everybody(session, company_id)
    if "country" in moved:
        for listener in _on_moved:
            listener(session, company_id)


def change_currency(session: Session, *, company_id: int, currency: str, who: str) -> None:
    """Change the currency that amounts are shown in first. Raise UnknownCurrencyError."""
    decimals(currency)
    _change(session, company_id, {"currency": currency}, tag="company:currency", who=who)


def hold_company(session: Session, *, company_id: int) -> None:
    """Nobody else changes the company between our look at it and the saving."""
    session.execute(select(Company.id).where(Company.id == company_id).with_for_update(key_share=True))


def change_letterhead(session: Session, *, company_id: int, letterhead: Letterhead, who: str) -> None:
    """Change what letters look like, and how they are paid."""
    _change(session, company_id, asdict(letterhead), tag="company:letterhead", who=who)


def change_rules(session: Session, *, company_id: int, limits: FollowUpRules, who: str) -> None:
    """Change the company's limits."""
    values = {
        "tolerances": dict(limits.tolerances),
        "bucket_days": list(limits.bucket_days),
        "import_limit_days": limits.import_limit_days,
        "promise_limit_days": limits.promise_limit_days,
    }
    if _change(session, company_id, values, tag="company:rules", who=who):
        touch_everybody(session, company_id)


def change_auditor(session: Session, *, company_id: int, email: str, who: str) -> None:
    """Change who gets the head of the log by e-mail every day; empty: nobody."""
    _change(session, company_id, {"auditor_email": email}, tag="company:auditor", who=who)


def change_automatic_sending(
    session: Session, *, company_id: int, hour: int, digest_email: str, who: str
) -> None:
    """Change from which hour (0 to 23) automatic e-mails go out, and who is told."""
    values = {"automatic_hour": hour, "digest_email": digest_email}
    _change(session, company_id, values, tag="company:automatic", who=who)


def change_text_hours(session: Session, *, company_id: int, hours: TextHours, who: str) -> None:
    """Change when text messages may go out."""
    values = {
        "texts_from": hours.begin,
        "texts_until": hours.end,
        "texts_on_days_of_rest": hours.on_days_of_rest,
    }
    _change(session, company_id, values, tag="company:text-hours", who=who)


def stop_automatic_sending(session: Session, *, company_id: int, who: str) -> None:
    """Have no automatic e-mail go out until somebody lets them; a second stop changes nothing."""
    company = session.get_one(Company, company_id, with_for_update=True)
    if company.automatic_stopped_at is None:
        company.automatic_stopped_at, company.automatic_stopped_by = clock.now(), who
        _record(session, company_id, tag="company:automatic", who=who, text="Automatic e-mails stopped")


def resume_automatic_sending(session: Session, *, company_id: int, who: str) -> None:
    """Let automatic e-mails go out again."""
    company = session.get_one(Company, company_id, with_for_update=True)
    if company.automatic_stopped_at is not None:
        company.automatic_stopped_at, company.automatic_stopped_by = None, ""
        _record(session, company_id, tag="company:automatic", who=who, text="Automatic e-mails resumed")


def change_bank_accounts(
    session: Session, *, company_id: int, accounts: Sequence[BankDetails], who: str
) -> None:
    """Replace the company's bank accounts; the entry holds those from before and those from now on."""
    before = bank_accounts(session, company_id=company_id)
    if list(before) == list(accounts):
        return
    session.execute(delete(BankAccount).where(BankAccount.company_id == company_id))
    session.add_all(BankAccount(company_id=company_id, **asdict(account)) for account in accounts)
    facts = {"before": [asdict(each) for each in before], "after": [asdict(each) for each in accounts]}
    _record(
        session,
        company_id,
        tag="company:bank-accounts",
        who=who,
        text="Bank accounts changed: " + ("; ".join(map(_account_words, accounts)) or "none"),
        facts=facts,
    )


def change_logo(session: Session, *, company_id: int, content: bytes, who: str) -> None:
    """Keep an uploaded logo; raise LogoError."""
    company = session.get_one(Company, company_id)
    company.logo_media_type, company.logo = checked_logo(content)
    facts = {"media_type": company.logo_media_type, "bytes": len(company.logo)}
    _record(session, company_id, tag="company:logo", who=who, text="Logo changed", facts=facts)


def remove_logo(session: Session, *, company_id: int, who: str) -> None:
    """Write letters without a logo."""
    company = session.get_one(Company, company_id)
    company.logo_media_type, company.logo = "", None
    _record(session, company_id, tag="company:logo", who=who, text="Logo removed")


def set_imported_on(session: Session, *, company_id: int, on: date | None) -> None:
    """Note the day that the last import of the company's ledger stands for (None: there is none); the import writes the entry."""
    session.get_one(Company, company_id).imported_on = on


def _change(
    session: Session, company_id: int, values: Mapping[str, object], *, tag: str, who: str
) -> Mapping[str, object]:
    """Set what differs, record it, and give it by name."""
    company = session.get_one(Company, company_id)
    changed = {name: value for name, value in values.items() if getattr(company, name) != value}
    if not changed:
        return {}
    before = {name: getattr(company, name) for name in changed}
    for name, value in changed.items():
        setattr(company, name, value)
    text = "Changed " + ", ".join(name.replace("_", " ") for name in changed)
    facts = {"before": _told(before), "after": _told(changed)}
    _record(session, company_id, tag=tag, who=who, text=text, facts=facts)
    return changed


def _told(values: Mapping[str, object]) -> Mapping[str, object]:
    """As an entry keeps them."""
    return {
        name: value.isoformat("minutes") if isinstance(value, time) else value
        for name, value in values.items()
    }


def _account_words(account: BankDetails) -> str:
    return " ".join(filter(None, (account.currency, account.iban or account.account, account.bank)))


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
