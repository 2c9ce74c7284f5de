import json
from datetime import UTC, date, datetime, timedelta, timezone
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arfollow.chatter import rules
from arfollow.chatter.rules import GENESIS, FactError, Record, TagError
from arfollow.values.money import Money

RECORD = Record(
    schema=1,
    company_id=1,
    chain="main",
    sequence=17,
    previous_hash="0" * 64,
    hash="",
    at="2026-11-21T08:12:33.000000Z",
    tag="letter:printed",
    customer_id=7,
    thread=None,
    who="a" * 64,
    personal="b" * 64,
    facts='{"level":2}',
    documents=(("c" * 64, "application/pdf"),),
)
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
WHOLE = st.integers(min_value=-rules.LARGEST_INTEGER, max_value=rules.LARGEST_INTEGER)
FACTS = st.recursive(
    st.none() | st.booleans() | WHOLE | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
)
RECORDS = st.builds(
    Record,
    schema=WHOLE,
    company_id=WHOLE,
    chain=TEXT,
    sequence=WHOLE,
    previous_hash=TEXT,
    hash=st.just(""),
    at=TEXT,
    tag=TEXT,
    customer_id=st.none() | WHOLE,
    thread=st.none() | TEXT,
    who=TEXT,
    personal=TEXT,
    facts=TEXT,
    documents=st.lists(st.tuples(TEXT, TEXT)).map(tuple),
)


def test_the_bytes_of_an_entry_are_these_for_ever():
    expected = (
        '{"at":"2026-11-21T08:12:33.000000Z","chain":"main","company":1,"customer":7,'
        f'"documents":[["{"c" * 64}","application/pdf"]],"facts":"{{\\"level\\":2}}","personal":"{"b" * 64}",'
        f'"previous":"{GENESIS}","schema":1,"sequence":17,"tag":"letter:printed","thread":null,"who":"{"a" * 64}"}}'
    )

    assert rules.entry_bytes(RECORD) == expected.encode()
    assert rules.entry_hash(RECORD) == sha256(expected.encode()).hexdigest()


def test_the_digests_of_what_may_be_erased_are_these_for_ever():
    personal = b'{"customer":"C-1 B\xc3\xa4cker","data":"{}","salt":"00","text":"Called"}'
    person = b'{"name":"Ana","salt":"00"}'

    assert (
        rules.personal_digest(salt="00", text="Called", customer="C-1 Bäcker", data="{}")
        == sha256(personal).hexdigest()
    )
    assert rules.person_digest(salt="00", name="Ana") == sha256(person).hexdigest()


@given(RECORDS, RECORDS)
def test_different_records_have_different_bytes(one, other):
    assert (rules.entry_bytes(one) == rules.entry_bytes(other)) == (one == other)


@given(RECORDS)
def test_the_bytes_are_those_of_any_json_writer(record):
    fields = {
        "at": record.at,
        "chain": record.chain,
        "company": record.company_id,
        "customer": record.customer_id,
        "documents": record.documents,
        "facts": record.facts,
        "personal": record.personal,
        "previous": record.previous_hash,
        "schema": record.schema,
        "sequence": record.sequence,
        "tag": record.tag,
        "thread": record.thread,
        "who": record.who,
    }

    assert rules.entry_bytes(record).decode() == json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


@given(st.fixed_dictionaries(dict.fromkeys(("customer", "data", "salt", "text"), TEXT)))
def test_the_erasable_parts_are_hashed_as_any_json_writer_writes_them(part):
    person = {"name": part["text"], "salt": part["salt"]}

    assert rules.personal_digest(**part) == sha256_of_json(part)
    assert rules.person_digest(**person) == sha256_of_json(person)


