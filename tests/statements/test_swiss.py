import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from arfollow.statements.facts import Bank, Place
from arfollow.statements.letter import render_letter
from arfollow.statements.payment import payments
from arfollow.statements.swiss import slip, square, takes_slip
from tests.statements.builders import CREDITOR, letter, row, statement_of
from tests.statements.test_letter import read, text

FRANCS = Bank(currency="CHF", holder="", bank="", iban="CH9300762011623852957", bic="")
EUROS = replace(FRANCS, currency="EUR")
QR_IBAN = replace(FRANCS, iban="CH4431999123000889012")
GERMAN = replace(FRANCS, iban="DE02120300000000202051")
ZURICH = Place(street="Bahnhofstr. 1", postal_code="8001", city="Zürich", country="CH")
_CODE = 46 * 744.09447 / 210
COLOGNE = Place(street="Gasse 3", postal_code="50667", city="Köln", country="DE")


def bill(bank=FRANCS, *, to=ZURICH, amount=124050, language="de", **changes):
    """A letter of one claim to a company in Zürich that has this account."""
    owed = statement_of(row(amount=amount), currency=bank.currency)
    company = replace(CREDITOR, name="ACME AG", place=ZURICH, banks=(bank,), **changes)
    return letter(language, "de_CH", statement=owed, creditor=company, place=to)


@pytest.mark.parametrize(
    ("bank", "to", "minor", "has_slip"),
    [
        (FRANCS, ZURICH, 1, True),
        (FRANCS, COLOGNE, 100, True),
        (EUROS, ZURICH, 100, True),
        (EUROS, COLOGNE, 100, False),
        (GERMAN, ZURICH, 100, False),
        (QR_IBAN, ZURICH, 100, False),
        (FRANCS, ZURICH, 0, False),
        (FRANCS, ZURICH, 100_000_000_000, False),
    ],
)
def test_a_swiss_account_is_paid_by_a_slip(bank, to, minor, has_slip):
    assert takes_slip(bill(bank, to=to), bank, minor) is has_slip


def test_a_slip_says_who_pays_what_to_whom_in_the_letters_language():
    drawing = ET.fromstring(slip(bill(), FRANCS, minor=124050, reference="C-1043 / 2026-1"))

    words = [each.text for each in drawing.iter("{http://www.w3.org/2000/svg}text")]
    for expected in (
        "Empfangsschein",
        "Zahlteil",
        "CH93 0076 2011 6238 5295 7",
        "ACME AG",
        "CH-8001 Zürich",
        "Bäckerei Ümit",
        "1 240.50",
        "C-1043 / 2026-1",
    ):
        assert expected in words


def test_a_customer_whose_address_is_not_known_in_full_fills_it_in_by_hand():
    drawing = slip(bill(to=replace(ZURICH, city="")), FRANCS, minor=100, reference="x").decode()

    assert "Bäckerei" not in drawing
    assert "Zahlbar durch (Name/Adresse)" in drawing


@pytest.mark.parametrize(
    "place",
    [
        replace(ZURICH, city="Αθήνα", country="GR"),
        replace(ZURICH, postal_code="東"),
        replace(ZURICH, country="ZZ"),
    ],
)
def test_an_address_of_which_a_bill_takes_nothing_is_filled_in_by_hand_too(place):
    drawing = slip(bill(to=place), FRANCS, minor=100, reference="x").decode()

    assert "Bäckerei" not in drawing
    assert "Zahlbar durch (Name/Adresse)" in drawing


@pytest.mark.parametrize(
    "changes",
    [{"name": "ΑΒΓ ΑΕ"}, {"place": replace(ZURICH, city="Αθήνα")}, {"place": replace(ZURICH, country="")}],
)
def test_a_company_of_which_a_bill_takes_nothing_has_no_slip(changes):
    facts = bill()
    greek = replace(facts, creditor=replace(facts.creditor, **changes))

    assert not takes_slip(greek, FRANCS, 100)


def test_a_name_in_letters_that_no_bill_may_have_is_written_in_those_it_may():
    facts = replace(bill(), customer_name="Ďuriš 王 ₽\x07 ǎ")

    drawing = slip(facts, FRANCS, minor=100, reference="x").decode()

    assert "Ďuriš" in drawing
    assert "王" not in drawing


def test_the_code_alone_is_a_square_around_the_code():
    drawing = square(slip(bill(), FRANCS, minor=100, reference="x")).decode()

    left, top, wide, high = map(float, re.search(r'viewBox="([^"]+)"', drawing)[1].split())
    x, y = map(float, re.search(r"translate\(([0-9.]+),([0-9.]+)\) scale\(3", drawing).groups())
    assert 0 < x - left == pytest.approx(wide - _CODE - (x - left), abs=0.5)
    assert 0 < y - top == pytest.approx(high - _CODE - (y - top), abs=0.5)


def test_the_slip_lies_on_a_last_page_of_its_own_and_no_other_code_competes():
    content = render_letter(bill())

    [payment] = payments(bill())
    assert (payment.has_slip, payment.codes) == (True, ())
    assert len(read(content).pages) == 2
    assert "Zahlteil" in read(content).pages[1].extract_text()


def test_who_wants_no_codes_gets_no_slip():
    facts = bill(payment_codes=False)

    assert [each.has_slip for each in payments(facts)] == [False]
    assert "CH93 0076 2011 6238 5295 7" in text(render_letter(facts))
