"""Rules about months and units: a share that no single record shows (record_type `series`)."""

from __future__ import annotations

import numpy as np

from sample.synth.aggregates import former_partners, judged, months, recorded_month, unknown_suspects
from sample.synth.clock import HOUR, london_midnight_after, london_month, month_name
from sample.synth.codes import FORMER, OUT, UNITS, of_class, related
from sample.synth.world import Plan, TooFewCrimes, World, plants


def series(w: World, rule: str, planted: list[str], near: list[str]) -> None:
    """List months or units."""
    w.planted += [(rule, "series", ref) for ref in planted]
    w.decoys += [(rule, "series", ref) for ref in near]


@plants("OUT-19")
def unit_of_sixteens(w: World) -> Plan:
    """One unit with far more outcome 16 than the force; another with as many crimes but the force's mix is the decoy.
    """
    judged(w)
    f = w.facts
    sh = of_class(("8L", "8M", "8Q", "8R", "8U"), f["ho"]) & w.free & (f["out"] == OUT["15"])
    rows = w.rng.permutation(np.flatnonzero(sh))
    chosen = rows[: int(rows.size * 0.12)]
    f["out"][chosen] = OUT["16"]
    f["unit"][chosen] = w.high_unit = 4
    yield
    series(w, "OUT-19", [UNITS[w.high_unit]], [UNITS[5]])


@plants("TIM-04")
def midnight(w: World) -> Plan:
    """Two months in which one crime in fourteen is stamped with midnight; one with one in a hundred is within."""
    f = w.facts
    month = recorded_month(w)
    held = months(w, month)
    planted, near = [held[5], held[14]], [held[9]]
    for number in planted + near:
        here = month == number
        can = w.free & here & (london_month(london_midnight_after(f["reported"])) == number)
        hours = london_midnight_after(f["reported"]) - f["reported"]
        rows = w.rng.permutation(np.flatnonzero(can & (hours > HOUR) & (hours < 20 * HOUR)))
        rows = rows[: int(here.sum() * (0.07 if number in planted else 0.01))]
        f["lag"][rows] = hours[rows]
        f["stamped"][rows] = True
    yield
    series(w, "TIM-04", [month_name(number) for number in planted], [month_name(number) for number in near])


@plants("CLS-21")
def unknown_relationships(w: World) -> Plan:
    held = months(w, recorded_month(w))
    planted = [held[3], held[17]]
    unknown_suspects(w, planted)
    yield
    series(w, "CLS-21", [month_name(number) for number in planted], [month_name(held[10])])


@plants("CLS-01", "CLS-22")
def harassment_of_former_partners(w: World) -> Plan:
    """Eight in a hundred former-partner courses of conduct recorded as harassment without a rationale (7.3).

    The share is the same in each month; in two months it is far larger, each with its rationale.
    """
    month = recorded_month(w)
    courses = month[related(FORMER, w.facts["rel"]) & of_class(("8Q", "8L"), w.facts["ho"])]
    # a month of fewer than ten is not judged, and some are removed later
    held = [number for number in months(w, month) if (courses == number).sum() >= 14]
    if len(held) < 6:
        raise TooFewCrimes
    quarter = len(held) // 4
    planted = [held[quarter], held[3 * quarter]]
    bare = former_partners(w, planted)
    reasoned = np.flatnonzero(w.facts["rationale"])
    yield
    w.breach("CLS-01", bare)
    w.decoy("CLS-01", reasoned[: 2 * w.near_misses])
    series(w, "CLS-22", [month_name(number) for number in planted], [month_name(held[2 * quarter])])
