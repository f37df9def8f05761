"""Crimes of the invented force: courses of conduct with a heavy tail, repeat victims, serial suspects, seasons and
hours.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sample.synth.clock import DAY, EXTRACT, FIRST, HOUR, MINUTE, START, Bools, Ints, off_the_hour
from sample.synth.codes import (
    DISTANT,
    FIRST_CLASS,
    HO,
    KIND_OF_REL,
    LATER_CLASS,
    NAMED_OUTCOMES,
    OFFENCES,
    ORDER_BREACH,
    OUT,
    REL,
    REL_SHARES,
    RELATIONSHIPS,
    SUMMARY_ONLY,
    UNNAMED_OUTCOMES,
)
from sample.synth.world import World

HOURS = np.array([3, 2, 2, 1, 1, 1, 2, 4, 6, 7, 7, 7, 7, 7, 7, 8, 9, 9, 9, 9, 8, 7, 6, 4], dtype=float)
MONTHS = np.array([0.95, 0.93, 0.99, 1.0, 1.04, 1.08, 1.11, 1.08, 1.0, 0.99, 0.93, 0.9])


def is_in(codes: tuple[str, ...], ho: Ints) -> Bools:
    """Whether each offence is one of these HO codes."""
    return np.isin(ho, [HO[code] for code in codes])


def of_class(classes: tuple[str, ...], ho: Ints) -> Bools:
    """Whether each offence is of one of these classes."""
    return np.isin(ho, [place for place, offence in enumerate(OFFENCES) if offence[1] in classes])


def related(names: tuple[str, ...], rel: Ints) -> Bools:
    """Whether each relationship is one of these."""
    return np.isin(rel, [REL[name] for name in names])


def shares(table: dict[str, float], places: dict[str, int], rng: np.random.Generator, n: int) -> Ints:
    """n draws of the table's keys, as indices."""
    weights = np.array(list(table.values()), dtype=float)
    return rng.choice(np.array([places[key] for key in table]), n, p=weights / weights.sum())


def sizes(rng: np.random.Generator, crimes: int) -> Ints:
    """Crimes a pair: seven in eight pairs have one, the rest a heavy tail of up to 25; in total the number given."""
    drawn = np.where(rng.random(crimes) < 0.88, 1, np.minimum(1 + rng.zipf(2.3, crimes), 25)).astype(np.int64)
    kept = drawn[: int(np.searchsorted(np.cumsum(drawn), crimes)) + 1].copy()
    kept[-1] -= int(kept.sum()) - crimes
    return kept[kept > 0]


def heavy(rng: np.random.Generator, n: int, alone: float) -> Ints:
    """A person for each of n pairs: most have a pair of their own, some share one with a heavy tail of up to 12."""
    size = np.where(rng.random(n) < alone, 1, np.minimum(1 + rng.zipf(2.2, n), 12)).astype(np.int64)
    people = np.repeat(np.arange(n), size)[:n]
    return rng.permutation(people)


