"""OUT: can the code be true (recording-standards 6.4, 3.1)?"""

from __future__ import annotations

import numpy as np
import polars as pl

from sample.synth.clock import DAY, HOUR, Ints, instant, plus_months
from sample.synth.world import Plan, World, plants

CURRENT = pl.col("is_current")


def finish_at(w: World, crimes: Ints, when: Ints | int) -> None:
    """Set the outcome to a given time."""
    w.facts["delay"][crimes] = when - w.facts["reported"][crimes] - w.facts["lag"][crimes]


@plants("OUT-01")
def not_yet_in_force(w: World) -> Plan:
    """20 from April 2015, 21 from January 2016, 22 from April 2019: a week before, and in the first hour."""
    share = max(1, w.breaches // 3)
    bad: list[Ints] = []
    near: list[Ints] = []
    for code, day in (("20", "2015-04-01"), ("21", "2016-01-01"), ("22", "2019-04-01")):
        start = instant(f"{day}T00:00")
        for rows, out_at in (
            (w.cast(share, "125/9", out=code), start - 7 * DAY),
            (w.cast(1, "125/9", out=code), start + HOUR // 2),
        ):
            w.report_at(rows, out_at - 40 * DAY + np.arange(rows.size) % 20 * DAY + 7)
            w.facts["lag"][rows] = 5 * HOUR + 11
            finish_at(w, rows, out_at)
            for part in ("victim", "suspect"):
                w.age(w.facts[part][rows], w.offence_from(rows), 30)
            (bad if rows.size > 1 or out_at < start else near).append(rows)
    yield
    w.breach("OUT-01", np.concatenate(bad))
    w.decoy("OUT-01", np.concatenate(near))


@plants("OUT-02")
def nobody_named(w: World) -> Plan:
    """An outcome of an identified suspect, and no name on the suspect row. One in 200 (7.3: three in 100 together)."""
    n = max(w.breaches, w.crimes // 200)
    bad = np.r_[w.cast(n - n // 3, "195/94", named=False), w.cast(n // 3, "8/72", out="16", named=False)]
    near = w.cast(w.near_misses, "195/94", out="14", named=False)
    yield
    w.breach("OUT-02", bad)
    w.decoy("OUT-02", near)


@plants("OUT-03")
def somebody_named(w: World) -> Plan:
    n = max(w.breaches, w.crimes // 200)
    bad = np.r_[w.cast(n // 2, "8/72", out="18", named=True), w.cast(n - n // 2, "8/72", out="14", named=True)]
    near = w.cast(w.near_misses, "8/72", out="18")
    eliminated = w.cast(3, "8/72", out="18", named=True)
    yield
    w.set_values(
        "party_role", eliminated, pl.col("role") == "suspect", eliminated_ts=w.facts["recorded"][eliminated][0] + DAY
    )
    w.breach("OUT-03", np.r_[bad, eliminated])
    w.decoy("OUT-03", near)


@plants("OUT-04")
def known_but_not_identified(w: World) -> Plan:
    bad = np.concatenate(
        [
            w.cast(max(1, w.breaches // 4), "8/72", out=out, rel=rel)
            for out, rel in (("14", "ex_partner"), ("18", "neighbour"), ("14", "colleague"), ("18", "family"))
        ]
    )
    near = np.concatenate(
        [w.cast(max(1, w.near_misses // 2), "8/72", out="18", rel=rel) for rel in ("online_only", "stranger")]
    )
    yield
    w.breach("OUT-04", bad)
    w.decoy("OUT-04", near)


@plants("OUT-05")
def wrong_age(w: World) -> Plan:
    """11 at ten, 2 at eighteen, 3 at seventeen; nine, seventeen (eighteen by disposal) and eighteen by disposal are
    right.
    """
    share, m = max(1, w.breaches // 3), max(1, w.near_misses // 3)
    bad: list[Ints] = []
    near: list[Ints] = []
    for code, wrong, right in (("11", 10, 9), ("2", 18, 17), ("3", 16, 18)):
        for years, size, into in ((wrong, share, bad), (right, m, near)):
            rows = w.cast(size, "105/1", out=code)
            w.age(w.facts["suspect"][rows], w.offence_from(rows), years)
            into.append(rows)
    turned = w.cast(m, "105/1", out="3", delay=120 * DAY)  # 17 at the offence, 18 at disposal
    adult = w.cast(m, "105/1", out="2", delay=120 * DAY)
    for rows in (turned, adult):
        w.birth[w.facts["suspect"][rows]] = w.offence_from(rows) - int(18 * 365.25 * DAY) + 30 * DAY
    yield
    w.breach("OUT-05", np.concatenate(bad))
    w.decoy("OUT-05", np.concatenate([*near, turned, adult]))


@plants("OUT-06")
def not_for_harassment(w: World) -> Plan:
    n = max(w.breaches, w.crimes // 200)
    bad = np.concatenate([w.cast(max(1, n // 3), "195/94", out=code) for code in ("6", "7", "19")])
    near = w.cast(w.near_misses, "125/12", out="6")
    yield
    w.breach("OUT-06", bad)
    w.decoy("OUT-06", near)


@plants("OUT-07")
def no_time_limit(w: World) -> Plan:
    n = max(w.breaches, w.crimes // 200)
    bad = np.concatenate([w.cast(max(1, n // 3), code, out="17") for code in ("8/66", "8/30", "8/72")])
    near = w.cast(w.near_misses, "105/1", out="17")
    yield
    w.breach("OUT-07", bad)
    w.decoy("OUT-07", near)


@plants("OUT-08")
def six_months(w: World) -> Plan:
    """17 a month too early, a summary charge a month too late; a day inside on either side is sound."""
    half, m = max(1, w.breaches // 2), max(1, w.near_misses // 2)
    early, lapsed = w.cast(half, "195/94", out="17"), w.cast(m, "195/94", out="17")
    late, in_time = (w.cast(size, "195/94", out="1", days=260) for size in (w.breaches - half, m))
    for rows, months, days in ((early, 5, 0), (late, 7, 0), (lapsed, 6, 1), (in_time, 6, -1)):
        last_act = w.facts["reported"][rows] - w.facts["gap"][rows]
        finish_at(w, rows, plus_months(last_act, months, days))
    yield
    w.breach("OUT-08", np.r_[early, late])
    w.decoy("OUT-08", np.r_[lapsed, in_time])


@plants("OUT-10")
def support(w: World) -> Plan:
    fifteen, sixteen = w.cast(w.breaches - w.breaches // 2, "195/94"), w.cast(w.breaches // 2, "195/94", out="16")
    withdrawn, undecided = w.cast(w.near_misses, "195/94", out="16"), w.cast(w.near_misses, "195/94")
    yield
    victim = pl.col("role") == "victim"
    for rows, said in ((fifteen, "no"), (sixteen, "yes"), (withdrawn, "withdrawn"), (undecided, "undecided")):
        w.set_values("party_role", rows, victim, victim_support=said)
    w.breach("OUT-10", np.r_[fifteen, sixteen])
    w.decoy("OUT-10", np.r_[withdrawn, undecided])


@plants("OUT-16")
def no_alternate(w: World) -> Plan:
    n = max(w.breaches, w.crimes // 200)
    bad, near = w.cast(n, "8/30", out="1A"), w.cast(w.near_misses, "8/30", out="1A")
    yield
    w.set_values("outcome", bad[::2], CURRENT, alt_ho_code=None)
    w.set_values("outcome", bad[1::2], CURRENT, alt_ho_code="8/30")
    w.breach("OUT-16", bad)
    w.decoy("OUT-16", near)


@plants("OUT-17")
def one_current(w: World) -> Plan:
    """Two current rows, or a history out of order; a crime closed, reopened and closed again has three rows in order.
    """
    two, disordered, three = (
        w.cast(w.breaches - w.breaches // 2, "105/1"),
        w.cast(w.breaches // 2, "105/1"),
        w.cast(w.near_misses, "58/3"),
    )
    yield
    f = w.facts
    frame = w.tables["outcome"]
    again = frame.filter(w.hit("outcome", two, CURRENT)).with_columns(seq=pl.lit(3, dtype=pl.Int64))
    w.tables["outcome"] = pl.concat([frame, again])
    w.set_column("outcome", disordered, "outcome_ts", f["outcome_at"][disordered] + 5 * DAY, ~CURRENT)
    w.set_values("outcome", three, CURRENT, seq=4)
    closed = frame.filter(w.hit("outcome", three, CURRENT))
    at = closed["outcome_ts"].to_numpy()
    start = f["recorded"][closed["crime"].to_numpy()]
    for seq, part, code in ((2, 0.4, "15"), (3, 0.6, "0")):
        row = closed.with_columns(
            seq=pl.lit(seq, dtype=pl.Int64), code=pl.lit(code), code_raw=pl.lit(code), is_current=pl.lit(False),
            outcome_ts=pl.Series(start + (part * (at - start)).astype(np.int64)),
        )  # fmt: skip
        w.tables["outcome"] = pl.concat([w.tables["outcome"], row.select(frame.columns)])
    w.breach("OUT-17", np.r_[two, disordered])
    w.decoy("OUT-17", three)
