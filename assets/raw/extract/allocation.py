"""Force extract, table `allocation` of recording-standards 7: the allocation of a crime to an investigator."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "allocation",
    crime_id="ref",
    investigator_id="text",
    from_ts="ts",
    to_ts="ts?",
    spoc_consult_ts="ts?",
    reason="free?",
)
