# /// card
# description = """One row is a lower layer super output area of 2021 with its ward and local authority of 2024, as \
#     delivered."""
# grain = ["delivery_ref", "line_number"]
# audience = []
# caveats = [
#     "A best fit by the publisher: an area can straddle wards.",
#     """Read as the Open Geography portal gives it (fetched), or as converted to CSV from the geographr R package, \
#     values unchanged.""",
# ]
# publisher = "ONS Open Geography (the copy by hand packed by the geographr R package)"
# licence = "Open Government Licence v3.0"
# published = "2024"
# attribution = """Source: Office for National Statistics licensed under the Open Government Licence v3.0. Contains OS \
#     data © Crown copyright and database right 2024."""
# [columns]
# lsoa21_name = ["varchar", "Name of the area"]
# lsoa21_code = ["varchar", "Code of the area"]
# ward24_name = ["varchar", "Ward"]
# ward24_code = ["varchar", "ONS code of the ward"]
# ltla24_name = ["varchar", "Local authority"]
# ltla24_code = ["varchar", "ONS code of the local authority"]
# ///

"""Lower layer super output areas of 2021 to wards and local authorities of 2024."""

from __future__ import annotations

from assets.readers.csv.source import matching, source
from assets.readers.source import Download

SOURCE = source(
    table="lsoa_ward_lookup_2024",
    columns={
        "lsoa21_name": ("lsoa21_name", "LSOA21NM"),
        "lsoa21_code": ("lsoa21_code", "LSOA21CD"),
        "ward24_name": ("ward24_name", "WD24NM"),
        "ward24_code": ("ward24_code", "WD24CD"),
        "ltla24_name": ("ltla24_name", "LAD24NM"),
        "ltla24_code": ("ltla24_code", "LAD24CD"),
    },
    file_name=r"(lookup_lsoa21_ward24_ltla24|lsoa21_wd24_lad24_ew_lu)\.csv",
    checks=(
        matching("lsoa21_code", "[EW]01[0-9]{6}", "the ONS code of a 2021 area"),
        matching("ward24_code", "[EW]05[0-9]{6}", "the ONS code of a ward"),
        matching("ltla24_code", "[EW]0[6-9][0-9]{6}", "the ONS code of a local authority"),
    ),
    unique="lsoa21_code",
    # the government's catalogue of data links to the portal's CSV: the portal's own page has no link in its HTML
    download=Download(
        "https://ckan.publishing.service.gov.uk",
        "/dataset/lsoa-2021-to-electoral-ward-2024-to-lad-2024-best-fit-lookup-in-ew",
        "reference",
        r"arcgis\.com/api/(download/v1/items/[0-9a-f]{32}/csv|v3/datasets/[0-9a-f]{32}_0/downloads/data\?format=csv)",
        file_name="LSOA21_WD24_LAD24_EW_LU.csv",
    ),
)
