"""The shares, medians and rates that the invented force is made from, out of base.toml; each has its source there."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sample.synth.clock import Ints

_READ = tomllib.loads((Path(__file__).parent / "base.toml").read_text(encoding="utf-8"))
SOURCES: dict[str, str] = {name: table["source"] for name, table in _READ.items()}
BASE: dict[str, dict[str, float]] = {
    name: {key: value for key, value in table.items() if key != "source"} for name, table in _READ.items()
}


def drawn(rng: np.random.Generator, shares: dict[str, float], n: int) -> Ints:
    """n places in a table of shares, which need not add up to one."""
    weights = np.array(list(shares.values()), dtype=float)
    return rng.choice(weights.size, n, p=weights / weights.sum()).astype(np.int64)


def look_up(name: str, keys: NDArray[np.str_]) -> NDArray[np.float64]:
    """The value of each key in a table, or that of `other`. Raises KeyError where it has neither."""
    table = BASE[name]
    values, place = np.unique(keys, return_inverse=True)
    return np.array([table[key if key in table else "other"] for key in map(str, values)])[place]
