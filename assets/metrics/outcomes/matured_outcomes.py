# /// card
# description = """One row is a class, outcome and day, with the share of crimes of the last matured year that had it \
#     by then. These crimes were recorded one to two years before the as-of day, so each was followed for a year."""
# grain = ["offence_class", "outcome_group", "day"]
# by_force = true
# audience = ["command", "integrity"]
# caveats = [
#     """Share of crimes recorded in the last matured year with this outcome within that number of days of their own \
#     recording: each was followed for 365 days.""",
#     "Crimes that were cancelled or transferred by the as-of day are left out.",
# ]
# [columns]
# offence_class = "columns"
# outcome_group = ["varchar", "Published group, or single code; Not yet assigned an outcome means still open"]
# is_code = ["boolean", "A single code, which is also part of a group"]
# day = "columns"
# share = ["double", "Share with this outcome by then", "0 to 1"]
# "lower, upper, design_effect" = "columns"
# outcome_count = ["bigint", "Crimes with this outcome by then", "crimes", "Crimes"]
# crime_count = ["bigint", "Crimes recorded in the year", "crimes"]
# first_date = ["date", "First day of the year"]
# last_date = ["date", "Last day of the year"]
# ///

"""Outcomes of crimes recorded one to two years before the as-of day, each followed for a year."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from assets.methods.survival.day_counts import incidence_by_stratum

OPEN = "Not yet assigned an outcome"


def matured_outcomes(
    core_outcome_day_counts: pl.DataFrame,
    core_extract_moments: pl.DataFrame,
    metrics_demand_months: pl.DataFrame,
    reference_outcome_groups: pl.DataFrame,
) -> pl.DataFrame:
    """Return one row per class, outcome group or single code, and day, with whole counts for each share. Empty where
    the extract lacks a part of any month of the year: a part of a year is not the year."""
    counts = core_outcome_day_counts.filter(pl.col("breakdown") == "matured year")
    if counts.is_empty():
        return pl.DataFrame()
    as_of, first_recorded = _days(core_extract_moments)
    first_date, last_date = as_of - timedelta(days=729), as_of - timedelta(days=365)
    # records from months that the extract does not cover are survivors only
    held = metrics_demand_months.filter(pl.col("source") == "extract")["month"].to_list()
    if first_recorded > first_date or not _whole_months(first_date, last_date) <= set(held):
        return pl.DataFrame()
    groups = reference_outcome_groups["outcome_group"].unique(maintain_order=True).to_list()
    codes = counts["outcome_code"].drop_nulls().unique().sort().to_list()
    parts = [
        incidence_by_stratum(
            counts, ["offence_class"], cause=column, names=[n for n in names if n != OPEN], open_name=OPEN, least=0
        ).with_columns(is_code=pl.lit(column == "outcome_code"))
        for column, names in (("outcome_group", groups), ("outcome_code", codes))
    ]  # fmt: skip
    return (
        pl.concat(parts)
        .filter(~pl.col("is_code") | (pl.col("cause") != OPEN))
        .with_columns(
            # nobody is censored within the year: the share is the count divided by the crimes
            outcome_count=(pl.col("incidence") * pl.col("at_risk_count")).round().cast(pl.Int64),
            first_date=pl.lit(first_date),
            last_date=pl.lit(last_date),
        )
        .rename({"cause": "outcome_group", "incidence": "share", "at_risk_count": "crime_count"})
        .select("offence_class", "outcome_group", "is_code", "day", "share", "lower", "upper", "design_effect",
                "outcome_count", "crime_count", "first_date", "last_date")
    )  # fmt: skip


def _whole_months(first: date, last: date) -> set[date]:
    """Return the first days of the months that are entirely between two days."""
    days = pl.date_range(first, last + timedelta(days=1), "1d", eager=True)
    starts = days.filter(days.dt.day() == 1).to_list()
    return set(starts[:-1])


def _days(moments: pl.DataFrame) -> tuple[date, date]:
    """Return the as-of day and the first day of recording in the extract, London."""
    days = moments.select(
        pl.col("as_of_at") - timedelta(seconds=1),  # --as-of DATE is the midnight at the end of that day
        "first_recorded_at",
    ).select(pl.all().dt.convert_time_zone("Europe/London").dt.date())
    as_of, first_recorded = days.row(0)
    return as_of, first_recorded
