# /// card
# description = """One row is a row of the Home Office's open data table of crime outcomes, as delivered: an outcome \
#     type for an offence code in a force and quarter."""
# grain = ["delivery_ref", "line_number"]
# audience = []
# caveats = [
#     "Every delivery is here, superseded ones too: count in core, not here.",
#     "Outcome type 0 is not yet assigned an outcome: a row of the table, not an outcome.",
#     "Types 1A, 2A and 3A (alternate offence) are subsets of 1, 2 and 3 and are never added to them.",
#     """Two counts that are never mixed: outcomes of the offences recorded in the quarter, and of the investigations \
#     closed in it. Type 0 has none of the second.""",
#     "N/A - data not provided means missing and not zero; negative counts are corrections.",
#     """The layout is the published one (recording-standards 4.3). No file was at hand. A public project that reads \
#     the file for the year to March 2026 has the same headings.""",
#     "Police recorded crime is official statistics, not accredited official statistics.",
# ]
# publisher = "Home Office"
# licence = "Open Government Licence v3.0"
# published = "quarterly, one file a financial year; 2014/15 onwards"
# attribution = "Contains public sector information licensed under the Open Government Licence v3.0."
# [columns]
# financial_year = ["varchar", "Financial year, such as 2017/18"]
# financial_quarter = ["varchar", "Quarter of the financial year: 1 is April to June"]
# force_name = ["varchar", "Force as the Home Office names it (London, City of), or a body listed among forces"]
# offence_code = ["varchar", "Counting-rule class, such as 8Q; text"]
# offence_description = ["varchar", "Offence in words"]
# offence_group = ["varchar", "Offence group"]
# offence_subgroup = ["varchar", "Offence subgroup"]
# offence_code_expired = ["varchar", "x where the code is no longer in use"]
# outcome_type = ["varchar", "Outcome type, 0 to 22; A marks an alternate offence", "", "Outcome"]
# outcome_description = ["varchar", "Outcome in words"]
# outcome_group = ["varchar", "Published outcome group"]
# outcome_count_of_recorded = ["varchar", """Outcomes of the offences that were recorded in the quarter, \
#     text as delivered""", "outcomes"]
# outcome_count_of_closed = ["varchar", """Outcomes of the investigations that were closed in the \
#     quarter, text as delivered""", "outcomes"]
# ///

"""Outcomes of recorded crimes by force, quarter, offence code and outcome type: the Home Office's open data table."""

from __future__ import annotations

from assets.readers.csv.reader import Check
from assets.readers.published import home_office
from assets.readers.published.home_office import KEY_CHECKS, OpenDataTable, count_check

TABLE = OpenDataTable(
    columns={
        "financial_year": ("financial year", "year"),
        "financial_quarter": ("financial quarter", "quarter"),
        "force_name": ("force name", "police force", "force", "police force area"),
        "offence_code": ("offence code",),
        "offence_description": ("offence description", "offence"),
        "offence_group": ("offence group",),
        "offence_subgroup": ("offence subgroup", "offence sub group"),
        "offence_code_expired": ("offence code expired", "expired offence code"),
        "outcome_type": ("outcome type",),
        "outcome_description": ("outcome description",),
        "outcome_group": ("outcome group",),
        "outcome_count_of_recorded": (
            "outcomes for offences that were recorded in the quarter",
            "number of outcomes for offences that were recorded in the quarter",
            "outcomes for offences recorded in the quarter",
            "outcomes for offences recorded in quarter",
            "force outcomes for offences recorded in quarter",
        ),
        "outcome_count_of_closed": (
            "outcomes for investigations closed in the quarter",
            "outcomes for investigations that were closed in the quarter",
            "number of outcomes for investigations that were closed in the quarter",
            "outcomes for investigations closed in quarter",
            "outcomes recorded in the quarter",
            "force outcomes recorded in quarter",
        ),
    },
    optional=frozenset({"offence_code_expired"}),
    checks=(
        *KEY_CHECKS,
        # 0 is 'not yet assigned', a row like the others; A marks charges and cautions for an alternate offence
        Check("outcome_type", "regexp_full_match(upper(trim(outcome_type)), '[0-9]{1,2}A?')",
              "expected an outcome type, 0 to 22 or one with A; correct the row or ask the publisher"),
        count_check("outcome_count_of_recorded"),
        count_check("outcome_count_of_closed"),
    ),
    foreign=frozenset({"csp name", "subcode description", "offence subcode"}),
)  # fmt: skip

# the files of subcodes look like this table: by their name they are refused with a reason
SOURCE = home_office.source("home_office_outcomes", TABLE, "prc-(?:outcomes|subcodes)", r"/prc-outcomes-[\w-]+\.xlsx$")
