"""Force extract, table `investigator` of recording-standards 7: an investigator."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "investigator",
    person_id="key",
    collar="text",
    unit="text",
    rank="text",
    pip_level="int",
    role="text",
)