def sha256_of_json(fields: dict) -> str:
    return sha256(
        json.dumps(fields, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
    ).hexdigest()


@pytest.mark.parametrize("name", [name for name in Record._fields if name not in ("hash", "documents")])
def test_a_column_of_another_type_can_not_be_hashed(name):
    assert not rules.is_intact(RECORD._replace(**{name: b"x"}))


@pytest.mark.parametrize("name", [name for name in Record._fields if name != "hash"])
def test_every_field_is_in_the_hash(name):
    changed = {
        "schema": 2,
        "company_id": 2,
        "sequence": 18,
        "customer_id": None,
        "thread": "other",
        "documents": (),
    }

    other = RECORD._replace(**{name: changed.get(name, "other")})

    assert rules.entry_hash(other) != rules.entry_hash(RECORD)


@given(FACTS)
def test_facts_are_read_back_as_they_were(facts):
    assert json.loads(rules.canonical_json(facts)) == facts


@given(st.dictionaries(TEXT, WHOLE))
def test_the_order_in_which_facts_were_put_in_does_not_matter(facts):
    backwards = dict(reversed(facts.items()))

    assert rules.canonical_json(facts) == rules.canonical_json(backwards)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": [True, None, "ü"]}, '{"a":[true,null,"ü"],"b":1}'),
        ({"\ufb01": 1, "\U0001f600": 2}, '{"\U0001f600":2,"\ufb01":1}'),
        ('\x00\ud800\x1f\n"\\\x7f', '"\ufffd\ufffd\\u001f\\n\\"\\\\\x7f"'),
        (date(2026, 11, 21), '"2026-11-21"'),
        (datetime(2026, 11, 21, 9, 12, tzinfo=timezone(timedelta(hours=1))), '"2026-11-21T08:12:00.000000Z"'),
        (Money("EUR", 124050), '{"currency":"EUR","minor":124050}'),
        ((1, 2), "[1,2]"),
    ],
)
def test_the_canonical_form_is(value, text):
    assert rules.canonical_json(value) == text


@pytest.mark.parametrize(
    "value", [1.0, float("nan"), 2**53, -(2**53), b"x", {1: 2}, {None: 1}, {1, 2}, object()]
)
def test_what_has_no_canonical_form_is_refused(value):
    with pytest.raises(FactError):
        rules.canonical_json({"fact": [value]})


@pytest.mark.parametrize(
    "tag",
    ["letter", "Letter:printed", "letter:", ":printed", "a:b:c", "a b:c", "ü:c", "a-:c", "a" * 63 + ":b"],
)
def test_a_tag_that_is_none_is_refused(tag):
    with pytest.raises(TagError):
        rules.checked_tag(tag)


def test_instants_are_text_in_the_order_of_time():
    instants = [
        datetime(999, 1, 1, tzinfo=UTC),
        datetime(2026, 1, 1, tzinfo=UTC),
        datetime(2026, 1, 1, 0, 0, 0, 1, tzinfo=UTC),
    ]

    texts = [rules.instant_text(instant) for instant in instants]

    assert texts == sorted(texts)
    assert {len(text) for text in texts} == {27}


def chained(*facts: str) -> list[Record]:
    """Records that follow one another."""
    records: list[Record] = []
    for sequence, each in enumerate(facts, start=1):
        previous = records[-1].hash if records else GENESIS
        record = RECORD._replace(sequence=sequence, previous_hash=previous, facts=each)
        records.append(record._replace(hash=rules.entry_hash(record)))
    return records


def test_a_whole_chain_has_no_problems():
    assert list(rules.problems(chained("1", "2", "3"))) == []


def test_the_rest_of_a_chain_is_checked_from_where_it_begins():
    records = chained("1", "2", "3")

    assert list(rules.problems(records[1:], sequence=1, head=records[0].hash)) == []


@pytest.mark.parametrize(
    ("spoil", "sentences"),
    [
        (lambda r: r[1:], ["entry 1 is missing; entry 2 comes in its place"]),
        (lambda r: [r[0], r[2]], ["entry 2 is missing; entry 3 comes in its place"]),
        (
            lambda r: [r[0], r[1]._replace(facts="9"), r[2]],
            ["entry 2 was changed: its hash is not that of its contents"],
        ),
        (
            lambda r: [r[0], rehashed(r[1]._replace(facts="9")), r[2]],
            ["entry 3 does not follow the entry before it"],
        ),
    ],
)
def test_a_spoilt_chain_is_described(spoil, sentences):
    records = spoil(chained("1", "2", "3"))

    assert [str(problem) for problem in rules.problems(records)] == sentences


def rehashed(record: Record) -> Record:
    return record._replace(hash=rules.entry_hash(record))
