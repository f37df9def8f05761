# /// card
# description = "One row is a police force area, region or country with its population and households, as delivered."
# grain = ["delivery_ref", "line_number"]
# audience = []
# caveats = [
#     """Copied out of Table P3 of the ONS police force area tables (year ending June 2019) by the source project; \
#     equal to it for all 43 forces.""",
#     """Regions and countries are listed among the forces, and one group of forces (Beds Cambs Herts) without a code: \
#     never add up all rows.""",
#     "Rounded to 100. Population and households are of different years.",
#     """To be delivered by hand, and not needed where Table P3 is fetched: the ONS publishes these figures there \
#     (ons_pfa_rates), which wins for the same year.""",
# ]
# publisher = "Office for National Statistics"
# licence = "Open Government Licence v3.0"
# published = "population of mid-2018, households of 2017"
# attribution = "Source: Office for National Statistics licensed under the Open Government Licence v3.0."
# [columns]
# area_code = ["varchar", "ONS code of the area; empty for a group of forces"]
# area_name = "columns"
# population = ["varchar", "Mid-year population estimate, text as delivered", "people"]
# households = ["varchar", "Households, text as delivered", "households"]
# population_year = ["varchar", "Year of the population estimate, from the header", "", "Residents of"]
# household_year = ["varchar", "Year of the households, from the header"]
# ///

"""Population and households by police force area, region and country; the header gives the year."""

from __future__ import annotations

from assets.readers.published.table import AREA_CODE, NUMBER, Layout, Table
from assets.readers.published.unpivot import source


def _years(table: Table) -> dict[str, str | None]:
    """`MYE2018` is the estimate for mid-2018, `SNHP2017` the projection of households for 2017."""
    columns = {"population_year": "population", "household_year": "households"}
    return {year: table.labels[table.positions[name]].strip()[-4:] for year, name in columns.items()}


LAYOUT = Layout(
    keys={"area_code": "code", "area_name": "name", "population": "mye20[0-9]{2}", "households": "snhp20[0-9]{2}"},
    marker=",mye20",
    checks={
        "area_name": (r".+", "expected the name of an area; correct the row or ask the publisher"),
        # a group of forces is listed without a code
        "area_code": (f"({AREA_CODE})?", "expected the ONS code of an area, or none; ask the publisher"),
        "population": (NUMBER, "expected a number of people; correct the row or ask the publisher"),
        "households": (NUMBER, "expected a number of households; correct the row or ask the publisher"),
    },
    constants=_years,
)

SOURCE = source(
    "force_population", LAYOUT, constants=("population_year", "household_year"),
    file_name=r"population_data\.csv", period="population_year",
)  # fmt: skip
