"""Force extract, table `custody` of recording-standards 7: an arrest and detention."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "custody",
    custody_id="key",
    crime_id="text",
    person_key="text",
    arrest_ts="ts",
    asn="text?",
    arrest_reason="free",
    interview_ts="ts?",
    release_ts="ts?",
    disposal="text",
)
