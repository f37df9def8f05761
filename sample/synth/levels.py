"""How often each duty is met: crimes that nothing was planted in miss it at the rate of base.toml, evenly over time.

Units and districts differ: a duty's rate is its own in each. A miss is the edit that its rule looks for, so the truth
lists it like a planted breach. Crimes for which a duty is not due, or cannot be missed without another, are left alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl

from sample.synth import persons, story_tables
from sample.synth.base import BASE
from sample.synth.care import INTERVIEW
from sample.synth.clock import DAY, EXTRACT, HOUR, NONE, Bools, Ints
from sample.synth.codes import CHARGES, NO_FURTHER_ACTION, OUT, UNITS, of_class
from sample.synth.plant.victims import review_after
from sample.synth.world import World

DIGITAL = pl.col("type").is_in(["phone", "cctv"])
INITIAL = pl.col("stage") == "initial"


@dataclass(frozen=True)
class Duty:
    """The rule that a miss breaks, the crimes that can miss it, and the edit of the tables that makes them miss."""

    rule: str
    can: Callable[[World], Bools]
    miss: Callable[[World, Ints], None]
    also: tuple[str, ...] = ()  # rules that the same edit breaks


def write_levels(world: World, rng: np.random.Generator) -> None:
    """Let each duty be missed by some of the crimes that have no part in a planting."""
    for duty in DUTIES:
        missed = np.log(1 / BASE["met"][duty.rule] - 1)
        of_district = rng.normal(0, BASE["spread"]["district"], persons.DISTRICTS)
        logit = missed + of_district[np.arange(len(UNITS)) % persons.DISTRICTS]
        logit += rng.normal(0, BASE["spread"]["unit"], len(UNITS))
        usual = (1 / (1 + np.exp(-logit)))[world.facts["unit"]]
        chance = rng.random(world.crimes) < story_tables.missed(world, duty.rule, usual)
        rows = np.flatnonzero(world.free & (world.facts["removal"] == 0) & chance & duty.can(world))
        if rows.size:
            duty.miss(world, rows)
            for rule in (duty.rule, *duty.also):
                world.breach(rule, rows)


# -- which crimes ---------------------------------------------------------------------------------------------------
def sh(w: World) -> Bools:
    """Stalking and harassment."""
    found: Bools = w.facts["sh"]
    return found


def closed(w: World, codes: tuple[str, ...], days: int = 3) -> Bools:
    """Stalking and harassment closed with one of these outcomes, some days before the end of the extract."""
    f = w.facts
    ended = f["closed"] & np.isin(f["out"], [OUT[code] for code in codes])
    found: Bools = sh(w) & ended & (f["outcome_at"] < EXTRACT - days * DAY)
    return found


def charged(w: World) -> Bools:
    return closed(w, CHARGES)


def has(w: World, table: str, where: pl.Expr | None = None) -> Bools:
    """Crimes with a row in a table."""
    frame = w.tables[table] if where is None else w.tables[table].filter(where)
    return np.isin(np.arange(w.crimes), frame["crime"].to_numpy())


def tool_due(w: World) -> Bools:
    """Stalking, or domestic stalking and harassment, whose risk was assessed."""
    found: Bools = sh(w) & (of_class(("8Q",), w.facts["ho"]) | w.facts["da"]) & has(w, "risk_assessment", INITIAL)
    return found


def ended_alone(w: World) -> Bools:
    """8Q, 8L or 8U closed without action, the only crime of its pair, no order served, nobody released at the end."""
    f = w.facts
    quiet = f["alone"] & of_class(("8Q", "8L", "8U"), f["ho"]) & closed(w, NO_FURTHER_ACTION, 4)
    apart = (f["release"] == NONE) | (f["release"] + 26 * HOUR < f["outcome_at"])
    found: Bools = quiet & apart & ~has(w, "order_", pl.col("served_ts") != NONE)
    return found


def released(w: World) -> Bools:
    """8Q, 8L or 8U, the only crime of its pair, and nothing else for which risk was assessed soon after the release."""
    f = w.facts
    own = f["alone"] & of_class(("8Q", "8L", "8U"), f["ho"]) & (f["release"] != NONE)
    own &= (f["release"] < EXTRACT - 4 * DAY) & (f["outcome_at"] - f["release"] > 4 * DAY)
    found: Bools = own & (f["release"] - f["reported"] > 4 * DAY) & ~has(w, "order_", pl.col("served_ts") != NONE)
    return found


def open_for(w: World, days: int) -> Bools:
    """Stalking and harassment that is open and was recorded this long ago; not that of the extract's last moment."""
    f = w.facts
    old = f["recorded"] < EXTRACT - days * DAY
    found: Bools = sh(w) & ~f["closed"] & old & ~has(w, "victim_contact", pl.col("ts") == EXTRACT)
    return found


