# /// card
# description = "One row is an offence code with its Crime Severity Score weight, as delivered."
# grain = ["delivery_ref", "line_number"]
# audience = []
# caveats = [
#     "Derived: names were matched by hand in the source project.",
#     "Weights of about 2020 for 134 codes of 2019/20; controlling or coercive behaviour (8U) has none.",
#     "Code 4.1 occurs twice (Manslaughter and Corporate manslaughter, which is 4.10): a code is no key.",
#     "Homicide is listed as a whole and by its parts.",
#     """To be delivered by hand: the ONS publishes the weights in its Crime Severity Score data tool, a workbook \
#     (sheet List of weights: category, code, offence, weight) that is not read: its codes are not the counting-rule \
#     classes, which the source project joined to them.""",
# ]
# publisher = "Office for National Statistics (weights), joined to Home Office codes by the open source project crims"
# licence = "Open Government Licence v3.0"
# published = "about 2020"
# attribution = "Source: Office for National Statistics licensed under the Open Government Licence v3.0."
# [columns]
# offence_group = ["varchar", "Offence group in small letters"]
# offence_description = ["varchar", "Offence as the Home Office words it"]
# severity_code = ["varchar", "Code of the severity weight"]
# offence_code = ["varchar", "Counting-rule class of the Home Office"]
# severity_category = ["varchar", "Category of the severity score"]
# severity_offence = ["varchar", "Offence as the severity score words it"]
# severity_weight = ["varchar", "Crime Severity Score weight, text as delivered: harm by length of sentence"]
# ///

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
