"""Table P3 of the ONS police force area data tables: rates by area and offence group, population and households."""

from __future__ import annotations

import re

from assets.readers.published.table import AREA_CODE, NUMBER, Layout, Table, period
from assets.readers.published.unpivot import ONS_POLICE_FORCE_AREAS, source
from assets.readers.workbook.reader import plain_label


def _constants(table: Table) -> dict[str, str | None]:
    """The period, and the years of the estimates, which stand in the headers: `Population figures (mid-2018)3 ...`."""
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
