"""Shares of a cohort by outcome at days 90, 180 and 365, from counts per day.

In: one row per stratum, day and cause with its `number`; cause null where those counted were last seen without one.
Causes compete: every count is in the one risk table of its stratum. The share of one cause alone, with the others taken
as censored, cannot be requested. Rows with a `pair_count` are the pairs of suspects.py, and no crimes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from assets.methods.survival.estimates import (
    incidence_figures,
    limits_of_shares,
    median_day_of,
    survival_figures,
)
from assets.methods.survival.risk_table import RiskTable, checked_arrays
from assets.methods.survival.suspects import design_effects

Estimate = tuple[str | int | float | None, ...]  # a row of ESTIMATES
Schema = Mapping[str, pl.DataType | type[pl.DataType]]
DAYS = (90, 180, 365)
ESTIMATES = {
    "cause": pl.String, "day": pl.Int64, "incidence": pl.Float64, "lower": pl.Float64, "upper": pl.Float64,
    "design_effect": pl.Float64, "at_risk_count": pl.Int64, "followed_count": pl.Int64,
}  # fmt: skip
NONE = (None,) * 4  # share, lower, upper, design effect


def risk_table_of_counts(counts: pl.DataFrame, cause_names: Sequence[str]) -> RiskTable:
    """The risk table of estimates from `day`, `cause` and `number`.

    Raises ValueError for a cause that is not among the names: its counts would be lost.
    """
    causes = counts["cause"].to_list()
    unknown = set(causes) - {None, *cause_names}
    if unknown:
        raise ValueError(f"no cause is called {', '.join(sorted(unknown))}")
    day, place = np.unique(counts["day"].to_numpy(), return_inverse=True)
    number = counts["number"].to_numpy().astype(np.float64)
    # one row a day, one column a cause, and a last one for those last seen without any
    column_of = {None: len(cause_names)} | {name: column for column, name in enumerate(cause_names)}
    cells = np.zeros((len(day), len(cause_names) + 1))
    np.add.at(cells, (place, np.array([column_of[cause] for cause in causes], dtype=np.int64)), number)
    gone = cells.sum(axis=1)
    at_risk = number.sum() - np.cumsum(gone) + gone
    return checked_arrays(
        cause_names, day.astype(np.float64), at_risk, cells[:, :-1], cells[:, -1], np.zeros(len(day))
    )


def _estimates(part: pl.DataFrame, names: Sequence[str], open_name: str, least: float) -> list[Estimate]:
    """Share with each cause first, and without any (`open_name`), by 90, 180 and 365 days: rows of ESTIMATES.

    In, beside risk_table_of_counts: `followed_90_count` and so on, those of the count who could have been observed that
    long. Where fewer than `least` could be observed that long, unless all could, there are no figures: the estimate
    would rest on a handful. Limits are limits_of_shares, with the design effect of pairs of one suspect's crimes.
    """
    counts, pairs = part.filter(pl.col("pair_count") == 0), part.filter(pl.col("pair_count") > 0)
    seen = sorted(set(counts["cause"].drop_nulls().to_list()))
    table = risk_table_of_counts(counts, seen or ["any"])
    still, _ = survival_figures(table, DAYS)
    figures = [found for _, found, _ in incidence_figures(table, DAYS)] if seen else []
    unseen = [name for name in names if name not in seen]
    none = np.where(np.isnan(still["survival"]), np.nan, 0.0)
    total = int(counts["number"].sum())
    followed = [int(counts[f"followed_{day}_count"].sum()) for day in DAYS]
    causes = [*seen, *unseen]
    # the open share last: it is as uncertain as that of any cause
    shares = np.stack([*(found["incidence"] for found in figures), *[none] * len(unseen), still["survival"]])
    errors = [*(found["standard_error"] for found in figures), *[none] * len(unseen), still["standard_error"]]
    ended = np.concatenate([shares[:-1], 1 - shares[-1:]])
    effects = design_effects(pairs, causes, DAYS, ended, total, followed)
    lower, upper = limits_of_shares(shares, np.stack(errors), np.tile(still["known"], (len(shares), 1)), effects)
    told = np.stack([shares, lower, upper, effects], axis=2)
    return [
        (cause, day, *(row if count >= min(least, total) and row[0] == row[0] else NONE), total, count)
        for cause, rows in zip([*causes, open_name], told.tolist(), strict=True)
        for day, count, row in zip(DAYS, followed, rows, strict=True)
    ]


def incidence_by_stratum(
    counts: pl.DataFrame, keys: Sequence[str], *, cause: str, names: Sequence[str], open_name: str, least: float
) -> pl.DataFrame:
    """The estimates for each combination of the keys, which come first; empty without counts. Names without a count
    have incidence 0. `cause` is its column."""
    rows = [
        (*values, *row)
        for values, part in _named(counts, cause).group_by(keys, maintain_order=True)
        for row in _estimates(part, names, open_name, least)
    ]
    schema: Schema = {**dict.fromkeys(keys, pl.String), **ESTIMATES}
    return pl.DataFrame(rows, schema=schema, orient="row")


def open_by_stratum(counts: pl.DataFrame, keys: Sequence[str], *, cause: str, least: float) -> pl.DataFrame:
    """Share without any event by day, and the median day (None where half have not had an event)."""
    rows = []
    for values, part in _named(counts, cause).group_by(keys, maintain_order=True):
        median = _median(part.filter(pl.col("pair_count") == 0))
        estimates = _estimates(part, [], "open", least)
        rows += [(*values, *row[1:], median) for row in estimates if row[0] == "open"]
    schema: Schema = {
        **dict.fromkeys(keys, pl.String), **{k: v for k, v in ESTIMATES.items() if k != "cause"},
        "median_days": pl.Float64,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def _named(counts: pl.DataFrame, cause: str) -> pl.DataFrame:
    names = {"crime_count": "number", cause: "cause", f"other_{cause}": "other_cause"}
    return counts.rename(names, strict=False)


def _median(counts: pl.DataFrame) -> float | None:
    names = sorted(set(counts["cause"].drop_nulls().to_list()))
    return median_day_of(risk_table_of_counts(counts, names)) if names else None
