# /// card
# description = """One row is a lower layer super output area of 2011 with one of 2021 that covers some of it, as \
#     delivered."""
# grain = ["delivery_ref", "line_number"]
# audience = []
# caveats = [
#     "Many to many: an area can be split (S), merged (M) or otherwise changed (X); U is unchanged.",
#     """Read as the Open Geography portal gives it (fetched), or as converted to CSV from the geographr R package, \
#     values unchanged.""",
# ]
# publisher = "ONS Open Geography (the copy by hand packed by the geographr R package)"
# licence = "Open Government Licence v3.0"
# published = "censuses of 2011 and 2021, authorities of 2022"
# attribution = """Source: Office for National Statistics licensed under the Open Government Licence v3.0. Contains OS \
#     data © Crown copyright and database right 2022."""
# [columns]
# lsoa11_name = ["varchar", "Name of the 2011 area"]
# lsoa11_code = ["varchar", "Code of the 2011 area"]
# change_code = ["varchar", "U unchanged, S split, M merged, X otherwise"]
# lsoa21_name = ["varchar", "Name of the 2021 area"]
# lsoa21_code = ["varchar", "Code of the 2021 area"]
# ltla22_name = ["varchar", "Local authority of 2022"]
# ltla22_code = ["varchar", "ONS code of the local authority"]
# ///

"""Lower layer super output areas of the 2011 census to those of 2021, and their local authority."""

from __future__ import annotations

from assets.readers.csv.reader import Check
from assets.readers.csv.source import matching, source
from assets.readers.source import Download

LAST_OF_2011 = ("E01033768", "W01001958")  # by the publisher's list of that census; new areas have later numbers

SOURCE = source(
    table="lsoa_lookup_2011_2021",
    columns={
        "lsoa11_name": ("lsoa11_name", "LSOA11NM"),
        "lsoa11_code": ("lsoa11_code", "LSOA11CD"),
        "change_code": ("change_code", "CHGIND"),
        "lsoa21_name": ("lsoa21_name", "LSOA21NM"),
        "lsoa21_code": ("lsoa21_code", "LSOA21CD"),
        "ltla22_name": ("ltla22_name", "LAD22NM"),
        "ltla22_code": ("ltla22_code", "LAD22CD"),
    },
    file_name=r"(lookup_lsoa11_lsoa21_ltla22|lsoa11_lsoa21_lad22_ew_lu)\.csv",
    checks=(
        matching("lsoa11_code", "[EW]01[0-9]{6}", "the ONS code of a 2011 area"),
        Check(
            "lsoa11_code",
            "lsoa11_code <= (case left(lsoa11_code, 1) when 'E' then '{}' else '{}' end)".format(*LAST_OF_2011),
            "expected a code of the 2011 list; this one came with the census of 2021: correct it or fetch the list",
        ),
        matching("change_code", "[USMX]", "U, S, M or X"),
        matching("lsoa21_code", "[EW]01[0-9]{6}", "the ONS code of a 2021 area"),
        Check(
            "lsoa21_code", "(coalesce(change_code, '') = 'U') = (lsoa21_code = lsoa11_code)",
            "expected the code of 2011 where change_code is U, and else another; correct the row or fetch the list",
        ),
        matching("ltla22_code", "[EW]0[6-9][0-9]{6}", "the ONS code of a local authority"),
    ),
    # the portal's "Exact Fit Lookup for EW (V3)"; the best fit lookup has no change indicator
    download=Download(
        "https://open-geography-portalx-ons.hub.arcgis.com",
        "/api/download/v1/items/cbfe64cc03d74af982c1afec639bafd1/csv?layers=0",
        "reference",
        file_name="LSOA11_LSOA21_LAD22_EW_LU.csv",
    ),
)
