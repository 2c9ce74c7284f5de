"""Three web servers and four workers over one PostgreSQL; web processes are killed while clerks click."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import pytest

from tests.crash.machines import Browser, Park, machines
from tests.crash.rig import settle
from tests.crash.sink import listening
from tests.crash.site import EMAIL, PASSWORD, SECRET_KEY, Site, open_site
from tests.crash.verdict import judge

CLERKS, CUSTOMERS = 4, 16
PAGES = ("/follow-ups", "/customers", "/customers/C0", "/deliveries", "/chatter", "/letters", "/levels")


@pytest.fixture
def sink(tmp_path):
    with listening(tmp_path, seed=5) as sink:
        yield sink


@pytest.fixture
def site(postgresql_url, tmp_path, sink) -> Site:
    return open_site(postgresql_url, tmp_path, mail_url=sink.url, customers=CUSTOMERS + 1)


@pytest.fixture
def park(site, postgresql_url, tmp_path, sink):
    with machines(Park(postgresql_url, tmp_path, sink.url, SECRET_KEY), webs=3, workers=4) as park:
        yield park


def signed_in(park: Park) -> Browser:
    browser = Browser(park.webs)
    browser.sign_in(EMAIL, PASSWORD)
    return browser


def work(park: Park, browser: Browser, number: int, confirmed: Path) -> list[tuple[str, int]]:
    """Be a clerk: write to every fourth customer, look around in between; gives what was answered otherwise than hoped.

    Now and then a web process is killed, most likely while it answers somebody.
    """
    odd, random = [], Random(number)
    for customer in range(number, CUSTOMERS, CLERKS):
        page = PAGES[customer % len(PAGES)]
        status, _, _ = browser.insist("GET", page)
        if status != 200:
            odd.append((page, status))
        if customer % 5 == 0:
            random.choice(park.webs).kill_one_of_its_processes(random)
        status, _, again = browser.insist("POST", f"/customers/C{customer}/email", {"number": "1"})
        # Whoever died may have done it before; then it is refused to be done twice.
        if status == 303:
            with confirmed.open("a") as file:
                file.write(f"{customer}\n")
        elif not (again and status in {409, 422}):
            odd.append((f"C{customer}", status))
    return odd


def test_each_message_goes_out_once_and_every_page_is_answered_from_any_machine(site, park, sink, tmp_path):
    browsers = [signed_in(park) for _ in range(CLERKS)]
    with ThreadPoolExecutor() as pool:
        # All at once to the last customer, each at another machine: one is first.
        contested = [
            pool.submit(browser.ask, "POST", f"/customers/C{CUSTOMERS}/email", {"number": "1"})
            for browser in browsers
        ]
        first = [click.result()[0] for click in contested]
        working = [
            pool.submit(work, park, browser, number, site.confirmed)
            for number, browser in enumerate(browsers)
        ]
        odd = [each for clerk in working for each in clerk.result()]

    for worker in park.workers:
        worker.process.terminate()
        worker.process.wait(60)
    settle(site, tmp_path / "log")
    verdict = judge(site, sink)

    assert sorted(first) == [303, *[422] * (CLERKS - 1)]
    assert odd == []
    assert verdict.problems == ()
    assert verdict.messages == CUSTOMERS + 1
    logs = [line for web in park.webs for line in web.log.read_text().splitlines()]
    assert any("SIGKILL" in line for line in logs)
    assert [line for line in logs if "Traceback" in line] == []
