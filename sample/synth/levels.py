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
from sample.synth.plant.investigation import first_of_unit, give_to
from sample.synth.plant.victims import review_after
from sample.synth.world import World

DIGITAL = pl.col("type").is_in(["phone", "cctv"])
INITIAL = pl.col("stage") == "initial"


@dataclass(frozen=True)
class Duty:
    """What a miss breaks, the crimes that can miss it, and the edit of the tables that makes them miss."""

    name: str  # of the rule that a miss breaks, or of the measure where no rule looks at the crime
    can: Callable[[World], Bools]
    miss: Callable[[World, Ints], None]
    also: tuple[str, ...] = ()  # rules that the same edit breaks

    @property
    def breaks(self) -> tuple[str, ...]:
        """The rules that a miss breaks."""
        return (self.name, *self.also) if self.name.isupper() else self.also


def write_levels(world: World, rng: np.random.Generator) -> None:
    """Let each duty be missed by some of the crimes that have no part in a planting."""
    for duty in DUTIES:
        missed = np.log(1 / BASE["met"][duty.name] - 1)
        of_district = rng.normal(0, BASE["spread"]["district"], persons.DISTRICTS)
        logit = missed + of_district[np.arange(len(UNITS)) % persons.DISTRICTS]
        logit += rng.normal(0, BASE["spread"]["unit"], len(UNITS))
        usual = (1 / (1 + np.exp(-logit)))[world.facts["unit"]]
        chance = rng.random(world.crimes) < story_tables.missed(world, duty.name, usual)
        rows = np.flatnonzero(world.free & (world.facts["removal"] == 0) & chance & duty.can(world))
        if rows.size:
            duty.miss(world, rows)
            for rule in duty.breaks:
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


def followed(w: World) -> Bools:
    """8Q, 8L or 8U that was assessed again within 22 hours of an event after its recording.

    Orders are of a pair: where it has one and several crimes, an event of it would be missed of another crime. What is
    closed with a charge is reviewed without need.
    """
    f, later = w.facts, w.tables["risk_assessment"].filter(~INITIAL)
    crime, done = later["crime"].to_numpy(), later["completed_ts"].to_numpy()
    begun = f["recorded"].copy()
    first = w.tables["risk_assessment"].filter(INITIAL)
    np.maximum.at(begun, first["crime"].to_numpy(), first["completed_ts"].to_numpy())
    ended = f["closed"] & ~np.isin(f["out"], [OUT[code] for code in NO_FURTHER_ACTION])
    needless = ended[crime] & (f["outcome_at"][crime] <= done)
    needed = (done - 22 * HOUR > begun[crime]) & (done < EXTRACT - 4 * DAY) & ~needless
    served = w.tables["order_"].filter(pl.col("served_ts") != NONE)["crime"].to_numpy()
    found: Bools = of_class(("8Q", "8L", "8U"), f["ho"]) & (f["alone"] | ~np.isin(f["pair"], f["pair"][served]))
    return found & np.isin(np.arange(w.crimes), crime[needed])


def broke_an_order(w: World) -> Bools:
    """Breaches of the one broken order of a pair with 8Q, 8L or 8U before, after which nothing else was assessed."""
    f, assessed = w.facts, of_class(("8Q", "8L", "8U"), w.facts["ho"])
    broken = w.tables["order_breach"].filter(pl.col("crime").is_between(0, w.crimes - 1))
    crime, at = broken["crime"].to_numpy(), broken["ts"].to_numpy()
    times = np.bincount(f["pair"][w.tables["order_"].filter(pl.col("breach_at") != NONE)["crime"].to_numpy()],
                        minlength=int(f["pair"].max()) + 1)  # fmt: skip
    found = np.zeros(w.crimes, dtype=bool)
    found[crime[(times[f["pair"][crime]] == 1) & ~assessed[crime] & (at < EXTRACT - 4 * DAY)]] = True
    rows = np.flatnonzero(assessed & f["suspect_row"])
    of_pair = pl.DataFrame({"pair": f["pair"][rows], "recorded": f["recorded"][rows]})
    breaches = pl.DataFrame({"pair": f["pair"][crime], "of": crime, "at": at})
    before = breaches.join(of_pair, on="pair").filter(pl.col("recorded") <= pl.col("at"))["of"].to_numpy()
    others = w.tables["risk_assessment"].filter(pl.col("stage") != "post_breach").select("crime", "completed_ts")
    others = others.with_columns(pair=pl.Series(f["pair"][others["crime"].to_numpy()]))
    soon = pl.col("completed_ts").is_between(pl.col("at"), pl.col("at") + 2 * DAY) & (pl.col("crime") != pl.col("of"))
    seen = breaches.join(others, on="pair").filter(soon)["of"].to_numpy()
    every = np.arange(w.crimes)
    found &= np.isin(every, before) & ~np.isin(every, seen)
    return found


def warned(w: World, days: int, until: int) -> Bools:
    """Stalking and harassment of a named suspect that ends, or is open, after this many days and before `until`."""
    f = w.facts
    age = (f["end"] - f["recorded"]) / DAY
    found: Bools = sh(w) & f["named"] & (age > days) & (age < until)
    return found


