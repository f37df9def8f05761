"""Force extract, table `notice` of recording-standards 7: a notice given to a person."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "notice",
    notice_id="key",
    crime_id="text?",
    type="set:notice_type",
    issued_ts="ts",
    issued_by="text",
    to_key="text",
)
