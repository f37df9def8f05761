"""Force extract, table `investigator_absence` of recording-standards 7: an absence of an investigator."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "investigator_absence",
    person_id="ref",
    from_ts="ts",
    to_ts="ts",
    deputy_id="text?",
)
