"""TIM: from report to record (recording-standards 6.2)."""

from __future__ import annotations

import numpy as np
import polars as pl

from sample.synth.clock import DAY, EXTRACT, HOUR, MINUTE, NONE, instant
from sample.synth.world import Plan, World, plants


@plants("TIM-01", "TIM-02")
def late(w: World) -> Plan:
    """Five in a hundred (7.3), a quarter of them beyond 72 hours.

    Exactly 24 hours, also over each change of the clocks, and 60 hours when 72 were allowed, meet the standard.
    """
    f, rng, m = w.facts, w.rng, w.near_misses
    can = np.flatnonzero(w.free & (f["reported"] < EXTRACT - 18 * DAY))
    chosen = rng.permutation(can)[: w.crimes // 20]
    f["lag"][chosen] = rng.integers(24 * HOUR + 1, 71 * HOUR, chosen.size)
    long = chosen[: chosen.size // 4]
    f["lag"][long] = rng.integers(72 * HOUR + 1, 400 * HOUR, long.size)
    w.free[chosen] = False
    exact = w.cast(m, "105/1", lag=24 * HOUR)
    spring, autumn = w.cast(2, "105/1", lag=24 * HOUR), w.cast(2, "105/1", lag=25 * HOUR)
    w.report_at(spring, np.array([instant("2025-03-29T12:00:07"), instant("2024-03-30T18:30:07")]))
    w.report_at(autumn, np.array([instant("2024-10-26T12:00:07"), instant("2023-10-28T18:30:07")]))
    fall = w.cast(2, "105/1", lag=24 * HOUR)  # 23 hours later by the clock
    w.report_at(fall, np.array([instant("2024-10-26T12:00:07"), instant("2023-10-28T18:30:07")]))
    old, since = w.cast(2, "105/1", lag=60 * HOUR), w.cast(2, "105/1", lag=30 * HOUR)
    w.report_at(old, instant("2015-03-10T11:00:20") + np.arange(2) * DAY)
    w.report_at(since, instant("2015-04-10T11:00:20") + np.arange(2) * DAY)
    edge = w.cast(m, "105/1", lag=72 * HOUR)
    yield
    w.breach("TIM-01", np.r_[chosen, autumn, since, edge])
    w.breach("TIM-02", long)
    w.decoy("TIM-01", np.r_[exact, spring, fall, old])
    w.decoy("TIM-02", np.r_[edge, autumn])


@plants("TIM-03")
def clock_start(w: World) -> Plan:
    bad, exact, after = w.cast(w.breaches, "105/1"), w.cast(w.near_misses, "105/1"), w.cast(w.near_misses, "105/1")
    yield
    reported = w.facts["reported"]
    frame = w.tables["incident"]
    for rows, shift in ((bad, 40 * MINUTE), (exact, 15 * MINUTE), (after, -5 * MINUTE)):
        new = dict(zip(rows.tolist(), (reported[rows] - shift).tolist(), strict=True))
        frame = frame.with_columns(
            created_ts=_replaced(frame["incident"].to_numpy(), frame["created_ts"].to_numpy(), new)
        )
    w.tables["incident"] = frame
    w.breach("TIM-03", bad)
    w.decoy("TIM-03", np.r_[exact, after])


def _replaced(keys: np.ndarray, values: np.ndarray, new: dict[int, int]) -> np.ndarray:
    """Values, with those of some keys replaced."""
    out = values.copy()
    where = np.flatnonzero(np.isin(keys, list(new)))
    out[where] = [new[int(key)] for key in keys[where]]
    return out


@plants("TIM-05")
def no_crime_no_reason(w: World) -> Plan:
    yield
    frame = w.tables["incident"]
    number, created = frame["incident"].to_numpy(), frame["created_ts"].to_numpy()
    calls = number >= int(w.facts["prior_incident"].max()) + 1
    calls &= number >= w.crimes
    old = w.rng.permutation(number[calls & (created < EXTRACT - 3 * DAY)])
    n, m = w.breaches, w.near_misses
    bad, unrelated, fresh = old[:n], old[n : n + m], old[n + m : n + 2 * m]
    w.set_values("incident", bad, key="incident", crime_related=True, no_crime_rationale=None)
    w.set_values("incident", bad[::2], key="incident", closed_ts=NONE)
    w.set_values("incident", unrelated, key="incident", crime_related=False, no_crime_rationale=None)
    w.set_values("incident", fresh, key="incident", crime_related=True, no_crime_rationale=None,
        created_ts=EXTRACT - 23 * HOUR,
          closed_ts=NONE, attended_ts=NONE, decision_ts=NONE)  # fmt: skip
    w.breach("TIM-05", bad, "incident")
    w.decoy("TIM-05", np.r_[unrelated, fresh], "incident")


@plants("TIM-06")
def closed_at_once(w: World) -> Plan:
    bad = w.cast(w.breaches, "195/12", delay=30 * MINUTE)
    hour = w.cast(w.near_misses, "195/12", delay=60 * MINUTE)
    charge = w.cast(w.near_misses, "195/12", out="1", delay=35 * MINUTE)
    other = w.cast(w.near_misses, "195/94", delay=35 * MINUTE)
    yield
    w.breach("TIM-06", bad)
    w.decoy("TIM-06", np.r_[hour, charge, other])


@plants("TIM-07")
def unreviewed(w: World) -> Plan:
    """28 days, 7 at high risk; exactly 28, exactly 7, and a medium risk after 20 days meet the standard."""
    m = max(1, w.near_misses // 3)
    bad, high = (
        w.cast(w.breaches - w.breaches // 3, "195/94", out="0"),
        w.cast(w.breaches // 3, "8/66", out="0", grade="high"),
    )
    edge = w.cast(m, "195/94", out="0")
    seven = w.cast(m, "8/66", out="0", grade="high")
    medium = w.cast(m, "195/12", out="0", grade="medium")
    yield
    for rows, days in ((bad, 33), (high, 9), (edge, 28), (seven, 7), (medium, 20)):
        # Before the wanted last review all stay, later ones go.
        w.drop("review", rows, pl.col("ts") > EXTRACT - days * DAY - DAY)
        at = EXTRACT - days * DAY
        w.add(
            "review",
            rows.size,
            crime=rows,
            ts=np.full(rows.size, at),
            level="supervisor",
            by_id=w.facts["supervisor"][rows],
            offence_check="behaviours and offences confirmed",
            next_due=NONE,
        )
    w.breach("TIM-07", np.r_[bad, high])
    w.decoy("TIM-07", np.r_[edge, seven, medium])
