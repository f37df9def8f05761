# /// card
# description = """One row is a week since the last event of a dyad with how often the next came in it; no person can \
#     be told."""
# grain = ["week"]
# audience = ["command", "integrity"]
# caveats = [
#     """The band is what the same events at other dates would show, for each week alone: of 26 weeks one or so \
#     leaves it by chance.""",
#     "Reports within seven days are one event, so the first week has none.",
# ]
# [columns]
# week = ["bigint", "Week since the last event", "weeks"]
# event_count = ["bigint", "Next events in it", "events"]
# at_risk_count = ["bigint", "Dyads without one so far and still observed", "dyads", "Dyads at risk"]
# hazard = ["double", "Next events per dyad and week at risk; null where none was", "per week", "Per dyad and week"]
# permuted_median = ["double", "The same with dates drawn anew", "per week", "At other dates"]
# permuted_lower = ["double", "Lower limit of that, 95 %", "per week", "Lower limit"]
# permuted_upper = ["double", "Upper limit of that, 95 %", "per week", "Upper limit"]
# ///

"""When the next event of a dyad comes, week by week since the last, beside the same events at other dates."""

from __future__ import annotations

import polars as pl

from assets.methods.near_repeat import near_repeat


def next_event_weeks(core_suspect_events: pl.DataFrame, reference_settings: pl.DataFrame) -> pl.DataFrame:
    """One row per week since the last event of a dyad, 1 to 26."""
    settings = dict(reference_settings.select("key", "value").iter_rows())
    gap = int(settings["events.collapse_days"]) + 1
    events = (
        core_suspect_events.filter("is_current", pl.col("victim_ref").is_not_null())
        .select(dyad="dyad_ref", day=_london("event_at"), until=_london("as_of_at"))
        .sort("dyad", "day")
        # a day less where a clock change or the hour of the report makes it look so
        .filter((pl.col("day").diff().dt.total_days().over("dyad") >= gap).fill_null(True))
    )
    if events.is_empty():
        return pl.DataFrame()
    return near_repeat(events, shortest_gap_days=gap).select(
        "week", "event_count", "at_risk_count", "hazard", "permuted_median", "permuted_lower", "permuted_upper"
    )


def _london(name: str) -> pl.Expr:
    return pl.col(name).dt.convert_time_zone("Europe/London").dt.date()
