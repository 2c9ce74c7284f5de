import pytest

from tests.workflows.examples.cases import Case, by, enters, on, outcome

NAME = "deal-update"


def deal(status):
    return {"deal": "D-1", "name": "Twelve bicycles", "status": status}


OFFERED = by("deal_updated", **deal("offer"))
CASES = {
    # Working days: from Friday, day 7, to Wednesday, day 12, and to Monday, day 17.
    "no update: asked again, then the manager is told": Case(
        events=[OFFERED],
        done=[("ask", 7), ("ask-again", 12), ("escalate", 17), ("clear-up", 17), ("ask", 24)],
        ended="waiting",
        until=24,
    ),
    "an update begins a new week, winning ends it": Case(
        events=[OFFERED, on(8, "deal_updated", **deal("talks")), on(16, "deal_updated", **deal("won"))],
        done=[("ask", 7), ("ask", 15)],
        ended="goal",
    ),
    "the same status three times is told to the manager": Case(
        events=[OFFERED, on(8, "deal_updated", **deal("offer")), on(16, "deal_updated", **deal("offer"))],
        done=[("ask", 7), ("ask", 15), ("stuck", 16), ("ask", 23)],
        ended="waiting",
        until=23,
    ),
    "an update after the second request": Case(
        events=[OFFERED, on(13, "deal_updated", **deal("talks"))],
        done=[("ask", 7), ("ask-again", 12), ("ask", 20)],
        ended="waiting",
        until=20,
    ),
    "news within the week puts the request off": Case(
        events=[OFFERED, on(3, "deal_updated", **deal("talks"))],
        done=[("ask", 10)],
        ended="waiting",
        until=10,
    ),
    "losing ends it": Case(events=[OFFERED, on(3, "deal_updated", **deal("lost"))], done=[], ended="goal"),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_an_update_is_asked_for(case):
    assert outcome(NAME, case) == (case.done, case.ended)


@pytest.mark.parametrize(("status", "may"), [("offer", True), ("won", False), ("lost", False)])
def test_only_open_deals_enter(status, may):
    assert enters(NAME, {}, by("deal_updated", **deal(status))) is may
