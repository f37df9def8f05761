"""Force extract, table `crime_link` of recording-standards 7: a link from a crime to another record."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "crime_link",
    crime_id="ref",
    other_id="text",
    other_kind="text",
    link_type="text",
    linked_ts="ts",
)
