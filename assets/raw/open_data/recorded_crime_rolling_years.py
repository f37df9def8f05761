# /// card
# description = """One row is a row of rec-crime-pfa.csv, as delivered: recorded crimes of an offence group in a \
#     force, twelve months to the end of a quarter."""
# grain = ["delivery_ref", "line_number"]
# audience = []
# caveats = [
#     "Every delivery is here, superseded ones too: count in core, not here.",
#     "Yearly to March 2007, quarterly after: periods overlap and are never added up.",
#     "One period is dated 30-12-2017; its quarter ends on the 31st.",
#     "25 counts are negative: corrections by the force.",
#     "Domestic burglary becomes Residential burglary in the course of the series.",
#     "Action Fraud, CIFAS and UK Finance are listed among the forces from June 2011.",
#     "Figures are of one release and are not revised: they differ a little from other releases.",
#     "Police recorded crime is official statistics, not accredited official statistics.",
#     """To be delivered by hand: a file in circulation; the publishers' current tables are fetched as \
#     home_office_recorded_crime and ons_pfa_offences.""",
# ]
# publisher = "Home Office and ONS (found as a widely shared copy)"
# licence = "Open Government Licence v3.0"
# published = "12 months ending March 2003 to December 2018"
# attribution = "Contains public sector information licensed under the Open Government Licence v3.0."
# [columns]
# period_end = ["varchar", "Last day of the twelve months, dd-mm-yyyy"]
# force_name = ["varchar", "Force as the table names it (City of London)"]
# region = ["varchar", "Region, or the fraud body of the row"]
# offence_group = ["varchar", "ONS offence group, such as Stalking and harassment"]
# crime_count = ["varchar", "Recorded crimes in the twelve months, text as delivered", "crimes", "Crimes"]
# ///

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
