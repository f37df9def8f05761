"""Force extract, table `removal` of recording-standards 7: the removal of a recorded crime."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "removal",
    crime_id="ref",
    removal_code="set:removal_code",
    removal_ts="ts",
    authoriser_id="text",
    authoriser_role="set:removal_role",
    avi_text="free?",
    verifier="text?",
    receiving_force="text?",
    receiving_ref="text?",
    accepted_ts="ts?",
    parent_crime_ref="text?",
    victim_informed_ts="ts?",
)
