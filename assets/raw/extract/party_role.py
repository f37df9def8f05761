"""Force extract, table `party_role` of recording-standards 7: the part a person has in a crime."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "party_role",
    crime_id="ref",
    person_key="text",
    role="set:role",
    named="bool",
    relationship="set:relationship?",
    vulnerability="text?",
    age_at_offence="int?",
    age_at_disposal="int?",
    first_added_ts="ts",
    eliminated_ts="ts?",
    victim_support="set:victim_support?",
)
