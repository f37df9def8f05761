# /// card
# description = """One row is a number in Table P1 of the ONS police force area data tables: recorded crimes of an \
#     offence group in an area and year."""
# grain = ["delivery_ref", "line_number", "offence_group"]
# audience = []
# caveats = [
#     "Every delivery is here, superseded ones too: count in core, not here.",
#     """The published table is wide: one delivered row gives a row for every offence group, all with its line \
#     number. Deliveries and quarantine count delivered rows.""",
#     """Regions and countries are listed among the forces: never add up all rows. The region and the force West \
#     Midlands share a name; their codes differ.""",
#     "Groups contain each other (Violence against the person contains Stalking and harassment).",
#     "City of London is London, City of in the table of June 2019: join on codes.",
#     "England and Wales includes British Transport Police. Fraud is left out.",
#     "Years ending in different quarters overlap. Workbooks marked corrected replace earlier ones of the same year.",
#     "Police recorded crime is official statistics, not accredited official statistics.",
# ]
# publisher = "Office for National Statistics"
# licence = "Open Government Licence v3.0"
# published = "quarterly; years ending June 2018 to June 2019 held"
# attribution = "Source: Office for National Statistics licensed under the Open Government Licence v3.0."
# [columns]
# area_code = ["varchar", "ONS code of a police force area, region or country; empty for British Transport Police"]
# area_name = ["varchar", "Name without footnote numbers and outer blanks"]
# area_name_published = ["varchar", "Name as published, ENGLAND AND WALES7 say"]
# "offence_group, offence_group_published" = "columns"
# crime_count = ["varchar", "Recorded crimes, text as delivered", "crimes", "Crimes"]
# period_end_label = "columns"
# period_end = ["varchar", "Last day of that year, yyyy-mm-dd"]
# table_title = "columns"
# ///

"""Table P1 of the ONS police force area data tables: recorded crimes by area and offence group in a year."""

from __future__ import annotations

from assets.readers.published.table import AREA_CODE, Layout, period
from assets.readers.published.unpivot import ONS_POLICE_FORCE_AREAS, source

LAYOUT = Layout(
    keys={"area_code": "area code", "area_name": "area name"},
    title=r"^table p1\b",
    marker="table p1",
    names=("area_name",),
    # British Transport Police, which has no area, is listed without a code
    checks={
        "area_name": (r".+", "expected the name of an area; correct the row or ask the publisher"),
        "area_code": (f"({AREA_CODE})?", "expected the ONS code of an area, or none; ask the publisher"),
    },
    label_column="offence_group",
    value_column="crime_count",
    constants=period,
)

SOURCE = source(
    "ons_pfa_offences",
    LAYOUT,
    constants=("period_end_label", "period_end", "table_title"),
    file_name=r"policeforceareas?(data)?tables[^/!]*\.(xlsx|ods)",
    period="period_end",
    download=ONS_POLICE_FORCE_AREAS,
)
