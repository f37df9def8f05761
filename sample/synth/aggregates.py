"""Shares by month: balanced over all months (CLS-21, CLS-22), before any are planted."""

from __future__ import annotations

import numpy as np

from sample.synth import story
from sample.synth.base import BASE
from sample.synth.clock import DAY, EXTRACT, Ints, london_month
from sample.synth.codes import FORMER, HO, OUT, REL, UNITS, of_class, related
from sample.synth.world import TooFewCrimes, World

HARASSMENT_CAP = 0.13  # share of 8L in the former-partner stratum of a plain month
UNKNOWN_SHARE = 0.05
HIGHEST = 1.5  # standard deviations of a unit above the force
LEAST = 5000  # crimes: of fewer, a month or a unit has too few for a rule to judge its share


def judged(world: World) -> None:
    """Raise TooFewCrimes where no share of a month or a unit is judged."""
    if world.crimes < LEAST:
        raise TooFewCrimes


def recorded_month(world: World) -> Ints:
    """The London month of recording, after settling."""
    return london_month(world.facts["reported"] + world.facts["lag"])


def months(world: World, numbers: Ints) -> list[int]:
    """Full months with enough crimes for a planting, oldest first; the last two stay plain."""
    judged(world)
    held, count = np.unique(numbers, return_counts=True)
    first = int(london_month(np.array([EXTRACT - 1000 * DAY]))[0])
    last = int(london_month(np.array([EXTRACT - 150 * DAY]))[0])
    return [
        int(month)
        for month, size in zip(held, count, strict=True)
        if first <= month <= last and size >= np.max(count) / 3
    ]


def balance(world: World) -> None:
    """Give some crimes the other of the outcomes 15 and 16: in stalking, and in all else, as base.toml has them."""
    f, both = world.facts, (OUT["15"], OUT["16"])
    of_both = f["named"] & np.isin(f["out"], both)
    share = BASE["outcome_named"]["15"] / (BASE["outcome_named"]["15"] + BASE["outcome_named"]["16"])
    stalking = of_class(("8Q",), f["ho"])
    for here in (of_both & stalking, of_both & ~stalking):
        surplus = int((here & (f["out"] == both[0])).sum() - share * here.sum())
        much, little = both if surplus > 0 else both[::-1]
        rows = world.rng.permutation(np.flatnonzero(here & world.free & (f["out"] == much)))
        f["out"][rows[: abs(surplus)]] = little


def level_sixteens(world: World) -> None:
    """Give some of a unit's outcomes 16 the code 15, so that no unit is far above the force by chance (OUT-19)."""
    f = world.facts
    kept = story.overloaded(world) & world.has_story  # what the story changes stays: earlier ones are levelled
    ended = of_class(("8L", "8M", "8Q", "8R", "8U"), f["ho"]) & (f["removal"] == 0) & (f["out"] != OUT["0"])
    ended &= f["reported"] + f["lag"] + f["delay"] < EXTRACT
    sixteen = ended & (f["out"] == OUT["16"])
    share = sixteen.sum() / max(ended.sum(), 1)
    for number in range(len(UNITS)):
        size = int((ended & (f["unit"] == number)).sum())
        most = share * size + HIGHEST * np.sqrt(share * (1 - share) * size)
        rows = np.flatnonzero(sixteen & world.free & ~kept & (f["unit"] == number))
        surplus = int((sixteen & (f["unit"] == number)).sum() - most)
        if surplus > 0 and number != world.high_unit:
            f["out"][world.rng.permutation(rows)[:surplus]] = OUT["15"]


def unknown_suspects(world: World, planted: list[int]) -> None:
    """One in twenty stalking and harassment crimes has an unknown relationship; one in six in planted months."""
    f = world.facts
    month = recorded_month(world)
    sh = of_class(("8L", "8M", "8Q", "8R", "8U"), f["ho"])
    candidates = world.free & sh & ~related(FORMER, f["rel"]) & ~of_class(("8U",), f["ho"])
    for number in np.unique(month[sh]):
        here = int((sh & (month == number)).sum())
        share = 0.17 if int(number) in planted else UNKNOWN_SHARE
        wanted = int(np.ceil(share * here)) if int(number) in planted else int(share * here)
        rows = np.flatnonzero(candidates & (month == number))
        chosen = world.rng.permutation(rows)[:wanted]
        f["rel"][chosen] = REL["unknown"]


def former_partners(world: World, planted: list[int]) -> Ints:
    """Plant former-partner harassment in each month; return the crimes without the rationale that CLS-01 requires."""
    f, rng = world.facts, world.rng
    month = recorded_month(world)
    stratum = related(FORMER, f["rel"]) & of_class(("8Q", "8L"), f["ho"])
    can = stratum & world.free & (f["ho"] == HO["195/12"]) & np.isin(f["history"], (0, 3)) & (f["removal"] == 0)
    bare: list[int] = []
    for number in np.unique(month[stratum]):
        here = int((stratum & (month == number)).sum())
        rows = rng.permutation(np.flatnonzero(can & (month == number)))
        share = 0.27 if int(number) in planted else HARASSMENT_CAP
        wanted = int(np.ceil(share * here)) if int(number) in planted else int(share * here)
        chosen = rows[:wanted]
        f["ho"][chosen] = HO["195/94"]
        f["rationale"][chosen], f["history"][chosen] = True, 0
        without = chosen[: round(0.08 * here)] if int(number) not in planted else chosen[:0]
        bare += [int(row) for row in without]
    result = np.array(bare, dtype=np.int64)
    f["rationale"][result] = False
    world.free[result] = False
    return result
