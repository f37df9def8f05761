# /// card
# description = "One row is the residents of one area of one year, sex and age band."
# grain = ["delivery_ref", "line_number"]
# audience = []
# caveats = ["As delivered by the commissioner; the publisher's own figures are in raw.force_population."]
# publisher = "The police and crime commissioner or other local policing body"
# licence = "Not licensed for publication"
# published = "with each extract"
# [columns]
# area_code = "columns"
# area_type = ["varchar", "Kind of area"]
# year = ["varchar", "Year of the estimate"]
# sex = ["varchar", "Sex"]
# age_band = ["varchar", "Age band"]
# persons = ["varchar", "Residents", "persons"]
# ///

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
