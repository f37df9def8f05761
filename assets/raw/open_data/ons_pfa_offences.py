"""Table P1 of the ONS police force area data tables: recorded crimes by area and offence group in a year."""

from __future__ import annotations

from assets.readers.published.table import AREA_CODE, Layout, period
from assets.readers.published.unpivot import ONS_POLICE_FORCE_AREAS, source

LAYOUT = Layout(
    keys={"area_code": "area code", "area_name": "area name"},
    title=r"^table p1\b",
    marker="table p1",
    names=("area_name",),
    # British Transport Police, which has no area, stands there without a code
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
