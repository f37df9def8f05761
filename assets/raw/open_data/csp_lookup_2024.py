# /// card
# description = """One row is a local authority with its community safety partnership and police force area of 2024, \
#     as delivered."""
# grain = ["delivery_ref", "line_number"]
# audience = []
# caveats = [
#     """England and Wales. Read as the Open Geography portal gives it (fetched as GeoJSON without shapes), or as \
#     converted to CSV from the geographr R package, values unchanged.""",
#     "ONS geography writes Devon & Cornwall and London, City of: join on codes.",
# ]
# publisher = "ONS Open Geography (the copy by hand packed by the geographr R package)"
# licence = "Open Government Licence v3.0"
# published = "2024"
# attribution = """Source: Office for National Statistics licensed under the Open Government Licence v3.0. Contains OS \
#     data © Crown copyright and database right 2024."""
# [columns]
# ltla24_code = ["varchar", "ONS code of the local authority"]
# ltla24_name = ["varchar", "Local authority"]
# csp24_code = ["varchar", "ONS code of the partnership"]
# csp24_name = ["varchar", "Partnership"]
# pfa24_code = ["varchar", "ONS code of the police force area"]
# pfa24_name = ["varchar", "Police force area"]
# ///

"""Lower tier local authority to community safety partnership to police force area, 2024."""

from __future__ import annotations

from assets.readers.csv.source import matching, source
from assets.readers.source import Download

SOURCE = source(
    table="csp_lookup_2024",
    columns={
        "ltla24_code": ("ltla24_code", "LAD24CD"),
        "ltla24_name": ("ltla24_name", "LAD24NM"),
        "csp24_code": ("csp24_code", "CSP24CD"),
        "csp24_name": ("csp24_name", "CSP24NM"),
        "pfa24_code": ("pfa24_code", "PFA24CD"),
        "pfa24_name": ("pfa24_name", "PFA24NM"),
    },
    file_name=r"(lookup_ltla24_csp24_pfa24\.csv|lad24_csp24_pfa24_ew_lu\.(csv|geojson))",
    checks=(
        matching("ltla24_code", "[EW][0-9]{8}", "the ONS code of a local authority"),
        matching("csp24_code", "[EW][0-9]{8}", "the ONS code of a partnership"),
        matching("pfa24_code", "[EW][0-9]{8}", "the ONS code of a police force area"),
    ),
    # 332 rows: fewer than the service gives at once
    download=Download(
        "https://services1.arcgis.com",
        "/ESMARspQHYMw9BZ9/arcgis/rest/services/LAD24_CSP24_PFA24_EW_LU/FeatureServer/0/query"
        "?outFields=*&where=1%3D1&returnGeometry=false&f=geojson",
        "reference",
        file_name="LAD24_CSP24_PFA24_EW_LU.geojson",
    ),
)
