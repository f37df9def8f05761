# /// card
# description = """One row is a week since the last event of a dyad, with how often the next event happened in it. No \
#     person can be identified."""
# grain = ["week"]
# by_force = true
# audience = ["command", "integrity"]
# caveats = [
#     """The band shows what the same events on random dates would give, for each week separately: about one of 26 \
#     weeks is outside it by chance.""",
#     "Reports within seven days are one event, so the first week has none.",
# ]
# [columns]
# week = ["bigint", "Week since the last event", "weeks"]
# event_count = ["bigint", "Next events in that week", "events", "Next events"]
# at_risk_count = ["bigint", "Dyads still observed, without a next event", "dyads", "Dyads at risk"]
# hazard = ["double", """Next events per dyad and week at risk; null where no dyad was at \
#     risk""", "per week", "Per dyad and week"]
# permuted_median = ["double", "The same rate with random dates", "per week", "At other dates"]
# permuted_lower = ["double", "Lower 95% limit of that rate", "per week", "Lower limit"]
# permuted_upper = ["double", "Upper 95% limit of that rate", "per week", "Upper limit"]
# ///

"""The rate of the next event of a dyad, week by week since the last, compared with random dates."""

from __future__ import annotations

import polars as pl

from assets.methods.near_repeat import near_repeat


def next_event_weeks(core_suspect_events: pl.DataFrame, reference_settings: pl.DataFrame) -> pl.DataFrame:
    """Return one row per week since the last event of a dyad, 1 to 26."""
    settings = dict(reference_settings.select("key", "value").iter_rows())
    gap = int(settings["events.collapse_days"]) + 1
    events = (
        core_suspect_events.filter("is_current", pl.col("victim_ref").is_not_null())
        .select(dyad="dyad_ref", day=_london("event_at"), until=_london("as_of_at"))
        .sort("dyad", "day")
        # subtract a day where a clock change or the hour of the report adds one
        .filter((pl.col("day").diff().dt.total_days().over("dyad") >= gap).fill_null(True))
    )
    if events.is_empty():
        return pl.DataFrame()
    return near_repeat(_numbered(events), shortest_gap_days=gap).select(
        "week", "event_count", "at_risk_count", "hazard", "permuted_median", "permuted_lower", "permuted_upper"
    )


def _numbered(events: pl.DataFrame) -> pl.DataFrame:
    """The dyads in the order of their days: references differ from home to home, and dates are drawn in order."""
    days = pl.col("day").cast(pl.String).str.join(" ")
    numbers = events.group_by("dyad").agg(days, pl.first("until")).sort("day", "until")
    numbers = numbers.select("dyad", number=pl.int_range(pl.len()))
    return events.join(numbers, on="dyad").select("day", "until", dyad="number").sort("dyad", "day")


def _london(name: str) -> pl.Expr:
    return pl.col(name).dt.convert_time_zone("Europe/London").dt.date()
