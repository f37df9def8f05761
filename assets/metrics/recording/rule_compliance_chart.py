# /// card
# description = """One row is a month of a series of compliance with the limits that apply to it and the signal it \
#     gives, if any."""
# grain = ["series_ref", "month"]
# audience = ["integrity"]
# caveats = [
#     """Shares on a p-prime chart (Laney): the limits allow for months of different size and for more variation than \
#     chance alone.""",
#     "Limits rest on the first points of a segment and are then frozen; they begin anew only where recording changed.",
#     "A rule in a unit or class is charted only where it was broken at least ten times (a setting).",
#     "Below twelve points no limits are drawn. A stable process gives false signals now and then.",
# ]
# [columns]
# "series_level, series_ref" = "columns"
# rule_code = ["varchar", "Rule; null for pooled series"]
# table_name = ["varchar", "Table examined; null for pooled series"]
# dimension = ["varchar", "Data quality dimension; null for all together"]
# unit_name = ["varchar", "Unit, where the series is of one"]
# class_code = ["varchar", "Class, where the series is of one"]
# month = "columns"
# numerator = ["bigint", "Tests kept", "tests", "Tests kept"]
# denominator = ["bigint", "Tests that could be judged", "tests", "Tests judged"]
# value = ["double", "Share kept; null where nothing could be judged", "0 to 1", "Kept"]
# chart_type = ["varchar", "p_prime (Laney) or none"]
# "segment, segment_start_reason, is_baseline" = "columns"
# centre_line = ["double", "Mean of the baseline", "0 to 1", "Average"]
# lower_limit = ["double", "Lower limit; null where none is drawn", "0 to 1"]
# upper_limit = ["double", "Upper limit; null where none is drawn", "0 to 1"]
# "signal, signal_direction" = "columns"
# limits_status = ["varchar", "drawn, too_few_points, too_few_breaches, no_variation or overlapping_periods"]
# ///

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
