"""Force extract, table `victim_engagement` of recording-standards 7: a decision or view taken from a victim."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "victim_engagement",
    crime_id="ref",
    ts="ts",
    kind="text",
    channel="text",
    by_id="text",
    decision="text?",
    reason="free?",
    record_ref="text?",
)
