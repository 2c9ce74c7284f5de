"""The first step: who the company is."""

from __future__ import annotations

from dataclasses import asdict

from flask import request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from arfollow.access import Permission, current_scope, needs
from arfollow.companies import operations as companies
from arfollow.companies.forms import AddressForm, BankAccountForm, LogoForm
from arfollow.companies.logo import LARGEST_BYTES, LogoError
from arfollow.companies.queries import CompanyProfile, find_company
from arfollow.database import current_session
from arfollow.setup import operations
from arfollow.setup.forms import CurrencyForm
from arfollow.setup.queries import ledger_size
from arfollow.setup.rules import Step
from arfollow.setup.views.blueprint import blueprint, on_from, saved, step_page
from arfollow.statements.letterheads.trying import refuse_unseen
from arfollow.web.forms import Form
from arfollow.web.refusals import said
from arfollow.web.transactions import begin_writing, prepare_first

_BANK, _MONEY = "bank-", "money-"


@blueprint.get("/setup/company")
@needs(Permission.ADMINISTER)
def company() -> Response:
    """Address, language, bank account and logo."""
    own = _own()
    return _page(own, AddressForm(obj=own), _bank(own), CurrencyForm(prefix=_MONEY, obj=own), LogoForm())


@blueprint.post("/setup/company")
@needs(Permission.ADMINISTER)
@prepare_first
def save_company() -> Response:
    """Save all of it, or say what has to be changed."""
    own = _own()
    address, logo = AddressForm.from_request(), LogoForm()
    bank = BankAccountForm.from_request(prefix=_BANK)
    money = CurrencyForm.from_request(prefix=_MONEY, obj=own)
    forms: list[Form] = [address, bank, *([money] if f"{_MONEY}currency" in request.form else [])]
    wrong = [form for form in forms if not form.validate()]
    content = _logo(logo)
    if wrong or content is None:
        return _page(own, address, bank, money, logo, status=422)
    begin_writing(current_session())
    _save(own, address, bank, money)
    if content:
        companies.change_logo(
            current_session(), company_id=own.id, content=content, who=current_scope().user_name
        )
    return saved(_("Saved."), on_from(Step.COMPANY))


def _save(own: CompanyProfile, address: AddressForm, bank: BankAccountForm, money: CurrencyForm) -> None:
    session, who = current_session(), current_scope().user_name
    companies.change_address(session, company_id=own.id, address=address.address(), who=who)
    if not _has_ledger() and money.currency.data:
        operations.choose_currency(session, company_id=own.id, currency=money.currency.data, who=who)
    if not own.bank_accounts and not bank.is_dropped:
        companies.change_bank_accounts(session, company_id=own.id, accounts=[bank.details()], who=who)


def _logo(form: LogoForm) -> bytes | None:
    """The file that was chosen, empty where none was; None: it cannot be a logo, as is said at the field."""
    upload = request.files.get("logo")
    content = upload.read(LARGEST_BYTES + 1) if upload else b""
    current_session().rollback()
    try:
        if content:
            refuse_unseen(content)
    except LogoError as error:
        form.logo.errors = [said(error)]
        return None
    return content


def _own() -> CompanyProfile:
    return find_company(current_session(), company_id=current_scope().company_id)


def _has_ledger() -> bool:
    return ledger_size(current_session(), company_id=current_scope().company_id).customers > 0


def _bank(own: CompanyProfile) -> BankAccountForm:
    first = asdict(own.bank_accounts[0]) if own.bank_accounts else {"currency": own.currency}
    return BankAccountForm(prefix=_BANK, data=first)


def _page(
    own: CompanyProfile,
    address: AddressForm,
    bank: BankAccountForm,
    money: CurrencyForm,
    logo: LogoForm,
    *,
    status: int = 200,
) -> Response:
    return step_page(
        "setup/company.html",
        Step.COMPANY,
        status=status,
        company=own,
        address=address,
        bank=bank,
        money=money,
        logo=logo,
        has_ledger=_has_ledger(),
    )
