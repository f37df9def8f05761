"""An invented force: extracts of any size, clean except for planted breaches, with the truth written separately.

`write_force` makes the facts of each crime and casts the crimes that will break a rule or nearly do. Then it derives
the tables, lets each planting edit them, and writes them. Everything is invented; README.txt in the folder says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import polars as pl

from sample.synth import (
    aggregates,
    care,
    commissioning,
    courts,
    crimes,
    levels,
    people,
    steps,
    story,
    story_tables,
    tables,
    truth,
    write,
)
from sample.synth.clock import Ints
from sample.synth.codes import FORMER, related
from sample.synth.plant import NOT_FEEDABLE, PLANTINGS, escalation, hidden
from sample.synth.world import Known, TooFewCrimes, World, give_back

__all__ = ["NOT_FEEDABLE", "PLANTINGS", "hold", "write_force"]

COURTS, STEPS, ROOM, LEVELS = 0, 1, 2, 3  # streams of random numbers of their own; that of escalation is with it
RATE = (-1.1, 0.6)  # how often a rule is broken, as the logarithm of a share of the standard's: mean and deviation
OF_SERIES = {PLANTINGS[rule] for rule in ("OUT-19", "TIM-04", "CLS-21", "CLS-22")}  # months or units that differ
ROOM_FOR_ALL = 2000  # crimes; a smaller force has the same share of the plantings, and ordinary crimes beside them
TRUTH = "truth"
READ = ("crime", "included_classification", "removal", "party_role", "referral")  # the sources of the truth


def write_force(
    out: Path,
    crimes: int,
    seed: int,
    noise: str = "none",
    form: str = "csv",
    has_story: bool = True,
) -> dict[str, int]:
    """Write an invented extract of a given number of crimes into `out`; return the rows of each table."""
    if form not in ("csv", "parquet"):
        raise ValueError(f"form is csv or parquet, not {form}")
    world, true = make(crimes, seed, noise, has_story)
    effects = story_tables.written(world)
    rows = {}
    for folder, name, frame in files(world, true, noise):
        write.save(frame, out / folder, name, form)
        if folder != TRUTH:
            rows[name] = frame.height
    (out / TRUTH / "story.json").write_text(effects, encoding="utf-8")
    write_beside(out)
    (out / "README.txt").write_text(
        commissioning.README.format(crimes=crimes, seed=seed, noise=noise), encoding="utf-8"
    )
    return {table: rows[table] for table in [*write.TABLES, *(name for name in rows if name not in write.TABLES)]}


def files(world: World, true: Ints, noise: str) -> Iterator[tuple[str, str, pl.DataFrame]]:
    """Folder, name and rows of each file of a force, its truth among them.

    Tables that nothing else is made from come first and leave `world`, so that a large force needs less memory.
    """
    for table in [name for name in write.TABLES if name in world.tables and name not in READ]:
        yield "force", table, write.exported(table, world.tables.pop(table))
    give_back()
    persons = people.write_people(world, true, noise)
    for name, frame in truth.tables(world, persons["people"]).items():
        yield TRUTH, name, frame
    yield TRUTH, "name_groups", persons["name_groups"]
    rest = {"person": persons["person"], "pair": truth.pairs(world), **{t: world.tables[t] for t in READ}}
    for table, frame in rest.items():
        yield "force", table, write.exported(table, frame)
    for name, (folder, frame) in commissioning.outside(world, persons).items():
        yield folder, name, frame


def hold(crimes: int, seed: int, noise: str = "none", has_story: bool = True) -> dict[str, pl.DataFrame]:
    """The extract that `write_force` writes, in memory: name of each table -> its rows, without names of people.

    All times are in UTC. `people` beside the tables has the true person of each key.
    """
    world, true = make(crimes, seed, noise, has_story)
    persons = people.write_people(world, true, noise, has_names=False)
    beside = {name: frame for name, (_, frame) in commissioning.outside(world, persons).items()}
    held = world.tables | {"person": persons["person"]}
    return {table: write.exported(table, held[table], local=()) for table in write.TABLES if table in held} | {
        **beside, "people": persons["people"]
    }


def write_beside(out: Path) -> None:
    """Points for a ranking, and outlines of the districts."""
    write.save(commissioning.points(), out / "points", "rfgv_points", "csv")
    (out / "commissioning" / "district_boundaries.geojson").write_text(commissioning.boundaries(), encoding="utf-8")


def make(
    n: int, seed: int, noise: str, has_story: bool = True, known: Sequence[Known] = ()
) -> tuple[World, Ints]:
    """The force in memory, with all planted that it has crimes for; and the true person of each key.

    Without a story it is the steady twin: no month, unit or group differs but by season, growth and chance. `known` are
    people of another force of whom it holds a record.
    """
    if noise not in people.NOISE:
        raise ValueError(f"noise is one of {', '.join(people.NOISE)}, not {noise}")
    # escalation breaks no rule, and comes last: it leaves every other planting as it is
    every = np.array([
        *dict.fromkeys(PLANTINGS.values()), hidden.two_names, hidden.missed_warnings, escalation.escalating,
    ])  # fmt: skip
    every = every if has_story else np.array([one for one in every if one not in OF_SERIES])
    # a small force has room for some: what it has no crimes for is left out, and it is laid out again without
    chance = World(n, seed).stream(ROOM)
    plantings = every[chance.random(every.size) < n / ROOM_FOR_ALL].tolist()
    rates = dict(zip(every, chance.lognormal(*RATE, every.size).clip(0.1, 1.5), strict=True))
    if known:
        plantings.insert(0, hidden.of_another_force)
    while True:
        world = World(n, seed, has_story and n >= story.LEAST, known)
        crimes.lay_out(world)
        plans = []
        try:
            for planting in plantings:
                world.rate = rates.get(planting, 1.0)
                plans.append(planting(world))
                next(plans[-1])
            break
        except TooFewCrimes:
            plantings.remove(planting)
    remove_some(world)
    aggregates.balance(world)
    aggregates.level_sixteens(world)
    story.weekends(world)
    crimes.settle(world)
    of_courts = world.stream(COURTS)
    courts.breached_orders(world, of_courts)
    true = people.keys(world, noise)
    tables.derive(world)
    tables.staff(world)
    for build in (
        tables.crime, tables.parties, tables.outcome, care.contact, care.orders, care.risk, care.investigation,
    ):  # fmt: skip
        build(world)
        give_back()
    world.tables["force"] = commissioning.forces()
    world.tables["notice"] = pl.DataFrame(
        schema={"crime": pl.Int64, "type": pl.String, "issued_ts": pl.Int64, "issued_by": pl.Int64, "to_key": pl.Int64}
    )
    for planting, plan in zip(plantings, plans, strict=True):
        world.rate = rates.get(planting, 1.0)
        for _ in plan:
            raise RuntimeError("a planting yields once")
        give_back()
    levels.write_levels(world, world.stream(LEVELS))
    story_tables.over_capacity(world)
    story_tables.lapsing_order(world)
    courts.write_courts(world, of_courts)
    steps.write_steps(world, world.stream(STEPS))
    return world, true


def remove_some(world: World) -> None:
    """Transfer or cancel three crimes in a hundred, none of former partners (CLS-22, OUT-22)."""
    f, rng = world.facts, world.rng
    can = world.free & f["alone"] & ~related(FORMER, f["rel"])
    can &= (f["place"] == 0) & (np.arange(world.crimes) > 10)
    rows = np.flatnonzero(can & (rng.random(world.crimes) < 0.05))
    f["removal"][rows] = rng.choice([1, 2, 3, 4], rows.size, p=[0.2, 0.35, 0.1, 0.35])
