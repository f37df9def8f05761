"""Crimes of the invented force: courses of conduct with a heavy tail, repeat victims, serial suspects, seasons and
hours.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sample.synth import persons, story
from sample.synth.base import BASE, drawn, look_up
from sample.synth.clock import DAY, EXTRACT, FIRST, HOUR, MINUTE, Ints, london_month, off_the_hour
from sample.synth.codes import (
    DISTANT,
    HO,
    OFFENCES,
    ORDER_BREACH,
    OUT,
    REL,
    SUMMARY_ONLY,
    is_in,
    of_class,
    related,
)
from sample.synth.world import World

KINDS = ("former", "current", "family", "known", "distant")
BEFORE = 300 * DAY  # pairs begin this long before the extract: else its first months had too few later reports


def shares(table: dict[str, float], places: dict[str, int], rng: np.random.Generator, n: int) -> Ints:
    """n draws of the table's keys, as indices."""
    weights = np.array(list(table.values()), dtype=float)
    return rng.choice(np.array([places[key] for key in table]), n, p=weights / weights.sum())


def sizes(rng: np.random.Generator, crimes: int) -> Ints:
    """Crimes a pair: seven in eight pairs have one, the rest a heavy tail of up to 25; in total the number given."""
    alone, tail = BASE["repeats"]["pairs_with_one"], BASE["repeats"]["tail"]
    size = np.where(rng.random(crimes) < alone, 1, np.minimum(1 + rng.zipf(tail, crimes), 25)).astype(np.int64)
    kept = size[: int(np.searchsorted(np.cumsum(size), crimes)) + 1].copy()
    kept[-1] -= int(kept.sum()) - crimes
    return kept[kept > 0]


def heavy(rng: np.random.Generator, n: int, alone: float) -> Ints:
    """A person for each of n pairs: most have a pair of their own, some share one with a heavy tail of up to 12."""
    size = np.where(rng.random(n) < alone, 1, np.minimum(1 + rng.zipf(2.2, n), 12)).astype(np.int64)
    people = np.repeat(np.arange(n), size)[:n]
    return rng.permutation(people)


def unevenness(rng: np.random.Generator, crimes: int, districts: int, months: int) -> NDArray[np.float64]:
    """A factor for each district and month, beside season and growth: months differ by more than chance, and resemble
    the month before. Its size is such that counts have the variance that base.toml says, in times that of Poisson."""
    share, of_force = BASE["unevenness"]["counted_share"], BASE["unevenness"]["force_variance"] - 1
    expected = crimes * share / months  # stalking and harassment of the force in a month
    of_district = max((BASE["unevenness"]["district_variance"] - 1) * districts - of_force, 0.0)
    keeps = BASE["unevenness"]["kept_from_month_before"]
    logs = np.zeros((districts, months))
    for rows, size in ((slice(None), of_force), (range(districts), of_district)):
        width = 1 if isinstance(rows, slice) else districts
        wave = rng.normal(0, np.sqrt(size / expected), (width, months))
        for month in range(1, months):
            wave[:, month] = keeps * wave[:, month - 1] + np.sqrt(1 - keeps**2) * wave[:, month]
        logs[rows] += wave
    factors: NDArray[np.float64] = np.exp(logs)
    return factors


