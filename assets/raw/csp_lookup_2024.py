"""Lower tier local authority to community safety partnership to police force area, 2024."""

from __future__ import annotations

from assets.readers.csv_source import matching, source

SOURCE = source(
    table="csp_lookup_2024",
    columns={
        "ltla24_code": "ltla24_code",
        "ltla24_name": "ltla24_name",
        "csp24_code": "csp24_code",
        "csp24_name": "csp24_name",
        "pfa24_code": "pfa24_code",
        "pfa24_name": "pfa24_name",
    },
    file_name=r"lookup_ltla24_csp24_pfa24\.csv",
    checks=(
        matching("ltla24_code", "[EW][0-9]{8}", "the ONS code of a local authority"),
        matching("csp24_code", "[EW][0-9]{8}", "the ONS code of a partnership"),
        matching("pfa24_code", "[EW][0-9]{8}", "the ONS code of a police force area"),
    ),
)
