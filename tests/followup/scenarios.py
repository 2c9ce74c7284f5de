"""Random scenarios, as `arfollow simulate` reads them."""

from datetime import date, timedelta

from hypothesis import strategies as st

from arfollow.levels.rules.steps import Pace, Timing

FIRST = date(2026, 3, 1)


def iso(offset):
    return (FIRST + timedelta(days=offset)).isoformat()


@st.composite
def scenarios(draw):
    """A scenario as `arfollow simulate` reads it: two months, up to three customers."""
    customers = [f"C{n}" for n in range(1, draw(st.integers(1, 3)) + 1)]
    invoices = [draw(_invoices(f"I{n}", customers)) for n in range(draw(st.integers(1, 6)))]
    payments = [draw(_payments(f"P{n}", invoices)) for n in range(draw(st.integers(0, 4)))]
    events = [draw(_events(invoices)) for _ in range(draw(st.integers(0, 5)))]
    events.sort(key=lambda event: event["date"])
    return {
        "company": {"currency": "EUR", "tolerance": {"EUR": draw(st.sampled_from(["0.00", "15.00"]))}},
        "plans": [draw(_plans())],
        "customers": [{"customer": name} for name in customers],
        "invoices": invoices,
        "payments": payments,
        "events": events,
        "days": sorted({iso(draw(st.integers(0, 70))) for _ in range(draw(st.integers(2, 12)))}),
    }


@st.composite
def _events(draw, invoices):
    target = draw(st.sampled_from(invoices))
    issued = (date.fromisoformat(target["date"]) - FIRST).days
    day = draw(st.integers(max(issued, -5), 50))
    ahead = iso(day + draw(st.integers(1, 20)))
    event = {"date": iso(day), "customer": target["customer"], "after_done": draw(st.booleans())}
    item = {"invoice": target["invoice"], "instalment": 1}
    kind = draw(
        st.sampled_from(
            ["hold", "customer hold", "dispute", "resolve", "promise", "snooze", "manual", "auto"]
        )
    )
    if kind == "hold":
        return {**event, **item, "event": "hold", "until": draw(st.sampled_from([None, ahead]))}
    if kind == "customer hold":
        return {**event, "event": draw(st.sampled_from(["hold", "release"])), "until": ahead}
    if kind == "dispute":
        return {**event, **item, "event": kind, "amount": draw(st.sampled_from([None, "30"]))}
    if kind == "resolve":
        return {**event, **item, "event": kind}
    if kind == "promise":
        amount = draw(st.sampled_from(["30", "100"]))
        return {**event, "event": kind, "amount": amount, "on": ahead, "invoices": [[target["invoice"], 1]]}
    return {**event, "event": kind, **{"snooze": {"until": ahead}, "manual": {"on": ahead}, "auto": {}}[kind]}


@st.composite
def _invoices(draw, number, customers):
    issued = draw(st.integers(-60, 20))
    return {
        "invoice": number,
        "instalment": 1,
        "customer": draw(st.sampled_from(customers)),
        "date": iso(issued),
        "due_date": iso(issued + draw(st.integers(-5, 30))),
        "currency": draw(st.sampled_from(["EUR", "EUR", "JPY"])),
        "amount": str(draw(st.sampled_from([40, 100, 250]))),
    }


@st.composite
def _payments(draw, number, invoices):
    target = draw(st.sampled_from(invoices))
    issued = (date.fromisoformat(target["date"]) - FIRST).days
    return {
        "payment": number,
        "customer": target["customer"],
        "date": iso(max(issued, draw(st.integers(-20, 60)))),
        "currency": target["currency"],
        "amount": str(draw(st.sampled_from([10, 40, 100, 300]))),
        "invoice": target["invoice"] if draw(st.integers(0, 3)) else None,
    }


@st.composite
def _plans(draw):
    level_count = draw(st.integers(1, 3))
    return {
        "plan": "standard",
        "default": True,
        "pace": draw(st.sampled_from(list(Pace))).value,
        "minimum_amount": {"EUR": draw(st.sampled_from(["0.00", "60.00"]))},
        "contact_gap_days": draw(st.integers(0, 15)),
        "repeat_last_after_days": draw(st.none() | st.integers(1, 15)),
        "review_after_days": draw(st.none() | st.integers(1, 20)),
        "promise_grace_days": draw(st.integers(0, 2)),
        "levels": [
            {
                "level": f"L{n}",
                "timing": draw(st.sampled_from(list(Timing)[: 3 if n else 2])).value,
                "days": draw(st.integers(1, 15)) + 10 * n,
                "deadline_days": draw(st.integers(0, 10)),
                "actions": draw(st.sampled_from([["email"], ["email", "letter"], ["letter"]])),
            }
            for n in range(level_count)
        ],
    }