def report_times(world: World, district: Ints) -> Ints:
    """When pairs of each district are first reported: by year, season, weekday and hour of the London day."""
    rng, n = world.rng, district.size
    days = np.arange((EXTRACT - FIRST + BEFORE) // DAY)
    start = FIRST - BEFORE + days * DAY
    month = london_month(start + DAY // 2)
    weekday = (start // DAY + 4) % 7  # 1 January 1970 was a Thursday; 1 is Monday
    by_month, by_day = (month % 12 + 1).astype(str), np.where(weekday == 0, 7, weekday).astype(str)
    season = look_up("month", by_month) * look_up("weekday", by_day)
    weight = season * (1 + BASE["growth"]["a_year"]) ** (days / 365.25)
    factor = unevenness(rng, world.crimes, persons.DISTRICTS, int(month[-1] - month[0]) + 1)
    day = np.zeros(n, dtype=np.int64)
    for number in range(persons.DISTRICTS):
        where = np.flatnonzero(district == number)
        here = weight * factor[number, month - month[0]]
        day[where] = rng.choice(days, where.size, p=here / here.sum())
    hour = drawn(rng, BASE["hour"], n)
    return FIRST - BEFORE + day * DAY + hour * HOUR + rng.integers(1, HOUR, n)


def lay_out(world: World) -> None:
    """Pairs, people, reports, offences: the facts from which all else is made."""
    rng, n, f = world.rng, world.crimes, world.facts
    # more than needed: a course of conduct may begin before the extract and go on after it, and part of it is left out
    size = sizes(rng, int(n * 1.45) + 400)
    number = np.repeat(np.arange(size.size), size)
    place = np.arange(number.size) - np.repeat(np.cumsum(size) - size, size)
    wait = np.where(place == 0, 0, np.minimum(rng.lognormal(3.4, 1.1, number.size), 300) * DAY + 2 * DAY)
    since = np.cumsum(wait.astype(np.int64))
    since -= np.repeat(since[np.cumsum(size) - size], size)
    unit = drawn(rng, BASE["unit_size"], size.size)
    first = report_times(world, unit % persons.DISTRICTS)
    reported = first[number] + since
    inside = np.flatnonzero((reported >= FIRST) & (reported < EXTRACT - 90 * MINUTE))[:n]
    _, pair = np.unique(number[inside], return_inverse=True)
    place, reported, of_pair = place[inside], reported[inside], np.unique(number[inside])
    unit, first, pairs = unit[of_pair], first[of_pair], of_pair.size
    victim, suspect = heavy(rng, pairs, 0.97), heavy(rng, pairs, 0.95) + pairs
    _, kept = np.unique(victim * (2 * pairs) + suspect, return_index=True)
    twice = np.setdiff1d(np.arange(pairs), kept)  # the same two people are one pair
    suspect[twice] = np.setdiff1d(np.arange(pairs, 2 * pairs), suspect)[: twice.size]
    rel = np.array([REL[name] for name in BASE["relationship"]])[drawn(rng, BASE["relationship"], pairs)]
    risen = story.rise(world, pair, reported, unit, rel, suspect)
    order = np.argsort(reported, kind="stable")
    f["risen"] = risen[order]
    f.update(
        pair=pair[order], place=place[order], reported=off_the_hour(reported[order]), rel=rel[pair][order],
        victim=victim[pair][order], suspect=suspect[pair][order], unit=unit[pair][order],
    )  # fmt: skip
    persons.make(world, persons.kinds(rel), first, victim, suspect)
    offend(world)
    alone = np.ones(n, dtype=bool)
    for person in ("pair", "victim", "suspect"):
        alone &= np.bincount(f[person])[f[person]] == 1
    f["alone"] = alone
    world.free = np.ones(n, dtype=bool)
    world.open_queues()


def offend(world: World) -> None:
    """Offence, times and outcome by default."""
    rng, n, f = world.rng, world.crimes, world.facts
    kinds = persons.kinds(f["rel"])
    ho = np.zeros(n, dtype=np.int64)
    for kind in KINDS:
        for table, rows in (("first", f["place"] == 0), ("later", f["place"] > 0)):
            where = np.flatnonzero((kinds == kind) & rows)
            ho[where] = shares(BASE[f"{table}_class_{kind}"], HO, rng, where.size)
    f["ho"] = ho
    story.offend(world)
    breach_orders(world)
    ho = f["ho"]
    pairs = int(f["pair"].max()) + 1
    named = ~related(DISTANT, f["rel"]) | (rng.random(pairs) < BASE["named"]["distant"])[f["pair"]]
    f["named"] = named
    several = np.bincount(f["pair"])[f["pair"]] > 1
    f["suspect_row"] = named | several | of_class(("8Q",), ho) | (rng.random(n) < 0.4)
    f["lag"] = np.clip(rng.lognormal(1.1, 0.9, n) * HOUR, 5 * MINUTE, 22 * HOUR).astype(np.int64)
    conduct = of_class(("8Q", "8L", "8M", "8U"), ho)
    f["span"] = np.where(conduct, rng.integers(2 * DAY, 60 * DAY, n), rng.integers(MINUTE, 40 * MINUTE, n))
    f["gap"] = np.clip(rng.lognormal(2.2, 1.3, n) * HOUR, 10 * MINUTE, 12 * DAY).astype(np.int64)
    f["grade"] = np.where(rng.random(n) < BASE["risk"]["medium"], 1, 0)
    f["grade"][(rng.random(n) < BASE["risk"]["high_of_serious"]) & (ho != HO["195/12"]) & conduct] = 2
    f["removal"] = np.zeros(n, dtype=np.int64)  # C1 to C5
    f["history"] = np.zeros(n, dtype=np.int64)  # 1 upgraded, 2 downgraded with a second check, 3 harassment at first
    changed = rng.random(n) < 0.03
    f["history"][changed & is_in(("8/65", "8/66"), ho)] = 1
    f["history"][changed & (ho == HO["195/12"])] = 2
    found = (rng.random(n) < BASE["corrected"]["stalking_first_harassment"]) & (ho == HO["195/12"])
    f["history"][found] = 3
    online = look_up("online", np.array([offence[1] for offence in OFFENCES])[ho])
    f["online"] = rng.random(n) < online
    f["arrested"] = rng.random(n) < look_up("arrested", kinds)
    f["prior"] = of_class(("8L", "8Q", "8U"), ho) & (rng.random(n) < 0.06)
    f["included"] = np.full(n, -1)
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
    """The outcome that each crime will have, and the days until then. Crimes of one pair often end alike."""
    rng, n, f = world.rng, world.crimes, world.facts
    out, days = np.zeros(n, dtype=np.int64), np.zeros(n)
    for table, rows in (("outcome_named", f["named"]), ("outcome_not_named", ~f["named"])):
        where = np.flatnonzero(rows)
        out[where] = shares(BASE[table], OUT, rng, where.size)
    order = np.lexsort((f["reported"], f["pair"]))
    again = order[1:][f["pair"][order][1:] == f["pair"][order][:-1]]
    before = order[:-1][f["pair"][order][1:] == f["pair"][order][:-1]]
    alike = (rng.random(again.size) < BASE["repeats"]["same_outcome"]) & (f["named"][again] == f["named"][before])
    out[again[alike]] = out[before[alike]]
    summary = is_in(SUMMARY_ONLY, f["ho"])
    has_alternate = is_in(("8/65", "8/66", "8/30", "125/9", "125/11"), f["ho"])
    out[(out == OUT["1A"]) & ~has_alternate] = OUT["1"]
    out[(out == OUT["17"]) & (~summary | is_in(ORDER_BREACH, f["ho"]))] = OUT["15"]
    young = (f["reported"] - world.birth[f["suspect"]]) < 18.1 * 365.25 * DAY
    out[young & (out == OUT["3"])] = OUT["2"]
    too_old = (f["reported"] - world.birth[f["suspect"]]) > 17.5 * 365.25 * DAY
    out[(out == OUT["2"]) & too_old] = OUT["15"]
    for code, median in BASE["days_to_outcome"].items():
        where = np.flatnonzero(out == OUT[code])
        days[where] = np.clip(median * rng.lognormal(0, 0.8, where.size), 1.1, 700)
    charged_late = summary & ((out == OUT["1"]) | (out == OUT["1A"]))
    days[charged_late] = np.clip(days[charged_late], 1.1, 150)
    lapsed = out == OUT["17"]
    days[lapsed] = rng.uniform(195, 280, int(lapsed.sum()))
    f["out"], f["delay"] = out, (days * DAY).astype(np.int64)
    f["delay"][rng.random(n) < BASE["never_closed"]["share"]] = 10**10
    story.slow(world)


def settle(world: World) -> None:
    """Absolute times, from the report and the spans that were drawn or planted."""
    f = world.facts
    f["recorded"] = np.where(
        (f["lag"] % HOUR == 0) | f["stamped"], f["reported"] + f["lag"], off_the_hour(f["reported"] + f["lag"])
    )
    overdue = f["recorded"] > EXTRACT - 40 * MINUTE
    f["reported"] = np.where(overdue, f["reported"] - 2 * DAY, f["reported"])
    f["recorded"] = np.where(overdue, f["recorded"] - 2 * DAY, f["recorded"])
    f["unit"][f["reported"] < FIRST] = 0  # what is older than the extract's years was taken over by one unit
    f["offence_to"] = f["reported"] - f["gap"]
    f["offence_from"] = f["offence_to"] - f["span"]
    ends = f["recorded"] + f["delay"]
    f["latent_out"], f["latent_delay"] = f["out"].copy(), f["delay"].copy()
    f["closed"] = (ends <= EXTRACT - 4 * HOUR) & (f["out"] != OUT["0"]) & (f["removal"] == 0)
    f["out"] = np.where(f["closed"], f["out"], OUT["0"])
    f["outcome_at"] = np.where(f["closed"], ends, f["recorded"])
