"""The rules give the answers that other systems' own tests expect."""

import json
from pathlib import Path

import pytest

from arfollow.followup.simulation.parsing import parse
from arfollow.followup.simulation.play import play
from arfollow.followup.simulation.reading import ScenarioError

SCENARIO = {
    "plans": [{"plan": "standard", "levels": [{"level": "L1", "days": 5}, {"level": "L2", "days": 20}]}],
    "invoices": [
        {
            "invoice": "I1",
            "customer": "C1",
            "date": "2026-01-01",
            "due_date": "2026-01-31",
            "amount": "100.00",
        }
    ],
    "days": ["2026-02-04", "2026-02-05", "2026-02-20"],
}


def test_every_shared_case_gives_the_expected_answer(shared: Path):
    run = {}
    exec(compile((shared / "cases" / "run").read_text(encoding="utf-8"), "run", "exec"), run)
    cases = [
        (f"{file.name} {case.get('id', '')}", case)
        for file in sorted((shared / "cases").glob("*.json"))
        for case in _cases(file)
    ]

    problems = {name: run["compare"](case["expect"], list(play(parse(case)))) for name, case in cases}

    assert len(cases) > 50
    assert {name: problem for name, problem in problems.items() if problem} == {}


def _cases(file: Path):
    content = json.loads(file.read_text(encoding="utf-8"))
    return content.get("cases", [content])


def test_what_is_left_out_takes_its_default():
    lines = list(play(parse(SCENARIO)))

    assert [(line["date"], line["level"], line["actions"], line["next"]) for line in lines] == [
        ("2026-02-05", "L1", ["email"], "2026-02-20"),
        ("2026-02-20", "L2", ["email"], None),
    ]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            {"plans": [{"plan": "p", "levels": [{"level": "A", "days": 1, "timing": "after_previous"}]}]},
            "timing",
        ),
        (
            {"plans": [{"plan": "p", "levels": [{"level": "A", "days": 1, "timing": "soon"}]}]},
            "levels[0], timing",
        ),
        ({"plans": []}, "plans"),
        ({"customers": [{"customer": "C1", "plan": "gone"}]}, "customers[0], plan: unknown plan 'gone'"),
        (
            {"payments": [{"payment": "P", "customer": "C1", "date": "2026-01-05", "amount": "1.001"}]},
            "decimals",
        ),
        (
            {
                "payments": [
                    {"payment": "P", "customer": "C2", "date": "2026-01-05", "amount": "1", "invoice": "I1"}
                ]
            },
            "payments[0]: 'I1' is not of customer 'C2'",
        ),
        (
            {
                "payments": [
                    {
                        "payment": "P",
                        "customer": "C1",
                        "date": "2026-01-05",
                        "amount": "1",
                        "currency": "USD",
                        "invoice": "I1",
                    }
                ]
            },
            "is in EUR, not USD",
        ),
        (
            {
                "payments": [
                    {"payment": "P", "customer": "C1", "date": "2026-01-05", "amount": "1", "invoice": "X"}
                ]
            },
            "unknown item 'X'",
        ),
        (
            {"invoices": [{"invoice": "I", "customer": "C1", "date": "2026-01-01", "amount": "1"}]},
            "due_date: is missing",
        ),
        ({"events": [{"date": "2026-01-01", "event": "party", "customer": "C1"}]}, "unknown event 'party'"),
        (
            {"events": [{"date": "2026-01-01", "event": "hold", "customer": "C1", "invoice": "X"}]},
            "unknown item 'X'",
        ),
        ({"events": [{"date": "2026-01-01", "event": "snooze", "customer": "C9"}]}, "unknown customer 'C9'"),
        ({"days": ["01.02.2026"]}, "days[0], day"),
        ({"colour": "red"}, "unknown key 'colour'"),
    ],
)
def test_a_scenario_that_cannot_be_played_is_refused_with_its_place(change, words):
    with pytest.raises(ScenarioError) as refusal:
        list(play(parse({**SCENARIO, **change})))

    assert words in str(refusal.value)


def test_a_promise_over_two_currencies_is_refused():
    yen = {
        "invoice": "I2",
        "customer": "C1",
        "date": "2026-01-01",
        "due_date": "2026-01-31",
        "currency": "JPY",
        "amount": "100",
    }
    promise = {"date": "2026-02-01", "event": "promise", "customer": "C1", "amount": "5", "on": "2026-02-09"}

    with pytest.raises(ScenarioError, match="one currency"):
        parse({**SCENARIO, "invoices": [*SCENARIO["invoices"], yen], "events": [promise]})
