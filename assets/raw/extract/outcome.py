"""Force extract, table `outcome` of recording-standards 7: an outcome that a crime has or had."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "outcome",
    outcome_id="key",
    crime_id="text",
    seq="int",
    code="outcome",
    code_raw="text",
    outcome_ts="ts",
    authoriser_id="text",
    authoriser_rank="text?",
    rationale="free?",
    alt_ho_code="ho?",
    other_body="text?",
    victim_informed_ts="ts?",
    is_current="bool",
)
