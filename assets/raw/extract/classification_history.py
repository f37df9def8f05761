"""Force extract, table `classification_history` of recording-standards 7: a class that a crime has had."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "classification_history",
    crime_id="ref",
    seq="int",
    ho_code="ho",
    class_code="text",
    changed_ts="ts",
    changed_by="text",
    reason="free",
    second_check_by="text?",
)
