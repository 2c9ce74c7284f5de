"""What can be measured: a file each, named by what it measures, and a line here."""

from __future__ import annotations

from collections.abc import Sequence

from tests.bench.measurements import (
    aging,
    clerks,
    customer,
    done,
    emails,
    importing,
    later,
    letters,
    listing,
    new_day,
    payment,
    refresh,
    workflows,
)
from tests.bench.measuring import Measurement

MEASUREMENTS: Sequence[Measurement] = (
    importing.MEASUREMENT,
    listing.MEASUREMENT,
    customer.MEASUREMENT,
    done.MEASUREMENT,
    later.MEASUREMENT,
    payment.MEASUREMENT,
    aging.MEASUREMENT,
    refresh.MEASUREMENT,
    new_day.MEASUREMENT,
    letters.MEASUREMENT,
    emails.MEASUREMENT,
    workflows.MEASUREMENT,
    clerks.MEASUREMENT,
)
"""In the order in which they are taken."""
