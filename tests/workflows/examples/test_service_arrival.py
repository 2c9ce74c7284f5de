import pytest

from arfollow.workflows.rules.triggers import word_of
from tests.workflows.examples.cases import Case, on, outcome

NAME = "service-arrival"


def answer(text):
    return [on(0, "replied", "ask", text=text, word=word_of(text))]


THANKED = [("ask", 0), ("thanks", 0)]
SORRY = [("ask", 0), ("sorry", 0), ("alert", 0), ("settle", 0)]
CASES = {
    "yes": Case(events=answer("YES!"), done=THANKED),
    "ja": Case(events=answer(" Ja, danke"), done=THANKED),
    "oui": Case(events=answer("oui."), done=THANKED),
    "no": Case(events=answer("No, nobody came"), done=SORRY),
    "nein": Case(events=answer("NEIN"), done=SORRY),
    "non": Case(events=answer("Non"), done=SORRY),
    "something else": Case(events=answer("Who is this?"), done=[("ask", 0), ("read", 0)]),
    "a mere sign": Case(events=answer("?!"), done=[("ask", 0), ("read", 0)]),
    "no answer": Case(done=[("ask", 0)]),
    "an answer too late": Case(events=[on(3, "replied", "ask", text="no", word="no")], done=[("ask", 0)]),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_answer_decides(case):
    assert outcome(NAME, case) == (case.done, case.ended)
