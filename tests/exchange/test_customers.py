import pytest

CSV = """customer,name,email,phone,street,city,postal_code,country,language,currency,parent,vat
C-1,Bäckerei Ümit,info@umit.example,0221 1,"Gasse 3",Köln,50667,de,de,EUR,,DE1
C-2,Nordlicht Optik,,,,,,,,,C-1,
"""


def test_customers_are_added_with_everything_that_is_known(importer):
    report = importer(CSV)

    card, child = importer.card("C-1"), importer.card("C-2")
    assert (card.name, card.email, card.postal_code, card.country) == (
        "Bäckerei Ümit",
        "info@umit.example",
        "50667",
        "DE",
    )
    assert child.parent_number == "C-1"
    assert str(report.counts[0]) == "customers: 2 new, 0 changed, 0 unchanged"


def test_the_same_file_again_changes_nothing_and_is_not_logged(importer):
    importer(CSV)

    report = importer(CSV)

    assert not report.is_new
    assert str(report.counts[0]) == "customers: 0 new, 0 changed, 2 unchanged"
    assert importer.tags() == ["ledger:imported"]


def test_a_changed_row_updates_and_the_log_holds_before_and_after(importer):
    importer(CSV)

    report = importer(CSV.replace("Nordlicht Optik", "Nordlicht GmbH"))

    assert str(report.counts[0]) == "customers: 0 new, 1 changed, 1 unchanged"
    assert importer.card("C-2").name == "Nordlicht GmbH"
    assert importer.tags() == ["ledger:imported"] * 2
    assert '"name": "Nordlicht Optik"' in importer.documents()[1]
    assert '"name": "Nordlicht GmbH"' in importer.documents()[1]
    assert "Bäckerei" not in importer.documents()[1]


def test_a_column_that_the_file_does_not_have_changes_nothing(importer):
    importer(CSV)

    importer("customer,name,city\nC-1,Bäckerei Ümit,\n")

    card = importer.card("C-1")
    assert (card.city, card.email, card.country) == ("", "info@umit.example", "DE")


def test_unknown_columns_are_reported_and_the_rest_is_read(importer):
    report = importer("customer,name,mood\nC-1,A,good\n")

    assert report.notes == ("1.csv: the column 'mood' is not known; it was not read.",)
    assert importer.card().name == "A"


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (",A,,", "row 3, customer: is missing."),
        ("C-2,,,", "row 3, name: is missing."),
        ("C-2,A,nobody,", "row 3, email: 'nobody' is not one valid e-mail address."),
        ("C-2,A,a@x.example;b@x.example,", "row 3, email:"),
        ('C-2,"A\nB",,', "row 3, name: 'A\\nB' holds a line break"),
        ("C-2,=?utf-8?q?A=0D=0ABcc:_x?=,,", "row 3, name: '=?utf-8?q?A=0D=0ABcc:_x?=' holds a line break"),
        ("C-2,A\x07,,", "row 3, name: 'A\\x07' holds a line break or another control character."),
        ("C-1,A,,", "row 3, customer: customer 'C-1' is there twice, first in row 2."),
        ("C-2,A,,C-9", "row 3, parent: customer 'C-9' is not known."),
        ("C-2,A,,C-2", "row 3, parent: customer 'C-2' would be above itself."),
        ("1.93E+09,A,,", "row 3, customer: a spreadsheet has rounded the number to '1.93E+09'"),
    ],
)
def test_what_cannot_be_right_is_told_by_row_and_field(importer, row, problem):
    problems = importer.problems(f"customer,name,email,parent\nC-1,First,,\n{row}\n")

    assert len(problems) == 1
    assert problems[0].startswith(f"1.csv, {problem}")


def test_what_no_field_has_room_for_is_refused_in_a_message_that_can_be_read(importer):
    (problem,) = importer.problems(f"customer,name\nC-1,{'long ' * 50_000}\n")

    assert problem.startswith("1.csv, row 2, name: 'long long")
    assert problem.endswith("has 249999 characters; at most 500 are kept.")
    assert len(problem) < 500


