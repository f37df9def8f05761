"""The chain of every control chart: a series becomes its points, and its points become its verdict.

A series is one SELECT. It is in the file of the table of its points, and the card of that table names
`series_points` as its method. A table of verdicts is a SELECT of those points whose card names `series_verdicts`. So
each table depends on the input of its own SELECT, and on no other series.

A SELECT of series gives one row a point:

    series_ref         the series
    month              first day of the period, or the Monday of a week
    period_months      length of the period in months; null for a week
    chart_kind         xmr (counts, means) or p_prime (shares, Laney)
    value              what an xmr chart draws
    numerator, denominator  what a p_prime chart draws the share of
    recording_classes  the classes whose recording changes bear on the series, with commas; see `breaks_of`
    recording_source   the raw table that it counts from
    fewest             a segment with fewer than this on average has no limits; null: every segment may have them
    has_exact_limits   such a segment has the exact limits of rare.py instead; false where the column is missing
    step               what values are rounded to, if limits may be as narrow as that: see `without_coarse`
    is_open_ended      cases can still be met or missed, with no time limit: there are no limits and no verdict

It may give more columns: they pass through, and the card of the table says which of them it keeps.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

import polars as pl

from assets.methods.spc.chart import chance_of_signal, control_charts, expected_false_signals
from assets.methods.spc.rare import CHANCE, exact_limits
from assets.methods.spc.signals import SignalRules

SIGNAL_WORDS = {
    "beyond_limit": "is beyond the limit",
    "shift": "continues a run of {shift} or more on one side of the average",
    "trend": "continues a run of {trend} or more in one direction",
    "two_of_three": "is one of two in three close to the limit",
    "long_gap": "is in a longer time without a rare case than chance gives",
}

RARE = {"too_few_breaches": "Breaches", "too_few_crimes": "Crimes"}
LIMITS = ("centre_line", "lower_limit", "upper_limit")
SUBGROUP, EVERY_CLASS = "S&H", "all"  # words that recording_classes and reference.recording_regimes use beside classes

POINT = {
    "chart_type": pl.String, "segment": pl.Int64, "segment_start_reason": pl.String, "is_baseline": pl.Boolean,
    "value": pl.Float64, "centre_line": pl.Float64, "lower_limit": pl.Float64, "upper_limit": pl.Float64,
    "signal": pl.String, "signal_direction": pl.String, "limits_status": pl.String,
    "expected_false_signals": pl.Float64, "gap": pl.Float64, "longest_gap": pl.Float64,
}  # fmt: skip


def series_points(
    series: pl.DataFrame, reference_recording_regimes: pl.DataFrame, reference_settings: pl.DataFrame
) -> pl.DataFrame:
    """One row a point of every series: the columns given and those of POINT.

    `segment` counts from 1 the stretches between recording changes, `segment_start_reason` names the change that began
    it, empty for the first. `expected_false_signals` is how many signals chance alone would give in the segment.
    Raises ValueError as `control_charts` does.
    """
    if series.is_empty():
        return pl.DataFrame(schema={**series.schema, **POINT})
    settings = _settings(reference_settings)
    breaks = _breaks(series, reference_recording_regimes)
    charted = control_charts(series, breaks, rules=_rules(settings), **_lengths(settings))
    charted = charted.join(breaks, on=["series_ref", "break_month"], how="left", maintain_order="left")
    is_share = pl.col("chart_kind") == "p_prime"
    # no share is below none or above all; signals were found with the unclipped limits
    clipped = (
        pl.when(is_share).then(pl.col(name).clip(0, 1)).otherwise(name).alias(name)
        for name in ("lower_limit", "upper_limit")
    )
    charted = without_coarse(charted.with_columns(*clipped, pl.col("segment_start_reason").fill_null("")))
    charted = without_few(charted)
    if "is_open_ended" in charted.columns:
        charted = _without_limits(charted, pl.col("is_open_ended"), pl.lit("not_settled"))
    charted = with_exact(charted, int(settings["spc.baseline_points"]))
    is_drawn, is_exact = pl.col("limits_status") == "drawn", pl.col("is_exact")
    points = pl.col("value").count().over("series_ref", "segment")
    counts = charted.select(pl.when(is_drawn & ~is_exact).then(points).otherwise(0)).to_series()
    return charted.with_columns(
        chart_type=pl.when(is_exact).then(pl.lit("exact")).when(is_drawn).then("chart_kind").otherwise(pl.lit("none")),
        expected_false_signals=pl.when(is_exact)
        .then(CHANCE * points)
        .otherwise(_by_count(counts, expected_false_signals, settings)),
    ).drop("is_exact")


def _breaks(series: pl.DataFrame, regimes: pl.DataFrame) -> pl.DataFrame:
    """The recording changes that bear on each series: series_ref, break_month, segment_start_reason."""
    bearing = ["recording_source", "recording_classes"]
    found = [
        (source, classes, title, month)
        for source, classes in series.select(bearing).unique().iter_rows()
        for month, title in breaks_of(regimes, source, classes).items()
    ]
    names = dict.fromkeys((*bearing, "segment_start_reason"), pl.String)
    breaks = pl.DataFrame(found, schema={**names, "break_month": pl.Date}, orient="row")
    each = series.select("series_ref", *bearing).unique("series_ref")
    return each.join(breaks, on=bearing, nulls_equal=True).select("series_ref", "break_month", "segment_start_reason")


def without_coarse(points: pl.DataFrame) -> pl.DataFrame:
    """No limits and no signal where a sigma is shorter than the step that values are rounded to.

    Neighbouring values are then often equal, the limits too narrow, and chance is called a change (Wheeler,
    Understanding Statistical Process Control, 1992, 9.1). A series without a step stays as it is.
    """
    if "step" not in points.columns:
        return points
    width = pl.col("upper_limit") - pl.col("lower_limit")
    is_coarse = (width < 6 * pl.col("step")).fill_null(False) & (pl.col("limits_status") == "drawn")
    return _without_limits(points, is_coarse, pl.lit("no_variation"))


def _without_limits(points: pl.DataFrame, which: pl.Expr, status: pl.Expr) -> pl.DataFrame:
    """No limits and no signal of some points, whose `limits_status` says why."""
    return points.with_columns(
        *(pl.when(~which).then(name).alias(name) for name in LIMITS),
        *(pl.when(which).then(pl.lit("")).otherwise(name).alias(name) for name in ("signal", "signal_direction")),
        is_baseline=pl.col("is_baseline") & ~which,
        limits_status=pl.when(which).then(status).otherwise("limits_status"),
    )


def without_few(points: pl.DataFrame) -> pl.DataFrame:
    """No limits and no signal in a segment with fewer than `fewest` in an average period.

    Of a share the rarer side counts, kept or not. There the share hardly ever leaves its bound, and small counts are
    not near a normal distribution: the rules would call chance a change.
    """
    is_share = pl.col("chart_kind") == "p_prime"
    is_few = (pl.col("limits_status") == "drawn") & _rarer_side(points).lt(pl.col("fewest")).fill_null(False)
    few = pl.when(is_share).then(pl.lit("too_few_breaches")).otherwise(pl.lit("too_few_crimes"))
    return _without_limits(points, is_few, few)


def _rarer_side(points: pl.DataFrame) -> pl.Expr:
    """Cases in an average period of the segment: of a share, those of the rarer side."""
    is_share = pl.col("chart_kind") == "p_prime"
    sides = [pl.col("value")]
    if "denominator" in points.columns:
        sides = [
            pl.when(is_share).then(side).otherwise("value")
            for side in (pl.col("numerator"), pl.col("denominator") - pl.col("numerator"))
        ]
    return pl.min_horizontal(side.mean().over("series_ref", "segment") for side in sides)


def with_exact(points: pl.DataFrame, baseline_points: int) -> pl.DataFrame:
    """Exact limits, the time since the last case (`gap`, `longest_gap`) and `is_exact` for the segments of rare cases
    that ask for them; no other changes.

    Those whose baseline is all alike are among them, if their cases are rare: often there was none.
    """
    wanted = pl.col("has_exact_limits") if "has_exact_limits" in points.columns else pl.lit(False)
    is_alike = (pl.col("limits_status") == "no_variation") & _rarer_side(points).lt(pl.col("fewest")).fill_null(False)
    none = pl.lit(None, dtype=pl.Float64)
    points = points.with_columns(
        is_exact=wanted & (pl.col("limits_status").is_in(RARE) | is_alike), gap=none, longest_gap=none
    )
    if not points["is_exact"].any():
        return points
    place = pl.col("value").is_not_null().cum_sum().over("series_ref", "segment", order_by="month")
    base = pl.when("is_exact").then(pl.col("value").is_not_null() & (place <= baseline_points)).otherwise("is_baseline")
    points = points.with_columns(is_baseline=base)
    exact = exact_limits(points.filter("is_exact")).with_columns(limits_status=pl.lit("drawn"))
    rows = points.with_row_index("row")
    found = rows.filter("is_exact").select("row").hstack(exact)
    return rows.update(found, on="row", how="left", include_nulls=True).drop("row")


def series_verdicts(points: pl.DataFrame, reference_settings: pl.DataFrame) -> pl.DataFrame:
    """One row a series: the columns given, of its latest point with a value, and its verdict.

    Of the points it reads series_ref, month, value, segment, segment_start_reason, lower_limit, upper_limit, signal,
    signal_direction, limits_status, and `counted`: the words for what a value counts, empty where it is a share. A
    series without any value has its last point for the latest. `expected_false_signals` is of the latest segment,
    `chance_of_signal` how often its latest point would be in a signal if nothing had changed; `signal` is null where
    there is none.
    """
    settings = _settings(reference_settings)
    segments = points.group_by("series_ref", "segment").agg(
        segment_first_month=pl.col("month").min(), segment_point_count=pl.col("value").count().cast(pl.Int64)
    )
    whole = points.group_by("series_ref").agg(
        point_count=pl.col("value").count().cast(pl.Int64), first_month=pl.col("month").min()
    )
    latest = (
        points.sort(pl.col("value").is_not_null(), "month")
        .unique("series_ref", keep="last", maintain_order=True)
        .join(segments, on=["series_ref", "segment"])
        .join(whole, on="series_ref")
    )
    said = [_verdict(row, settings) for row in latest.iter_rows(named=True)]
    is_exact = pl.col("chart_type") == "exact" if "chart_type" in latest.columns else pl.lit(False)
    drawn = pl.when((pl.col("limits_status") == "drawn") & ~is_exact).then("segment_point_count").otherwise(0)
    by_chance = _by_count(latest.select(drawn).to_series(), expected_false_signals, settings)
    return latest.with_columns(
        break_title=pl.col("segment_start_reason").replace("", None),
        verdict=pl.Series([verdict for verdict, _ in said], dtype=pl.String),
        verdict_sentence=pl.Series([sentence for _, sentence in said], dtype=pl.String),
        signal=pl.col("signal").replace("", None),
        expected_false_signals=pl.when(is_exact).then(CHANCE * pl.col("segment_point_count")).otherwise(by_chance),
        chance_of_signal=pl.when(is_exact)
        .then(CHANCE)
        .otherwise(_by_count(latest["segment_point_count"], chance_of_signal, settings)),
    )


def chart_verdicts(points: pl.DataFrame, reference_settings: pl.DataFrame) -> pl.DataFrame:
    """As `series_verdicts`, but `expected_false_signals` is that of all segments of the chart together."""
    settings = _settings(reference_settings)
    drawn = (
        points.filter(pl.col("limits_status") == "drawn")
        .group_by("series_ref", "segment")
        .agg(pl.col("value").count())
        .sort("series_ref", "segment")
    )
    charts = (
        drawn.with_columns(expected_false_signals=_by_count(drawn["value"], expected_false_signals, settings))
        .group_by("series_ref")
        .agg(pl.col("expected_false_signals").sum())
    )
    verdicts = series_verdicts(points, reference_settings).drop("expected_false_signals")
    return verdicts.join(charts, on="series_ref", how="left").with_columns(
        pl.col("expected_false_signals").fill_null(0.0)
    )


def breaks_of(regimes: pl.DataFrame, source: str, classes: str = SUBGROUP) -> dict[date, str]:
    """Month -> title, for the changes of reference.recording_regimes that move counts of these classes in this source.

    `classes` names offence classes with commas: a change bears on the series if it moves one of them. S&H is the
    whole subgroup, which a move between two of its classes leaves as it was. `all` is for classes outside the
    subgroup: only a change to every class bears on them. No class: no change bears on the series.
    """
    own = set(classes.split(",")) - {""}
    if not own:
        return {}
    moving = regimes.filter(pl.col("moves_counts") & pl.col("source_name").fill_null("").is_in(["", source]))
    found: dict[date, str] = {}
    for start, title, affected in (
        moving.sort("valid_from", "title").select("valid_from", "title", "affects_codes").iter_rows()
    ):
        if not (own | {EVERY_CLASS}) & set(affected.split(",")):
            continue
        # the segment begins with the first whole month under the new rules
        month = start if start.day == 1 else (start.replace(day=28) + timedelta(days=4)).replace(day=1)
        found[month] = f"{found[month]}; {title}" if month in found else title
    return found


def _verdict(latest: Mapping[str, Any], settings: Mapping[str, float]) -> tuple[str, str]:
    """(verdict, one plain sentence) on the latest point of a series."""
    counted, status = latest["counted"], latest["limits_status"]
    is_share = not counted
    when = _month(latest["month"])
    value = _shown(latest["value"], is_share, f" {counted}")
    if status == "overlapping_periods":
        return "not_charted", (
            f"The year from {when} had {value}. Rolling years overlap, so no limits are drawn."
        )
    since = _month(latest["segment_first_month"])
    if status == "not_settled":
        return "not_settled", f"{when} had {value}. Without a time limit more may still be met: the chart is not read."
    if status == "too_few_points":
        return "not_enough_points", (
            f"{when} had {value}. There are {latest['segment_point_count']} points since {since}; limits need "
            f"{int(settings['spc.minimum_points'])}, so none are drawn."
        )
    if status in RARE:
        return "not_charted", (
            f"{when} had {value}. {RARE[status]} are too rare for limits: none are drawn."
        )
    if status != "drawn":
        return "not_charted", f"{when} had {value}. The points that limits rest on are all alike, so none can be drawn."
    limits = f"{_shown(latest['lower_limit'], is_share)} to {_shown(latest['upper_limit'], is_share)}"
    if not latest["signal"]:
        return (
            "no_change",
            f"No signal: {when} had {value}, inside the limits of {limits} since {since}.",
        )
    words = SIGNAL_WORDS[latest["signal"]].format(
        shift=int(settings["spc.shift_points"]), trend=int(settings["spc.trend_points"])
    )
    direction = str(latest["signal_direction"])
    return direction, (
        f"A signal, {direction}: {when} had {value} and {words}; the limits since "
        f"{since} are {limits}."
    )


def _by_count(counts: pl.Series, figure: Callable[..., float], settings: Mapping[str, float]) -> pl.Series:
    """Result for a segment of each number of points; each number is simulated once."""
    figures = {n: figure(n, rules=_rules(settings), **_lengths(settings)) for n in counts.unique().to_list()}
    return counts.replace_strict(figures, return_dtype=pl.Float64)


def _settings(reference_settings: pl.DataFrame) -> dict[str, float]:
    return dict(reference_settings.select("key", "value").iter_rows())


def _lengths(settings: Mapping[str, float]) -> dict[str, int]:
    """Number of points that limits need, and the most that they use."""
    return {name: int(settings[f"spc.{name}"]) for name in ("minimum_points", "baseline_points")}


def _rules(settings: Mapping[str, float]) -> SignalRules:
    return SignalRules(shift_points=int(settings["spc.shift_points"]), trend_points=int(settings["spc.trend_points"]))


def _shown(value: object, is_share: bool, counted: str = "") -> str:
    if not isinstance(value, int | float):
        return "no figure"
    return f"{value:.1%}" if is_share else f"{value:,.0f}{counted}"


def _month(day: object) -> str:
    return f"{day:%B %Y}" if isinstance(day, date) else "an unknown month"
