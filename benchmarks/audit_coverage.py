"""Worlds for `benchmarks/verdicts.py audits`: audits of invented frames whose true share or agreement is known.

A frame is finite and is drawn from by stratum without replacement. Each world is drawn many times, and the product's
own limits are asked whether they hold the truth.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from statsmodels.stats.proportion import proportion_confint

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from assets.methods.agreement import cohens_kappa
from assets.methods.stratified_shares import Strata, share_limits

Counts, Floats = NDArray[np.int64], NDArray[np.float64]
SHARES = (0.80, 0.85, 0.90, 0.95, 0.98, 0.99, 0.995)
STRATA, UNITS = (2, 4, 8), (20, 30, 60, 120, 400)
# how crimes of one report fail: the share of failing crimes whose whole report fails
CRIMES = {"one crime": None, "1 to 5, independent": 0.0, "1 to 5, half together": 0.5, "1 to 5, all together": 1.0}
FRAMES = ("alike", "small frame", "one large", "one large and worse")
KINDS: Counts = np.array([(d, f) for d in range(1, 6) for f in range(d + 1)])  # reports by crimes and failing crimes
DRAWN, LEAST_FRAME, IN_SMALL_FRAME = 10, 400, 2.5  # reports of the frame for one that is drawn
WORSE = 4.0  # times the other strata's failing share


@dataclass(frozen=True)
class World:
    """A frame: reports drawn from each stratum, and how many reports of each of KINDS it holds."""

    crimes: str
    frame: str
    strata: int
    units: int
    share: float
    drawn: Counts  # (strata,)
    reports: Counts  # (strata, kinds)

    @property
    def truth(self) -> float:
        """Share of the frame's crimes that pass."""
        crimes, failed = self.reports.sum(axis=0) @ KINDS
        return float(1 - failed / crimes)


def worlds(
    seed: int, units: Sequence[int] = UNITS, strata: Sequence[int] = STRATA, shares: Sequence[float] = SHARES
) -> Iterator[World]:
    """Every combination in which some crime fails."""
    for crimes in CRIMES:
        for frame in FRAMES:
            for count in strata:
                for size in units:
                    for share in shares:
                        name = (list(CRIMES).index(crimes), FRAMES.index(frame), count, size, round(1000 * share))
                        made = _world(crimes, frame, count, size, share, np.random.default_rng([seed, *name]))
                        if made.truth < 1:
                            yield made


