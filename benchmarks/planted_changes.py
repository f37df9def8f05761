"""What benchmarks/named_changes.py plants in the monthly points of an invented force, so that the truth is known.

Points are those of named_changes.worlds; every function returns them with one thing changed, drawn by `seed`.
"""

from __future__ import annotations

import numpy as np
import polars as pl

UNKNOWN = ("not known", "not recorded")
CRIMES, CLASS = "recorded", "8R"
UNIT_MEASURE, UNIT_SHARE, USUAL_SHARE, UNIT_CASES = "victim_not_supporting_365", 0.427, 0.274, 470
SHARE = "arrested_30"


def parts(points: pl.DataFrame, breakdown: str, measure: str = CRIMES) -> list[str]:
    """The known parts of a breakdown, the smallest first; few cases have none by unit."""
    of = points.filter(pl.col("breakdown") == breakdown, pl.col("measure_code") == measure)
    rows = of.group_by("breakdown_value").agg(pl.col("numerator").sum()).sort("numerator", "breakdown_value")
    return [name for name in rows["breakdown_value"] if name not in UNKNOWN]


def with_rise(points: pl.DataFrame, district: str, rise: float, months: int, seed: int) -> pl.DataFrame:
    """The crimes of a district, and what is due of them, are more by `rise` in its last months of recording."""
    is_part = (pl.col("breakdown") == "district") & (pl.col("breakdown_value") == district)
    return _with_rise(points, is_part, rise, months, ("unit", "class"), seed)


def with_class(points: pl.DataFrame, more: float, months: int, seed: int) -> pl.DataFrame:
    """Other crimes are recorded as CLASS in the last months, so that it has `more`; the count of all has them."""
    is_part = (pl.col("breakdown") == "class") & (pl.col("breakdown_value") == CLASS)
    return _with_rise(points, is_part, more, months, ("unit", "district"), seed)


def _with_rise(
    points: pl.DataFrame, is_part: pl.Expr, rise: float, months: int, spread: tuple[str, ...], seed: int
) -> pl.DataFrame:
    """More cases in a part and the force, and in the parts of the breakdowns of `spread` by their size."""
    random = np.random.default_rng(seed)
    start = points.filter(measure_code=CRIMES)["month"].unique().sort()[-months]
    is_there = is_part & (pl.col("month") >= start)
    there = points.filter(is_there).select("measure_code", "month", "numerator", "denominator")
    counted, of = (there[name].cast(pl.Float64).to_numpy() for name in ("numerator", "denominator"))
    met = random.poisson(rise * counted)
    missed = random.poisson(rise * np.maximum(np.nan_to_num(of - counted), 0))
    more = there.select("measure_code", "month").with_columns(more=pl.Series(met), due=pl.Series(met + missed))
    return _with_more(points, is_there, more, spread, random)


def _with_more(
    points: pl.DataFrame, is_there: pl.Expr, more: pl.DataFrame, spread: tuple[str, ...], random: np.random.Generator
) -> pl.DataFrame:
    each = []
    for by in spread:
        of_breakdown = points.filter(breakdown=by, measure_code=CRIMES)
        parts = of_breakdown.group_by("breakdown_value").agg(pl.col("numerator").sum())
        sizes = parts["numerator"].to_numpy() / parts["numerator"].sum()
        each += [
            (code, month, by, part, one, other)
            for code, month, met, due in more.iter_rows()
            for part, one, other in zip(
                parts["breakdown_value"], random.multinomial(met, sizes), random.multinomial(due - met, sizes),
                strict=True,
            )
        ]  # fmt: skip
    names = ("measure_code", "month", "breakdown", "breakdown_value", "met", "missed")
    of_parts = pl.DataFrame(each, schema=list(names), orient="row")
    keys = ["measure_code", "month", "breakdown", "breakdown_value"]
    is_whole = (pl.col("breakdown") == "none") | is_there
    joined = points.join(more, on=["measure_code", "month"], how="left").join(of_parts, on=keys, how="left")
    return joined.with_columns(
        pl.col("numerator") + pl.when(is_whole).then("more").otherwise("met").fill_null(0),
        pl.col("denominator") + pl.when(is_whole).then("due").otherwise(pl.col("met") + pl.col("missed")).fill_null(0),
    ).drop("more", "due", "met", "missed")


def with_unit(points: pl.DataFrame, unit: str, seed: int) -> pl.DataFrame:
    """A unit of about UNIT_CASES in the latest twelve months has UNIT_SHARE of a measure; the rest as it was drawn."""
    random = np.random.default_rng(seed)
    is_there = (
        (pl.col("measure_code") == UNIT_MEASURE) & (pl.col("breakdown") == "unit") & (pl.col("breakdown_value") == unit)
    )
    rest = points.filter(pl.col("measure_code") == UNIT_MEASURE, breakdown="none")
    share = rest["numerator"].sum() / rest["denominator"].sum()
    odd = share + UNIT_SHARE - USUAL_SHARE  # as far from the rest as the unit that was named on no front page
    there = points.filter(is_there).select("measure_code", "month", "numerator", "denominator")
    drawn = random.binomial(there["denominator"].cast(pl.Int64).to_numpy(), min(odd, 0.98))
    moved = there.with_columns(more=pl.Series(drawn) - pl.col("numerator")).select("measure_code", "month", "more")
    return (
        points.join(moved, on=["measure_code", "month"], how="left")
        .with_columns(pl.when((pl.col("breakdown") == "none") | is_there).then("more").otherwise(0).fill_null(0))
        .with_columns(pl.col("numerator") + pl.col("more"))
        .drop("more")
    )


def with_share(points: pl.DataFrame, kept: float, months: int, seed: int) -> pl.DataFrame:
    """Of the cases that SHARE counts the share `kept` is left in its last months, in the force and each part alike."""
    random = np.random.default_rng(seed)
    of_measure = points.filter(measure_code=SHARE)
    start = of_measure["month"].unique().sort()[-months]
    fewer = []
    for (month,), rows in of_measure.filter(pl.col("month") >= start).partition_by("month", as_dict=True).items():
        whole = int(rows.filter(breakdown="none")["numerator"].sum())
        gone = random.binomial(whole, 1 - kept)
        for (by,), each in rows.partition_by("breakdown", as_dict=True).items():
            counts = each["numerator"].cast(pl.Int64).to_numpy()
            drawn = random.multivariate_hypergeometric([*counts, max(whole - counts.sum(), 0)], gone)[:-1]
            fewer += [(SHARE, month, by, part, int(n)) for part, n in zip(each["breakdown_value"], drawn, strict=True)]
    keys = ["measure_code", "month", "breakdown", "breakdown_value"]
    moved = pl.DataFrame(fewer, schema=[*keys, "gone"], orient="row")
    joined = points.join(moved, on=keys, how="left")
    return joined.with_columns(pl.col("numerator") - pl.col("gone").fill_null(0)).drop("gone")