def waiting(w: World) -> Bools:
    """A suspect was named for over 15 days, and seen without arrest."""
    f = w.facts
    asked = has(w, "line_of_enquiry", pl.col("type") == INTERVIEW)
    found: Bools = sh(w) & (f["end"] - f["named_at"] > 15 * DAY) & asked
    return found


def planned(w: World) -> Bools:
    return sh(w) & has(w, "risk_plan") & has(w, "risk_assessment", INITIAL & (pl.col("grade") != "standard"))


def assessed_late(w: World) -> Bools:
    f = w.facts
    found: Bools = of_class(("8Q", "8L", "8U"), f["ho"]) & has(w, "risk_assessment", INITIAL)
    found &= f["end"] - f["recorded"] > 5 * DAY
    return found


def linked(w: World) -> Bools:
    """The last crime of its pair: one that a later crime is linked to counts as linked to that one's earlier ones."""
    f = w.facts
    last = np.zeros(int(f["pair"].max()) + 1, dtype=np.int64)
    np.maximum.at(last, f["pair"], f["reported"])
    at_end: Bools = f["reported"] == last[f["pair"]]
    return sh(w) & at_end & has(w, "crime_link", pl.col("link_type") == "same parties")


def considered(w: World) -> Bools:
    f = w.facts
    made = has(w, "order_", pl.col("type").str.starts_with("spo") & (pl.col("granted_ts") != NONE))
    found: Bools = f["alone"] & f["named"] & of_class(("8Q",), f["ho"]) & closed(w, NO_FURTHER_ACTION) & ~made
    return found


# -- what is missed -------------------------------------------------------------------------------------------------
def _unassessed(w: World, rows: Ints) -> None:
    w.drop("risk_assessment", rows)
    w.drop("risk_plan", rows)


def _late(w: World, rows: Ints) -> None:
    hours = 25 + w.stream(STREAM).integers(1, 48, rows.size)
    at = w.facts["reported"][rows] + hours * HOUR
    w.set_column("risk_assessment", rows, "completed_ts", at, INITIAL)
    w.set_column("risk_assessment", rows, "started_ts", at - HOUR, INITIAL)
    review_after(w, rows, at + 2 * HOUR)


def _informed_late(w: World, rows: Ints) -> None:
    """After 18 days, which for the last of them have not passed: nobody has informed these victims."""
    at = w.facts["outcome_at"][rows] + 18 * DAY
    w.drop("victim_contact", rows[at >= EXTRACT], pl.col("reason") == "outcome")
    w.set_column("victim_contact", rows, "ts", at, pl.col("reason") == "outcome")
    w.set_column("outcome", rows, "victim_informed_ts", np.where(at < EXTRACT, at, NONE), pl.col("is_current"))


def _assessed_late(w: World, rows: Ints) -> None:
    recorded = w.facts["recorded"][rows]
    days = np.where(recorded < EXTRACT - 16 * DAY, 15, 10)
    w.set_column("crime", rows, "needs_assessment_ts", recorded + days * DAY)


def _unsearched(w: World, rows: Ints) -> None:
    w.drop("line_of_enquiry", rows, pl.col("type") == "search")
    w.drop("case_file", rows, pl.col("item") == "search_record")


def _silent(w: World, rows: Ints) -> None:
    since = pl.col("crime").replace_strict(rows, w.facts["recorded"][rows] + 10 * DAY, default=EXTRACT + DAY)
    w.drop("victim_contact", rows, pl.col("ts") > since)


def _unreviewed(w: World, rows: Ints) -> None:
    """The first review alone is left."""
    w.drop("review", rows, pl.col("ts") > pl.col("ts").min().over("crime"))


def _unlinked(w: World, rows: Ints) -> None:
    w.drop("crime_link", rows)
    w.set_values("review", rows, prior_linked=False)


def _no_order(w: World, rows: Ints) -> None:
    w.drop("order_", rows, pl.col("outcome") == "not applied for")
    w.free[rows] = False  # or an application would be added that failed (courts.py)


def _item(item: str) -> Callable[[World, Ints], None]:
    """An item of the case file is not there."""
    return lambda w, rows: w.set_values("case_file", rows, pl.col("item") == item, present=False)


