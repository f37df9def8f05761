# /// card
# description = """One row is a measure and a month of recording that is over, but whose crimes have not all had \
#     their time: the share to be expected, and how far off such shares were before."""
# grain = ["measure_code", "month"]
# by_force = true
# audience = ["command", "integrity"]
# caveats = [
#     """Open crimes count by the chance of the outcome at their age, as in the last year. A change in how crimes are \
#     closed, such as a new rule, is not foreseen.""",
#     """A month is shown (is_shown) where nowcasts of earlier months missed by less than the usual share of earlier \
#     crimes did.""",
#     """Earlier nowcasts use the outcomes known on their day, by the times on the record. Which crimes count is as \
#     now.""",
# ]
# [columns]
# measure_code = ["varchar", "Measure, as in reference.measures"]
# month = ["date", "London month of recording", "", "Month"]
# crime_count = ["bigint", "Crimes recorded in it", "crimes", "Crimes"]
# met_count = ["bigint", "Crimes that had the outcome so far, within the time", "crimes", "So far"]
# open_count = ["bigint", "Crimes still open within the time", "crimes", "Open"]
# value = ["double", "Share expected once each crime had its time", "0 to 1", "Expected"]
# lower_80 = ["double", "Lower 80% limit", "0 to 1"]
# upper_80 = ["double", "Upper 80% limit", "0 to 1"]
# lower_95 = ["double", "Lower 95% limit", "0 to 1"]
# upper_95 = ["double", "Upper 95% limit", "0 to 1"]
# pooled = ["double", "Share of all earlier crimes by then, open ones as long as they were followed", "0 to 1"]
# test_count = ["bigint", "Earlier nowcasts of months that have had their time since", "nowcasts"]
# error = ["double", "Mean distance of those from the share that came; null without any", "0 to 1"]
# pooled_error = ["double", "Mean distance of the usual share of earlier crimes on the same day from it", "0 to 1"]
# inside_80 = ["double", "Share of those nowcasts with the share that came within their 80% limits", "0 to 1"]
# inside_95 = ["double", "The same for the 95% limits", "0 to 1"]
# is_shown = ["boolean", "Enough crimes, and earlier nowcasts missed by less than the usual share did"]
# ///

"""Nowcasts of the months whose crimes have not all had the time that a measure of outcomes gives them."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl

from assets.methods.nowcast import EVENT, OPEN, OTHER, States, nowcasts
from assets.methods.survival.risk_table import IntArray

EARLIER_MONTHS = 36  # whose last days have nowcasts, by which the latest are tested
IS_ANY, IS_CHARGE = pl.lit(True), pl.col("outcome_group") == "Charged/Summonsed"
EVENTS = {
    "outcome_90": IS_ANY, "outcome_180": IS_ANY, "outcome_365": IS_ANY,
    "charged_90": IS_CHARGE, "charged_180": IS_CHARGE, "charged_365": IS_CHARGE, "charged_365_stalking": IS_CHARGE,
    "victim_not_supporting_365": pl.col("outcome_code") == "16",
}  # fmt: skip
OF_STALKING = ("charged_365_stalking",)
NEVER = date(9999, 12, 31)
COLUMNS = (
    "measure_code", "month", "crime_count", "met_count", "open_count", "value", "lower_80", "upper_80", "lower_95",
    "upper_95", "pooled", "test_count", "error", "pooled_error", "inside_80", "inside_95", "is_shown",
)  # fmt: skip


def outcome_nowcasts(
    core_outcome_state_counts: pl.DataFrame, core_extract_moments: pl.DataFrame, metrics_demand_months: pl.DataFrame,
    reference_measures: pl.DataFrame, reference_settings: pl.DataFrame,
) -> pl.DataFrame:  # fmt: skip
    """Return one row a measure and month; none where the extract is shorter than the measure's time and a month."""
    months = _months(metrics_demand_months)
    if core_outcome_state_counts.is_empty() or not months:
        return pl.DataFrame()
    today = _as_of_date(core_extract_moments)
    least = dict(reference_settings.select("key", "value").iter_rows())["shares.minimum_denominator"]
    days = dict(reference_measures.select("measure_code", "follow_days").iter_rows())
    starts = pl.Series("day", [*months, _next(months[-1])])
    ends = [start - timedelta(days=1) for start in starts[1:] if start <= today]
    asked = pl.Series("day", sorted({*ends[-EARLIER_MONTHS:], today}))
    # the last digits of sums of chances depend on the order of days; crimes of one day are alike
    counts = core_outcome_state_counts.sort(pl.exclude("is_stalking"))
    parts = []
    for code, is_event in EVENTS.items():
        held = pl.col("is_stalking") if code in OF_STALKING else pl.lit(True)
        states = _states(counts.filter(held), is_event)
        found = nowcasts(states, _numbers(starts).tolist(), days[code], _numbers(asked).tolist(), int(least))
        if not found.is_empty():
            parts.append(found.filter(pl.col("day") == pl.col("day").max()).with_columns(measure_code=pl.lit(code)))
    if not parts:
        return pl.DataFrame()
    found = pl.concat(parts).rename({"case_count": "crime_count"})
    return found.with_columns(month=starts.gather(found["place"])).select(COLUMNS)


def _states(counts: pl.DataFrame, is_event: pl.Expr) -> States:
    """The counts as arrays, with the outcomes of a measure as its events."""
    cause = pl.when(pl.col("outcome_code").is_null()).then(OPEN).when(is_event).then(EVENT).otherwise(OTHER)
    held = counts.with_columns(pl.col("held_until", "since_date").fill_null(NEVER), cause=cause)
    return States(
        *[_numbers(held[name]) for name in ("recorded_date", "held_from", "held_until", "since_date")],
        *[held[name].to_numpy().astype(np.int64) for name in ("cause", "crime_count")],
    )


def _numbers(days: pl.Series) -> IntArray:
    """Days as numbers."""
    return days.dt.epoch("d").to_numpy().astype(np.int64)


def _months(demand_months: pl.DataFrame) -> list[date]:
    """First days of the months that the extract covers, up to the last of them without a gap."""
    held = demand_months.filter(pl.col("source") == "extract", pl.col("offence_code") == "S&H")["month"]
    months: list[date] = sorted(held.unique().to_list())
    first = max((i for i in range(1, len(months)) if months[i] != _next(months[i - 1])), default=0)
    return months[first:]


def _next(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def _as_of_date(moments: pl.DataFrame) -> date:
    """The as-of day, London: --as-of DATE is the midnight at the end of that day."""
    as_of = moments.select((pl.col("as_of_at") - timedelta(seconds=1)).dt.convert_time_zone("Europe/London").dt.date())
    day: date = as_of.item()
    return day
