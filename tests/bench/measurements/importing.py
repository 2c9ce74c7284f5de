"""The import of a whole ledger, and of a single payment after it, by the command, in processes of their own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench import commands
from tests.bench.ledger import write_ledger
from tests.bench.measuring import Figure, Measurement, Probe, Taken
from tests.bench.sites import Site

_PAYMENT = "payment,customer,date,currency,amount,invoice,instalment\nlate-{0},C0000000,{1},EUR,1.00,,\n"


@contextmanager
def begin(site: Site) -> Iterator[Probe]:
    """Imports into the empty company, once: a second import of the same files changes nothing."""
    folder = site.settings.data_dir
    paths = write_ledger(folder, size=site.setup.size, today=site.setup.today)
    rows = sum(_rows(path) for path in paths)
    site.disconnect()

    def probe() -> Taken:
        whole = commands.run(site.settings, "import", *map(str, paths))
        single = folder / "single.csv"
        single.write_text(_PAYMENT.format(1, site.setup.today))
        payment = commands.run(site.settings, "import", str(single))
        seconds = [each.cpu if site.setup.by_cpu else each.seconds for each in (whole, payment)]
        return {
            Figure("import", "rows/s"): [rows / seconds[0]],
            Figure("import: most memory", "MiB"): [whole.peak],
            Figure("import of one payment", "s"): [seconds[1]],
        }

    yield probe


def _rows(path: Path) -> int:
    with path.open("rb") as file:
        return sum(1 for _ in file) - 1


MEASUREMENT = Measurement(name="import", begin=begin, filled=False)
