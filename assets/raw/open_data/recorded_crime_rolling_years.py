"""Recorded crime by force and ONS offence group, twelve months to the end of a quarter (`rec-crime-pfa.csv`)."""

from __future__ import annotations

from assets.readers.csv.reader import Check
from assets.readers.csv.source import filled, matching, source

SOURCE = source(
    table="recorded_crime_rolling_years",
    columns={
        "period_end": "12 months ending",
        "force_name": "PFA",
        "region": "Region",
        "offence_group": "Offence",
        "crime_count": "Rolling year total number of offences",
    },
    file_name=r"rec-?crime-pfa[^/!]*\.csv",
    checks=(
        Check("period_end", "try_strptime(period_end, '%d-%m-%Y') is not null and length(period_end) = 10",
              "expected a date as dd-mm-yyyy; correct the row or ask the publisher"),
        filled("force_name"),
        filled("offence_group"),
        matching("crime_count", r"\s*-?[0-9]+\s*", "a whole number (corrections are negative)"),
    ),
    # the month: one quarter is dated the day before its last
    period="substr(period_end, 4)",
)  # fmt: skip
