"""Force extract, table `bail` of recording-standards 7: bail, release under investigation or remand."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "bail",
    custody_id="ref",
    type="set:bail_type",
    start_ts="ts",
    end_ts="ts?",
    conditions_n="int",
    extended_by="text?",
    breached_ts="ts?",
    rationale="free?",
)
