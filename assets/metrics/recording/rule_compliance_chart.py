"""Compliance by month as control charts: p-prime, limits from twelve points on, begun anew where recording changed."""

from __future__ import annotations

import polars as pl

from assets.methods.spc.series import breaks_of, chart_of, without_rare

ABOUT = ("series_level", "series_ref", "rule_code", "table_name", "dimension", "unit_name", "class_code")
DRAWN = (
    "month",
    "numerator",
    "denominator",
    "value",
    "chart_type",
    "segment",
    "segment_start_reason",
    "is_baseline",
    "centre_line",
    "lower_limit",
    "upper_limit",
    "signal",
    "signal_direction",
    "limits_status",
)
SOURCE = "crime"  # the raw table whose recording changes bear on it


def rule_compliance_chart(
    metrics_rule_compliance_inputs: pl.DataFrame,
    core_recording_regimes: pl.DataFrame,
    reference_settings: pl.DataFrame,
) -> pl.DataFrame:
    """One row per month of every series of metrics.rule_compliance_inputs, with its limits and signal."""
    settings = dict(reference_settings.select("key", "value").iter_rows())
    breaks = breaks_of(core_recording_regimes, SOURCE)
    charts = [
        without_rare(chart_of(series, "p_prime", breaks, settings), settings["compliance.fewest_a_month"])
        for series in metrics_rule_compliance_inputs.partition_by("series_ref", maintain_order=True)
    ]
    if not charts:
        return pl.DataFrame(schema=dict.fromkeys((*ABOUT, *DRAWN), pl.String))
    return pl.concat(charts).select(*ABOUT, *DRAWN)
