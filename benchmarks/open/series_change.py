"""Task 5, change in monthly series: which of them changed, and from which month?

Given are 48 months of counts and of shares of units and districts of an invented force, made from its own tables: the
season by month, growth, and months that differ by more than chance and resemble the month before (`unevenness`). A
series of shares has as many cases as such a count, a level of one of the duties, and a month-to-month wave of its own.
Half of the series are steady. The others change once, for good, by one of four sizes, from a month in the third or
fourth year. Three months at least are seen after it.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from assets.methods.spc.series import series_points, series_verdicts
from benchmarks.open.product import settings
from benchmarks.open.task import Column, Frames, Given, Measure, Method, Task
from sample.synth.base import BASE, look_up
from sample.synth.crimes import unevenness
from sample.synth.persons import DISTRICTS

MONTHS, FIRST = 48, date(2022, 4, 1)
FORCES = 12  # of a seed; each gives a count and a share of every district
START = range(24, 45)  # months from which a change may begin, counted from 0
TIMES = (0.6, 0.75, 1.35, 1.7)  # a count after the change, in times of before
POINTS = (-0.15, -0.08, 0.08, 0.15)  # a share after the change, less that of before
WAVE = 0.15  # standard deviation of the logit of a share from month to month, assumed
NEAR = 6  # months; a change that is dated farther off is not found
KEY = ["series"]


def make(crimes: int, seed: int) -> Given:
    """The series, and which of them changed: each force of this size gives two a district."""
    rng = np.random.default_rng([seed, 5])
    months = [month(place) for place in range(MONTHS)]
    season = look_up("month", np.array([str(day.month) for day in months]))
    usual = season * (1 + BASE["growth"]["a_year"]) ** (np.arange(MONTHS) / 12)
    rows, truth = [], []
    for force in range(FORCES):
        factor = unevenness(rng, crimes, DISTRICTS, MONTHS)
        for number in range(2 * DISTRICTS):
            name, is_share = f"{force:02d}-{number:02d}", number >= DISTRICTS
            level = crimes * BASE["unevenness"]["counted_share"] / MONTHS / DISTRICTS * rng.uniform(0.6, 1.6)
            expected = level * usual * factor[number % DISTRICTS]
            start = int(rng.choice(START)) if rng.random() < 0.5 else MONTHS
            size = float(rng.choice(POINTS if is_share else TIMES))
            after = np.arange(MONTHS) >= start
            count = rng.poisson(expected if is_share else expected * np.where(after, size, 1))
            met = rng.binomial(count, shares(rng, size, after)) if is_share else count
            cases = pl.Series(count, dtype=pl.Int64) if is_share else pl.Series([None] * MONTHS, dtype=pl.Int64)
            of_series = pl.DataFrame({"month": months, "numerator": met, "denominator": cases})
            rows.append(of_series.select(pl.lit(name).alias("series"), pl.all()))
            truth.append((name, start < MONTHS, month(start) if start < MONTHS else None, size))
    schema = {"series": pl.String, "changed": pl.Boolean, "from_month": pl.Date, "size": pl.Float64}
    return Given({"series": pl.concat(rows)}, {"changes": pl.DataFrame(truth, schema=schema, orient="row")})


def shares(rng: np.random.Generator, size: float, after: NDArray[np.bool_]) -> NDArray[np.float64]:
    """The chance that a duty is met, month by month: the level of one of them, uneven, and changed by `size`."""
    levels = [value for key, value in BASE["met"].items() if key != "source"]
    level = float(np.clip(rng.choice(levels), 0.2, 0.85))
    mean = np.where(after, level + size, level).clip(0.02, 0.98)
    found: NDArray[np.float64] = 1 / (1 + (1 / mean - 1) * np.exp(rng.normal(0, WAVE, mean.size)))
    return found


def month(place: int) -> date:
    """The first day of a month, counted from 0."""
    return date(FIRST.year + (FIRST.month - 1 + place) // 12, (FIRST.month - 1 + place) % 12 + 1, 1)


def score(answer: pl.DataFrame, given: Given) -> dict[str, float | None]:
    """False alarms among steady series, the share of changes found near their month, and how many months off."""
    both = answer.join(given.truth["changes"].rename({"changed": "real", "from_month": "since"}), on="series")
    steady, changed = both.filter(~pl.col("real")), both.filter("real")
    apart = pl.col("from_month").dt.year() * 12 + pl.col("from_month").dt.month()
    since = pl.col("since").dt.year() * 12 + pl.col("since").dt.month()
    off = changed.filter("changed").select((apart.cast(pl.Int64) - since).abs().alias("off"))["off"].drop_nulls()
    near = off.filter(off <= NEAR)
    return {
        "false alarms": steady.filter("changed").height / steady.height,
        "changes found": near.len() / changed.height,
        "months off": float(near.to_numpy().mean()) if near.len() else None,
    }


def perfect(given: Given) -> pl.DataFrame:
    """The truth as an answer."""
    return given.truth["changes"]


def values(inputs: Frames) -> pl.DataFrame:
    """The series with `value`: the count, or the share."""
    share = pl.col("numerator") / pl.col("denominator")
    is_share = pl.col("denominator").is_not_null()
    return inputs["series"].with_columns(value=pl.when(is_share).then(share).otherwise("numerator"))


def baseline(inputs: Frames) -> pl.DataFrame:
    """A month of the last twelve more than three standard deviations from the mean of the first 24."""
    place = pl.int_range(pl.len()).over("series")
    rows = values(inputs).sort("series", "month").with_columns(place=place)
    first = rows.filter(pl.col("place") < 24).group_by("series").agg(
        mean=pl.col("value").mean(), deviation=pl.col("value").std()
    )  # fmt: skip
    far = (pl.col("value") - pl.col("mean")).abs() > 3 * pl.col("deviation")
    late = rows.join(first, on="series").filter((pl.col("place") >= MONTHS - 12) & far)
    found = late.group_by("series").agg(from_month=pl.col("month").min())
    every = inputs["series"].select("series").unique().join(found, on="series", how="left")
    return every.with_columns(changed=pl.col("from_month").is_not_null())


def rival(inputs: Frames) -> pl.DataFrame:
    """The latest twelve months against the twelve before: a z-test at 5%, of Poisson counts or of two shares."""
    year = pl.col("month").rank("dense", descending=True).over("series")
    rows = values(inputs).with_columns(year=year)
    sums: list[pl.DataFrame] = []
    for name, where in (("now", pl.col("year") <= 12), ("then", pl.col("year").is_between(13, 24))):
        year_of = rows.filter(where).group_by("series")
        part = year_of.agg(pl.col("numerator", "denominator").sum(), pl.col("month").min())
        sums.append(part.rename({c: f"{c}_{name}" for c in part.columns if c != "series"}))
    both = sums[0].join(sums[1], on="series")
    x, y, n, m = (pl.col(c) for c in ("numerator_now", "numerator_then", "denominator_now", "denominator_then"))
    pooled = (x + y) / (n + m)
    of_shares = (x / n - y / m) / (pooled * (1 - pooled) * (1 / n + 1 / m)).sqrt()
    z = pl.when(n > 0).then(of_shares).otherwise((x - y) / (x + y).sqrt())
    changed = both.with_columns(changed=z.abs() > 1.96)
    return changed.select("series", "changed", from_month=pl.when("changed").then("month_now"))


def ours(inputs: Frames) -> pl.DataFrame:
    """The product's control charts: changed if the verdict on the latest month is higher or lower.

    Limits rest on the first 24 months. The month is the first of the points, up to the latest, that signal in its
    direction without a gap: two points inside the limits end them.
    """
    is_share = pl.col("denominator").is_not_null()
    series = values(inputs).select(
        "month", "numerator", "denominator", "value",
        series_ref="series", period_months=pl.lit(1), recording_classes=pl.lit(""), recording_source=pl.lit(""),
        chart_kind=pl.when(is_share).then(pl.lit("p_prime")).otherwise(pl.lit("xmr")), counted=pl.when(is_share)
        .then(pl.lit("")).otherwise(pl.lit("crimes")), fewest=pl.lit(None, pl.Float64), step=pl.lit(None, pl.Float64),
    )  # fmt: skip
    regimes = pl.DataFrame(schema={"valid_from": pl.Date, "title": pl.String, "affects_codes": pl.String,
                                   "moves_counts": pl.Boolean, "source_name": pl.String})  # fmt: skip
    points = series_points(series, regimes, settings())
    verdicts = series_verdicts(points, settings()).select("series_ref", "verdict")
    runs = []
    for (name,), rows in points.join(verdicts, on="series_ref").sort("month").group_by("series_ref"):
        verdict = rows["verdict"][0]
        changed = verdict in ("higher", "lower", "rising", "falling")
        places = np.flatnonzero((rows["signal_direction"] == verdict).to_numpy()) if changed else np.array([])
        apart = np.flatnonzero(np.diff(places) > 2)
        first = int(places[apart[-1] + 1] if apart.size else places[0]) if places.size else None
        runs.append((name, changed, None if first is None else rows["month"][first]))
    return pl.DataFrame(runs, schema={"series": pl.String, "changed": pl.Boolean, "from_month": pl.Date}, orient="row")


TASK = Task(
    name="series_change",
    question="Which monthly series changed, and from which month?",
    crimes=20_000,
    seeds=(101, 102, 103, 104),
    asked={
        "series": Column("text", "each of `series`"),
        "changed": Column("true or false", "the level changed for good"),
        "from_month": Column("date", "first day of the first month that is different", may_be_empty=True),
    },
    key=("series",),
    keys=lambda inputs: inputs["series"],
    is_whole=True,
    measures={
        "false alarms": Measure("share", False),
        "changes found": Measure("share", True),
        "months off": Measure("number", False),
    },
    make=make,
    score=score,
    perfect=perfect,
    baseline=Method("beyond three standard deviations in the last year", baseline),
    rival=Method("z-test of the latest year against the year before", rival),
    ours=Method("control charts of the product", ours),
)