STREAM = 40  # of the generator of `_late` alone
DUTIES = (
    Duty("VIC-01", sh, lambda w, rows: w.set_values("crime", rows, vcop_enhanced=False)),
    Duty("VIC-02", lambda w: sh(w) & (w.facts["recorded"] < EXTRACT - 11 * DAY), _assessed_late),
    Duty("VIC-03", lambda w: closed(w, (*NO_FURTHER_ACTION, *CHARGES), 9), _informed_late),
    Duty("VIC-04", charged, lambda w, rows: w.set_values("crime", rows, vps_offered_ts=NONE)),
    Duty("VIC-05", lambda w: open_for(w, 45), _silent),
    Duty(
        "VIC-06", lambda w: of_class(("8Q",), w.facts["ho"]) & (w.facts["out"] != OUT["22"]),
        lambda w, rows: w.drop("referral", rows),
    ),
    Duty("RSK-01", ended_alone, _unassessed, also=("RSK-04",)),
    Duty("RSK-02", assessed_late, _late),
    Duty(
        "RSK-04", lambda w: ended_alone(w) & has(w, "risk_assessment", pl.col("stage") == "review"),
        lambda w, rows: w.drop("risk_assessment", rows, pl.col("stage") == "review"),
    ),
    Duty(
        "RSK-04", lambda w: released(w) & has(w, "risk_assessment", pl.col("stage") == "pre_release"),
        lambda w, rows: w.drop("risk_assessment", rows, pl.col("stage") == "pre_release"),
    ),
    Duty("RSK-03", tool_due,
         lambda w, rows: w.set_values("risk_assessment", rows, INITIAL, tool="other")),
    Duty("RSK-05", planned, lambda w, rows: w.drop("risk_plan", rows)),
    Duty("RSK-07", lambda w: sh(w) & has(w, "risk_assessment", INITIAL) & (w.facts["recorded"] < EXTRACT - 9 * DAY),
         lambda w, rows: w.set_values("review", rows, by_id=-1)),
    Duty("RSK-08", lambda w: sh(w) & (w.facts["grade"] == 2) & has(w, "risk_assessment"),
         lambda w, rows: w.set_values("crime", rows, dmm_flag=False)),
    Duty("TIM-07", lambda w: open_for(w, 40), _unreviewed),
    Duty("INV-02", sh, lambda w, rows: w.set_values("review", rows, offence_check=None)),
    Duty("INV-03", linked, _unlinked),
    Duty("INV-05", lambda w: sh(w) & (w.facts["recorded"] < EXTRACT - 9 * DAY),
         lambda w, rows: w.drop("line_of_enquiry", rows, DIGITAL)),
    Duty("INV-06", lambda w: of_class(("8Q",), w.facts["ho"]) & has(w, "line_of_enquiry", DIGITAL), _unsearched),
    Duty("INV-07", waiting, lambda w, rows: w.drop("line_of_enquiry", rows, pl.col("type") == INTERVIEW)),
    Duty(
        "INV-08",
        lambda w: (of_class(("8Q",), w.facts["ho"]) | w.facts["da"]) & has(w, "bail", pl.col("type") == "rui"),
        lambda w, rows: w.set_values("bail", rows, pl.col("type") == "rui", rationale=None),
    ),
    Duty("OUT-09", lambda w: closed(w, ("16",)), lambda w, rows: w.drop("victim_engagement", rows)),
    Duty(
        "OUT-18", lambda w: closed(w, ("15", "16")) & has(w, "line_of_enquiry", DIGITAL),
        lambda w, rows: w.set_values("line_of_enquiry", rows, DIGITAL, done_ts=NONE, result=None),
    ),
    Duty("CLS-18", lambda w: w.facts["da"], lambda w, rows: w.drop("crime_flag", rows, pl.col("flag") == "da")),
    Duty("FIL-01", charged, _item("mg5_timeline")),
    Duty(
        "FIL-02", lambda w: closed(w, CHARGES, 42),
        lambda w, rows: w.set_column(
            "case_file", rows, "ts", w.facts["outcome_at"][rows] + 40 * DAY, pl.col("item") == "mg2"
        ),
    ),
    Duty("FIL-03", lambda w: w.facts["serious"],
         lambda w, rows: w.drop("cps_submission", rows, pl.col("type") == "ea")),
    Duty("FIL-04", charged, _item("protocol_checklist")),
    Duty(
        "ORD-07", lambda w: has(w, "order_breach", pl.col("crime") >= 0) & (w.facts["recorded"] < EXTRACT - 3 * DAY),
        lambda w, rows: w.set_column("order_breach", rows, "arrest_ts", w.facts["offence_to"][rows] + 45 * HOUR),
    ),
    Duty("ORD-08", charged, _item("order_conditions")),
    Duty("ORD-01", considered, _no_order),
)  # fmt: skip
