"""Street-level crime and anti-social behaviour of data.police.uk: one CSV a force and month, or archives of them."""

from __future__ import annotations

from assets.readers.police_uk import source

SOURCE = source(
    table="police_uk_street",
    kind="street",
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
        "crime_type": "Crime type",
        "last_outcome_category": "Last outcome category",
        "context": "Context",
    },
    what="crime_type",
)