def test_the_longest_number_and_name_fit_on_both_engines(importer):
    number, name = "💶" * 500, "".join(map(chr, range(0x4E00, 0x4E00 + 500)))

    importer(f"customer,name\n{number},{name}\n")

    assert importer.card(number).name == name


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("country", "Germany", "country code of two letters"),
        ("language", "klingon", "is not a language code"),
        ("currency", "EURO", "is not an ISO 4217 currency code"),
        ("responsible", "Nobody", "neither the e-mail address nor the name of one user"),
        ("plan", "Gold", "'Gold' is no plan"),
    ],
)
def test_codes_people_and_plans_have_to_exist(importer, column, value, words):
    (problem,) = importer.problems(f"customer,name,{column}\nC-1,A,{value}\n")

    assert problem.startswith(f"1.csv, row 2, {column}: ")
    assert words in problem


def test_a_circle_of_parents_is_told_of_everybody_in_it(importer):
    importer("customer,name,parent\nC-1,A,\nC-2,B,C-1\n")

    problems = importer.problems("customer,name,parent\nC-1,A,C-2\n")

    assert problems == ["1.csv, row 2, parent: customer 'C-1' would be above itself."]


def test_parents_may_stand_further_down_or_be_known_already(importer):
    importer("customer,name\nC-0,Top\n")

    importer("customer,name,parent\nC-2,B,C-1\nC-1,A,C-0\n")

    assert importer.card("C-2").parent_number == "C-1"
    assert importer.card("C-1").parent_number == "C-0"


def test_nothing_is_imported_when_one_row_is_wrong(importer):
    importer.problems("customer,name\nC-1,A\nC-2,\n")

    assert importer.find("C-1") is None
    assert importer.tags() == []


def test_every_problem_of_every_file_is_told_at_once(importer):
    problems = importer.problems(
        "customer,name,country\nC-1,,X1\nC-2,B,\n",
        "invoice,customer,date,due_date,currency,amount\nI-1,C-1,2026-13-01,,EUR,-5\nI-2,C-9,2026-03-01,2026-03-31,EUR,1\n",
    )

    assert problems == [
        "1.csv, row 2, name: is missing.",
        "1.csv, row 2, country: 'X1' is not a country code of two letters (ISO 3166), such as DE.",
        "2.csv, row 2, amount: has to be above zero (a credit note has the kind credit_note). Found '-5'.",
        "2.csv, row 2, date: '2026-13-01' is no date.",
        "2.csv, row 2, due_date: is missing.",
        "2.csv, row 3, customer: 'C-9' is not known; import customers first.",
    ]


def test_who_is_responsible_is_found_by_address_or_name(importer):
    importer("customer,name,responsible\nC-1,A,ANA@acme.example\nC-2,B,ana\nC-3,C,\n")

    assert [importer.card(f"C-{number}").responsible for number in (1, 2, 3)] == ["Ana", "Ana", ""]


def test_another_companys_customers_are_not_touched(importer):
    importer("customer,name\nC-1,Mine\n")

    importer("customer,name\nC-1,Theirs\n", company_id=2)

    assert importer.card("C-1").name == "Mine"


def test_an_address_of_several_lines_becomes_one(importer):
    importer('customer,name,street\nC-1,A,"Gasse 3\nHinterhaus"\n')

    assert importer.card().street == "Gasse 3, Hinterhaus"


def test_a_heading_without_rows_is_noted(importer):
    report = importer("customer,name\n")

    assert report.notes == ("1.csv has a heading and no rows.",)
    assert not report.is_new


def test_a_last_row_without_a_line_end_is_noted(importer):
    (note,) = importer("customer,name\nC-1,Bäckerei Üm").notes

    assert note.startswith("1.csv: its last row has no line end")
