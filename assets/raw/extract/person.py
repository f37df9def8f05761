"""Force extract, table `person` of recording-standards 7: a person, by pseudonym."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "person",
    person_key="key",
    birth_ym="month?",
    sex="text?",
    ethnicity_self="text?",
    pncid_hash="text?",
    dod="date?",
)
