"""Error of forecasts that add up, against forecasts of each series by itself.

    python benchmarks/forecast_reconciled.py --forces 15

A force has 36 to 60 months of five classes in five districts. Trends of the force, of each class and of each district
differ; months vary beyond chance. Every series is forecast by the product's models without exponential smoothing, which
takes most of the time. Futures of twelve months are drawn from the same force.

Printed for the whole, the classes and the districts: the mean error as a share of that of the forecasts by themselves,
with its standard error over the forces. Methods: least squares with expected counts as weights, with the mean squares
of earlier errors, and with their shrunken covariance (Wickramasuriya, Athanasopoulos and Hyndman 2019; Schafer and
Strimmer 2005); and the product's: classes by the first of these, districts by their share of the last twelve months.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from assets.methods import forecast
from assets.methods.forecast import Rules, runs
from benchmarks.forecast_coverage import chosen, month

Floats = NDArray[np.float64]
SHARES = {"8L": 0.40, "8M": 0.02, "8Q": 0.36, "8R": 0.12, "8U": 0.10}
DISTRICTS, YEAR, FUTURES, SEED = 5, 12, 100, 77
STALKING = list(SHARES).index("8Q")
NAMES = ["S&H", *SHARES, *(f"{d} stalking" for d in range(DISTRICTS)), *(f"{d} others" for d in range(DISTRICTS))]
CLASSES = slice(1, 1 + len(SHARES))
IN_DISTRICTS = slice(1 + len(SHARES), None)
LEVELS = {"whole": slice(0, 1), "classes": CLASSES, "districts": IN_DISTRICTS}


def invented(number: int) -> tuple[Floats, Floats]:
    """The past of each series, and futures: (series, months) and (futures, series, twelve months)."""
    generator = np.random.default_rng([SEED, number])
    known = int(generator.integers(36, 61))
    place = np.arange(known + YEAR)

    def trend(spread: float, count: int) -> Floats:
        return np.asarray((1 + generator.normal(0, spread, (count, 1))) ** ((place - known) / YEAR))

    level = np.exp(generator.uniform(np.log(60), np.log(400)))
    wave = np.exp(generator.uniform(0, 0.2) * np.sin(2 * np.pi * place / YEAR + generator.uniform(0, 2 * np.pi)))
    by_class = np.array(list(SHARES.values()))[:, None] * trend(0.06, len(SHARES))
    by_district = generator.dirichlet(np.full(DISTRICTS, 8.0))[:, None] * trend(0.06, DISTRICTS)
    mean = level * wave * trend(0.08, 1)[0] * by_class[:, None] * by_district[None]
    spread = generator.uniform(0.001, 0.02)

    def drawn(count: int) -> Floats:
        common = generator.gamma(1 / spread, spread, (count, 1, 1, place.size))
        own = generator.gamma(50, 1 / 50, (count, 1, DISTRICTS, place.size))
        crimes = generator.poisson(mean * common * own)
        stalking = crimes[:, STALKING]
        parts = [crimes.sum((1, 2))[:, None], crimes.sum(2), stalking, crimes.sum(1) - stalking]
        return np.concatenate(parts, axis=1).astype(np.float64)

    return drawn(1)[0, :, :known], drawn(FUTURES)[:, :, known:]


def constraints() -> Floats:
    """One row a sum: whole less classes, stalking less its districts, the others less theirs."""
    rows = np.zeros((3, len(NAMES)))
    first = 1 + len(SHARES)
    rows[0, 0], rows[0, CLASSES] = 1, -1
    rows[1, 1 + STALKING], rows[1, first : first + DISTRICTS] = 1, -1
    rows[2, 0], rows[2, 1 + STALKING], rows[2, first + DISTRICTS :] = 1, -1, -1
    return rows


def fitted(base: Floats, weights: Floats, sums: Floats) -> Floats:
    """The nearest forecasts (a row a month) that fulfil the sums."""
    gain = weights @ sums.T @ np.linalg.inv(sums @ weights @ sums.T)
    return np.asarray(base - (sums @ base.T).T @ gain.T)


def shrunken(errors: Floats) -> Floats:
    """The covariance with its correlations drawn to none."""
    count = len(errors)
    covariance = errors.T @ errors / count
    scaled = errors / np.sqrt(np.diag(covariance))
    correlation = scaled.T @ scaled / count
    variance = ((scaled[:, :, None] * scaled[:, None, :] - correlation) ** 2).sum(0) * count / (count - 1) ** 3
    off = ~np.eye(len(covariance), dtype=bool)
    part = min(1.0, float(variance[off].sum() / (correlation[off] ** 2).sum()))
    return np.asarray(part * np.diag(np.diag(covariance)) + (1 - part) * covariance)


def by_itself(past: Floats) -> tuple[Floats, Floats] | None:
    """The forecast of each series, a row a month, and its earlier errors; None where a series has none."""
    months = [month(place) for place in range(past.shape[1])]
    made = pl.concat(
        runs(pl.DataFrame({"month": months, "value": counts.astype(int)}), [], Rules()).with_columns(
            series_ref=pl.lit(n)
        )
        for n, counts in zip(NAMES, past, strict=True)
    )
    made = made.join(chosen(made).select("series_ref", "model"), on=["series_ref", "model"])
    now = made.filter("is_current").sort("month").pivot("series_ref", index="month", values="mean")
    if not set(NAMES) <= set(now.columns):
        return None
    missed = made.filter(~pl.col("is_current")).with_columns(error=pl.col("actual") - pl.col("mean"))
    errors = missed.pivot("series_ref", index=["origin_month", "month"], values="error").drop_nulls()
    return now.select(NAMES).to_numpy(), errors.select(NAMES).to_numpy()


def methods(past: Floats, base: Floats, errors: Floats) -> dict[str, Floats]:
    """The forecasts of each method, a row a month."""
    sums = constraints()
    year = past[:, -YEAR:].sum(1)
    expected = np.diag(base.mean(0) + 0.5)
    classes = fitted(base, expected, sums[:1])
    shared = classes.copy()
    first, last = 1 + len(SHARES), 1 + len(SHARES) + DISTRICTS
    stalking = classes[:, [1 + STALKING]]
    shared[:, first:last] = stalking * year[first:last] / year[1 + STALKING]
    shared[:, last:] = (classes[:, [0]] - stalking) * year[last:] / (year[0] - year[1 + STALKING])
    return {
        "each by itself": base,
        "least squares, expected counts": fitted(base, expected, sums),
        "least squares, mean square errors": fitted(base, np.diag((errors**2).mean(0)), sums),
        "least squares, shrunken covariance": fitted(base, shrunken(errors), sums),
        "the product: districts by share": shared,
    }


def main() -> None:
    """Print the errors."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--forces", type=int, default=15)
    given = parser.parse_args()
    forecast._smoothing = lambda past, count: None
    start, found = time.process_time(), dict[str, list[list[float]]]()
    for number in range(given.forces):
        past, futures = invented(number)
        own = by_itself(past)
        if own is None:
            continue
        scale = np.sqrt(past[:, -YEAR:].mean(1) + 0.5)
        for name, ahead in methods(past, *own).items():
            errors = np.abs(np.maximum(ahead.T, 0) - futures).mean((0, 2)) / scale
            found.setdefault(name, []).append([float(errors[part].mean()) for part in LEVELS.values()])
    base = np.array(found["each by itself"])
    print(f"{len(base)} forces, {time.process_time() - start:.1f} processor seconds")
    print(f"{'':36}{''.join(f'{level:>16}' for level in LEVELS)}")
    for name, rows in found.items():
        times = np.array(rows) / base
        error = times.std(0, ddof=1) / np.sqrt(len(times))
        print(f"{name:36}{''.join(f'{m:9.3f} ± {e:.3f}' for m, e in zip(times.mean(0), error, strict=True))}")


if __name__ == "__main__":
    main()
