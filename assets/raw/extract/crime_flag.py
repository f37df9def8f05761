"""Force extract, table `crime_flag` of recording-standards 7: a flag on a crime."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "crime_flag",
    crime_id="ref",
    flag="set:flag",
    set_ts="ts",
    set_by="text",
)
