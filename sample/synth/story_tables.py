"""What the story changes once tables are made; story.py has what it changes before."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sample.synth.clock import DAY, EXTRACT, HOUR, NONE
from sample.synth.codes import UNITS
from sample.synth.persons import DISTRICTS
from sample.synth.plant.order_rows import order
from sample.synth.story import (
    FULL_DISTRICT,
    FULL_SERVICE,
    FULL_SINCE,
    NEIGHBOUR,
    SINCE,
    SIZES,
    UNIT,
    UNREACHED,
    district,
    start,
    tell,
)  # fmt: skip
from sample.synth.world import World


def missed(world: World, rule: str, usual: NDArray[np.float64]) -> NDArray[np.float64]:
    """The chance of each crime that it misses a duty, where the story says another than the usual one."""
    if not world.has_story:
        return usual
    f = world.facts
    of_unit = (f["unit"] == UNIT) & (f["recorded"] >= start(SINCE))
    if rule == "RSK-02":
        tell(world, "risk is assessed later in the unit that takes the rise", ("risk_assessed", "RSK-02"),
             ("unit", UNITS[UNIT]), SINCE, SIZES["assessed_in_time"], "change")  # fmt: skip
        steady = np.where(f["unit"] == NEIGHBOUR, 1 - SIZES["neighbour"], usual)
        return np.where(of_unit, 1 - SIZES["assessed_in_time"], steady)
    if rule == "VIC-06":
        tell(world, "support does not reach a group", ("VIC-06", "referral_offered"), ("victim_ethnicity", "A1"),
             "2022-04", SIZES["reached"], "reach")  # fmt: skip
        unreached = world.ethnicity[f["victim"]] == UNREACHED
        steady = np.where(f["unit"] == NEIGHBOUR, 1 - SIZES["neighbour"], usual)
        return np.where(unreached, 1 - SIZES["reached"], steady)
    return usual


def over_capacity(world: World) -> None:
    """A service in one district takes people on later than before."""
    if world.has_story:
        f, frame = world.facts, world.tables["referral"]
        crime = np.minimum(frame["crime"].to_numpy(), world.crimes - 1)
        accepted = frame["accepted_ts"].to_numpy()
        here = (f["unit"][crime] % DISTRICTS == FULL_DISTRICT) & (frame["service"] == FULL_SERVICE).to_numpy()
        here &= (accepted != NONE) & (frame["offered_ts"].to_numpy() >= start(FULL_SINCE))
        later = accepted + int(SIZES["days_of_waiting"]) * DAY
        world.tables["referral"] = frame.with_columns(
            accepted_ts=pl.Series(np.where(here, np.where(later < EXTRACT, later, NONE), accepted))
        )
        tell(world, "a service is over its capacity", ("referral_accepted",), ("district", district(FULL_DISTRICT)),
             FULL_SINCE, SIZES["days_of_waiting"], "capacity")  # fmt: skip


def lapsing_order(world: World) -> None:
    """One order of a pair ends within weeks, and nobody has applied for another."""
    if world.has_story:
        f = world.facts
        last = EXTRACT - 740 * DAY
        can = world.free & f["alone"] & f["stalking"] & (f["removal"] == 0) & (f["release"] != NONE)
        can &= (f["release"] < last) & (f["release"] > last - 300 * DAY) & (f["suspect_age"] >= 20)
        rows = np.flatnonzero(can)[:1]
        if rows.size:
            at = f["release"][rows]
            order(world, rows, "spo_full", at - HOUR, served_ts=at, notify_due=at + 3 * DAY, notified_ts=at + DAY,
                  considered_ts=at - 3 * HOUR, applied_ts=at - 2 * HOUR, expires=EXTRACT + 20 * DAY)  # fmt: skip
            world.free[rows] = False
            tell(world, "an order is about to lapse", ("orders_ending",), ("none", "all"), "2026-03", 1, "order")
