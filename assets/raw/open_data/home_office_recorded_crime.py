# /// card
# description = """One row is a row of the Home Office's open data table of recorded crime, as delivered: an offence \
#     code in a force and quarter."""
# grain = ["delivery_ref", "line_number"]
# audience = []
# caveats = [
#     "Every delivery is here, superseded ones too: count in core, not here.",
#     """Counts are text as delivered: zero is written -00, negative counts are corrections by the force and are \
#     kept, N/A - data not provided means missing and not zero.""",
#     "Action Fraud, CIFAS, UK Finance and Financial Fraud Action UK are among the forces; core leaves them out.",
#     """British Transport Police leaves the Home Office's tables by force after 2014/15 in later releases; the \
#     2017/18 sheet held here has it.""",
#     "Greater Manchester 2019/20 is nearly empty without a marker.",
#     "A later release of a quarter replaces it as a whole.",
#     "Police recorded crime is official statistics, not accredited official statistics.",
# ]
# publisher = "Home Office"
# licence = "Open Government Licence v3.0"
# published = "quarterly; 2012/13 onwards"
# attribution = "Contains public sector information licensed under the Open Government Licence v3.0."
# [columns]
# financial_year = ["varchar", "Financial year, such as 2017/18"]
# financial_quarter = ["varchar", "Quarter of the financial year: 1 is April to June"]
# force_name = ["varchar", "Force as the Home Office names it (London, City of), or a body listed among forces"]
# offence_description = ["varchar", "Offence in words; wording and capitals change between releases"]
# offence_group = ["varchar", "Offence group"]
# offence_subgroup = ["varchar", "Offence subgroup, such as Stalking and harassment"]
# offence_code = ["varchar", "Counting-rule class, such as 8L or 8Q; text"]
# offence_count = ["varchar", """Recorded offences as text: -00, negatives, blanks round the number and \
#     the N/A family included""", "offences"]
# ///

"""Police recorded crime by force, quarter and offence code: the Home Office's open data table, csv, xlsx or ods."""

from __future__ import annotations

from assets.readers.published import home_office
from assets.readers.published.home_office import KEY_CHECKS, OpenDataTable, count_check

TABLE = OpenDataTable(
    columns={
        "financial_year": ("financial year", "year"),
        "financial_quarter": ("financial quarter", "quarter"),
        "force_name": ("force name", "police force", "force", "police force area"),
        "offence_description": ("offence description", "offence"),
        "offence_group": ("offence group",),
        "offence_subgroup": ("offence subgroup", "offence sub group"),
        "offence_code": ("offence code",),
        "offence_count": ("number of offences", "offence count", "offences"),
    },
    checks=(*KEY_CHECKS, count_check("offence_count")),
    # the tables by community safety partnership, by outcome and by subcode split the same counts
    foreign=frozenset({"csp name", "outcome type", "subcode description", "offence subcode"}),
)

SOURCE = home_office.source("home_office_recorded_crime", TABLE, "prc-pfa", r"/prc-pfa-[\w-]+\.ods$")
