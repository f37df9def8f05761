# /// card
# description = """One row is a force among all forces in one measure and period: its value, the common target and the \
#     limits."""
# grain = ["measure", "source", "period_start", "force_code"]
# audience = ["command", "integrity"]
# caveats = [
#     """A value beyond the 99.8% limit is unusual. It is a question about recording and demand, not a verdict on \
#     performance. Forces are not ranked.""",
#     "The limits allow for the variation between forces that chance does not explain (Spiegelhalter 2005).",
#     "A rate's denominator is the resident population of the named year; visitors are not counted.",
#     "A high share of stalking can be good recording.",
# ]
# [columns]
# measure = ["varchar", "rate_per_1000 or stalking_share"]
# "source, period_start, period_end, force_code, force_name" = "columns"
# numerator = ["bigint", "Recorded crimes", "crimes"]
# denominator = ["bigint", "Residents, or crimes of both classes"]
# denominator_year = ["integer", "Year of the denominator"]
# value = ["double", "Rate per 1,000 residents, or share (0 to 1)", "as measure"]
# target = ["double", "Pooled value of all forces", "as measure"]
# lower_95 = ["double", "Lower 95% limit, allowing for overdispersion", "as measure"]
# upper_95 = ["double", "Upper 95% limit", "as measure"]
# lower_998 = ["double", "Lower 99.8% limit", "as measure"]
# upper_998 = ["double", "Upper 99.8% limit", "as measure"]
# z_score = ["double", "Distance from the target in standard errors, allowing for overdispersion"]
# is_overdispersed = ["boolean", "Forces vary more than chance explains"]
# outlier = ["varchar", "high_998, low_998, high_95, low_95 or empty"]
# unused_reason = ["varchar", "Why the force is not in the funnel; otherwise empty"]
# ///

"""Funnel plots of rates and of stalking's share, allowing for chance and overdispersion."""

from __future__ import annotations

import polars as pl

from assets.methods.funnel import placed

GROUP = ["measure", "source", "period_start", "period_end"]


def force_funnel(
    metrics_recorded_rates: pl.DataFrame,
    metrics_stalking_shares: pl.DataFrame,
    reference_forces: pl.DataFrame,
    reference_settings: pl.DataFrame,
) -> pl.DataFrame:
    """One row per force, measure, source and period that enough forces have figures for."""
    settings = dict(reference_settings.select("key", "value").iter_rows())
    territorial = reference_forces.filter(pl.col("force_type") == "territorial").select("force_code")
    units = pl.concat([_rates(metrics_recorded_rates, settings["rates.base"]), _shares(metrics_stalking_shares)])
    # in one order: the last digits of a sum depend on it
    units = units.join(territorial, on="force_code", how="semi").sort(*GROUP, "force_code")
    charts = [
        placed(group, winsorise_share=settings["funnel.winsorise_share"])
        for group in units.partition_by(GROUP, maintain_order=True)
        if group.height >= settings["funnel.minimum_units"]
    ]
    if not charts:
        return pl.DataFrame()
    return pl.concat(charts).select(
        *GROUP, "force_code", "force_name", "numerator", "denominator", "denominator_year", "value", "target",
        "lower_95", "upper_95", "lower_998", "upper_998", "z_score", "is_overdispersed", "outlier", "unused_reason",
    )  # fmt: skip


def _rates(rates: pl.DataFrame, base: float) -> pl.DataFrame:
    """Crimes per resident: a proportion for the method, shown per 1,000."""
    yearly = rates.filter((pl.col("offence_code") == "S&H") & pl.col("population").is_not_null())
    return yearly.select(
        measure=pl.lit("rate_per_1000"),
        source="source",
        period_start="period_start",
        period_end="period_end",
        force_code="force_code",
        force_name="force_name",
        numerator="crime_count",
        denominator="population",
        denominator_year=pl.col("population_year").cast(pl.Int64),
        scale=pl.lit(base),
    )


def _shares(shares: pl.DataFrame) -> pl.DataFrame:
    """Stalking (8Q) as a share of stalking and harassment (8L and 8Q)."""
    months = pl.col("period_months").cast(pl.String) + "mo"
    return shares.filter("is_shown").select(
        measure=pl.lit("stalking_share"),
        source="source",
        period_start="period_start",
        period_end=pl.col("period_start").dt.offset_by(months).dt.offset_by("-1d"),
        force_code="force_code",
        force_name="force_name",
        numerator="stalking_count",
        denominator="denominator_count",
        denominator_year=pl.col("period_start").dt.year().cast(pl.Int64),
        scale=pl.lit(1.0),
    )
