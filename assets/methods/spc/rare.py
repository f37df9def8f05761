"""Exact limits for series with few cases a month.

There a normal distribution is no description, and the usual limits are too narrow or below zero. So each point is
compared with what the baseline predicts for it: a beta-binomial distribution for a share, a gamma-Poisson one for a
count, each from Jeffreys' prior (Gelman and others, Bayesian Data Analysis, 3rd edition 2013, chapter 2). A short
baseline without a case predicts few cases, not none. Chance alone is beyond a limit in at most 27 of 10,000 points, the
share of three standard deviations. Runs of small whole numbers arise by chance, so that no run is a signal here.

Few cases have no lower limit above zero, so that no month shows that there are fewer. The time between them does: that
of g and t charts (Benneyan 2001, Number-between g-type statistical quality control charts; Montgomery, Introduction to
Statistical Quality Control, 7th edition 2013, 7.3.5). For a share it is the number between two cases, for a count the
months. It is a signal, `long_gap`, if the same prediction gives so long a time in fewer than 13.5 of 10,000. Cases that
come close together are many in a month: the upper limit finds them.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import betaln, gammaln
from scipy.stats import nbinom

Numbers = NDArray[np.float64]

TAIL = 0.00135  # beyond three standard deviations, on one side
CHANCE = 3 * TAIL  # beyond either limit, or in too long a time without a case
MOST_CASES = 200  # a rare side whose upper limit is beyond this has none


def exact_limits(points: pl.DataFrame) -> pl.DataFrame:
    """The limits and the signals of points of rare series, in the rows' order.

    In: series_ref, segment, chart_kind, value, numerator, denominator and is_baseline, by time. Out: centre_line,
    lower_limit and upper_limit in the unit of the value (null where there is no value, or no baseline), signal
    (beyond_limit, long_gap or "") and signal_direction (higher, lower or ""), gap (since the last case, this point
    included: of a count points, of a share its cases) and longest_gap (the longest that is no signal).
    """
    is_share = pl.col("chart_kind") == "p_prime"
    of_all = pl.when(is_share).then(pl.col("denominator").cast(pl.Float64)).otherwise(1.0)
    met = pl.when(is_share).then(pl.col("numerator").cast(pl.Float64)).otherwise("value")
    counted = points.select(
        "series_ref", "segment", is_share=is_share, all=pl.when(pl.col("value").is_not_null()).then(of_all), met=met,
        is_base=pl.col("is_baseline") & pl.col("value").is_not_null(),
    )  # fmt: skip
    base = (pl.col(name).filter("is_base").sum().over("series_ref", "segment") for name in ("met", "all"))
    counted = counted.with_columns(*(total.alias(f"base_{name}") for total, name in zip(base, ("met", "all"))))
    # the rarer side of a share: kept or not
    is_turned = pl.col("is_share") & (2 * pl.col("base_met") > pl.col("base_all"))
    counted = counted.with_columns(is_turned=is_turned).with_columns(
        cases=pl.when("is_turned").then(pl.col("all") - pl.col("met")).otherwise("met"),
        base_cases=pl.when("is_turned").then(pl.col("base_all") - pl.col("base_met")).otherwise("base_met"),
    )
    keys = ["is_share", "base_cases", "base_all", "all"]
    known = counted.filter(pl.col("all").is_not_null(), pl.col("base_all") > 0).select(keys).unique(maintain_order=True)
    shares, counts = known.filter("is_share"), known.filter(~pl.col("is_share"))
    limits = pl.concat([_of_shares(shares), _of_counts(counts)])
    counted = counted.hstack(_gaps(counted))
    return counted.join(limits, on=keys, how="left", maintain_order="left").select(*_lines())


def _gaps(counted: pl.DataFrame) -> pl.DataFrame:
    """`gap` since the last case, and `longest_gap`: the baseline predicts a longer one in less than TAIL of times."""
    series = ["series_ref", "segment"]
    has_case = pl.col("cases").fill_null(0) > 0
    step = pl.when(has_case).then(0.0).otherwise(pl.col("all").fill_null(0))
    base = counted.select("is_share", "base_cases", "base_all")
    longest = base.unique(maintain_order=True)
    longest = longest.with_columns(longest_gap=pl.Series(map(_longest, *longest.get_columns()), dtype=pl.Float64))
    is_known = pl.col("all").is_not_null() & (pl.col("base_all") > 0)
    return (
        counted.with_columns(after=has_case.cum_sum().over(series))
        .with_columns(gap=step.cum_sum().over(*series, "after"))
        .join(longest, on=base.columns, how="left", maintain_order="left")
        .select(pl.when(is_known).then(name).alias(name) for name in ("gap", "longest_gap"))
    )


def _longest(is_share: bool, cases: float, base: float) -> float | None:
    """The longest time without a case that chance gives in TAIL of times or more; None without a baseline.

    A count's has a formula. A share's is looked for by halving: whole numbers of cases.
    """
    if base <= 0:
        return None
    one, other = cases + 0.5, base - cases + 0.5
    if not is_share:
        return base * float(TAIL ** (-1 / one) - 1)
    low, high = 0, 1
    while _is_given(one, other, high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _is_given(one, other, middle) else (low, middle)
    return float(low)


def _is_given(one: float, other: float, gap: int) -> bool:
    """Whether chance gives this number in a row without a case in TAIL of times or more."""
    return bool(betaln(one, other + gap) - betaln(one, other) >= np.log(TAIL))


def _of_shares(of: pl.DataFrame) -> pl.DataFrame:
    """The limits of cases out of `all`, from the beta-binomial distribution that the baseline predicts."""
    cases, base, all_ = (of[name].to_numpy() for name in ("base_cases", "base_all", "all"))
    one, other = cases + 0.5, base - cases + 0.5
    k = np.arange(MOST_CASES + 1.0)
    n = all_[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        log = (
            gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
            + betaln(k + one[:, None], n - k + other[:, None]) - betaln(one, other)[:, None]
        )  # fmt: skip
    below = np.cumsum(np.where(k <= n, np.exp(np.where(k <= n, log, -np.inf)), 0.0), axis=1)
    return _with(of, (below < TAIL).sum(axis=1), (below < 1 - TAIL).sum(axis=1))


def _of_counts(of: pl.DataFrame) -> pl.DataFrame:
    """The limits of a count, from the negative binomial distribution that the baseline predicts."""
    size, base = of["base_cases"].to_numpy() + 0.5, of["base_all"].to_numpy()
    least, most = (nbinom.ppf(part, size, base / (base + 1)) for part in (TAIL, 1 - TAIL))
    return _with(of, least, most)


def _with(of: pl.DataFrame, least: Numbers, most: Numbers) -> pl.DataFrame:
    most = np.where(most > MOST_CASES, np.nan, most)
    return of.with_columns(
        least=pl.Series(least, dtype=pl.Float64), most=pl.Series(most, dtype=pl.Float64).fill_nan(None)
    )


def _lines() -> tuple[pl.Expr, ...]:
    """The columns that exact_limits returns."""
    least, most = pl.col("least") / pl.col("all"), pl.col("most") / pl.col("all")
    is_over, is_under = pl.col("cases") > pl.col("most"), pl.col("cases") < pl.col("least")
    is_high = pl.when("is_turned").then(is_under).otherwise(is_over).fill_null(False)
    is_low = pl.when("is_turned").then(is_over).otherwise(is_under).fill_null(False)
    is_limit, is_gap = is_high | is_low, (pl.col("gap") > pl.col("longest_gap")).fill_null(False)
    is_up = is_high | (~is_limit & is_gap & pl.col("is_turned"))
    is_down = is_low | (~is_limit & is_gap & ~pl.col("is_turned"))
    return (
        pl.when(pl.col("all").is_not_null(), pl.col("base_all") > 0)
        .then(pl.col("base_met") / pl.col("base_all"))
        .alias("centre_line"),
        pl.when("is_turned").then(1 - most).otherwise(least).alias("lower_limit"),
        pl.when("is_turned").then(1 - least).otherwise(most).alias("upper_limit"),
        pl.when(is_limit)
        .then(pl.lit("beyond_limit"))
        .when(is_gap)
        .then(pl.lit("long_gap"))
        .otherwise(pl.lit(""))
        .alias("signal"),
        pl.when(is_up)
        .then(pl.lit("higher"))
        .when(is_down)
        .then(pl.lit("lower"))
        .otherwise(pl.lit(""))
        .alias("signal_direction"),
        pl.col("gap"),
        pl.col("longest_gap"),
    )
