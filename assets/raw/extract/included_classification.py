"""Force extract, table `included_classification` of recording-standards 7: a crime."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "included_classification",
    crime_id="ref",
    ho_code="ho",
    class_code="text",
    added_ts="ts",
    added_by="text",
    reason="free",
)
