import pytest

from arfollow.exchange.mapping import MappingError, find_mapping, parse_mapping, shipped_mappings

AGING = """
heading = ["Num", "Customer", "Open Balance"]
decimal_mark = "point"
ignored = ["P.O. #"]

[customer]
number = "Customer"
name = "Customer"

[invoice]
number = "Num"
customer = "Customer"
date = "Date"
due_date = "Due Date"
amount = "Amount"
open_amount = "Open Balance"

[constants]
currency = "USD"
"""

FILE = """Apex Handyman Services
A/R Aging Detail

Num,Customer,Date,Due Date,Amount,Open Balance,P.O. #
1041,"Alvarez, Dana",11/18/2025,12/18/2025,"1,284.50","1,284.50",
1063,Saguaro Ridge,12/14/2025,01/13/2026,"4,180.75","2,180.75",PO-8841
"""


def test_a_report_of_another_program_is_read_by_its_mapping(importer):
    importer(FILE, mapping=AGING)

    assert importer.residuals("Alvarez, Dana") == {"1041/1": 128450}
    assert importer.residuals("Saguaro Ridge") == {"1063/1": 418075}


def test_two_files_may_bring_the_same_customer(importer):
    later = FILE.replace("1041", "1042").replace("1063", "1064")

    report = importer(FILE, later, mapping=AGING)

    assert str(report.counts[0]) == "customers: 2 new, 0 changed, 0 unchanged"
    assert importer.residuals("Alvarez, Dana") == {"1041/1": 128450, "1042/1": 128450}


def test_a_list_of_open_items_knows_the_whole_amount_too(importer):
    importer(FILE, mapping=AGING, as_of="2026-01-31")

    assert importer.residuals("Saguaro Ridge") == {"1063/1": 218075}
    assert importer.residuals("Saguaro Ridge", on="01-30") == {"1063/1": 418075}


def test_rows_that_are_paid_become_payments(importer):
    mapping = AGING + '[payment]\nnumber = "paid {Num}"\ndate = "Paid"\n'
    text = FILE.replace("P.O. #", "Paid").replace("PO-8841", "01/20/2026")

    importer(text, mapping=mapping)

    assert importer.residuals("Saguaro Ridge", on="01-19") == {"1063/1": 418075}
    assert importer.residuals("Saguaro Ridge", on="01-20") == {}


def test_kinds_constants_and_selection_are_read(importer):
    mapping = """
negative = "credit_note"
whole_numbers = ["id"]
[customer]
number = "who"
name = "{who} {town}"
[invoice]
number = "id"
customer = "who"
date = "on"
due_date = "due"
amount = "value"
kind = "type"
[kinds]
RV = "invoice"
DZ = "payment"
[constants]
currency = "EUR"
[only]
state = ["open", "part"]
"""
    text = (
        "id,who,town,on,due,value,type,state\n"
        "1.0,A,Bonn,2026-03-01,2026-03-31,10,RV,open\n"
        "2.0,A,Bonn,2026-03-01,2026-03-31,20,RV,closed\n"
        "3.0,A,Bonn,2026-03-01,,-4,RV,part\n"
        "4.0,A,Bonn,2026-03-01,,-5,DZ,open\n"
    )

    report = importer(text, mapping=mapping)

    assert importer.card("A").name == "A Bonn"
    assert importer.residuals("A") == {"1/1": 1000}
    assert importer.unapplied("A") == {"3": 400, "4": 500}
    assert report.notes == ("1.csv: 1 rows were left out, because state is none of these: open, part.",)


def test_several_spellings_of_one_customer_are_reported_and_the_most_frequent_is_kept(importer):
    mapping = AGING.replace('name = "Customer"', 'name = "Name"')
    rows = [("1", "Nash co"), ("2", "Nash  us"), ("3", "Nash us"), ("4", "NASH")]
    head = "Num,Customer,Name,Date,Due Date,Amount,Open Balance\n"
    lines = [f"{number},C-1,{name},11/18/2025,12/18/2025,1.00,1.00\n" for number, name in rows]

    report = importer(head + "".join(lines), mapping=mapping)

    assert "1 customers are written in several ways" in report.notes[0]
    assert "C-1: Nash us / NASH" in report.notes[0]
    assert importer.card().name == "Nash us"


def test_one_of_the_spellings_that_is_known_already_stays(importer):
    mapping = AGING.replace('name = "Customer"', 'name = "Name"')
    importer("customer,name\nC-1,Nash co\n")
    text = (
        "Num,Customer,Name,Date,Due Date,Amount,Open Balance\n"
        "1,C-1,Nash co,11/18/2025,12/18/2025,1.00,1.00\n"
        "2,C-1,Nash us,11/18/2025,12/18/2025,1.00,1.00\n"
        "3,C-1,Nash us,11/18/2025,12/18/2025,1.00,1.00\n"
    )

    importer(text, mapping=mapping)

    assert importer.card().name == "Nash co"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[invoice", "it is no TOML"),
        ("", "none of the tables"),
        ("colour = 1\n[customer]\nnumber = 'a'", "colour is not known"),
        ("[customer]\nsize = 'a'", r"\[customer\] size is not known"),
        ("[customer]\nnumber = 1", "has to be a text"),
        ("date_order = 'ydm'\n[customer]\nnumber = 'a'", "has to be one of ymd, dmy, mdy"),
        ("heading = 'a'\n[customer]\nnumber = 'a'", "has to be a list of texts"),
        ("customer = 1", "has to be a table"),
        ("[customer]\nnumber = 'a'\n[kinds]\nA = 'quote'", "credit_note, invoice, payment"),
    ],
)
def test_what_a_mapping_cannot_say_is_refused(text, words):
    with pytest.raises(MappingError, match=words):
        parse_mapping("mine", text.encode())


def test_a_mapping_is_found_by_path_or_by_name(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(AGING)

    assert find_mapping(str(path)).name == "mine"
    assert find_mapping("ibm_late_payments").name == "ibm_late_payments"
    with pytest.raises(MappingError, match="highradius_open_invoices, ibm_late_payments"):
        find_mapping("unknown")


def test_the_mappings_that_come_along_are_whole():
    assert [each.name for each in shipped_mappings()] == ["highradius_open_invoices", "ibm_late_payments"]


@pytest.mark.parametrize("files", [("customers", "aging"), ("aging", "customers")])
def test_a_file_of_customers_says_more_of_them_than_their_invoices_do(importer, files):
    texts = {"customers": "customer,name\nSaguaro Ridge,Saguaro Ridge Property Group\n", "aging": FILE}

    importer(*(texts[name] for name in files), saved=[parse_mapping("aging", AGING.encode())])

    assert importer.card("Saguaro Ridge").name == "Saguaro Ridge Property Group"
    assert importer.card("Alvarez, Dana").name == "Alvarez, Dana"
    assert importer.residuals("Saguaro Ridge") == {"1063/1": 418075}
