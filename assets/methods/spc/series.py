"""One watched series: which recording changes break it, its chart as settings ask for it, its verdict in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import polars as pl

from assets.methods.spc.chart import ChartType, chance_of_signal, control_chart, expected_false_signals
from assets.methods.spc.signals import SignalRules

SIGNAL_WORDS = {
    "beyond_limit": "lies beyond the limit",
    "shift": "continues a run of {shift} or more on one side of the average",
    "trend": "continues a run of {trend} or more in one direction",
    "two_of_three": "is one of two in three close to the limit",
}

LIMITS = ("centre_line", "lower_limit", "upper_limit")


STANDING = {
    "first_month": pl.Date, "latest_month": pl.Date, "segment_first_month": pl.Date, "segment_point_count": pl.Int64,
    "break_title": pl.String, "verdict": pl.String, "signal": pl.String, "expected_false_signals": pl.Float64,
    "chance_of_signal": pl.Float64,
}  # fmt: skip


def breaks_of(regimes: pl.DataFrame, source: str, offence_code: str = "S&H") -> dict[date, str]:
    """Month -> why, for the changes of core.recording_regimes that move this offence in this source."""
    moving = regimes.filter(
        pl.col("moves_counts")
        & pl.col("source_name").is_in(["", source])
        & ((pl.col("affects_codes") == "all") | pl.col("affects_codes").str.split(",").list.contains(offence_code))
    )
    found: dict[date, str] = {}
    for start, title in moving.sort("valid_from", "title").select("valid_from", "title").iter_rows():
        # the segment begins with the first whole month under the new rules
        month = start if start.day == 1 else (start.replace(day=28) + timedelta(days=4)).replace(day=1)
        found[month] = f"{found[month]}; {title}" if month in found else title
    return found


def chart_of(
    series: pl.DataFrame,
    chart_type: ChartType,
    breaks: Mapping[date, str],
    settings: Mapping[str, float],
    period_months: int = 1,
    *,
    is_weekly: bool = False,
) -> pl.DataFrame:
    """The points of one series with limits and signals, what began each segment, and the kind of chart drawn."""
    charted = control_chart(
        series,
        chart_type=chart_type,
        breaks=sorted(breaks),
        period_months=period_months,
        is_weekly=is_weekly,
        minimum_points=int(settings["spc.minimum_points"]),
        baseline_points=int(settings["spc.baseline_points"]),
        rules=_rules(settings),
    )
    reasons = [breaks.get(month, "") if month is not None else "" for month in charted["break_month"].to_list()]
    is_drawn = pl.col("limits_status") == "drawn"
    if chart_type != "xmr":  # no share lies beyond all or none; signals were found with the limits as they are
        charted = charted.with_columns(pl.col("lower_limit", "upper_limit").clip(0, 1))
    return charted.with_columns(
        segment_start_reason=pl.Series(reasons, dtype=pl.String),
        chart_type=pl.when(is_drawn).then(pl.lit(chart_type)).otherwise(pl.lit("none")),
    )


def without_rare(points: pl.DataFrame, fewest: float) -> pl.DataFrame:
    """No limits and no signal in a segment with fewer than `fewest` breaches (or tests kept) in an average month.

    There the share hardly ever leaves its bound: seven months without a breach are what chance gives, and the rules for
    signals, made for shares near a normal distribution, would call them a change.
    """
    breaches = (pl.col("denominator") - pl.col("numerator")).mean().over("segment")
    kept = pl.col("numerator").mean().over("segment")
    is_rare = (pl.col("limits_status") == "drawn") & (pl.min_horizontal(breaches, kept) < fewest).fill_null(False)
    return points.with_columns(
        *(pl.when(~is_rare).then(name).alias(name) for name in LIMITS),
        *(pl.when(is_rare).then(pl.lit("")).otherwise(name).alias(name) for name in ("signal", "signal_direction")),
        is_baseline=pl.col("is_baseline") & ~is_rare,
        chart_type=pl.when(is_rare).then(pl.lit("none")).otherwise("chart_type"),
        limits_status=pl.when(is_rare).then(pl.lit("too_few_breaches")).otherwise("limits_status"),
    )


def latest_point(points: pl.DataFrame) -> dict[str, object]:
    """The last point with a value; the last one at all where none has."""
    measured = points.filter(pl.col("value").is_not_null())
    return (measured if measured.height else points).row(-1, named=True)


def verdict_of(
    points: pl.DataFrame, settings: Mapping[str, float], *, is_share: bool, counted: str = ""
) -> tuple[str, str]:
    """(verdict, one plain sentence) on the latest of the charted points, in order of month; `counted` names counts."""
    latest = latest_point(points)
    segment = points.filter(pl.col("segment") == latest["segment"])
    when, value = _month(latest["month"]), _shown(latest["value"], is_share, counted)
    status = latest["limits_status"]
    if status == "overlapping_periods":
        return "not_charted", (
            f"The year from {when} had {value}. Rolling years overlap, so no limits are drawn and no change is called."
        )
    since = _month(segment["month"].min())
    if status == "too_few_points":
        return "not_enough_points", (
            f"{when} had {value}. There are {segment['value'].count()} points since {since}; limits need "
            f"{int(settings['spc.minimum_points'])}, so no change is called."
        )
    if status == "too_few_breaches":
        return "not_charted", f"{when} had {value}. Breaches are too rare to tell a change from chance: none is called."
    if status != "drawn":
        return "not_charted", f"{when} had {value}. The points that limits rest on are all alike, so none can be drawn."
    limits = f"{_shown(latest['lower_limit'], is_share)} to {_shown(latest['upper_limit'], is_share)}"
    if not latest["signal"]:
        return (
            "no_change",
            f"No change beyond chance: {when} had {value}, inside the limits of {limits} since {since}.",
        )
    words = SIGNAL_WORDS[str(latest["signal"])].format(
        shift=int(settings["spc.shift_points"]), trend=int(settings["spc.trend_points"])
    )
    direction = str(latest["signal_direction"])
    return direction, (
        f"{direction.capitalize()} than chance would give: {when} had {value} and {words}; the limits since "
        f"{since} are {limits}."
    )


def standing(
    points: pl.DataFrame, settings: Mapping[str, float], *, is_share: bool, verdict: str | None = None
) -> dict[str, object]:
    """What the charted points of one series say of the latest, without its value: columns that every table of verdicts
    has. `verdict` stands in place of the chart's own where the caller knows better."""
    points = points.sort("month")
    latest = latest_point(points)
    segment = points.filter(pl.col("segment") == latest["segment"])
    return {
        "first_month": points["month"].min(),
        "latest_month": latest["month"],
        "segment_first_month": segment["month"].min(),
        "segment_point_count": segment["value"].count(),
        "break_title": latest["segment_start_reason"] or None,
        "verdict": verdict or verdict_of(points, settings, is_share=is_share)[0],
        "signal": latest["signal"] or None,
        "expected_false_signals": false_signals(segment, settings),
        "chance_of_signal": chance_of_latest(points, settings),
    }


