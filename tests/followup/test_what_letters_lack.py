"""A currency without an account, and characters without a glyph, are said before anything goes out."""

import pytest
from sqlalchemy import update

from arfollow.access import Role
from arfollow.companies.operations import change_bank_accounts
from arfollow.companies.queries import BankDetails
from arfollow.companies.tables import Company
from arfollow.levels.tables import Level, Wording
from tests.factories import books, standing_still
from tests.followup.desks import set_company, words_of

POUNDS = BankDetails(currency="GBP", holder="", bank="", iban="GB29NWBK60161331926819", bic="")
EUROS = BankDetails(currency="EUR", holder="", bank="", iban="DE89370400440532013000", bic="")
HOME = {"street": "Gasse 3", "city": "Köln", "country": "DE"}


@pytest.fixture
def ana(sqlite_site):
    """Ana before a customer whose name no font has, at a company with an account for pounds alone."""
    site = sqlite_site
    set_company(site, email="accounts@acme.example.com", street="Hauptstr. 1")
    with books(site) as book:
        book.debtor("王小明", ("100.00", 20), number="C-1", **HOME)
        book.debtor("Bäckerei Ümit", ("100.00", 20), number="C-2", **HOME)
    with site.writing() as session:
        session.execute(update(Level).where(Level.position == 1).values(actions=["letter"]))
        change_bank_accounts(session, company_id=site.company_id, accounts=[POUNDS], who="Eva")
    with standing_still():
        yield site.sign_in(Role.CLERK, name="Ana")


def look(visitor, address):
    return words_of(visitor.get(address).text)


def preflight(visitor):
    return look(visitor, visitor.post("/runs", {"all": "1"}).headers["Location"])


def test_a_currency_without_an_account_is_said_on_list_customer_and_preflight(ana, sqlite_site):
    said = "your company has no bank account for EUR yet."

    assert said in look(ana, "/follow-ups")
    assert said in look(ana, "/customers/C-1")
    assert said in preflight(ana)

    with sqlite_site.writing() as session:
        change_bank_accounts(session, company_id=sqlite_site.company_id, accounts=[EUROS], who="Eva")
    assert "no bank account" not in look(ana, "/follow-ups")
    assert "no bank account" not in look(ana, "/customers/C-1")


def test_with_a_pay_link_nothing_is_missing(ana, sqlite_site):
    with sqlite_site.writing() as session:
        session.execute(update(Company).values(pay_link="https://pay.example.com/{reference}"))

    assert "no bank account" not in look(ana, "/follow-ups")


def test_a_name_that_no_font_has_is_said_on_customer_and_preflight(ana):
    assert "No font has these characters, and a letter would show boxes for them: 王 小 明" in look(
        ana, "/customers/C-1"
    )
    assert "No font has" not in look(ana, "/customers/C-2")
    assert "No font has all characters of 1 address: the letter would show boxes there." in preflight(ana)


def test_an_e_mail_that_lacks_our_own_address_says_so(ana, sqlite_site):
    set_company(sqlite_site, email="")
    with sqlite_site.writing() as session:
        session.execute(update(Level).where(Level.position == 1).values(actions=["email", "letter"]))

    said = preflight(ana)

    assert "E-mail without an address of ours to send from" in said
    assert "E-mail without an address to send to" not in said


def test_words_of_our_own_that_no_font_has_are_said_before_they_go_out(ana, sqlite_site):
    with sqlite_site.writing() as session:
        session.execute(update(Wording).values(letter_body="Bitte zahlen \N{PERSON WITH FOLDED HANDS}"))

    assert (
        "characters of your letterhead or words, and letters would show boxes for them: \N{PERSON WITH FOLDED HANDS}"
        in preflight(ana)
    )
    assert "boxes for them: \N{PERSON WITH FOLDED HANDS}" in look(ana, "/customers/C-2")
