"""Force extract, table `victim_contact` of recording-standards 7: a contact with a victim."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "victim_contact",
    crime_id="ref",
    ts="ts",
    direction="text",
    reason="free",
    by_id="text",
)