def false_signals(points: pl.DataFrame, settings: Mapping[str, float]) -> float:
    """How many signals chance alone would give on the segments drawn."""
    drawn = points.filter(pl.col("limits_status") == "drawn").group_by("segment").agg(pl.col("value").count())
    return sum(
        expected_false_signals(
            count,
            minimum_points=int(settings["spc.minimum_points"]),
            baseline_points=int(settings["spc.baseline_points"]),
            rules=_rules(settings),
        )
        for count in drawn["value"].to_list()
    )


def chance_of_latest(points: pl.DataFrame, settings: Mapping[str, float]) -> float:
    """How often the latest point of the latest segment would be in a signal if nothing had changed."""
    segment = points.filter(pl.col("segment") == latest_point(points)["segment"])
    return chance_of_signal(
        segment["value"].count(),
        minimum_points=int(settings["spc.minimum_points"]),
        baseline_points=int(settings["spc.baseline_points"]),
        rules=_rules(settings),
    )


def _rules(settings: Mapping[str, float]) -> SignalRules:
    return SignalRules(shift_points=int(settings["spc.shift_points"]), trend_points=int(settings["spc.trend_points"]))


def _shown(value: object, is_share: bool, counted: str = "") -> str:
    if not isinstance(value, int | float):
        return "no figure"
    return f"{value:.1%}".replace("%", " %") if is_share else f"{value:,.0f}{counted}"


def _month(day: object) -> str:
    return f"{day:%B %Y}" if isinstance(day, date) else "an unknown month"
