"""ORD: orders from consideration to breach (recording-standards 6.6)."""

from __future__ import annotations

import numpy as np
import polars as pl

from sample.synth.clock import DAY, HOUR, MINUTE, NONE, instant, plus_months
from sample.synth.plant.order_rows import broken, order, searched
from sample.synth.world import Plan, World, plants


@plants("ORD-01")
def considered(w: World) -> Plan:
    """Stalking closed without action and no order considered.

    Reasons without a date meet the rule; a charge, or harassment, is not examined.
    """
    bad, reason = w.cast(w.breaches), w.cast(w.near_misses)
    charged, other = w.cast(w.near_misses, "195/12", out="1"), w.cast(w.near_misses, "195/94")
    yield
    orders = w.tables["order_"]
    w.tables["order_"] = orders.filter(~w.hit("order_", bad)).with_columns(
        considered_ts=pl.when(w.hit("order_", reason)).then(NONE).otherwise(pl.col("considered_ts"))
    )
    w.breach("ORD-01", bad)
    w.decoy("ORD-01", np.r_[reason, charged, other])


@plants("ORD-02")
def grounds(w: World) -> Plan:
    """An application without one of its grounds; a restraining order, or an order not applied for, has none."""
    bad, near = w.cast(w.breaches, "195/94"), w.cast(w.near_misses, "195/94")
    yield
    at = w.facts["recorded"]
    acts, risk, need = bad[::3], bad[1::3], bad[2::3]
    for rows, field in ((acts, "grounds_acts"), (risk, "grounds_risk"), (need, "grounds_necessary")):
        w.breach(
            "ORD-02",
            order(
                w,
                rows,
                "spo_full",
                at[rows] + 3 * HOUR,
                served_ts=NONE,
                notify_due=NONE,
                notified_ts=NONE,
                **{field: None},
            ),
            "order",
        )
    half = near.size // 2
    w.decoy(
        "ORD-02", order(w, near[:half], "restraining_conviction", at[near[:half]] + 3 * HOUR, served_ts=NONE), "order"
    )
    idle = near[half:]
    numbers = order(
        w,
        idle,
        "spo_full",
        at[idle] + 3 * HOUR,
        applied_ts=NONE,
        granted_ts=NONE,
        served_ts=NONE,
        expires=NONE,
        notify_due=NONE,
        notified_ts=NONE,
        grounds_acts=None,
        grounds_risk=None,
        grounds_necessary=None,
        conditions_n=0,
        outcome="not applied for",
        not_applied_rationale="Considered: the grounds are not made out",
        court=None,
    )
    w.decoy("ORD-02", numbers, "order")


