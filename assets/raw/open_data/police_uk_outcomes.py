# /// card
# description = "One row is a line of an outcomes file of data.police.uk, as delivered: an outcome of a crime."
# grain = ["delivery_ref", "line_number"]
# audience = []
# caveats = [
#     "Every delivery is here, superseded ones too: count in core.crime_outcomes, not here.",
#     "The month is that of the outcome, not of the crime; a crime may have many rows, equal ones included.",
#     """Court results have not been matched since 2019; British Transport Police and Northern Ireland supply no \
#     outcomes.""",
# ]
# publisher = "Home Office and the police forces, through data.police.uk"
# licence = "Open Government Licence v3.0"
# published = "monthly, about two months after the month"
# attribution = "Contains public sector information licensed under the Open Government Licence v3.0."
# [columns]
# crime_id = ["varchar", "Published hash of the crime's reference"]
# month = ["varchar", "Month of the outcome, YYYY-MM"]
# reported_by = ["varchar", "Force that supplied the row, name as published"]
# falls_within = ["varchar", "Force area; equals reported_by at present"]
# longitude = ["varchar", "Longitude of the approximate point; empty where there is no location", "degrees"]
# latitude = ["varchar", "Latitude of the approximate point; empty where there is no location", "degrees"]
# location = ["varchar", "Name of the approximate point, or No location"]
# lsoa_code = ["varchar", "Lower layer super output area of the approximate point"]
# lsoa_name = ["varchar", "Name of the lower layer super output area"]
# outcome_type = ["varchar", "Outcome of data.police.uk", "", "Outcome"]
# ///

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
