"""Whether 95% limits of cumulative incidence hold the truth where crimes of one suspect end alike.

    python benchmarks/clustered_incidence.py [DRAWS]

Half of all suspects have one crime, the others 2 to 25, fewer of more. Each crime takes its suspect's outcome with
probability root r, else one of its own, so that r is the correlation within a suspect. A charge competes with another
outcome; some crimes stay open. Censored: followed for 90 to 730 days, else for 800. The product's own tables of counts
and limits are used, with pairs of one suspect's crimes and without. Limits that are not given count as a miss.
"""

from __future__ import annotations

import sys
from itertools import product
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.stats import lognorm

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from assets.methods.survival.day_counts import DAYS, incidence_by_stratum

ALIKE, SHARES, SIZES = (0.0, 0.2, 0.5), (0.02, 0.1, 0.4, 0.9), (60, 300, 2000)
CHARGE, OTHER = lognorm(0.7, scale=80), lognorm(0.9, scale=40)  # days to the outcome
STAYS_OPEN = 0.15  # of crimes that are never charged
CAUSES = np.array([None, "charged", "other"], dtype=object)


def suspects_of(rng: np.random.Generator, size: int) -> NDArray[np.int64]:
    """The suspect of each crime."""
    several = rng.random(size) < 0.5
    crimes = np.where(several, np.minimum(1 + rng.geometric(0.35, size), 25), 1)
    return np.repeat(np.arange(size), crimes)[:size]


def counts_of(
    rng: np.random.Generator, draws: int, size: int, share: float, alike: float, *, censored: bool
) -> pl.DataFrame:
    """Crimes of all draws and their pairs, as core.outcome_day_counts has them; `draw` is the stratum."""
    crimes, pairs = [], []
    charged = share / CHARGE.cdf(365.5)
    for draw in range(draws):
        suspect = suspects_of(rng, size)
        own, theirs = rng.random((2, size))
        fate = np.where(rng.random(size) < np.sqrt(alike), theirs[suspect], own)
        cause = np.where(fate < charged, 1, np.where(fate < 1 - STAYS_OPEN * (1 - charged), 2, 0))
        after = np.where(cause == 1, CHARGE.rvs(size, random_state=rng), OTHER.rvs(size, random_state=rng)).round()
        followed = rng.integers(90, 731, size) if censored else np.full(size, 800)
        cause = np.where(after <= np.minimum(followed, 365), cause, 0)
        day = np.where(cause > 0, after, np.minimum(followed, 366)).astype(np.int64)
        rows = {"draw": np.full(size, draw), "day": day, "cause": cause, "followed": followed}
        crimes.append(pl.DataFrame(rows))
        first, second = _pairs(suspect)
        same = suspect[first] == suspect[second]
        first, second = first[same], second[same]
        pairs.append(pl.DataFrame({name: of[first] for name, of in rows.items()} | {
            "other_day": day[second], "other_cause": cause[second],
            "followed": np.minimum(followed[first], followed[second]),
        }))  # fmt: skip
    keys = ["draw", "day", "cause"]
    found = [
        pl.concat(frames).group_by(by, maintain_order=True).agg(
            pl.len().alias(name), *((pl.col("followed") >= d).sum().alias(f"followed_{d}_count") for d in DAYS)
        )
        for frames, by, name in ((crimes, keys, "number"), (pairs, [*keys, "other_day", "other_cause"], "pair_count"))
    ]  # fmt: skip
    names = dict(enumerate(CAUSES))
    return pl.concat(found, how="diagonal").with_columns(
        pl.col("number", "pair_count").fill_null(0), pl.col("draw").cast(pl.String),
        pl.col("cause", "other_cause").replace_strict(names, return_dtype=pl.String),
    )  # fmt: skip


def _pairs(suspect: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Places that are at most 25 apart, as crimes of one suspect are."""
    first = np.arange(len(suspect))
    both = [(first[:-gap], first[gap:]) for gap in range(1, 26)]
    return np.concatenate([one for one, _ in both]), np.concatenate([other for _, other in both])


def coverage(counts: pl.DataFrame, truths: dict[str, float]) -> dict[str, float]:
    """Coverage and mean width at 365 days by cause, before and after."""
    found = {}
    for when, rows in (("before", counts.filter(pl.col("pair_count") == 0)), ("after", counts)):
        made = incidence_by_stratum(rows, ["draw"], cause="cause", names=["charged"], open_name="open", least=0)
        for cause, truth in truths.items():
            of = made.filter((pl.col("cause") == cause) & (pl.col("day") == 365) & pl.col("incidence").is_not_null())
            given = pl.lit(True) if when == "after" else pl.col("incidence").is_between(0, 1, closed="none")
            held = of.select((given & pl.lit(truth).is_between("lower", "upper")).mean(),
                             (pl.col("upper") - pl.col("lower")).filter(given).mean())  # fmt: skip
            found |= dict(zip((f"{cause} {when}", f"{cause} width {when}"), held.row(0), strict=True))
    return found


def main(draws: int) -> None:
    rows = []
    print("| r | crimes | share | charged: before | after | width before | after | open: before | after |")
    print("|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
    for number, (censored, alike, size, share) in enumerate(product((False, True), ALIKE, SIZES, SHARES)):
        rng = np.random.default_rng([20261204, number])
        never = 1 - share / CHARGE.cdf(365.5)
        still = 1 - share - never * (1 - STAYS_OPEN) * OTHER.cdf(365.5)
        counts = counts_of(rng, draws, size, share, alike, censored=censored)
        row = coverage(counts, {"charged": share, "open": float(still)})
        rows.append({"censored": censored, "r": alike, "crimes": size, "share": share, "draws": draws} | row)
        told = [
            f"{100 * row[name]:.1f}"
            for name in (
                "charged before", "charged after", "charged width before", "charged width after", "open before",
                "open after",
            )
        ]  # fmt: skip
        print("|", " | ".join([f"{alike}{' cens.' * censored}", f"{size:,}", f"{share}", *told]), "|", flush=True)
    print("\n| r | crimes | charged: before | after | least | open: before | after | least | width: before | after |")
    print("|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
    for (alike, size), of in pl.DataFrame(rows).group_by("r", "crimes", maintain_order=True):
        told = [of[f"{cause} {when}"] for cause in ("charged", "open") for when in ("before", "after", "after")]
        figures = [column.min() if place % 3 == 2 else column.mean() for place, column in enumerate(told)]
        figures += [of[f"charged width {when}"].mean() for when in ("before", "after")]
        print("|", " | ".join([str(alike), f"{size:,}", *(f"{100 * figure:.1f}" for figure in figures)]), "|")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
