"""Does it get worse between two people? Tested per dyad, frequency and severity apart, and not told as a story."""

from __future__ import annotations

import polars as pl

from assets.methods.escalation import escalation

SCHEMA = {
    "dyad_ref": pl.String, "measure": pl.String, "event_count": pl.Int64, "status": pl.String, "tau": pl.Float64,
    "p_value": pl.Float64, "q_value": pl.Float64, "smallest_p": pl.Float64, "direction": pl.String,
    "is_called": pl.Boolean,
}  # fmt: skip


def dyad_escalation(core_suspect_events: pl.DataFrame, reference_settings: pl.DataFrame) -> pl.DataFrame:
    """Two rows per dyad with enough events: frequency and severity."""
    settings = dict(reference_settings.select("key", "value").iter_rows())
    fewest = int(settings["escalation.minimum_events"])
    events = core_suspect_events.filter("is_current", pl.col("victim_ref").is_not_null()).select(
        dyad="dyad_ref", at="event_at", severity=pl.col("behaviour_points").cast(pl.Float64)
    )
    enough = events.filter(pl.len().over("dyad") >= fewest)
    if enough.is_empty():
        return pl.DataFrame(schema=SCHEMA)
    found = escalation(enough, minimum_events=fewest)
    called = (pl.col("q") <= settings["escalation.false_discovery"]).fill_null(False) & (pl.col("direction") != "")
    return found.select(
        "measure", "event_count", "status", "tau", "smallest_p", "direction",
        dyad_ref="dyad", p_value="p", q_value="q", is_called=called,
    ).select(*SCHEMA)  # fmt: skip
