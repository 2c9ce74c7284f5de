"""Numbers that somebody copies by hand stand on one line."""

from dataclasses import replace

import pytest

from arfollow.statements.facts import OurContact
from arfollow.statements.layout import laid_out
from arfollow.statements.unbroken import unbroken
from tests.statements.builders import CREDITOR, letter


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Call +49 30 1234567 today", "Call +49~30~1234567 today"),
        ("Tel. (030) 123 456-78, from 9", "Tel. (030)~123~456-78, from 9"),
        ("+41 (0)44 555 66 77 or 089 / 12 34 56", "+41~(0)44~555~66~77 or 089~/~12~34~56"),
        ("IBAN DE02 1203 0000 0000 2020 51 at the DKB", "IBAN DE02~1203~0000~0000~2020~51 at the DKB"),
        ("MT84 MALT 0110 0001 2345 MTLC AST0 01S", "MT84~MALT~0110~0001~2345~MTLC~AST0~01S"),
        ("by 01.12.2026 100.00 EUR of 0.50", "by 01.12.2026 100.00 EUR of 0.50"),
        ("R-2026 0815 and 2026-04 12", "R-2026 0815 and 2026-04 12"),
    ],
)
def test_a_number_has_blanks_at_which_no_line_ends(text, told):
    assert unbroken(text) == told.replace("~", "\N{NO-BREAK SPACE}")


def test_a_number_that_is_longer_than_its_column_still_goes_on_in_the_next_line():
    iban = "FR76 3000 6000 0112 3456 7890 189"

    assert unbroken(iban, 28) == iban


def test_a_letter_keeps_them_together_wherever_they_stand():
    number = "+49 30 555 {}"
    facts = replace(
        letter(),
        paragraphs=(number.format(1),),
        our_contact=OurContact(name="Ana", phone=number.format(2)),
        creditor=replace(
            CREDITOR,
            phone=number.format(3),
            contact_line=number.format(4),
            footer_left=number.format(5),
            footer=number.format(6),
        ),
    )

    page = laid_out("letters/letter.html", facts, kind="letter", logo=None, payments=[])

    assert [page.count(unbroken(number.format(each))) for each in range(1, 7)] == [1] * 6
