"""Force extract, table `case_file` of recording-standards 7: an item of a case file."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "case_file",
    crime_id="ref",
    item="set:case_file_item",
    present="bool",
    quality="text?",
    ts="ts?",
)
