"""Beside the force extract, table `small_areas`: the local authority or partnership that a small area belongs to."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "small_areas",
    lsoa_code="key",
    area_code="text",
    area_name="text",
)
