"""How far events are held by few suspects beyond what chance gives when everyone listed has one at least."""

from __future__ import annotations

import polars as pl

from assets.methods.concentration import excess_over_chance

SCHEMA = {
    "window_days": pl.Int64, "measure": pl.String, "suspect_count": pl.Int64, "event_count": pl.Int64,
    "mean_events": pl.Float64, "observed": pl.Float64, "chance": pl.Float64, "excess": pl.Float64,
    "lower": pl.Float64, "upper": pl.Float64,
}  # fmt: skip


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
    return pl.concat(found).select(*SCHEMA) if found else pl.DataFrame(schema=SCHEMA)