def serious(w: World) -> Bools:
    """Stalking under section 4A or of high risk."""
    found: Bools = of_class(("8Q",), w.facts["ho"]) & (w.facts["serious"] | (w.facts["grade"] == 2))
    return found & has(w, "risk_assessment", INITIAL)


def broken_alone(w: World) -> Bools:
    """Crimes of an order that was broken without a crime, for a written reason."""
    broken = w.tables["order_breach"].filter(pl.col("crime") < 0, pl.col("no_crime_rationale").is_not_null())
    orders = w.tables["order_"].join(broken.select("order"), on="order", how="semi")
    return np.isin(np.arange(w.crimes), orders["crime"].to_numpy())


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


def _reassessed_never(w: World, rows: Ints) -> None:
    w.drop("risk_assessment", rows, ~INITIAL)


def _not_reassessed_after_a_breach(w: World, rows: Ints) -> None:
    _unassessed(w, rows)
    of_pairs = np.flatnonzero(np.isin(w.facts["pair"], w.facts["pair"][rows]))
    w.drop("risk_assessment", of_pairs, pl.col("stage") == "post_breach")


def _given_to_response(w: World, rows: Ints) -> None:
    """Nobody asks the single point of contact either (steps.py asks for crimes that are free)."""
    give_to(w, rows, first_of_unit(w)[rows])
    w.free[rows] = False


def _arrested_late(w: World, rows: Ints) -> None:
    """Within a week, within a month, or never."""
    hours = w.stream(STREAM + 1).choice([45, 240, -1], rows.size, p=[0.45, 0.25, 0.3])
    at = w.facts["offence_to"][rows] + hours * HOUR
    w.set_column("order_breach", rows, "arrest_ts", np.where((hours < 0) | (at > EXTRACT), NONE, at))


def _unexplained(w: World, rows: Ints) -> None:
    orders = w.tables["order_"].filter(w.hit("order_", rows)).select("order")
    unexplained = w.tables["order_breach"].filter(pl.col("crime") < 0).join(orders, on="order", how="semi")["order"]
    w.set_values("order_breach", unexplained.to_numpy(), pl.col("crime") < 0, "order", no_crime_rationale=None)
    w.breach("ORD-07", unexplained, "order")


def _warned(w: World, rows: Ints) -> None:
    """A notice two days after recording."""
    kinds = np.array(["pin", "harassment_warning", "words_of_advice", "cpn_warning"])
    w.add(
        "notice", rows.size, crime=rows, type=w.stream(STREAM + 2).choice(kinds, rows.size),
        issued_ts=w.facts["recorded"][rows] + 2 * DAY, issued_by=w.facts["officer"][rows],
        to_key=w.facts["suspect_key"][rows],
    )  # fmt: skip


def _no_order(w: World, rows: Ints) -> None:
    w.drop("order_", rows, pl.col("outcome") == "not applied for")
    w.free[rows] = False  # or an application would be added that failed (courts.py)


def _item(item: str) -> Callable[[World, Ints], None]:
    """An item of the case file is not there."""
    return lambda w, rows: w.set_values("case_file", rows, pl.col("item") == item, present=False)


STREAM = 40  # of the generators of `_late`, of `_arrested_late` and of `_warned`
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
    Duty("RSK-04", followed, _reassessed_never),
    Duty("RSK-04", broke_an_order, _not_reassessed_after_a_breach),
    Duty("RSK-03", tool_due,
         lambda w, rows: w.set_values("risk_assessment", rows, INITIAL, tool="other")),
    Duty("RSK-05", planned, lambda w, rows: w.drop("risk_plan", rows)),
    Duty("RSK-07", lambda w: sh(w) & has(w, "risk_assessment", INITIAL) & (w.facts["recorded"] < EXTRACT - 9 * DAY),
         lambda w, rows: w.set_values("review", rows, by_id=-1)),
    Duty("RSK-07", lambda w: planned(w) & w.facts["closed"], lambda w, rows: w.drop("review", rows), also=("INV-02",)),
    Duty("RSK-08", lambda w: sh(w) & (w.facts["grade"] == 2) & has(w, "risk_assessment"),
         lambda w, rows: w.set_values("crime", rows, dmm_flag=False)),
    Duty("TIM-07", lambda w: open_for(w, 40), _unreviewed),
    Duty("INV-01", serious, _given_to_response),
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
        _arrested_late,
    ),
    Duty("breach_answered", broken_alone, _unexplained),
    Duty("NOT-01", lambda w: warned(w, 20, 10_000), _warned),
    Duty("NOT-02", lambda w: warned(w, 3, 15) & closed(w, ("10", "16", "21", "22")), _warned, also=("NOT-01",)),
    Duty(
        "victim_told_custody", lambda w: sh(w) & (w.facts["arrest"] != NONE),
        lambda w, rows: w.drop("victim_contact", rows, pl.col("reason").is_in(["arrest", "release"])),
    ),
    Duty("ORD-08", charged, _item("order_conditions")),
    Duty("ORD-01", considered, _no_order),
)  # fmt: skip
