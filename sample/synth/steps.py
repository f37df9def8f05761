"""Steps of cases, what contacts were about, plans with the victim, courses of staff.

All of it has a random stream of its own, so that nothing else of the force depends on it. No rule reads any of it but
the allocation, which keeps its last officer.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sample.synth.clock import DAY, EXTRACT, FIRST, HOUR, MINUTE, NONE, Bools, Ints, constant
from sample.synth.codes import CHARGES, NO_FURTHER_ACTION, OUTCOMES, as_text
from sample.synth.world import World

CONTACTS = {"first contact": "acknowledgement", "update": "update", "arrest": "arrest", "release": "release"}
# course -> share of investigators who took it, and the days it counts (0: without end)
COURSES = {
    "stalking": (0.72, 1095), "response": (0.80, 1095), "investigation": (0.66, 1095), "recording": (0.61, 730),
    "safeguarding": (0.70, 730), "perpetrators": (0.38, 1095), "prevention": (0.29, 1095), "protocol": (0.55, 365),
    "pathways": (0.58, 365), "guidance": (0.47, 365), "clinic": (0.12, 365), "attachment": (0.05, 365),
}  # fmt: skip
ROLES = {"champion": 0.64, "single_point_of_contact": 0.5, "trainer": 0.14}  # share of units with one


def write_steps(world: World, rng: np.random.Generator) -> None:
    """The tables case_step and staff_course; kinds of contacts, plans with the victim, first officers."""
    _steps(world, rng)
    _contacts(world, rng)
    _plans(world, rng)
    _file(world, rng)
    _first_officers(world, rng)
    _training(world, rng)


def _steps(world: World, rng: np.random.Generator) -> None:
    f, n = world.facts, world.crimes
    code = as_text(OUTCOMES, f["out"])
    charged = f["closed"] & np.isin(code, CHARGES) & f["sh"]
    ended = f["closed"] & np.isin(code, NO_FURTHER_ACTION) & f["sh"]
    high, kept, repeated = f["sh"] & (f["grade"] == 2), f["removal"] == 0, f["place"] > 0
    recorded, end = f["recorded"], f["end"]

    def lot(share: float) -> Bools:
        chosen: Bools = rng.random(n) < share
        return chosen

    def later(least: int, most: int) -> Ints:
        days: Ints = rng.integers(least * HOUR, most * HOUR, n)
        return days

    kinds: tuple[tuple[str, Bools, Ints, Ints, float], ...] = (  # kind, which crimes, asked, taken, share done
        ("earlier_reports", f["sh"] & lot(0.86), recorded, later(1, 20), 1.0),
        ("partner", high & kept & lot(0.75), recorded + later(2, 96), later(2, 240), 0.92),
        ("problem_solving", f["sh"] & kept & repeated & lot(0.4), recorded + later(24, 240), later(24, 480), 0.9),
        ("target_hardening", f["stalking"] & kept & lot(0.12), recorded + later(4, 72), later(24, 1000), 0.88),
        ("disclosure_scheme", high & kept & f["da"] & lot(0.25), recorded + later(24, 200), later(48, 600), 0.85),
        ("clinic", high & f["stalking"] & kept & lot(0.15), recorded + later(48, 400), later(24, 300), 0.9),
        ("handover", (f["serious"] | high) & kept & lot(0.3), recorded + HOUR, later(2, 40), 0.85),
        ("bail_change", f["sh"] & (f["release"] != NONE) & lot(0.3), f["release"] + later(72, 600), later(1, 40), 0.95),
        ("hearing", charged, end + later(24 * 14, 24 * 45), later(1, 36), 0.96),
        ("court_result", charged & lot(0.8), end + later(24 * 60, 24 * 200), later(1, 30), 0.97),
        ("review_of_decision", ended & lot(0.04), end + later(48, 1500), later(24 * 5, 24 * 55), 0.93),
        ("property", f["stalking"] & f["closed"] & lot(0.2), end + later(24, 240), later(24 * 5, 24 * 90), 0.85),
        ("complaint", f["sh"] & kept & lot(0.01), recorded + later(240, 1500), later(24 * 2, 24 * 20), 0.95),
    )
    frames = []
    for kind, which, asked, taken, share in kinds:
        rows = np.flatnonzero(which & (asked <= EXTRACT))
        finished = asked[rows] + taken[rows]
        is_done = (rng.random(rows.size) < share) & (finished <= EXTRACT)
        columns = {"crime": rows, "kind": constant(rows.size, kind), "raised_ts": asked[rows]}
        frames.append(pl.DataFrame(columns | {"done_ts": np.where(is_done, finished, NONE)}))
    world.tables["case_step"] = pl.concat(frames)
    f["handover"] = np.isin(np.arange(n), frames[6]["crime"].to_numpy())


def _look_up_fact(facts: Bools, rows: pl.DataFrame) -> Bools:
    """The fact of each row's crime; false for a crime that the extract does not have (STR-11)."""
    crime = rows["crime"].to_numpy()
    found: Bools = (crime < facts.size) & facts[np.minimum(crime, facts.size - 1)]
    return found


