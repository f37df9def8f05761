# /// card
# description = """One row is a rate in Table P3 of the ONS police force area data tables: an offence group in an area \
#     and year, with the area's population."""
# grain = ["delivery_ref", "line_number", "offence_group"]
# audience = []
# caveats = [
#     "Every delivery is here, superseded ones too: count in core, not here.",
#     """The published table is wide: one delivered row gives a row for every offence group, all with its line \
#     number. Deliveries and quarantine count delivered rows.""",
#     "Regions and countries are listed among the forces.",
#     "Residential burglary (households) is a rate per 1,000 households, all others per 1,000 people.",
#     "City of London has no rates (+): its crimes are in the rate of London.",
#     "Population and household estimates are of different years and rounded to 100; rates come with nine decimals.",
#     """The edition of the year to March 2026 carries residents of mid-2024, by a public project that reads its first \
#     five columns: code, name, residents, households and the rate of all crime. No such file was at hand.""",
#     "Police recorded crime is official statistics, not accredited official statistics.",
# ]
# publisher = "Office for National Statistics"
# licence = "Open Government Licence v3.0"
# published = "quarterly; years ending June 2018 to June 2019 held"
# attribution = "Source: Office for National Statistics licensed under the Open Government Licence v3.0."
# [columns]
# area_code = ["varchar", "ONS code of a police force area, region or country"]
# area_name = ["varchar", "Name without footnote numbers and outer blanks"]
# area_name_published = ["varchar", "Name as published, ENGLAND AND WALES7 say"]
# population = ["varchar", "Population estimate, rounded to 100, text as delivered", "people"]
# households = ["varchar", "Household estimate, rounded to 100, text as delivered", "households"]
# "offence_group, offence_group_published" = "columns"
# rate_per_1000 = ["varchar", """Recorded crimes per 1,000 people, text as delivered; + where the \
#     publisher gives none""", "per 1,000"]
# population_year = ["varchar", "Year of the mid-year population estimate, from the header", "", "Residents of"]
# household_year = ["varchar", "Year of the household estimate, from the header"]
# period_end_label = "columns"
# period_end = ["varchar", "Last day of that year, yyyy-mm-dd"]
# table_title = "columns"
# ///

"""Table P3 of the ONS police force area data tables: rates by area and offence group, population and households."""

from __future__ import annotations

import re

from assets.readers.published.table import AREA_CODE, NUMBER, Layout, Table, period
from assets.readers.published.unpivot import ONS_POLICE_FORCE_AREAS, source
from assets.readers.workbook.reader import plain_label


def _constants(table: Table) -> dict[str, str | None]:
    """The period, and the years of the estimates, which are in the headers: `Population figures (mid-2018)3 ...`."""
    years = {}
    for name in ("population", "households"):
        found = re.search(r"20[0-9]{2}", plain_label(table.labels[table.positions[name]]))
        years[f"{name}_year"] = found[0] if found else None
    return {"population_year": years["population_year"], "household_year": years["households_year"], **period(table)}


LAYOUT = Layout(
    keys={
        "area_code": "area code",
        "area_name": "area name",
        "population": "population figures.*",
        "households": "household figures.*",
    },
    title=r"^table p3\b",
    marker="table p3",
    names=("area_name",),
    checks={
        "area_name": (r".+", "expected the name of an area; correct the row or ask the publisher"),
        "area_code": (AREA_CODE, "expected the ONS code of an area; correct the row or ask the publisher"),
        "population": (NUMBER, "expected a number of people; correct the row or ask the publisher"),
    },
    label_column="offence_group",
    value_column="rate_per_1000",
    constants=_constants,
)

SOURCE = source(
    "ons_pfa_rates",
    LAYOUT,
    constants=("population_year", "household_year", "period_end_label", "period_end", "table_title"),
    period="period_end",
    download=ONS_POLICE_FORCE_AREAS,
)
