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
