import pytest

from tests.workflows.examples.cases import Case, by, outcome

NAME = "product-arrived"
PRODUCT = {"order": "O-1", "product": "City bike", "guide_link": "https://www.example.com/guide"}
CASES = {
    "with a video": Case(
        events=[by("product_arrived", **PRODUCT, video_link="https://www.example.com/video")],
        done=[("video-mail", 0), ("tip", 5)],
    ),
    "without one": Case(events=[by("product_arrived", **PRODUCT)], done=[("guide-mail", 0), ("tip", 5)]),
    "an account closed meanwhile": Case(
        events=[by("product_arrived", **PRODUCT)],
        later={2: {"customer.closed": True}},
        done=[("guide-mail", 0)],
        ended="goal",
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_instructions_come_first_and_a_tip_later(case):
    assert outcome(NAME, case) == (case.done, case.ended)
