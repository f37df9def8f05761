# /// card
# description = "One row is an offence code with its severity weight and its category on data.police.uk, as delivered."
# grain = ["delivery_ref", "line_number"]
# audience = []
# caveats = [
#     "Derived: names were matched by hand in the source project.",
#     """Excel turned some Home Office codes into dates, shown as serial numbers; in this copy day and month are in \
#     British order (43918 is 28/3). They are kept as delivered.""",
#     "Category names differ in capitals from data.police.uk (Violence and Sexual Offences).",
#     "53 codes have no Home Office code; one category covers many codes.",
#     """To be delivered by hand: no publisher offers this join; the mapping of data.police.uk itself is fetched as \
#     police_uk_categories.""",
# ]
# publisher = "ONS, Home Office and data.police.uk, joined by the open source project crims"
# licence = "Open Government Licence v3.0"
# published = "codes of 2019/20"
# attribution = "Contains public sector information licensed under the Open Government Licence v3.0."
# [columns]
# offence_group = ["varchar", "Offence group in small letters"]
# offence_description = ["varchar", "Offence as the Home Office words it"]
# severity_code = ["varchar", "Code of the severity weight"]
# offence_code = ["varchar", "Counting-rule class of the Home Office"]
# severity_category = ["varchar", "Category of the severity score"]
# severity_offence = ["varchar", "Offence as the severity score words it"]
# severity_weight = ["varchar", "Crime Severity Score weight, text as delivered: harm by length of sentence"]
# police_uk_code = ["varchar", "Home Office code in the data.police.uk mapping, or what Excel made of it"]
# police_uk_subclass = ["varchar", "Subclass in that mapping"]
# police_uk_offence = ["varchar", "Offence in that mapping"]
# police_uk_category = ["varchar", "Category on data.police.uk, in title case"]
# ///

"""Offence code to severity weight to data.police.uk category, joined by an open source project."""

from __future__ import annotations

from assets.readers.csv.source import filled, matching, source

SOURCE = source(
    table="offence_categories",
    columns={
        "offence_group": "ONS_COUNTS_category",
        "offence_description": "ONS_COUNTS_description",
        "severity_code": "ONS_SEVERITY_code",
        "offence_code": "ONS_COUNTS_code",
        "severity_category": "ONS_SEVERITY_category",
        "severity_offence": "ONS_SEVERITY_offence",
        "severity_weight": "ONS_SEVERITY_weight",
        "police_uk_code": "POLICE_UK_CAT_MAP_code",
        "police_uk_subclass": "POLICE_UK_CAT_MAP_sub_class",
        "police_uk_offence": "POLICE_UK_CAT_MAP_offence",
        "police_uk_category": "POLICE_UK_CAT_MAP_category",
    },
    file_name=r"policeuk-ons-code-join[^/!]*\.csv",
    checks=(
        filled("offence_code"),
        filled("police_uk_category"),
        matching("severity_weight", r"\s*[0-9]+([.][0-9]+)?\s*", "a weight"),
    ),
)
