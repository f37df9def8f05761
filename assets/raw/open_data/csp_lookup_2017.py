"""Local authority to community safety partnership to police force area, January 2017."""

from __future__ import annotations

from assets.readers.csv.source import matching, source

SOURCE = source(
    table="csp_lookup_2017",
    columns={
        "lad17_code": "LAD17CD",
        "lad17_name": "LAD17NM",
        "csp17_code": "CSP17CD",
        "csp17_name": "CSP17NM",
        "pfa17_code": "PFA17CD",
        "pfa17_name": "PFA17NM",
        "row_id": "FID",
    },
    file_name=r"local_authority_district_to_community_safety_partnerships[^/!]*2017[^/!]*\.csv",
    checks=(
        matching("lad17_code", "[EW][0-9]{8}", "the ONS code of a local authority"),
        matching("csp17_code", "[EW][0-9]{8}", "the ONS code of a partnership"),
        matching("pfa17_code", "[EW][0-9]{8}", "the ONS code of a police force area"),
    ),
)
