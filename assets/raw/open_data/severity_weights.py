"""Crime Severity Score weights of the ONS by offence code, joined to Home Office codes by an open source project."""

from __future__ import annotations

from assets.readers.csv.source import filled, matching, source

SOURCE = source(
    table="severity_weights",
    columns={
        "offence_group": "category_counts",
        "offence_description": "description",
        "severity_code": "code_severity",
        "offence_code": "code_original",
        "severity_category": "category_severity",
        "severity_offence": "offence",
        "severity_weight": "weight",
    },
    file_name=r"severity_codes[^/!]*\.csv",
    checks=(
        filled("offence_code"),
        matching("severity_weight", r"\s*[0-9]+([.][0-9]+)?\s*", "a weight"),
    ),
)
