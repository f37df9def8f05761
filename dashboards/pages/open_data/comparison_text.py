"""The survey beside recorded crime in plain sentences. Pure: published rows in, words out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboards.text import numbers

PEOPLE = {"female": "women", "male": "men"}
NOT_ASKED = "Not measured: the list of survey shares has no row for stalking."
TWO_MEASURES = (
    "These are two measures: the survey counts people, and the police count crimes.",
    "Neither is a part of the other. One divided by the other is no rate of reporting.",
    "The survey asks adults of England and Wales about stalking. The recorded rate is of residents of all ages.",
)


def survey_finding(asked: pl.DataFrame, recorded: pl.DataFrame | None) -> str:
    """The survey's shares, then the force's recorded rate of stalking and harassment."""
    is_by_age = asked["sex"].is_duplicated().any()
    shares = numbers.listed(
        f"{numbers.share(row['victim_share'])} of {_group(row) if is_by_age else PEOPLE.get(row['sex'], row['sex'])}"
        for row in asked.iter_rows(named=True)
    )
    survey = f"By survey, {shares} were stalked in the {asked['survey_year'][0]}"
    both = None if recorded is None else recorded.filter(pl.col("offence_code") == "S&H")
    if both is None or both.is_empty():
        return f"{survey}. The recorded rate of this force is not measured"
    row = both.row(0, named=True)
    return (
        f"{survey}. {row['force_name']} recorded {numbers.decimal(row['rate_per_1000'])} crimes of stalking and "
        f"harassment per 1,000 residents in the {numbers.period(row['period_start'], row['period_months'])}"
    )


def measures(asked: pl.DataFrame, recorded: pl.DataFrame | None) -> pl.DataFrame:
    """Measure, figure, limits, what is counted and period: the survey first, each in its own unit."""
    rows = [
        {
            "measure": f"{numbers.capital(_group(row))} who were stalked in a year",
            "figure": numbers.share(row["victim_share"]),
            "limits": numbers.limits(row["share_lower"], row["share_upper"]),
            "counted": "people, in a survey of England and Wales",
            "period": row["survey_year"],
        }
        for row in asked.iter_rows(named=True)
    ]
    for row in () if recorded is None else recorded.iter_rows(named=True):
        low, high = numbers.decimal(row["rate_lower"]), numbers.decimal(row["rate_upper"])
        rows.append(
            {
                "measure": f"{row['offence_label']}, recorded",
                "figure": f"{numbers.decimal(row['rate_per_1000'])} per 1,000 residents",
                "limits": f"{low} to {high} per 1,000",
                "counted": f"crimes that {row['force_name']} recorded",
                "period": numbers.period(row["period_start"], row["period_months"]),
            }
        )
    return pl.DataFrame(rows)


def _group(row: Mapping[str, Any]) -> str:
    """women of 16 and over; men of 16 to 24."""
    ages = f"{row['age_from']} and over" if row["age_to"] is None else f"{row['age_from']} to {row['age_to']}"
    return f"{PEOPLE.get(row['sex'], row['sex'])} of {ages}"
