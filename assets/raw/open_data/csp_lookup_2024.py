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
