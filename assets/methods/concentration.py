"""Concentration of events on few units (people, pairs, places), compared with chance.

Everyone on a list of suspects has at least one event. So a few would have many of the events even if all were equally
prone. The benchmark is the zero-truncated Poisson distribution with the observed mean (strategic-assessment 3.6).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray
from scipy.special import ive
from scipy.stats import poisson

FloatArray = NDArray[np.float64]

MEASURES = ("share_repeat", "top_share", "gini")
EXCESS = {
    "measure": pl.String, "observed": pl.Float64, "chance": pl.Float64, "excess": pl.Float64, "lower": pl.Float64,
    "upper": pl.Float64, "window_days": pl.Int64, "suspect_count": pl.Int64, "event_count": pl.Int64,
    "mean_events": pl.Float64,
}  # fmt: skip


@dataclass(frozen=True)
class Chance:
    """Concentration of equally prone units; arrays have the shape of the means given.

    `rate` is lambda; `share_repeat` the share of units with two events or more; `top_share` the share of events of the
    top units (a unit on the boundary counts in part); `gini` the Gini coefficient.
    """

    rate: FloatArray
    share_repeat: FloatArray
    top_share: FloatArray
    gini: FloatArray


def chance(means: ArrayLike, share: float = 0.1) -> Chance:
    """Concentration of equally prone units with one event or more, for each mean number of events.

    Zero-truncated Poisson, mean = lambda / (1 - exp(-lambda)); the Gini from the mean difference of two Poisson counts,
    2 lambda exp(-2 lambda) (I0(2 lambda) + I1(2 lambda)) (Ramasubban, Biometrika 45, 1958), less the pairs with a zero.
    Valid for long lists. Raises ValueError for a mean below 1 or not finite, or a share not above 0 and at most 1.
    """
    mean = np.asarray(means, dtype=np.float64)
    if not (np.isfinite(mean) & (mean >= 1)).all():
        raise ValueError("everyone listed has an event: each mean is 1 or more")
    _check_share(share)
    rate = _truncated_rate(mean)
    some = rate > 0
    safe = np.where(some, rate, 1.0)
    listed = -np.expm1(-safe)
    # The boundary is the count that fewer than `share` of the listed units exceed.
    edge = poisson.isf(share * listed, safe)
    above = safe * poisson.sf(edge - 1, safe) / listed
    held = (above + (share - poisson.sf(edge, safe) / listed) * edge) / mean
    spread = safe * (ive(0, 2 * safe) + ive(1, 2 * safe) - np.exp(-safe)) / listed**2 / mean
    return Chance(
        rate, np.where(some, 1 - mean + rate, 0.0), np.where(some, held, share), np.where(some, spread, 0.0)
    )


def excess_over_chance(
    counts: ArrayLike, *, share: float = 0.1, replicates: int = 1000, seed: int = 1
) -> pl.DataFrame:
    """One row per measure of MEASURES: `measure`, `observed`, `chance`, `excess`, `lower`, `upper`.

    `counts`, shape (units,), are whole and 1 or more. `excess` is observed - chance at the observed mean. `lower` and
    `upper` are 95% percentile limits from a bootstrap of units, which computes the mean and the benchmark again each
    time. A short list, or one without a large count, hardly varies between resamples. So limits are widened, where they
    are narrower, to the spread of simulated lists of the same length. The observed top share counts the boundary unit
    in part.

    A share of repeats below chance goes with a top share above it: for a given mean, the more events a few units have,
    the more units are left with one. Raises ValueError for counts that are none of the above, or fewer than 100
    replicates.
    """
    listed = _counts(counts)
    if (listed != np.rint(listed)).any() or (listed < 1).any():
        raise ValueError("everyone listed has an event: each count is whole and 1 or more")
    if replicates < 100:
        raise ValueError(f"limits need 100 replicates or more, not {replicates}")
    generator = np.random.default_rng(seed)
    values, frequencies = np.unique(listed, return_counts=True)
    observed, expected = _measures(values, frequencies[None, :], share)
    excess = (observed - expected)[0]
    # Units with the same count are alike, so a draw of how often each count occurs is a draw of the units.
    drawn = generator.multinomial(len(listed), frequencies / len(listed), size=replicates)
    repeated = np.subtract(*_measures(values, drawn, share))
    by_chance = np.subtract(*_measures(*_chance_lists(float(listed.mean()), len(listed), replicates, generator), share))
    lower, upper = np.quantile(repeated, [0.025, 0.975], axis=0)
    chance_lower, chance_upper = np.quantile(by_chance, [0.025, 0.975], axis=0, method="weibull")
    return pl.DataFrame({
        "measure": MEASURES, "observed": observed[0], "chance": expected[0], "excess": excess,
        "lower": np.minimum(lower, excess - chance_upper), "upper": np.maximum(upper, excess - chance_lower),
    })


def excess_by_window(suspects: pl.DataFrame, reference_settings: pl.DataFrame) -> pl.DataFrame:
    """One row per window and measure, columns EXCESS, from `window_days`, `event_count` and how many have that many.

    That number is `unit_count`. Windows with fewer suspects than the settings require have no row.
    """
    settings = dict(reference_settings.select("key", "value").iter_rows())
    found = [pl.DataFrame(schema=EXCESS)]
    ordered = suspects.sort("window_days", "event_count")
    for (window,), group in ordered.group_by("window_days", maintain_order=True):
        counts = np.repeat(group["event_count"].to_numpy(), group["unit_count"].to_numpy())
        if len(counts) < settings["shares.minimum_denominator"]:
            continue
        found.append(
            excess_over_chance(counts).with_columns(
                window_days=pl.lit(window, dtype=pl.Int64),
                suspect_count=pl.lit(len(counts), dtype=pl.Int64),
                event_count=pl.lit(int(counts.sum()), dtype=pl.Int64),
                mean_events=pl.lit(float(counts.mean()), dtype=pl.Float64),
            )
        )
    return pl.concat(found)


def _chance_lists(
    mean: float, units: int, replicates: int, generator: np.random.Generator
) -> tuple[FloatArray, NDArray[np.int64]]:
    """Simulated lists of equally prone units: ascending counts, and how often each occurs, (replicates, counts)."""
    rate = float(_truncated_rate(np.array(mean)))
    if rate == 0:
        return np.ones(1), np.full((replicates, 1), units)
    values = np.arange(1.0, poisson.isf(1e-12, rate) + 2)
    shares = poisson.pmf(values, rate)
    return values, generator.multinomial(units, shares / shares.sum(), size=replicates)


def _measures(values: FloatArray, frequencies: NDArray[np.int64], share: float) -> tuple[FloatArray, FloatArray]:
    """Observed measures and those by chance, both of shape (replicates, measures)."""
    units = frequencies.sum(axis=1)
    events = frequencies @ values
    top = np.array([_events_of_top(values[::-1], row[::-1], share) for row in frequencies]) / events
    before = np.cumsum(frequencies, axis=1) - frequencies
    ranks = frequencies * (before + (frequencies + 1) / 2)
    uneven = (2 * (ranks @ values) / events - units - 1) / units
    observed = np.column_stack([frequencies[:, values > 1].sum(axis=1) / units, top, uneven])
    expected = chance(events / units, share)
    return observed, np.column_stack([expected.share_repeat, expected.top_share, expected.gini])


def _events_of_top(descending: FloatArray, frequencies: NDArray[np.int64], share: float) -> float:
    """Events of the top `share` of units, the boundary unit in part."""
    units = np.concatenate([[0], np.cumsum(frequencies)])
    events = np.concatenate([[0.0], np.cumsum(frequencies * descending)])
    return float(np.interp(share * units[-1], units, events))


def _truncated_rate(mean: FloatArray) -> FloatArray:
    """lambda of mean = lambda / (1 - exp(-lambda)), by Newton from above; convex, so it never overshoots."""
    rate = np.where(mean > 1, mean, 0.0)
    for _ in range(60):
        safe = np.where(rate > 0, rate, 1.0)
        listed = -np.expm1(-safe)
        slope = (listed - safe * np.exp(-safe)) / listed**2
        step = np.where(rate > 0, (safe / listed - mean) / slope, 0.0)
        rate = np.maximum(rate - step, 0.0)
        if (np.abs(step) <= 1e-15 * rate).all():
            break
    return rate


def _counts(counts: ArrayLike) -> FloatArray:
    checked = np.asarray(counts, dtype=np.float64)
    if checked.ndim != 1:
        raise ValueError(f"counts have the shape (units,), not {checked.shape}")
    if not np.isfinite(checked).all() or (checked < 0).any():
        raise ValueError("each count is a finite number, 0 or more")
    if not checked.sum() > 0:
        raise ValueError("there is no event to share out")
    return checked


def _check_share(share: float) -> None:
    if not 0 < share <= 1:
        raise ValueError(f"the share of units is above 0 and at most 1, not {share}")