def report_times(rng: np.random.Generator, n: int) -> Ints:
    """When pairs are first reported: three full years after a thin one, by season and hour of the London day."""
    days = np.arange((EXTRACT - FIRST) // DAY)
    start = FIRST + days * DAY
    weight = np.where(start < START, 0.3, 1.0) * MONTHS[(days % 365 * 12 // 365 + 3) % 12] * (1 + 0.00008 * days)
    day = rng.choice(days, n, p=weight / weight.sum())
    hour = rng.choice(24, n, p=HOURS / HOURS.sum())
    return FIRST + day * DAY + hour * HOUR + rng.integers(1, HOUR, n)


def lay_out(world: World) -> None:
    """Pairs, people, reports, offences: the facts from which all else is made."""
    rng, n, f = world.rng, world.crimes, world.facts
    # more than needed, for a course of conduct may go on after the extract: what comes then is not in it
    size = sizes(rng, n + max(n // 5, 400))
    drawn = np.repeat(np.arange(size.size), size)
    place = np.arange(drawn.size) - np.repeat(np.cumsum(size) - size, size)
    wait = np.where(place == 0, 0, np.minimum(rng.lognormal(3.4, 1.1, drawn.size), 300) * DAY + 2 * DAY)
    since = np.cumsum(wait.astype(np.int64))
    since -= np.repeat(since[np.cumsum(size) - size], size)
    reported = report_times(rng, size.size)[drawn] + since
    inside = np.flatnonzero(reported < EXTRACT - 90 * MINUTE)[:n]
    pair, place, reported = drawn[inside], place[inside], reported[inside]
    pairs = int(pair[-1]) + 1
    victim, suspect = heavy(rng, pairs, 0.97), heavy(rng, pairs, 0.95) + pairs
    _, kept = np.unique(victim * (2 * pairs) + suspect, return_index=True)
    twice = np.setdiff1d(np.arange(pairs), kept)  # the same two people are one pair
    suspect[twice] = np.setdiff1d(np.arange(pairs, 2 * pairs), suspect)[: twice.size]
    order = np.argsort(reported, kind="stable")
    rel = rng.choice(len(RELATIONSHIPS), pairs, p=np.array(REL_SHARES) / sum(REL_SHARES))
    f.update(
        pair=pair[order], place=place[order], reported=off_the_hour(reported[order]), rel=rel[pair][order],
        victim=victim[pair][order], suspect=suspect[pair][order],
    )  # fmt: skip
    world.birth = (START - rng.integers(18 * 365, 62 * 365, 2 * pairs) * DAY).astype(np.int64)
    youths = rng.random(2 * pairs) < 0.04
    world.birth[youths] = START - rng.integers(13 * 365, 15 * 365, int(youths.sum())) * DAY
    offend(world)
    alone = np.ones(n, dtype=bool)
    for person in ("pair", "victim", "suspect"):
        alone &= np.bincount(f[person])[f[person]] == 1
    f["alone"] = alone & (f["reported"] >= START)
    world.free = np.ones(n, dtype=bool)
    world.open_queues()


def offend(world: World) -> None:
    """Offence, times and outcome by default."""
    rng, n, f = world.rng, world.crimes, world.facts
    kinds = np.array([KIND_OF_REL.get(name, "known") for name in RELATIONSHIPS])[f["rel"]]
    ho = np.zeros(n, dtype=np.int64)
    for kind in FIRST_CLASS:
        for table, rows in ((FIRST_CLASS, f["place"] == 0), (LATER_CLASS, f["place"] > 0)):
            where = np.flatnonzero((kinds == kind) & rows)
            ho[where] = shares(table[kind], HO, rng, where.size)
    f["ho"] = ho
    breach_orders(world)
    ho = f["ho"]
    pairs = int(f["pair"].max()) + 1
    named = ~related(DISTANT, f["rel"]) | (rng.random(pairs) < 0.45)[f["pair"]]
    f["named"] = named
    several = np.bincount(f["pair"])[f["pair"]] > 1
    f["suspect_row"] = named | several | of_class(("8Q",), ho) | (rng.random(n) < 0.4)
    f["lag"] = np.clip(rng.lognormal(1.1, 0.9, n) * HOUR, 5 * MINUTE, 22 * HOUR).astype(np.int64)
    conduct = of_class(("8Q", "8L", "8M", "8U"), ho)
    f["span"] = np.where(conduct, rng.integers(2 * DAY, 60 * DAY, n), rng.integers(MINUTE, 40 * MINUTE, n))
    f["gap"] = np.clip(rng.lognormal(2.2, 1.3, n) * HOUR, 10 * MINUTE, 12 * DAY).astype(np.int64)
    f["grade"] = np.where(rng.random(n) < 0.34, 1, 0)
    f["grade"][(rng.random(n) < 0.3) & (ho != HO["195/12"]) & conduct] = 2
    f["removal"] = np.zeros(n, dtype=np.int64)  # C1 to C5
    f["history"] = np.zeros(n, dtype=np.int64)  # 1 upgraded, 2 downgraded with a second check
    changed = rng.random(n) < 0.03
    f["history"][changed & is_in(("8/65", "8/66"), ho)] = 1
    f["history"][changed & (ho == HO["195/12"])] = 2
    f["online"] = of_class(("8R",), ho)
    f["prior"] = of_class(("8L", "8Q", "8U"), ho) & (rng.random(n) < 0.06)
    f["included"] = np.full(n, -1)
    f["unit"] = np.full(n, -1)
    f["support"] = np.full(n, -1)
    f["flag_da"] = np.ones(n, dtype=bool)
    f["stamped"] = np.zeros(n, dtype=bool)  # recorded at midnight to the second (TIM-04)
    f["rationale"] = np.zeros(n, dtype=bool)  # harassment in law only
    conclude(world)


def breach_orders(world: World) -> None:
    """Turn some later crimes of a pair into breaches of an order, soon after stalking or harassment of the pair
    (CLS-12).
    """
    rng, f = world.rng, world.facts
    order = np.lexsort((f["reported"], f["pair"]))
    pair, when, ho = f["pair"][order], f["reported"][order], f["ho"][order]
    soon = np.zeros(order.size, dtype=bool)
    soon[1:] = (pair[1:] == pair[:-1]) & (when[1:] - when[:-1] < 75 * DAY) & of_class(("8Q", "8L"), ho[:-1])
    chosen = soon & (rng.random(order.size) < 0.15)
    chosen[1:] &= ~chosen[:-1]  # the one before stays stalking or harassment
    rows = order[chosen]
    former = related(("ex_spouse", "ex_civil_partner", "ex_partner"), f["rel"][rows])
    own = np.where(rng.random(rows.size) < 0.5, HO["8/31"], HO["66/38"])
    f["ho"][rows] = np.where(former, HO["66/39"], own)


def conclude(world: World) -> None:
    """The outcome that each crime will have, and the days until then."""
    rng, n, f = world.rng, world.crimes, world.facts
    out, days = np.zeros(n, dtype=np.int64), np.zeros(n)
    for table, rows in ((NAMED_OUTCOMES, f["named"]), (UNNAMED_OUTCOMES, ~f["named"])):
        where = np.flatnonzero(rows)
        out[where] = shares({code: share for code, (share, _) in table.items()}, OUT, rng, where.size)
    summary = is_in(SUMMARY_ONLY, f["ho"])
    has_alternate = is_in(("8/65", "8/66", "8/30", "125/9", "125/11"), f["ho"])
    out[(out == OUT["1A"]) & ~has_alternate] = OUT["1"]
    out[(out == OUT["17"]) & (~summary | is_in(ORDER_BREACH, f["ho"]))] = OUT["15"]
    young = (f["reported"] - world.birth[f["suspect"]]) < 18.1 * 365.25 * DAY
    out[young & (out == OUT["3"])] = OUT["2"]
    too_old = (f["reported"] - world.birth[f["suspect"]]) > 17.5 * 365.25 * DAY
    out[(out == OUT["2"]) & too_old] = OUT["15"]
    for code, (_, median) in {**NAMED_OUTCOMES, **UNNAMED_OUTCOMES, "2": (0, 40)}.items():
        where = np.flatnonzero(out == OUT[code])
        days[where] = np.clip(median * rng.lognormal(0, 0.8, where.size), 1.1, 700)
    charged_late = summary & ((out == OUT["1"]) | (out == OUT["1A"]))
    days[charged_late] = np.clip(days[charged_late], 1.1, 150)
    lapsed = out == OUT["17"]
    days[lapsed] = rng.uniform(195, 280, int(lapsed.sum()))
    f["out"], f["delay"] = out, (days * DAY).astype(np.int64)
    never = rng.random(n) < 0.02
    f["delay"][never & ~f["alone"] if "alone" in f else never] = 10**10


def settle(world: World) -> None:
    """Absolute times, from the report and the spans that were drawn or planted."""
    f = world.facts
    f["recorded"] = np.where(
        (f["lag"] % HOUR == 0) | f["stamped"], f["reported"] + f["lag"], off_the_hour(f["reported"] + f["lag"])
    )
    overdue = f["recorded"] > EXTRACT - 40 * MINUTE
    f["reported"] = np.where(overdue, f["reported"] - 2 * DAY, f["reported"])
    f["recorded"] = np.where(overdue, f["recorded"] - 2 * DAY, f["recorded"])
    f["offence_to"] = f["reported"] - f["gap"]
    f["offence_from"] = f["offence_to"] - f["span"]
    ends = f["recorded"] + f["delay"]
    f["latent_out"], f["latent_delay"] = f["out"].copy(), f["delay"].copy()
    f["closed"] = (ends <= EXTRACT - 4 * HOUR) & (f["out"] != OUT["0"]) & (f["removal"] == 0)
    f["out"] = np.where(f["closed"], f["out"], OUT["0"])
    f["outcome_at"] = np.where(f["closed"], ends, f["recorded"])


def as_text(codes: tuple[str, ...], places: Ints) -> NDArray[np.str_]:
    """Codes by index."""
    return np.array(codes)[places]
