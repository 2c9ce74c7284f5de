import pytest

from tests.workflows.examples.cases import Case, day, on, outcome

NAME = "campaign-with-event"


def campaign(name, days):
    return {"campaign.name": name, "campaign.day": day(days)}


SPRING, AUTUMN = campaign("Spring fair", 30), campaign("Autumn fair", 60)
REGISTERED = on(5, "registered")
UP_TO_THE_DAY = [("invitation", 0), ("confirmation", 5), ("reminder", 29)]
CASES = {
    "not registered": Case(facts=SPRING, done=[("invitation", 0)]),
    "attended": Case(
        facts=SPRING, events=[REGISTERED, on(30, "attended")], done=[*UP_TO_THE_DAY, ("thank-you", 30)]
    ),
    "missed": Case(facts=SPRING, events=[REGISTERED, on(30, "missed")], done=[*UP_TO_THE_DAY, ("sorry", 30)]),
    "the same workflow for another campaign": Case(
        facts=AUTUMN,
        events=[REGISTERED, on(60, "attended")],
        done=[("invitation", 0), ("confirmation", 5), ("reminder", 59), ("thank-you", 60)],
    ),
    "registered the day before": Case(
        facts=SPRING,
        events=[on(29, "registered"), on(30, "attended")],
        done=[("invitation", 0), ("confirmation", 29), ("thank-you", 30)],
    ),
    "attendance recorded late: attended": Case(
        facts=SPRING,
        events=[REGISTERED, on(33, "attended")],
        done=[*UP_TO_THE_DAY, ("record", 31), ("thank-you", 33)],
    ),
    "attendance recorded late: missed": Case(
        facts=SPRING,
        events=[REGISTERED, on(33, "missed")],
        done=[*UP_TO_THE_DAY, ("record", 31), ("sorry", 33)],
    ),
    "attendance never recorded": Case(
        facts=SPRING, events=[REGISTERED], done=[*UP_TO_THE_DAY, ("record", 31)]
    ),
    "unsubscribing ends it": Case(
        facts=SPRING, events=[on(2, "opted_out"), REGISTERED], done=[("invitation", 0)], ended="goal"
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_campaign_follows_its_event(case):
    assert outcome(NAME, case) == (case.done, case.ended)
