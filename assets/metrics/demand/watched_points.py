# /// card
# description = """One row is a month of a watched share, with the limits that apply to it and the signal it gives, if \
#     any."""
# grain = ["series_ref", "month"]
# audience = ["integrity"]
# caveats = [
#     """Limits begin anew only where recording changed, and rest on the first 24 months since; below twelve months \
#     there are none.""",
#     """Four rules (NHS Making Data Count): a point beyond a limit, a shift of seven points on one side, a trend of \
#     seven, two of three in the outer third.""",
#     """Where fewer than five cases an average month (a setting) are on either side no limits are drawn: chance \
#     would give too many signals.""",
# ]
# [columns]
# series_ref = ["varchar", "Series: subject and code"]
# subject = ["varchar", "protection (a duty kept) or charged (within 90 days of recording)"]
# code = ["varchar", "Measure of protection, or offence class"]
# month = ["date", "Month in which the duty arose, or of recording"]
# numerator = ["bigint", "Duties kept, or crimes charged", "", "Kept, count"]
# denominator = ["bigint", "Duties due, or crimes", "", "Judged"]
# value = ["double", "Share", "0 to 1", "Kept"]
# chart_type = ["varchar", "p_prime (Laney) or none"]
# "segment, segment_start_reason, is_baseline" = "columns"
# centre_line = ["double", "Mean of the baseline", "0 to 1", "Average"]
# lower_limit = ["double", "Lower limit; null where none is drawn", "0 to 1"]
# upper_limit = ["double", "Upper limit; null where none is drawn", "0 to 1"]
# "signal, signal_direction" = "columns"
# limits_status = ["varchar", "drawn, too_few_points, too_few_breaches or no_variation"]
# ///

"""Watched shares by month as control charts: p-prime, begun anew where recording changed."""

from __future__ import annotations

import polars as pl

from assets.methods.spc.series import breaks_of, chart_of, without_rare

COLUMNS = (
    "series_ref", "subject", "code", "month", "numerator", "denominator", "value", "chart_type", "segment",
    "segment_start_reason", "is_baseline", "centre_line", "lower_limit", "upper_limit", "signal", "signal_direction",
    "limits_status",
)  # fmt: skip
SOURCE = "crime"  # the raw table whose recording changes bear on it


def watched_points(
    metrics_watched_inputs: pl.DataFrame, core_recording_regimes: pl.DataFrame, reference_settings: pl.DataFrame
) -> pl.DataFrame:
    """One row per month of every series of metrics.watched_inputs, with its limits and signal."""
    settings = dict(reference_settings.select("key", "value").iter_rows())
    breaks = breaks_of(core_recording_regimes, SOURCE)
    charts = [
        without_rare(chart_of(series, "p_prime", breaks, settings), settings["watched.fewest_a_month"])
        for series in metrics_watched_inputs.partition_by("series_ref", maintain_order=True)
    ]
    if not charts:
        return pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String))
    return pl.concat(charts).select(COLUMNS)
