# /// card
# description = """One row is a local authority with its community safety partnership and police force area of January \
#     2017, as delivered."""
# grain = ["delivery_ref", "line_number"]
# audience = []
# caveats = [
#     "England and Wales. A partnership can span several authorities.",
#     "ONS geography writes Devon & Cornwall and London, City of: join on codes.",
#     """To be delivered by hand: no address of this lookup of 2017 could be confirmed; the CSV that the Open \
#     Geography portal gives for it is read as it is.""",
# ]
# publisher = "ONS Open Geography"
# licence = "Open Government Licence v3.0"
# published = "January 2017"
# attribution = """Source: Office for National Statistics licensed under the Open Government Licence v3.0. Contains OS \
#     data © Crown copyright and database right 2017."""
# [columns]
# lad17_code = ["varchar", "ONS code of the local authority"]
# lad17_name = ["varchar", "Local authority"]
# csp17_code = ["varchar", "ONS code of the partnership"]
# csp17_name = ["varchar", "Partnership"]
# pfa17_code = ["varchar", "ONS code of the police force area"]
# pfa17_name = ["varchar", "Police force area"]
# row_id = ["varchar", "Number of the row"]
# ///

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
