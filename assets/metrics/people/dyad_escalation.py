# /// card
# description = """One row is a dyad with enough events, and whether their frequency or severity rises or falls over \
#     time."""
# grain = ["dyad_ref", "measure"]
# by_force = true
# audience = ["integrity"]
# caveats = [
#     "Dyads with fewer than five events (a setting) are not tested.",
#     """A trend is called when it is beyond chance after allowing for all dyads tested: on average at most 5% of the \
#     called ones are false.""",
#     "A dyad that is not called may still escalate: with few events only the strongest trend can be detected.",
#     "Severity is behavioural severity from text.",
# ]
# [columns]
# dyad_ref = ["varchar", "Suspect and victim as a dyad"]
# measure = ["varchar", "frequency or severity", "", "What is tested"]
# event_count = ["bigint", "Events tested", "events"]
# status = ["varchar", "tested or not tested"]
# tau = ["double", "Kendall's tau-b with order; above 0 is escalation", "-1 to 1", "Kendall's tau"]
# p_value = ["double", "Two-sided, exact for few events", "0 to 1"]
# q_value = ["double", "p-value after Benjamini and Hochberg", "0 to 1"]
# smallest_p = ["double", """Smallest p-value that any order of these gaps or severities could give: above 0.05 no \
#     trend could be detected""", "0 to 1"]
# direction = ["varchar", "rising, falling or empty"]
# is_called = ["boolean", "Beyond chance"]
# ///

"""Escalation within dyads: frequency and severity are tested separately, dyad by dyad."""

from __future__ import annotations

import polars as pl

from assets.methods.escalation import escalation


def dyad_escalation(core_suspect_events: pl.DataFrame, reference_settings: pl.DataFrame) -> pl.DataFrame:
    """Return two rows per dyad with enough events: frequency and severity."""
    settings = dict(reference_settings.select("key", "value").iter_rows())
    fewest = int(settings["escalation.minimum_events"])
    events = core_suspect_events.filter("is_current", pl.col("victim_ref").is_not_null()).select(
        dyad="dyad_ref", at="event_at", severity=pl.col("behaviour_points").cast(pl.Float64)
    )
    enough = events.filter(pl.len().over("dyad") >= fewest)
    if enough.is_empty():
        return pl.DataFrame()
    found = escalation(enough, minimum_events=fewest)
    called = (pl.col("q") <= settings["escalation.false_discovery"]).fill_null(False) & (pl.col("direction") != "")
    return found.select(
        "measure", "event_count", "status", "tau", "smallest_p", "direction",
        dyad_ref="dyad", p_value="p", q_value="q", is_called=called,
    )  # fmt: skip
