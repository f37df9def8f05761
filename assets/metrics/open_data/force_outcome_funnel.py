# /// card
# description = """One row is a territorial force in the in-period ratio of an outcome group, by class and financial \
#     year."""
# grain = ["period_start", "offence_class", "outcome_group", "force_code"]
# audience = ["command", "integrity"]
# caveats = [
#     "An in-period ratio is not the share of crimes charged: the outcomes of a year belong to crimes of any age.",
#     """A ratio beyond the 99.8% limit is unusual. It is a question about recording, timing and transfer, not a \
#     verdict on performance. Forces are not ranked.""",
#     "The limits allow for the variation between forces that chance does not explain (Spiegelhalter 2005).",
#     """A force without a whole year of outcomes is listed with the reason but not plotted. British Transport Police \
#     has no area and is not included.""",
# ]
# [columns]
# period_start = ["date", "First day of the financial year"]
# period_end = ["date", "Last day of the financial year"]
# offence_class = "columns"
# outcome_group = ["varchar", "Published outcome group, exact words"]
# title = ["varchar", "Which ratio it is"]
# "force_code, force_name" = "columns"
# numerator = ["bigint", "Outcomes of the group assigned in the year", "outcomes"]
# denominator = ["bigint", "Outcomes assigned in the year", "outcomes"]
# value = ["double", "In-period ratio", "ratio"]
# value_lower = ["double", "Lower end of its 95% interval (Wilson): chance in the force's own count", "ratio"]
# value_upper = ["double", "Upper end of that interval", "ratio"]
# target = ["double", "Pooled value of all forces", "ratio"]
# lower_95 = ["double", "Lower 95% limit, allowing for overdispersion", "ratio"]
# upper_95 = ["double", "Upper 95% limit", "ratio"]
# lower_998 = ["double", "Lower 99.8% limit", "ratio"]
# upper_998 = ["double", "Upper 99.8% limit", "ratio"]
# z_score = ["double", "Distance from the target in standard errors, allowing for overdispersion"]
# is_overdispersed = ["boolean", "Forces vary more than chance explains"]
# outlier = ["varchar", "high_998, low_998, high_95, low_95 or empty"]
# unused_reason = ["varchar", "Why the force is not in the funnel; otherwise empty"]
# ///

"""Funnel plots of each outcome group's in-period ratio, from the Home Office's table."""

from __future__ import annotations

from typing import Any

import polars as pl

from assets.methods.funnel import placed
from assets.methods.intervals import wilson_interval

GROUP = ["period_start", "period_end", "offence_class", "outcome_group"]


def force_outcome_funnel(
    metrics_force_outcomes: pl.DataFrame, reference_forces: pl.DataFrame, reference_settings: pl.DataFrame
) -> pl.DataFrame:
    """Return one row per territorial force, year, class and group, where enough forces have figures.

    Only outcomes assigned in the year are compared. Shares of crimes recorded in it have not matured, and forces differ
    in how far theirs have.
    """
    settings = dict(reference_settings.select("key", "value").iter_rows())
    territorial = reference_forces.filter(pl.col("force_type") == "territorial").select("force_code")
    units = (
        metrics_force_outcomes.filter(pl.col("basis") == "closed")
        .join(territorial, on="force_code", how="semi")
        .rename({"outcome_count": "numerator", "denominator_count": "denominator"})
        .with_columns(scale=pl.lit(1.0))
    )
    charts = [
        placed(group, winsorise_share=settings["funnel.winsorise_share"])
        for group in units.partition_by(GROUP, maintain_order=True)
        if group["numerator"].count() >= settings["funnel.minimum_units"] and (group["numerator"].sum() or 0) > 0
    ]
    if not charts:
        return pl.DataFrame()
    # the table's own reason is more informative than the absence of figures
    outcomes = pl.concat(charts).with_columns(
        unused_reason=pl.when(pl.col("missing_reason") != "").then("missing_reason").otherwise("unused_reason")
    )
    ends = [_interval(row, settings["intervals.z"]) for row in outcomes.iter_rows(named=True)]
    outcomes = outcomes.with_columns(
        value_lower=pl.Series([low for low, _ in ends], dtype=pl.Float64),
        value_upper=pl.Series([high for _, high in ends], dtype=pl.Float64),
    )
    return outcomes.select(
        *GROUP, "title", "force_code", "force_name", "numerator", "denominator", "value", "value_lower", "value_upper",
        "target", "lower_95",
        "upper_95", "lower_998", "upper_998", "z_score", "is_overdispersed", "outlier", "unused_reason",
    )  # fmt: skip


def _interval(row: dict[str, Any], z: float) -> tuple[float | None, float | None]:
    """None where there is no ratio, or corrections leave a count below 0 or above the whole."""
    if row["value"] is None or not 0 <= row["numerator"] <= row["denominator"]:
        return None, None
    return wilson_interval(row["numerator"], row["denominator"], z)
