# /// card
# description = """One row is a measure of how far few suspects hold the events of a window, beside what chance gives; \
#     no person can be told."""
# grain = ["window_days", "measure"]
# audience = ["command", "integrity"]
# caveats = [
#     """Everyone listed has one event at least, so equal people make a concentrated list too: what counts is the \
#     excess over chance.""",
#     "Crimes without a named suspect are not in it: metrics.repeat_summary gives their share.",
#     "Events are counted: their harm is not.",
# ]
# [columns]
# window_days = ["bigint", "Window", "days", "Window (days)"]
# measure = ["varchar", "share_repeat, top_share (the most active tenth) or gini"]
# suspect_count = ["bigint", "Suspects", "people", "Suspects"]
# event_count = "columns"
# mean_events = ["double", "Events per suspect", "events"]
# observed = ["double", "As observed", "0 to 1"]
# chance = ["double", "What equally prone people with this mean would show", "0 to 1", "Chance alone"]
# excess = ["double", "Observed less chance", "-1 to 1"]
# lower = ["double", "Lower limit of the excess, 95 %", "-1 to 1"]
# upper = ["double", "Upper limit of the excess, 95 %", "-1 to 1"]
# ///

"""How far events are held by few suspects beyond what chance gives when everyone listed has one at least."""

from __future__ import annotations

import polars as pl

from assets.methods.concentration import excess_over_chance


def suspect_concentration(metrics_repeat_suspects: pl.DataFrame, reference_settings: pl.DataFrame) -> pl.DataFrame:
    """One row per window and measure; a window with fewer suspects than settings ask for has none."""
    settings = dict(reference_settings.select("key", "value").iter_rows())
    found = []
    for (window,), group in metrics_repeat_suspects.sort("window_days").group_by("window_days", maintain_order=True):
        counts = group["event_count"]
        if counts.len() < settings["shares.minimum_denominator"]:
            continue
        found.append(
            excess_over_chance(counts.to_numpy()).with_columns(
                window_days=pl.lit(window, dtype=pl.Int64),
                suspect_count=pl.lit(counts.len(), dtype=pl.Int64),
                event_count=pl.lit(int(counts.sum()), dtype=pl.Int64),
                mean_events=pl.lit(counts.mean(), dtype=pl.Float64),
            )
        )
    return pl.concat(found) if found else pl.DataFrame()
