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
            "outcomes for offences recorded in the quarter",
            "outcomes for offences recorded in quarter",
            "force outcomes for offences recorded in quarter",
        ),
        "outcome_count_of_closed": (
            "outcomes for investigations closed in the quarter",
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

SOURCE = home_office.source("home_office_outcomes", TABLE, "prc-outcomes", r"/prc-outcomes-[\w-]+\.xlsx$")
