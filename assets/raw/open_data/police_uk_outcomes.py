"""Outcomes of street-level crime of data.police.uk: one CSV a force and month, or archives of them."""

from __future__ import annotations

from assets.readers.police_uk import source

SOURCE = source(
    table="police_uk_outcomes",
    kind="outcomes",
    columns={
        "crime_id": "Crime ID",
        "month": "Month",
        "reported_by": "Reported by",
        "falls_within": "Falls within",
        "longitude": "Longitude",
        "latitude": "Latitude",
        "location": "Location",
        "lsoa_code": "LSOA code",
        "lsoa_name": "LSOA name",
        "outcome_type": "Outcome type",
    },
    what="outcome_type",
)
