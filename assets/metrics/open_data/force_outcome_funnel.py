"""Where each force stands in the in-period ratio of each outcome group, as the Home Office's table has it."""

from __future__ import annotations

import polars as pl

from assets.methods.funnel import placed

GROUP = ["period_start", "period_end", "offence_class", "outcome_group"]
COLUMNS = [
    *GROUP, "title", "force_code", "force_name", "numerator", "denominator", "value", "target", "lower_95", "upper_95",
    "lower_998", "upper_998", "z_score", "is_overdispersed", "outlier", "unused_reason",
]  # fmt: skip


def force_outcome_funnel(
    metrics_force_outcomes: pl.DataFrame, core_forces: pl.DataFrame, reference_settings: pl.DataFrame
) -> pl.DataFrame:
    """One row per territorial force, year, class and group, where enough forces have figures.

    Only outcomes assigned in the year are compared: shares of crimes recorded in it are not ripe, and forces differ in
    how far theirs are.
    """
    settings = dict(reference_settings.select("key", "value").iter_rows())
    territorial = core_forces.filter(pl.col("force_type") == "territorial").select("force_code")
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
        return pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String))
    # what the table says of a force without figures tells more than that it has none
    told = pl.concat(charts).with_columns(
        unused_reason=pl.when(pl.col("missing_reason") != "").then("missing_reason").otherwise("unused_reason")
    )
    return told.select(COLUMNS)
