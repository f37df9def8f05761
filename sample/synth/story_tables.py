"""What the story changes once tables are made, and the list of all of it; story.py has what it changes before."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sample.synth.clock import DAY, EXTRACT, HOUR, NONE, Bools
from sample.synth.codes import OUT, UNITS, of_class
from sample.synth.persons import DISTRICTS
from sample.synth.plant.order_rows import order
from sample.synth.story import (
    DISTRICT,
    FULL_DISTRICT,
    FULL_SERVICE,
    FULL_SINCE,
    LATE_SINCE,
    LATE_UNIT,
    NAMES_DISTRICTS,
    NAMES_SINCE,
    NEIGHBOUR,
    NEW_FORM,
    SINCE,
    SIZES,
    UNIT,
    UNREACHED,
    district,
    start,
)
from sample.synth.world import World

LAPSING = EXTRACT + 20 * DAY  # the last day of the order that is about to lapse


def missed(world: World, rule: str, usual: NDArray[np.float64]) -> NDArray[np.float64]:
    """The chance of each crime that it misses a duty, where the story says another than the usual one."""
    if not world.has_story:
        return usual
    f = world.facts
    of_unit = (f["unit"] == UNIT) & (f["recorded"] >= start(SINCE))
    if rule == "RSK-02":
        steady = np.where(f["unit"] == NEIGHBOUR, 1 - SIZES["neighbour"], usual)
        return np.where(of_unit, 1 - SIZES["assessed_in_time"], steady)
    if rule == "VIC-06":
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
                  considered_ts=at - 3 * HOUR, applied_ts=at - 2 * HOUR, expires=LAPSING)  # fmt: skip
            world.free[rows] = False


# -- what came of it ---------------------------------------------------------------------------------------------------
def written(world: World) -> str:
    """The text of truth/story.json: each effect with its size as it came out; none of a force without a story.

    The size of a change in a count is how many times as many there are, that of a share a difference of shares.
    """
    keys = ("name", "measure_codes", "breakdown", "breakdown_value", "first_month", "size", "kind")
    rows = [dict(zip(keys, effect, strict=True)) for effect in _effects(world)] if world.has_story else []
    return json.dumps(rows, indent=1) + "\n"


def _effects(w: World) -> list[tuple[object, ...]]:
    f, unit, own = w.facts, w.facts["unit"], UNITS[UNIT]
    here = of_class(("8Q",), f["ho"]) & (unit % DISTRICTS == DISTRICT) & (f["recorded"] >= start(SINCE))
    public = of_class(("8R",), f["ho"]) & (f["recorded"] >= start(NEW_FORM))
    held = (f["sh"] & (unit == UNIT), f["recorded"], f["end"])
    now, then = (int((held[0] & (held[1] <= at) & (held[2] > at)).sum()) for at in (EXTRACT - HOUR, start(SINCE)))
    assessed, begun = of_class(("8Q", "8L", "8U"), f["ho"]) & (unit == UNIT), f["recorded"] >= start(SINCE)
    in_time, known = ~missed_in(w, "RSK-02"), f["recorded"] >= start(LATE_SINCE)
    at_once = f["recorded"] - f["reported"] <= 24 * HOUR
    offered = np.isin(np.arange(w.crimes), w.tables["referral"]["crime"].to_numpy())
    stalking, group = of_class(("8Q",), f["ho"]), w.ethnicity[f["victim"]] == UNREACHED
    sent = w.tables["referral"].filter((pl.col("sent_ts") != NONE) & (pl.col("offered_ts") >= start(FULL_SINCE)))
    soon = pl.col("accepted_ts").is_between(pl.col("offered_ts"), pl.col("offered_ts") + 10 * DAY)
    crime = np.minimum(sent["crime"].to_numpy(), w.crimes - 1)
    full = (unit[crime] % DISTRICTS == FULL_DISTRICT) & (sent["service"] == FULL_SERVICE).to_numpy()
    is_soon = sent.select(soon).to_series().to_numpy()
    ended = f["sh"] & f["closed"] & (unit == UNIT)
    names = np.unique(f["suspect_key"][f["suspect"] == f["suspect"][w.renamed[0]]])
    return [
        ("stalking by former partners rises", ["recorded_stalking"], "district", district(DISTRICT), f"{SINCE}-01",
         _round(here.sum() / max((here & ~f["risen"]).sum(), 1)), "change"),
        ("a unit carries more open cases", ["open_caseload"], "unit", own, f"{SINCE}-01",
         _round(now / max(then, 1)), "change"),
        ("risk is assessed later in that unit", ["risk_assessed", "RSK-02"], "unit", own, f"{SINCE}-01",
         _less(in_time, assessed & begun, assessed & ~begun), "change"),
        ("victims support action less often in that unit", ["victim_not_supporting_365"], "unit", own, f"{SINCE}-01",
         _less(f["out"] == OUT["16"], ended & begun, ended & ~begun), "change"),
        ("messages are recorded in another class", ["recorded"], "class", "8R", f"{NEW_FORM}-01",
         _round(public.sum() / max((public & ~f["otherwise"]).sum(), 1)), "recording"),
        ("a unit records late on weekends", ["recorded_24h", "TIM-01"], "unit", UNITS[LATE_UNIT], f"{LATE_SINCE}-01",
         _less(at_once, known & (unit == LATE_UNIT), known & (unit != LATE_UNIT)), "outlier"),
        ("a service is over its capacity", ["referral_accepted"], "district", district(FULL_DISTRICT),
         f"{FULL_SINCE}-01", _less(is_soon, full, ~full), "capacity"),
        ("support does not reach a group", ["VIC-06", "referral_offered"], "victim_ethnicity", "A1", "2022-04-01",
         _less(offered, stalking & group, stalking & ~group), "reach"),
        ("a serial suspect has another name in another district", ["repeat_suspect_12m"], "district",
         district(NAMES_DISTRICTS[1]), f"{NAMES_SINCE}-01", names.size, "person"),
        ("an order is about to lapse", ["orders_ending"], "none", "all", "2026-03-01",
         int((w.tables["order_"]["expires"] == LAPSING).sum()), "order"),
    ]  # fmt: skip


def missed_in(world: World, rule: str) -> Bools:
    """The crimes that a rule is broken by, of those planted."""
    rows = [int(ref[5:]) for code, kind, ref in world.planted if code == rule and kind == "crime"]
    return np.isin(np.arange(world.crimes), rows)


def _less(met: Bools, these: Bools, others: Bools) -> float:
    """The share of these of which it holds, less that of the others."""
    return _round(met[these].mean() - met[others].mean()) if these.any() and others.any() else 0.0


def _round(size: float) -> float:
    return round(float(size), 3)
