"""What each series says: one verdict and one plain sentence, about real signals only."""

from __future__ import annotations

from datetime import date

import polars as pl

from assets.methods.spc import expected_false_signals
from assets.methods.spc_signals import SignalRules

MEASURES = {
    "crime_count": ("Recorded stalking and harassment by month", "crimes a month"),
    "rolling_year_count": ("Recorded stalking and harassment in rolling years", "crimes a year"),
    "stalking_share": ("Stalking's share of stalking and harassment (8Q of 8L and 8Q)", "share"),
}
SIGNAL_WORDS = {
    "beyond_limit": "lies beyond the limit",
    "shift": "continues a run of {shift} or more on one side of the average",
    "trend": "continues a run of {trend} or more in one direction",
    "two_of_three": "is one of two in three close to the limit",
}


def control_chart_series(
    metrics_control_chart_points: pl.DataFrame,
    metrics_control_chart_inputs: pl.DataFrame,
    core_forces: pl.DataFrame,
    reference_settings: pl.DataFrame,
) -> pl.DataFrame:
    """One row per series: its latest point, the verdict on it, and how many false signals chance would give."""
    settings = dict(reference_settings.select("key", "value").iter_rows())
    names = dict(core_forces.select("force_code", "force_name").iter_rows())
    facts = {row["series_ref"]: row for row in metrics_control_chart_inputs.unique("series_ref").iter_rows(named=True)}
    rows = [
        _series(points.sort("month"), facts[str(points["series_ref"][0])], names, settings)
        for points in metrics_control_chart_points.partition_by("series_ref", maintain_order=True)
    ]
    schema = {
        "series_ref": pl.String,
        "title": pl.String,
        "source": pl.String,
        "force_code": pl.String,
        "force_name": pl.String,
        "measure": pl.String,
        "unit": pl.String,
        "period_months": pl.Int64,
        "point_count": pl.Int64,
        "first_month": pl.Date,
        "latest_month": pl.Date,
        "latest_value": pl.Float64,
        "segment_point_count": pl.Int64,
        "verdict": pl.String,
        "verdict_sentence": pl.String,
        "expected_false_signals": pl.Float64,
    }
    return pl.DataFrame(rows, schema=schema)


def _series(
    points: pl.DataFrame, facts: dict[str, object], names: dict[str, str], settings: dict[str, float]
) -> dict[str, object]:
    measured = points.filter(pl.col("value").is_not_null())
    latest = (measured if measured.height else points).row(-1, named=True)
    segment = points.filter(pl.col("segment") == latest["segment"])
    force = names.get(str(facts["force_code"]), str(facts["force_code"]))
    title, unit = MEASURES[str(facts["measure"])]
    verdict, sentence = _verdict(latest, segment, str(facts["measure"]), settings)
    return {
        "series_ref": facts["series_ref"],
        "title": f"{title}: {force}",
        "source": facts["source"],
        "force_code": facts["force_code"],
        "force_name": force,
        "measure": facts["measure"],
        "unit": unit,
        "period_months": facts["period_months"],
        "point_count": measured.height,
        "first_month": points["month"].min(),
        "latest_month": latest["month"],
        "latest_value": latest["value"],
        "segment_point_count": segment["value"].count(),
        "verdict": verdict,
        "verdict_sentence": sentence,
        "expected_false_signals": _false_signals(points, settings),
    }


def _verdict(
    latest: dict[str, object], segment: pl.DataFrame, measure: str, settings: dict[str, float]
) -> tuple[str, str]:
    when, value = _month(latest["month"]), _shown(latest["value"], measure)
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
    if status != "drawn":
        return "not_charted", f"{when} had {value}. The points do not vary, so no limits can be drawn."
    limits = f"{_shown(latest['lower_limit'], measure, '')} to {_shown(latest['upper_limit'], measure, '')}"
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


def _shown(value: object, measure: str, what: str = " recorded crimes") -> str:
    if not isinstance(value, int | float):
        return "no figure"
    return f"{value:.1%}".replace("%", " %") if measure == "stalking_share" else f"{value:,.0f}{what}"


def _month(day: object) -> str:
    return f"{day:%B %Y}" if isinstance(day, date) else "an unknown month"


def _false_signals(points: pl.DataFrame, settings: dict[str, float]) -> float:
    rules = SignalRules(shift_points=int(settings["spc.shift_points"]), trend_points=int(settings["spc.trend_points"]))
    drawn = points.filter(pl.col("limits_status") == "drawn").group_by("segment").agg(pl.col("value").count())
    return sum(
        expected_false_signals(
            count,
            minimum_points=int(settings["spc.minimum_points"]),
            baseline_points=int(settings["spc.baseline_points"]),
            rules=rules,
        )
        for count in drawn["value"].to_list()
    )
