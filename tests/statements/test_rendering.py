import os
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace
from multiprocessing import active_children
from pathlib import Path

import pytest

from arfollow.statements.letter import Kind, Sheet, render_letter, render_statement
from arfollow.statements.rendering import NotRenderedError, Renderers, RenderersEndedError, cores
from tests.statements.builders import letter, row, statement_of

_PARENT = """
import time
from multiprocessing import active_children
from arfollow.statements.letter import Kind, Sheet
from arfollow.statements.rendering import Renderers
from tests.statements.builders import letter

if __name__ == "__main__":
    with Renderers(processes=1) as renderers:
        list(renderers.render([(1, Sheet(Kind.LETTER, letter()))]))
        print(*(process.pid for process in active_children()), flush=True)
        time.sleep(60)
"""


@pytest.fixture(scope="module")
def renderers():
    with Renderers(processes=2) as renderers:
        yield renderers


def sheet(number: int, **changes) -> Sheet:
    return Sheet(Kind.LETTER, letter(customer_number=f"C-{number}", **changes))


def test_letters_come_in_the_order_in_which_they_are_wanted(renderers):
    wanted = [(number, sheet(number)) for number in range(5)]

    given = list(renderers.render(wanted))

    assert [key for key, _ in given] == [0, 1, 2, 3, 4]
    assert [pdf for _, pdf in given] == [render_letter(each.facts) for _, each in wanted]


def test_a_statement_is_rendered_as_here(renderers):
    facts = letter(statement=statement_of(row()))

    ((_, pdf),) = renderers.render([("one", Sheet(Kind.STATEMENT, facts))])

    assert pdf == render_statement(facts)


def test_one_letter_that_cannot_be_rendered_leaves_the_others_alone(renderers):
    odd = Sheet(Kind.LETTER, replace(letter(), locale="no locale"))

    (_, first), (_, bad), (_, last) = renderers.render([(1, sheet(1)), (2, odd), (3, sheet(3))])

    assert isinstance(bad, NotRenderedError)
    assert "could not be rendered" in str(bad)
    assert isinstance(first, bytes)
    assert isinstance(last, bytes)


def test_a_rendering_process_that_is_killed_ends_the_work_in_words():
    before = set(active_children())
    with Renderers(processes=1) as renderers:
        list(renderers.render([(1, sheet(1))]))
        for process in set(active_children()) - before:
            process.kill()
            process.join()

        with pytest.raises(RenderersEndedError, match="ended from outside"):
            list(renderers.render((number, sheet(number)) for number in range(9)))


def test_no_process_outlives_one_that_is_killed(tmp_path):
    program = tmp_path / "parent.py"
    program.write_text(_PARENT)
    paths = os.pathsep.join([str(Path(__file__).parents[2]), *sys.path])
    with subprocess.Popen(
        [sys.executable, str(program)], stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": paths}
    ) as parent:
        pids = [int(word) for word in parent.stdout.readline().split()]
        parent.kill()

    assert pids
    assert _gone_soon(pids)


def _gone_soon(pids: list[int]) -> bool:
    for _ in range(200):
        with suppress(ProcessLookupError):
            for pid in pids:
                os.kill(pid, 0)
            time.sleep(0.05)
            continue
        return True
    return False


def test_at_least_one_core_is_used():
    assert cores() >= 1
