import pytest

from arfollow.workflows.examples import example
from tests.workflows.examples.cases import Case, day, on, outcome

NAME = "contract-renewal"
ENDS = {"field.contract_end": day(60)}
CASES = {
    "renewed with one click": Case(
        facts=ENDS,
        events=[on(3, "confirmed", "request")],
        done=[("request", 0), ("thanks", 3), ("prepare", 3)],
    ),
    "wrote back": Case(
        facts=ENDS,
        events=[on(3, "replied", "request", text="Cheaper?")],
        done=[("request", 0), ("read-reply", 3)],
    ),
    "no answer at all": Case(facts=ENDS, done=[("request", 0), ("second", 14), ("call", 46)]),
    "renewed after the second request": Case(
        facts=ENDS,
        events=[on(20, "confirmed", "second")],
        done=[("request", 0), ("second", 14), ("thanks", 20), ("prepare", 20)],
    ),
    "renewed late by the first link": Case(
        facts=ENDS,
        events=[on(20, "confirmed", "request")],
        done=[("request", 0), ("second", 14), ("thanks", 20), ("prepare", 20)],
    ),
    "wrote back after the second request": Case(
        facts=ENDS,
        events=[on(20, "replied", "second", text="No")],
        done=[("request", 0), ("second", 14), ("read-reply", 20)],
    ),
    "renewed elsewhere": Case(
        facts=ENDS, events=[on(5, "contract_renewed")], done=[("request", 0)], ended="goal"
    ),
    "ended": Case(
        facts=ENDS,
        events=[on(30, "contract_ended")],
        done=[("request", 0), ("second", 14)],
        ended="goal",
    ),
    "another page confirmed is no renewal": Case(
        facts=ENDS,
        events=[on(3, "confirmed", "pay")],
        done=[("request", 0), ("second", 14), ("call", 46)],
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_renewal_is_asked_for(case):
    assert outcome(NAME, case) == (case.done, case.ended)


def test_it_begins_sixty_days_before_the_contract_ends():
    assert example(NAME).definition.trigger.settings["days"] == -60
