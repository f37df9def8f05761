"""Sex, age and ethnicity of each true person, and where each pair lives: drawn from the published shares of base.toml.

`make` comes after pairs and reports are laid out: an age is an age at the first report of a person.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sample.synth.base import BASE, drawn, look_up
from sample.synth.clock import DAY, Ints
from sample.synth.codes import KIND_OF_REL, RELATIONSHIPS
from sample.synth.world import World

DISTRICTS = 5
ETHNICITIES = tuple(BASE["ethnicity"])
YEAR = 365.25 * DAY
NEAR = ("former", "current")  # whose victim and suspect are of similar age


def make(world: World, kind: NDArray[np.str_], first: Ints, victim: Ints, suspect: Ints) -> None:
    """By pairs: the kind of relationship, the first report, and the numbers of the people, victims below suspects."""
    rng, pairs = world.rng, kind.size
    of_victim, of_suspect = np.zeros(pairs, dtype=np.int64), np.zeros(pairs, dtype=np.int64)
    late = np.argsort(-first, kind="stable")  # the earliest pair of each person comes last, and stays
    of_victim[victim[late]] = of_suspect[suspect[late] - pairs] = late
    other = victim[of_suspect]
    woman = rng.random(pairs) < look_up("victim_female", kind[of_victim])
    male = np.where(woman[other], BASE["suspect_male"]["of_women"], BASE["suspect_male"]["of_men"])
    world.sex = np.r_[~woman, rng.random(pairs) < male].astype(np.int64)
    ethnicity, own = drawn(rng, BASE["ethnicity"], pairs), drawn(rng, BASE["ethnicity"], pairs)
    same = rng.random(pairs) < BASE["same_ethnicity"]["of_pairs"]
    world.ethnicity = np.r_[ethnicity, np.where(same, ethnicity[other], own)]
    age = ages(world, "victim_age", pairs)
    age = np.where(np.isin(kind[of_victim], NEAR), np.maximum(age, 16.5), age)
    near = np.clip(age[other] + rng.normal(2, 6, pairs), 16.5, 89)
    years = np.r_[age, np.where(np.isin(kind[of_suspect], NEAR), near, ages(world, "suspect_age", pairs))]
    world.birth = np.r_[first[of_victim], first[of_suspect]] - (years * YEAR).astype(np.int64)


def ages(world: World, name: str, n: int) -> NDArray[np.float64]:
    """Ages in years, evenly within each band."""
    bands = [tuple(map(int, band.split("-"))) for band in BASE[name]]
    low, high = (np.array([band[end] for band in bands]) for end in (0, 1))
    chosen = drawn(world.rng, BASE[name], n)
    years: NDArray[np.float64] = low[chosen] + world.rng.random(n) * (high - low + 1)[chosen]
    return years


def kinds(rel: Ints) -> NDArray[np.str_]:
    """former, current, family, distant or known, for each relationship."""
    return np.array([KIND_OF_REL.get(name, "known") for name in RELATIONSHIPS])[rel]
