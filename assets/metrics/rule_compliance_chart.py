"""Compliance by month as control charts: p-prime, limits from twelve points on, begun anew where recording changed."""

from __future__ import annotations

import polars as pl

from assets.methods.spc_series import breaks_of, chart_of

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
LIMITS = ("centre_line", "lower_limit", "upper_limit")
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
