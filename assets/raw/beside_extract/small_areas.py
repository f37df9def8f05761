# /// card
# description = "One row is a small area with its local authority or community safety partnership, and its ward."
# grain = ["delivery_ref", "line_number"]
# audience = []
# caveats = ["Optional: without it the lookup of the Office for National Statistics is used, where that is delivered."]
# publisher = "The police and crime commissioner or other local policing body"
# licence = "Not licensed for publication"
# published = "with each extract"
# [columns]
# lsoa_code = "columns"
# area_code = ["varchar", "ONS code of the local authority or partnership"]
# area_name = "columns"
# ward_name = ["varchar", "Ward, or the beat of the force", "", "Ward or beat"]
# ///

"""Beside the force extract, table `small_areas`: the local authority or partnership of a small area, and its ward."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "small_areas",
    lsoa_code="key",
    area_code="text",
    area_name="text",
    ward_name="text?",
)