def _world(crimes: str, frame: str, strata: int, units: int, share: float, rng: np.random.Generator) -> World:
    drawn = np.full(strata, units // strata) + (np.arange(strata) < units % strata)
    if frame == "small frame":
        sizes = np.ceil(drawn * IN_SMALL_FRAME).astype(int)
    else:
        halves = np.ones(strata) if frame == "alike" else 0.5 ** np.arange(strata)
        sizes = np.maximum(np.round(max(DRAWN * units, LEAST_FRAME) * halves / halves.sum()).astype(int), drawn)
    risk = np.ones(strata)
    risk[0] = WORSE if frame == "one large and worse" else 1.0
    failing = np.minimum((1 - share) * risk * sizes.sum() / (risk * sizes).sum(), 0.9)
    reports = [_stratum(n, q, CRIMES[crimes], rng) for n, q in zip(sizes, failing, strict=True)]
    return World(crimes, frame, strata, units, share, drawn, np.array(reports))


def _stratum(size: int, failing: float, together: float | None, rng: np.random.Generator) -> Counts:
    """How many of `size` reports are of each kind. Crimes that fail with their report come first."""
    crimes = np.ones(size, int) if together is None else rng.permutation(np.resize(np.arange(1, 6), size))
    failed = np.zeros(size, int)
    wanted = round(failing * crimes.sum())
    left = round(wanted * (together or 0.0))
    for report in rng.permutation(size):
        failed[report] = min(crimes[report], left)
        left -= failed[report]
    open_crimes = np.repeat(np.arange(size), crimes - failed)
    np.add.at(failed, rng.choice(open_crimes, wanted - failed.sum(), replace=False), 1)
    return np.array([((crimes == d) & (failed == f)).sum() for d, f in KINDS])


def drawn_sums(world: World, draws: int, rng: np.random.Generator) -> Strata:
    """The sums of `draws` samples of a world; each of shape (draws, strata)."""
    d, f = KINDS.T
    of_kind = np.stack([d, f, d * d, d * f, f * f, f > 0], axis=-1)
    found = [
        rng.multivariate_hypergeometric(held, n, size=draws, method="marginals") @ of_kind
        for held, n in zip(world.reports, world.drawn, strict=True)
    ]
    sums = np.stack(found, axis=1).astype(float)
    reports = np.broadcast_to(world.drawn.astype(float), sums.shape[:2])
    weight = np.broadcast_to(world.reports.sum(axis=1) / world.drawn, sums.shape[:2])
    return Strata(reports, weight, *np.moveaxis(sums, -1, 0))


def shares(seed: int, draws: int, **of: Any) -> pl.DataFrame:
    """One row a world: coverage of the 95% limits and their mean width.

    Beside it is the width that Clopper and Pearson give at the design's effective size, p (1 - p) over the true
    variance of the share.
    """
    rows = []
    for number, world in enumerate(worlds(seed, **of)):
        share, lower, upper = share_limits(drawn_sums(world, draws, np.random.default_rng([seed, number])))
        size = world.truth * (1 - world.truth) / np.mean((share - world.truth) ** 2)
        low, high = proportion_confint(share * size, np.full(draws, size), method="beta")
        row = _row(world.truth, lower, upper, float(np.mean(high - low)))
        rows.append({"crimes": world.crimes, "frame": world.frame, "strata": world.strata, "units": world.units} | row)
    return pl.DataFrame(rows)


def _row(truth: float, lower: Floats, upper: Floats, width: float, weight: Floats | None = None) -> dict[str, float]:
    held = (lower <= truth + 1e-12) & (truth - 1e-12 <= upper)
    wide = float(np.average(upper - lower, weights=weight)) / width
    return {"truth": truth, "coverage": float(np.average(held, weights=weight)), "width": wide}


# agreement

KAPPAS, LOW_KAPPAS = (0.80, 0.85, 0.90, 0.95, 0.98, 0.99, 0.995), (0.0, 0.2, 0.4, 0.6)
FAILING = ((0.05, 0.05), (0.05, 0.10), (0.1, 0.1), (0.1, 0.2), (0.2, 0.2), (0.2, 0.35), (0.4, 0.4))  # by each rater
LEAST_PAIRS = 1000  # rated twice, in the frame


def pairs_of(kappa: float, failing: tuple[float, float], units: int) -> Counts | None:
    """A frame of pairs, 2 by 2 (first passes, fails; second), of about this kappa; None where there is none."""
    first, second = failing
    unequal = (1 - kappa) * (first * (1 - second) + second * (1 - first))
    only_first, only_second = (unequal + first - second) / 2, (unequal + second - first) / 2
    cells = np.array([[1 - first - only_second, only_second], [only_first, first - only_first]])
    if cells.min() < 0:
        return None
    held = cells * max(DRAWN * units, LEAST_PAIRS)
    whole = np.floor(held).astype(int).ravel()
    whole[np.argsort(whole - held.ravel())[: round(held.sum()) - whole.sum()]] += 1
    return whole.reshape(2, 2)


def agreements(seed: int, draws: int, units: Sequence[int] = UNITS, kappas: Sequence[float] = KAPPAS) -> pl.DataFrame:
    """One row a frame of pairs, as `shares` has them, with the share of draws in which kappa is defined.

    The width beside is that of Clopper and Pearson for unequal pairs, over the true agreement by chance.
    """
    rows = []
    for number, (kappa, failing, size) in enumerate((k, f, n) for k in kappas for f in FAILING for n in units):
        frame = pairs_of(kappa, failing, size)
        if frame is None:
            continue
        chance = 1 - float(frame.sum(axis=0) @ frame.sum(axis=1)) / frame.sum() ** 2
        truth = 1 - (1 - np.trace(frame) / frame.sum()) / chance
        rng = np.random.default_rng([seed, number])
        drawn = rng.multivariate_hypergeometric(frame.ravel(), size, size=draws, method="marginals")
        tables, times = np.unique(drawn, axis=0, return_counts=True)
        found = [cohens_kappa([PAIRS[kind] for kind in np.repeat(np.arange(4), table)]) for table in tables]
        limits = [(a.lower, a.upper, n) for a, n in zip(found, times, strict=True) if a.kappa is not None]
        lower, upper, weight = np.array(limits, dtype=float).T
        low, high = proportion_confint(tables[:, 1] + tables[:, 2], size, method="beta")
        width = float(np.average(high - low, weights=times)) / chance
        row = _row(float(truth), lower, upper, width, weight)
        rows.append({"units": size, "failing": max(failing), "defined": float(weight.sum() / draws)} | row)
    return pl.DataFrame(rows)


PAIRS = (("pass", "pass"), ("pass", "fail"), ("fail", "pass"), ("fail", "fail"))


def summary(found: pl.DataFrame, by: str | None = None) -> pl.DataFrame:
    """Worlds, mean and least coverage, and width; of all worlds, or for each value of a column."""
    of = found.with_columns(part=pl.lit("all") if by is None else pl.col(by).cast(pl.String))
    from_30 = pl.col("coverage").filter(pl.col("units") >= 30)
    return of.group_by("part", maintain_order=True).agg(
        worlds=pl.len(), mean=pl.col("coverage").mean(), least_30=from_30.min(),
        least=pl.col("coverage").min(), width=pl.col("width").mean(), widest=pl.col("width").max(),
    )  # fmt: skip
