"""Columns `custom:…` of customers.csv."""

import json
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from arfollow.profiles.operations import facts as operations
from arfollow.profiles.operations import on_change
from arfollow.profiles.queries import profiles

HEAD = "customer,name,custom:Lease start,custom:bikes\n"


def fields(importer, customer="C-1"):
    importer.ledger.session.expire_all()
    id_ = importer.id(customer)
    found = profiles(importer.ledger.session, customer_ids=[id_]).get(id_)
    return dict(found.fields) if found else {}


def test_a_new_customer_and_a_known_one_get_fields(known):
    known(f"{HEAD}C-1,Ümit,2026-03-31,12\nC-3,New,,7\n")

    assert fields(known) == {"lease_start": date(2026, 3, 31), "bikes": "12"}
    assert fields(known, "C-3") == {"bikes": "7"}


def test_a_column_of_dates_is_read_in_the_files_order(known):
    known(f"{HEAD}C-1,Ümit,03.04.2026,1\nC-2,Nordlicht,31.03.2026,2\n")

    assert fields(known)["lease_start"] == date(2026, 4, 3)


def test_dates_that_do_not_tell_their_order_are_refused(known):
    (problem,) = known.problems(f"{HEAD}C-1,Ümit,03.04.2026,1\n")

    assert "day or month first?" in problem


@pytest.mark.parametrize("text", ["03.04.2026 or so", "20260403", "3/4"])
def test_a_column_with_anything_else_in_it_is_text(known, text):
    known(f"{HEAD}C-1,Ümit,{text},1\n")

    assert fields(known)["lease_start"] == text


def test_an_empty_cell_takes_the_field_away_and_a_column_that_is_not_there_leaves_it(known):
    known(f"{HEAD}C-1,Ümit,2026-03-31,12\n")
    known("customer,name,custom:bikes\nC-1,Ümit,\n")

    assert fields(known) == {"lease_start": date(2026, 3, 31)}


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("custom:9", "is no name"),
        ("custom:", "is no name"),
        ("custom:bikes,custom:Bikes", "more than one column"),
    ],
)
def test_a_column_without_a_name_is_refused(known, heading, words):
    cells = "," * heading.count(",")

    problems = known.problems(f"customer,name,{heading}\nC-1,Ümit,1{cells}\n")

    assert words in problems[0]


def test_a_value_that_is_too_long_is_a_problem_of_its_row_and_field(known):
    (problem,) = known.problems(f"customer,name,custom:colour\nC-1,Ümit,{'x' * 501}\n")

    assert problem.startswith("1.csv, row 2, custom:colour: ")


def test_a_mapping_names_an_own_field(importer):
    mapping = '[customer]\nnumber = "No"\nname = "Who"\n"custom:bikes" = "Bikes"\n'

    importer("No,Who,Bikes\nC-1,Ümit,12\n", mapping=mapping)

    assert fields(importer) == {"bikes": "12"}


def test_the_same_file_again_changes_nothing(known):
    text = f"{HEAD}C-1,Ümit,2026-03-31,12\n"

    first, second = known(text), known(text)

    assert (first.is_new, second.is_new) == (True, False)


def test_what_was_before_and_after_stands_in_the_imports_document(known):
    known(f"{HEAD}C-1,Bäckerei Ümit,2026-03-31,12\n")

    change = json.loads(known.documents()[-1])["changes"][0]

    assert change["before"]["custom:bikes"] == ""
    assert change["after"]["custom:bikes"] == "12"


def test_whoever_listens_is_told_of_changed_customers_once(known, monkeypatch):
    told = []
    monkeypatch.setattr(operations, "_listeners", [])
    on_change(lambda _session, ids: told.append(list(ids)))

    known(f"{HEAD}C-1,Bäckerei Ümit,2026-03-31,12\nC-2,Nordlicht Optik,,\n")

    assert told == [[known.id("C-1")]]


def test_the_sales_representative_is_found_by_the_address(known):
    known("customer,name,sales_representative\nC-1,Ümit,Ana@acme.example\n")
    given_ = known.card().sales_id
    known("customer,name,sales_representative\nC-1,Ümit,\n")

    assert (given_, known.card().sales_id) == (1, None)
    assert known.problems("customer,name,sales_representative\nC-1,Ümit,nobody@example.com\n") == [
        (
            "1.csv, row 2, sales_representative: 'nobody@example.com' is neither the e-mail address nor the name of "
            "one user of this company."
        )
    ]


VALUES = st.sampled_from(["", "red", "2026-02-28", "12", "2 of 3"])


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rows=st.dictionaries(st.sampled_from(["C-1", "C-2", "C-3"]), st.tuples(VALUES, VALUES), min_size=1))
def test_what_a_file_says_is_what_is_kept(known, rows):
    lines = "".join(f"{number},N,{one},{other}\n" for number, (one, other) in rows.items())
    known("customer,name,custom:one,custom:other,custom:zero\n".replace(",custom:zero", "") + lines)

    for number, (one, other) in rows.items():
        kept = fields(known, number)
        assert {name for name, value in (("one", one), ("other", other)) if value} == kept.keys()
