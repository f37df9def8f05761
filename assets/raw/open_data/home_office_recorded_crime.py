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
