# /// card
# description = "One row is a series of recorded stalking and harassment, whether it has a forecast, and if not, why."
# grain = ["series_ref"]
# audience = ["command", "integrity"]
# caveats = [
#     """A forecast is refused rather than guessed from too few months, or across a recording change that is not \
#     modelled.""",
# ]
# [columns]
# series_ref = "columns"
# source = ["varchar", "extract, or the publication that gives months"]
# "force_code, force_name, offence_code, offence_label" = "columns"
# point_count = ["bigint", "Consecutive whole months up to the latest", "months", "Consecutive whole months"]
# first_month = ["date", "First of these months"]
# latest_month = ["date", "Last of these months", "", "Latest"]
# break_count = ["bigint", "Recording changes inside them", "changes"]
# own_count = ["bigint", "Months since the last of these changes", "months"]
# stepped_month = ["date", "First month that the count model uses: after a change whose step cannot be estimated"]
# stepped_count = ["bigint", "Months that the count model uses", "months"]
# step_count = ["bigint", "Recording changes inside these, each with a step in the count model", "changes"]
# is_forecast = ["boolean", "There is a forecast"]
# refused_reason = ["varchar", "Why there is none; null where there is one", "", "Why there is no forecast"]
# ///

"""Which series of demand have a forecast, and why the others have none."""

from __future__ import annotations

import polars as pl

from assets.methods.forecast import Rules, months_with_steps, whole_months, why_refused
from assets.methods.spc.series import breaks_of

SCHEMA = {
    "series_ref": pl.String, "source": pl.String, "force_code": pl.String, "force_name": pl.String,
    "offence_code": pl.String, "offence_label": pl.String, "point_count": pl.Int64, "first_month": pl.Date,
    "latest_month": pl.Date, "break_count": pl.Int64,
    "own_count": pl.Int64, "stepped_month": pl.Date, "stepped_count": pl.Int64, "step_count": pl.Int64,
    "is_forecast": pl.Boolean, "refused_reason": pl.String,
}  # fmt: skip


def forecast_states(
    metrics_demand_months: pl.DataFrame, reference_recording_regimes: pl.DataFrame, reference_settings: pl.DataFrame
) -> pl.DataFrame:
    """Return one row per series."""
    rules = Rules.from_settings(reference_settings)
    rows = []
    for _, months in metrics_demand_months.sort("series_ref", "month").group_by("series_ref", maintain_order=True):
        facts = months.row(-1, named=True)
        series = months.select("month", value="crime_count")
        breaks = sorted(breaks_of(reference_recording_regimes, facts["source"], facts["offence_code"]))
        held = whole_months(series)
        reason = why_refused(series, breaks, rules)
        inside = [b for b in breaks if held.height and held["month"][0] < b <= held["month"][-1]]
        stepped_month, stepped_count, step_count = months_with_steps(series, breaks, rules)
        own = held.filter(pl.col("month") >= inside[-1]) if inside else held
        rows.append(
            {
                **facts, "point_count": held.height, "first_month": held["month"].min(),
                "latest_month": held["month"].max(), "break_count": len(inside), "own_count": own.height,
                "stepped_month": stepped_month, "stepped_count": stepped_count, "step_count": step_count,
                "is_forecast": reason is None, "refused_reason": reason,
            }
        )  # fmt: skip
    return pl.DataFrame(rows, schema=SCHEMA)
