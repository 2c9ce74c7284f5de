import json

import pytest

from arfollow.chatter.erasure import Subject
from arfollow.exchange.erasing import without_customer


@pytest.mark.parametrize("number", ["C-1", "Kd-Ü1", 'C "1"'])
def test_what_an_import_tells_of_a_customer_goes_whatever_its_number(importer, number):
    quoted = number.replace('"', '""')
    importer(f'customer,name\n"{quoted}",Bäckerei Ümit\nC-2,Nordlicht\n')
    (document,) = importer.documents()

    found = json.loads(without_customer(document.encode(), Subject(number=number, texts=())))

    assert [change["after"]["name"] for change in found["changes"]] == ["", "Nordlicht"]