def _contacts(world: World, rng: np.random.Generator) -> None:
    """What each contact was about; one contact in eight does not say. Three victims in four hear of the process."""
    f = world.facts
    contacts = world.tables["victim_contact"]
    charged = _look_up_fact(np.isin(as_text(OUTCOMES, f["out"]), CHARGES), contacts)
    kind = contacts["reason"].replace_strict(CONTACTS, default=None, return_dtype=pl.String)
    kind = pl.select(
        pl.when(pl.lit(contacts["reason"]) == "outcome")
        .then(pl.when(pl.lit(pl.Series(charged))).then(pl.lit("charge")).otherwise(pl.lit("outcome")))
        .otherwise(pl.lit(kind))
    ).to_series()
    said = pl.Series(rng.random(contacts.height) < 0.875)
    first = contacts.filter(pl.col("reason") == "first contact").unique("crime", keep="first", maintain_order=True)
    more = []
    for share, about in ((0.76, "information"), (0.21, "compensation")):
        some = first.filter(pl.Series(_look_up_fact(world.free, first) & (rng.random(first.height) < share)))
        more.append(
            some.with_columns(
                ts=pl.min_horizontal(pl.col("ts") + 20 * MINUTE, pl.lit(EXTRACT - MINUTE)),
                reason=pl.lit(about), kind=pl.lit(about),
            )
        )  # fmt: skip
    own = contacts.with_columns(kind=pl.select(pl.when(said).then(kind)).to_series())
    world.tables["victim_contact"] = pl.concat([own, *more])


def _plans(world: World, rng: np.random.Generator) -> None:
    plans = world.tables["risk_plan"]
    lot = pl.Series(rng.random(plans.height))
    asked = pl.select(pl.when(lot < 0.8).then(True).when(lot < 0.93).then(False)).to_series()
    world.tables["risk_plan"] = plans.with_columns(victim_consulted=asked)


def _file(world: World, rng: np.random.Generator) -> None:
    """Items of the file that no rule asks for: the current risk, and whether the victim agreed to the conditions."""
    items = world.tables["case_file"].filter(pl.col("item") == "order_conditions")
    for item, share in (("risk_info", 0.81), ("conditions_agreed", 0.68)):
        rows = items.filter(pl.Series(rng.random(items.height) < 0.95)).with_columns(
            item=pl.lit(item), quality=pl.lit("met")
        )
        rows = rows.with_columns(present=pl.Series(rng.random(rows.height) < share))
        world.tables["case_file"] = pl.concat([world.tables["case_file"], rows])


def _first_officers(world: World, rng: np.random.Generator) -> None:
    """A response officer of the same unit, or the officer of the report before, had some cases for the first hours.

    The last officer stays (INV-01). One serious case in four asked the single point of contact.
    """
    f = world.facts
    held = world.tables["allocation"]
    each = int(f["each"][0])
    asked = _look_up_fact(world.free & (f["serious"] | (f["grade"] == 2)), held) & (rng.random(held.height) < 0.25)
    consulted = np.where(asked, held["from_ts"].to_numpy() + DAY, NONE)
    held = held.with_columns(
        spoc_consult_ts=pl.when(pl.Series(asked & (consulted <= EXTRACT)) & (pl.col("spoc_consult_ts") == NONE))
        .then(pl.Series(consulted))
        .otherwise(pl.col("spoc_consult_ts"))
    )
    response = held.filter(pl.Series(_look_up_fact(world.free & f["handover"], held)))
    again = np.full(world.crimes, -1)  # the officer of the pair's crime before
    order = np.lexsort((f["reported"], f["pair"]))
    same = f["pair"][order][1:] == f["pair"][order][:-1]
    again[order[1:][same]] = f["oic"][order[:-1][same]]
    known = world.free & ~f["handover"] & (again >= 0) & (rng.random(world.crimes) < 0.45)
    continued = held.filter(pl.Series(_look_up_fact(known, held)))
    early = [
        _first(f, response, response["investigator_id"].to_numpy() - each, "first response"),
        _first(f, continued, again[continued["crime"].to_numpy()], "had the report before"),
    ]
    world.tables["allocation"] = pl.concat([held, *(rows.cast(held.schema) for rows in early)])


def _first(f: dict[str, NDArray[Any]], rows: pl.DataFrame, officer: Ints, why: str) -> pl.DataFrame:
    """An allocation before each of these, from a minute after recording until its beginning."""
    return rows.with_columns(
        investigator_id=pl.Series(officer), from_ts=pl.Series(f["recorded"][rows["crime"].to_numpy()] + MINUTE),
        to_ts=pl.col("from_ts"), spoc_consult_ts=pl.lit(NONE, dtype=pl.Int64), reason=pl.lit(why),
    ).filter(pl.col("from_ts") < pl.col("to_ts"))  # fmt: skip


def _training(world: World, rng: np.random.Generator) -> None:
    staff = world.tables["investigator"]
    number, size = staff["person_id"].to_numpy(), staff.height
    frames = []

    def add(course: str, who: Ints, since: Ints, days: int) -> None:
        until = since + days * DAY if days else np.full(who.size, NONE)
        frames.append(
            pl.DataFrame(
                {"person_id": who, "course": constant(who.size, course), "completed_on": since, "valid_until": until}
            )
        )

    for course, (share, days) in COURSES.items():
        who = number[rng.random(size) < share]
        # taken again every time: each officer is without it for a while before that
        apart = int(days * 1.15) * DAY
        since = EXTRACT - rng.integers(1, int(days * 1.15), who.size) * DAY
        for _ in range((EXTRACT - FIRST) // apart + 2):
            add(course, who, since, days)
            since = since - apart
    for role, share in ROLES.items():
        units = staff.group_by("unit", maintain_order=True).first()
        who = units["person_id"].to_numpy()[rng.random(units.height) < share]
        add(role, who, FIRST - rng.integers(30, 900, who.size) * DAY, 0)
    world.tables["staff_course"] = pl.concat(frames)
