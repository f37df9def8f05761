"""Shares of a cohort by outcome at days 90, 180 and 365, from counts per day.

In: one row per stratum, day and cause with its `number`; cause null where those counted were last seen without one.
Causes compete: every count is in the one risk table of its stratum. The share of one cause alone, with the others taken
as censored, cannot be requested.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from assets.methods.survival.estimates import incidence_at, median_day, survival_at

DAYS = (90, 180, 365)
ESTIMATES = {
    "cause": pl.String, "day": pl.Int64, "incidence": pl.Float64, "lower": pl.Float64, "upper": pl.Float64,
    "at_risk_count": pl.Int64, "followed_count": pl.Int64,
}  # fmt: skip


def risk_table_of_counts(counts: pl.DataFrame, cause_names: Sequence[str]) -> pl.DataFrame:
    """The risk table of estimates from `day`, `cause` and `number`.

    Raises ValueError for a cause that is not among the names: its counts would be lost.
    """
    unknown = set(counts["cause"].drop_nulls().to_list()) - set(cause_names)
    if unknown:
        raise ValueError(f"no cause is called {', '.join(sorted(unknown))}")
    day, place = np.unique(counts["day"].to_numpy(), return_inverse=True)
    column_of = {name: column for column, name in enumerate(cause_names)}
    columns = counts["cause"].replace_strict(column_of, default=None, return_dtype=pl.Int64)
    number = counts["number"].to_numpy().astype(np.int64)
    # one row a day, one column a cause, and a last one for those last seen without any
    cells = np.zeros((len(day), len(cause_names) + 1), dtype=np.int64)
    np.add.at(cells, (place, columns.fill_null(len(cause_names)).to_numpy()), number)
    events = {name: cells[:, column] for column, name in enumerate(cause_names)}
    censored = cells[:, -1]
    gone = sum(events.values(), censored)
    at_risk = int(number.sum()) - np.cumsum(gone) + gone
    return pl.DataFrame({"day": day, "at_risk": at_risk, **events, "censored": censored})


def incidence_of_counts(counts: pl.DataFrame, *, names: Sequence[str], open_name: str, least: float) -> pl.DataFrame:
    """Share with each cause first, and without any (`open_name`), by 90, 180 and 365 days; columns ESTIMATES.

    In, beside risk_table_of_counts: `followed_90_count` and so on, those of the count who could have been observed that
    long. Names without a count have incidence 0 and no limits. Where fewer than `least` could be observed that long,
    unless all could, there are no figures: the estimate would rest on a handful. Limits are those of estimates.
    """
    seen = sorted(set(counts["cause"].drop_nulls().to_list()))
    parts = []
    if seen:
        table = risk_table_of_counts(counts, seen)
        parts.append(incidence_at(table, DAYS).select("cause", "day", "incidence", "lower", "upper"))
        still = survival_at(table, DAYS)
    else:
        still = survival_at(risk_table_of_counts(counts, ["any"]), DAYS)
    zero = pl.when(pl.col("survival").is_not_null()).then(0.0)
    none = pl.lit(None, dtype=pl.Float64)
    unseen = pl.DataFrame({"cause": [name for name in names if name not in seen]}, schema={"cause": pl.String})
    parts.append(unseen.join(still.select("day", incidence=zero, lower=none, upper=none), how="cross"))
    parts.append(still.select(cause=pl.lit(open_name), day="day", incidence="survival", lower="lower", upper="upper"))
    total = int(counts["number"].sum())
    followed = {day: int(counts[f"followed_{day}_count"].sum()) for day in DAYS}
    is_known = pl.col("followed_count") >= min(least, total)
    return (
        pl.concat(parts)
        .with_columns(day=pl.col("day").cast(pl.Int64))
        .with_columns(
            at_risk_count=pl.lit(total, dtype=pl.Int64),
            followed_count=pl.col("day").replace_strict(followed, return_dtype=pl.Int64),
        )
        .with_columns(pl.when(is_known).then(pl.col(c)).alias(c) for c in ("incidence", "lower", "upper"))
        .select(ESTIMATES.keys())
    )


def incidence_by_stratum(
    counts: pl.DataFrame, keys: Sequence[str], *, names: Sequence[str], open_name: str, least: float
) -> pl.DataFrame:
    """incidence_of_counts for each combination of the keys, which come first; empty without counts."""
    parts = [
        incidence_of_counts(part, names=names, open_name=open_name, least=least).select(
            *(pl.lit(value).alias(name) for name, value in zip(keys, values, strict=True)), pl.all()
        )
        for values, part in counts.group_by(keys, maintain_order=True)
    ]
    schema: Mapping[str, pl.DataType | type[pl.DataType]] = {**dict.fromkeys(keys, pl.String), **ESTIMATES}
    return pl.concat(parts) if parts else pl.DataFrame(schema=schema)


def open_by_stratum(counts: pl.DataFrame, keys: Sequence[str], *, least: float) -> pl.DataFrame:
    """Share without any event by day, and the median day (None where half have not had an event)."""
    parts = [
        incidence_of_counts(part.with_columns(cause=pl.when(pl.col("cause").is_not_null()).then(pl.lit("any"))),
                            names=["any"], open_name="open", least=least)
        .filter(pl.col("cause") == "open")
        .select(*(pl.lit(value).alias(name) for name, value in zip(keys, values, strict=True)), pl.exclude("cause"),
                median_days=pl.lit(_median(part), dtype=pl.Float64))
        for values, part in counts.group_by(keys, maintain_order=True)
    ]  # fmt: skip
    schema: Mapping[str, pl.DataType | type[pl.DataType]] = {
        **dict.fromkeys(keys, pl.String), **{k: v for k, v in ESTIMATES.items() if k != "cause"},
        "median_days": pl.Float64,
    }  # fmt: skip
    return pl.concat(parts) if parts else pl.DataFrame(schema=schema)


def _median(counts: pl.DataFrame) -> float | None:
    names = sorted(set(counts["cause"].drop_nulls().to_list()))
    return median_day(risk_table_of_counts(counts, names)) if names else None
