# /// card
# description = """One row is a line of a street-level file of data.police.uk, as delivered: a crime or an incident of \
#     anti-social behaviour."""
# grain = ["delivery_ref", "line_number"]
# audience = []
# caveats = [
#     "Every delivery is here, superseded ones too: count in core.recorded_crimes, not here.",
#     "There is no stalking or harassment category: those offences are inside Violence and sexual offences.",
#     "Locations are approximate points chosen by the publisher.",
#     "Greater Manchester Police has supplied nothing since 2019; a month without a file is not a month without crime.",
# ]
# publisher = "Home Office and the police forces, through data.police.uk"
# licence = "Open Government Licence v3.0"
# published = "monthly, about two months after the month"
# attribution = "Contains public sector information licensed under the Open Government Licence v3.0."
# [columns]
# crime_id = ["varchar", "Published hash of the crime's reference: empty for anti-social behaviour, and no unique key"]
# month = ["varchar", "Month of the crime, YYYY-MM"]
# reported_by = ["varchar", "Force that supplied the row, name as published"]
# falls_within = ["varchar", "Force area; equals reported_by at present"]
# longitude = ["varchar", "Longitude of the approximate point; empty where there is no location", "degrees"]
# latitude = ["varchar", "Latitude of the approximate point; empty where there is no location", "degrees"]
# location = ["varchar", "Name of the approximate point, or No Location"]
# lsoa_code = ["varchar", """Lower layer super output area of the approximate point: codes of 2011 up to June 2023, \
#     of 2021 after"""]
# lsoa_name = ["varchar", "Name of the lower layer super output area"]
# crime_type = ["varchar", "Crime type of data.police.uk"]
# last_outcome_category = ["varchar", "Last outcome known on the day of the download; empty where none is published"]
# context = ["varchar", "Always empty in recent files"]
# ///

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
