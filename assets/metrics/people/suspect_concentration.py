# /// card
# description = """One row is a measure of how concentrated the events of a window are in few suspects, compared with \
#     chance. No person can be identified."""
# grain = ["window_days", "measure"]
# by_force = true
# audience = ["command", "integrity"]
# caveats = [
#     """Everyone listed has at least one event, so a list of equal people looks concentrated too: read the excess \
#     over chance.""",
#     "Crimes without a named suspect are left out: metrics.repeat_summary gives their share.",
#     "Events are counted; their harm is not.",
# ]
# [columns]
# window_days = ["bigint", "Window", "days", "Window (days)"]
# measure = ["varchar", "share_repeat, top_share (the most active tenth) or gini"]
# suspect_count = ["bigint", "Suspects", "people", "Suspects"]
# event_count = "columns"
# mean_events = ["double", "Events per suspect", "events"]
# observed = ["double", "Observed value", "0 to 1"]
# chance = ["double", "Value expected if all suspects were equally prone, with this mean", "0 to 1", "Chance alone"]
# excess = ["double", "Observed minus chance", "-1 to 1"]
# lower = ["double", "Lower 95% limit of the excess", "-1 to 1"]
# upper = ["double", "Upper 95% limit of the excess", "-1 to 1"]
# ///

"""Concentration of events in few suspects beyond chance, given that everyone listed has at least one."""

from __future__ import annotations

import polars as pl

from assets.methods.concentration import excess_over_chance


def suspect_concentration(metrics_repeat_suspects: pl.DataFrame, reference_settings: pl.DataFrame) -> pl.DataFrame:
    """Return one row per window and measure; windows with fewer suspects than the settings require have none."""
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
