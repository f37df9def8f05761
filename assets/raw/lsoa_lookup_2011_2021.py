"""Lower layer super output areas of the 2011 census to those of 2021, and their local authority."""

from __future__ import annotations

from assets.readers.csv_source import matching, source

SOURCE = source(
    table="lsoa_lookup_2011_2021",
    columns={
        "lsoa11_name": "lsoa11_name",
        "lsoa11_code": "lsoa11_code",
        "change_code": "change_code",
        "lsoa21_name": "lsoa21_name",
        "lsoa21_code": "lsoa21_code",
        "ltla22_name": "ltla22_name",
        "ltla22_code": "ltla22_code",
    },
    file_name=r"lookup_lsoa11_lsoa21_ltla22\.csv",
    checks=(
        matching("lsoa11_code", "[EW]01[0-9]{6}", "the ONS code of a 2011 area"),
        matching("change_code", "[USMX]", "U, S, M or X"),
        matching("lsoa21_code", "[EW]01[0-9]{6}", "the ONS code of a 2021 area"),
        matching("ltla22_code", "[EW]0[6-9][0-9]{6}", "the ONS code of a local authority"),
    ),
)
