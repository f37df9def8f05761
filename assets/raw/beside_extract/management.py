"""Beside the force extract, table `management`: a stage reached in managing an offender."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "management",
    person_key="ref",
    programme="set:programme",
    stage="set:management_stage",
    from_date="date",
    to_date="date?",
)