@plants("ORD-03")
def duration(w: World) -> Plan:
    """A full order of 18 months, an interim one without a return date; two years exactly, or another order of a year,
    are sound.
    """
    full, interim = w.cast(w.breaches - w.breaches // 2, "195/94"), w.cast(w.breaches // 2, "195/94")
    two, nmo = w.cast(w.near_misses, "195/94"), w.cast(w.near_misses, "195/94")
    yield
    at = w.facts["recorded"] + 3 * HOUR
    unserved = {"served_ts": NONE, "notify_due": NONE, "notified_ts": NONE}
    w.breach("ORD-03", order(w, full, "spo_full", at[full], expires=plus_months(at[full], 18), **unserved), "order")
    w.breach("ORD-03", order(w, interim, "spo_interim", at[interim], expires=NONE, **unserved), "order")
    w.decoy("ORD-03", order(w, two, "spo_full", at[two], expires=plus_months(at[two], 24), **unserved), "order")
    w.decoy("ORD-03", order(w, nmo, "nmo", at[nmo], expires=plus_months(at[nmo], 12), served_ts=NONE), "order")


@plants("ORD-04")
def notification(w: World) -> Plan:
    """Five days after service; exactly three are in time.

    Served when the suspect is released, so that one assessment follows both.
    """
    bad, near = w.cast(w.breaches, "195/94", arrested=True), w.cast(w.near_misses, "195/94", arrested=True)
    yield
    for rows, days in ((bad, 5), (near, 3)):
        at = w.facts["release"][rows]
        numbers = order(w, rows, "spo_full", at - HOUR, served_ts=at, notify_due=at + 3 * DAY,
            notified_ts=at + days * DAY,
                        considered_ts=at - 3 * HOUR, applied_ts=at - 2 * HOUR)  # fmt: skip
        (w.breach if days > 3 else w.decoy)("ORD-04", numbers, "order")


@plants("ORD-05")
def respondent_age(w: World) -> Plan:
    """Nine years old, or fifteen and not before the youth court; fifteen before the youth court, and nineteen, are
    right.
    """
    child, teen, youth, adult = (
        w.cast(size, "195/94", arrested=True)
        for size in (w.breaches - w.breaches // 2, w.breaches // 2, w.near_misses, w.near_misses)
    )
    for rows, years in ((child, 8), (teen, 14), (youth, 14), (adult, 19)):
        w.age(w.facts["suspect"][rows], w.offence_from(rows), years)
    yield
    for rows, court in (
        (child, "Invented Youth Court"),
        (teen, "Invented Magistrates' Court"),
        (youth, "Invented Youth Court"),
        (adult, "Invented Magistrates' Court"),
    ):
        at = w.facts["release"][rows]
        numbers = order(w, rows, "spo_full", at - HOUR, served_ts=at, notify_due=at + 3 * DAY, notified_ts=at + DAY,
            court=court,
                        considered_ts=at - 3 * HOUR, applied_ts=at - 2 * HOUR)  # fmt: skip
        (w.breach if rows is child or rows is teen else w.decoy)("ORD-05", numbers, "order")


@plants("ORD-06")
def order_dates(w: World) -> Plan:
    """Served before it was granted, breached before it was served, or after it ended; its last day is within.

    The crimes are damage and assault, so that no assessment of risk depends on the orders.
    """
    third = max(1, w.breaches // 3)
    served, early, late, last, same, recorded = (
        w.cast(size, "58/3", rel="neighbour") for size in (third, third, third, w.near_misses, w.near_misses, 3)
    )
    yield
    at = w.facts["recorded"] + 3 * HOUR
    w.breach("ORD-06", order(w, served, "injunction_pha", at[served], served_ts=at[served] - 2 * HOUR), "order")
    numbers = order(w, early, "injunction_pha", at[early])
    broken(w, numbers, at[early] + 3 * HOUR)
    w.breach("ORD-06", numbers, "order")
    numbers = order(w, late, "injunction_pha", at[late], expires=at[late] + 10 * DAY)
    broken(w, numbers, at[late] + 14 * DAY)
    w.breach("ORD-06", numbers, "order")
    ended = w.facts["offence_to"][recorded]
    numbers = order(w, recorded, "injunction_pha", ended - 40 * DAY, expires=ended - 10 * DAY)
    broken(w, numbers, ended, recorded)
    searched(w, recorded)
    w.breach("ORD-06", recorded)
    noon = (at[last] + 10 * DAY) // DAY * DAY + 12 * HOUR
    numbers = order(w, last, "injunction_pha", at[last], expires=noon)
    broken(w, numbers, noon + 3 * HOUR)
    w.decoy("ORD-06", numbers, "order")
    w.decoy("ORD-06", order(w, same, "injunction_pha", at[same], served_ts=at[same]), "order")


@plants("ORD-07")
def breach_followed_up(w: World) -> Plan:
    """A breach with neither crime nor reason, listed against its order; or with a crime and no arrest within a day."""
    none, slow, near = (
        w.cast(w.breaches // 2, "58/3", rel="neighbour"),
        w.cast(w.breaches - w.breaches // 2, "58/3", rel="neighbour"),
        w.cast(w.near_misses, "58/3", rel="neighbour"),
    )
    yield
    f = w.facts
    numbers = order(w, none, "injunction_pha", f["offence_from"][none] - 9 * DAY)
    broken(w, numbers, f["offence_to"][none], no_crime_rationale=None)
    w.breach("ORD-07", numbers, "order")
    for rows, hours in ((slow, 40), (near, 24)):
        numbers = order(w, rows, "injunction_pha", f["offence_from"][rows] - 9 * DAY)
        broken(w, numbers, f["offence_to"][rows], rows, arrest_ts=f["offence_to"][rows] + hours * HOUR)
        searched(w, rows)
    w.set_values("order_breach", slow[::2], arrest_ts=NONE)
    w.breach("ORD-07", slow)
    w.decoy("ORD-07", near)


@plants("ORD-08")
def conditions(w: World) -> Plan:
    bad, near = w.cast(w.breaches, "195/94", out="1"), w.cast(w.near_misses, "195/94", out="15")
    yield
    item = pl.col("item") == "order_conditions"
    w.set_values("case_file", bad[::2], item, present=False)
    w.drop("case_file", bad[1::2], item)
    w.breach("ORD-08", bad)
    w.decoy("ORD-08", near)


@plants("ORD-09")
def domestic_hearing(w: World) -> Plan:
    """Sixty hours from notice to hearing in the week, or 96 over a Sunday, listed against the notice.

    In time are 72 hours over a Sunday, and 120 from Maundy Thursday over Easter: 48 of them count, or 47 where the
    Sunday has 25 hours. Assaults, and at the hour of an arrest, so that the assessment that follows serves both.
    """
    many, few = w.breaches // 2, w.near_misses // 2
    weekday, late, sunday, easter = (
        w.cast(n, "58/1", rel="neighbour", lag=2 * HOUR)
        for n in (w.breaches - many, many, w.near_misses - few, few)
    )  # fmt: skip
    # autumn weeks without a holiday: the first day, Tuesday or Friday
    for rows, first in ((weekday, "2024-09-03T06:00"), (late, "2024-09-06T06:00"), (sunday, "2024-09-06T07:00")):
        w.report_at(rows, instant(first) + np.arange(rows.size) % 14 * 7 * DAY + np.arange(rows.size) // 14 * MINUTE)
    w.report_at(easter, instant("2025-04-17T06:00") + np.arange(easter.size) * MINUTE)
    yield
    at = w.facts["recorded"] + 3 * HOUR
    for rows, hours, kind in ((weekday, 60, "dv"), (late, 96, "da"), (sunday, 72, "dv"), (easter, 120, "da")):
        numbers = order(w, rows, f"{kind}pn", at[rows], served_ts=at[rows], expires=at[rows] + 2 * DAY, applied_ts=NONE)
        hearing = at[rows] + hours * HOUR
        order(w, rows, f"{kind}po", hearing, applied_ts=hearing, served_ts=hearing, expires=hearing + 28 * DAY)
        (w.breach if hours in (60, 96) else w.decoy)("ORD-09", numbers, "order")
