"""Beside the force extract, table `population`: residents of an area by year, sex and age band."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "population",
    area_code="ref",
    area_type="text",
    year="int",
    sex="text",
    age_band="text",
    persons="int",
)
