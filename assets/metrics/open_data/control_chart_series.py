# /// card
# description = """One row is a series that is watched over time, with the verdict on its latest point in a plain \
#     sentence."""
# grain = ["series_ref"]
# audience = ["command", "integrity"]
# caveats = [
#     "A verdict is given only where limits are drawn; a difference from one month to the next is never a verdict.",
#     "The expected number of false signals is that of a stable series of the same length, by simulation.",
# ]
# [columns]
# series_ref = "columns"
# title = ["varchar", "What is counted, where"]
# "source, force_code, force_name" = "columns"
# measure = ["varchar", "crime_count, rolling_year_count or stalking_share"]
# unit = "columns"
# period_months = ["integer", "Length of each point's period", "months"]
# point_count = ["bigint", "Points with a value", "points", "Whole months in a row"]
# first_month = ["date", "First point"]
# latest_month = ["date", "Latest point with a value", "", "Latest"]
# latest_value = ["double", "Its value", "as unit"]
# segment_first_month = ["date", "First point since the last change of recording"]
# segment_point_count = ["bigint", "Points since the last change of recording", "points"]
# verdict = "columns"
# verdict_sentence = ["varchar", "The verdict in words"]
# "expected_false_signals, chance_of_signal" = "columns"
# ///

"""What each series says: one verdict and one plain sentence, about real signals only."""

from __future__ import annotations

import polars as pl

from assets.methods.spc.series import chance_of_latest, false_signals, latest_point, verdict_of

MEASURES = {
    "crime_count": ("Recorded stalking and harassment by month", "crimes a month"),
    "rolling_year_count": ("Recorded stalking and harassment in rolling years", "crimes a year"),
    "stalking_share": ("Stalking's share of stalking and harassment (8Q of 8L and 8Q)", "share"),
}


def control_chart_series(
    metrics_control_chart_points: pl.DataFrame,
    metrics_control_chart_inputs: pl.DataFrame,
    core_forces: pl.DataFrame,
    core_extract_forces: pl.DataFrame,
    reference_settings: pl.DataFrame,
) -> pl.DataFrame:
    """One row per series: its latest point, the verdict on it, and how many false signals chance would give."""
    settings = dict(reference_settings.select("key", "value").iter_rows())
    # a force's extract may name a force that publications do not know
    names = {
        code: name
        for forces in (core_extract_forces, core_forces)
        for code, name in forces.select("force_code", "force_name").iter_rows()
    }
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
        "segment_first_month": pl.Date,
        "segment_point_count": pl.Int64,
        "verdict": pl.String,
        "verdict_sentence": pl.String,
        "expected_false_signals": pl.Float64,
        "chance_of_signal": pl.Float64,
    }
    return pl.DataFrame(rows, schema=schema)


def _series(
    points: pl.DataFrame, facts: dict[str, object], names: dict[str, str], settings: dict[str, float]
) -> dict[str, object]:
    measured = points.filter(pl.col("value").is_not_null())
    latest = latest_point(points)
    segment = points.filter(pl.col("segment") == latest["segment"])
    force = names.get(str(facts["force_code"]), str(facts["force_code"]))
    title, unit = MEASURES[str(facts["measure"])]
    is_share = facts["measure"] == "stalking_share"
    verdict, sentence = verdict_of(points, settings, is_share=is_share, counted=" recorded crimes")
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
        "segment_first_month": segment["month"].min(),
        "segment_point_count": segment["value"].count(),
        "verdict": verdict,
        "verdict_sentence": sentence,
        "expected_false_signals": false_signals(segment, settings),
        "chance_of_signal": chance_of_latest(points, settings),
    }
