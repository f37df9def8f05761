"""Population and households by police force area, region and country; the header tells of which year."""

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
        # a group of forces stands there without a code
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
