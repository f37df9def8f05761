"""For `benchmarks/verdicts.py counts`: how often a count is "clearly" more or fewer while nothing changed.

First real months: stalking and harassment in each London borough, a month beside one of the next three. So near to each
other hardly anything changes but chance and what spreads counts beyond it. The spread is that of the sum of the
boroughs, from its other months, as the product takes that of the whole force. Then invented months that do not change
(negative binomial), a month beside the same a year before. The rival, in the same run: counts as Poisson.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import polars as pl

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from assets.methods.comparison import CHANCE_ALONE, Spread, ratio_of_counts

SUBGROUP, FEWEST, GAPS = "STALKING AND HARASSMENT", 20, (1, 2, 3)
MEANS, EXTRAS, MONTHS = (8, 20, 140, 1000), (0.0, 0.003, 0.01), (14, 24, 48)
Counts = Sequence[float]


def spread_of(counts: Counts, left_out: Iterable[int] = ()) -> Spread:
    """The spread of a series of successive months, as metrics.measure_verdicts has it; without pairs of some months."""
    months = set(left_out)
    pairs = [(counts[i], counts[i + 1]) for i in range(len(counts) - 1) if not months & {i, i + 1}]
    beyond = sum((a - b) ** 2 - a - b for a, b in pairs)
    return Spread(max(0.0, beyond / (sum((a + b) ** 2 for a, b in pairs) / 2)), len(pairs))


def is_clear(now: float, before: float, spread: Spread) -> bool:
    """Whether the page would call the count clearly more or fewer."""
    if now == before:
        return False
    low, high = ratio_of_counts(now, before, 1.96, spread)
    return low > 1 or high < 1


def read_boroughs(path: Path) -> list[list[float]]:
    """Monthly counts of each borough with enough of them."""
    rows = pl.read_csv(path, infer_schema_length=0).filter(pl.col("MinorText").str.to_uppercase() == SUBGROUP)
    months = [name for name in rows.columns if name.isdigit()]
    counted = rows.group_by("LookUp_BoroughName").agg(pl.col(months).cast(pl.Float64).sum()).sort("LookUp_BoroughName")
    return [list(row) for row in counted.select(months).rows() if sum(row) >= FEWEST * len(months)]


def of_real_months(series: Sequence[Counts]) -> pl.DataFrame:
    """Share of pairs of months a few apart that are called clearly different, of all boroughs."""
    whole, found = [sum(month) for month in zip(*series, strict=True)], []
    for gap in GAPS:
        compared = [
            (is_clear(counts[i], counts[i + gap], CHANCE_ALONE),
             is_clear(counts[i], counts[i + gap], spread_of(whole, (i, i + gap))))
            for counts in series for i in range(len(counts) - gap)
        ]  # fmt: skip
        poisson, own = (float(np.mean(column)) for column in zip(*compared, strict=True))
        found.append({"months apart": gap, "pairs": len(compared), "Poisson": poisson, "own spread": own})
    return pl.DataFrame(found)


def of_steady_months(worlds: int, seed: int = 1) -> pl.DataFrame:
    """The same of a month and that of a year before, in `worlds` invented series of each kind."""
    rng, found = np.random.default_rng(seed), []
    for mean, extra, months in ((m, e, n) for m in MEANS for e in EXTRAS for n in MONTHS):
        levels = rng.gamma(1 / extra, mean * extra, (worlds, months)) if extra else np.full((worlds, months), mean)
        series = rng.poisson(levels).astype(float).tolist()
        compared = [
            (is_clear(counts[-1], counts[-13], CHANCE_ALONE), is_clear(counts[-1], counts[-13], spread_of(counts)))
            for counts in series
        ]
        poisson, own = (float(np.mean(column)) for column in zip(*compared, strict=True))
        found.append({"mean": mean, "extra variance": extra, "months": months, "Poisson": poisson, "own spread": own})
    return pl.DataFrame(found)
