import json
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from arfollow.exchange.report import encode_change, encoded
from arfollow.receivables.rules.books import BookCustomer, BookInvoice, Change

DAYS = st.dates(date(1950, 1, 1), date(2199, 12, 31))


@given(st.text(), st.text(), DAYS, st.none() | DAYS)
def test_a_change_is_one_line_of_json_with_its_before_and_after(number, reference, day, was):
    customer = BookCustomer(number=number, values={})
    invoice = BookInvoice(number=number, customer=customer, date=day, currency="EUR", reference=reference)
    before = None if was is None else {**invoice.columns(), "date": was}
    invoice.stored = before

    line = encoded(Change(invoice, invoice.columns()))

    about = {"invoice": number, "customer": number, "currency": "EUR"}
    assert line == encode_change({**about, "before": before, "after": invoice.columns()})
    assert json.loads(line)["after"] == {"date": str(day), "currency": "EUR", "reference": reference}
    assert "\n" not in line
