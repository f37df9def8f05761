"""Lower layer super output areas of 2021 to wards and local authorities of 2024."""

from __future__ import annotations

from assets.readers.csv_source import matching, source

SOURCE = source(
    table="lsoa_ward_lookup_2024",
    columns={
        "lsoa21_name": "lsoa21_name",
        "lsoa21_code": "lsoa21_code",
        "ward24_name": "ward24_name",
        "ward24_code": "ward24_code",
        "ltla24_name": "ltla24_name",
        "ltla24_code": "ltla24_code",
    },
    file_name=r"lookup_lsoa21_ward24_ltla24\.csv",
    checks=(
        matching("lsoa21_code", "[EW]01[0-9]{6}", "the ONS code of a 2021 area"),
        matching("ward24_code", "[EW]05[0-9]{6}", "the ONS code of a ward"),
        matching("ltla24_code", "[EW]0[6-9][0-9]{6}", "the ONS code of a local authority"),
    ),
)
