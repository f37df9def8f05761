"""Table C2 of the ONS police force area data tables: recorded crimes by community safety partnership in a year."""

from __future__ import annotations

from assets.readers.published.table import AREA_CODE, Layout, period
from assets.readers.published.unpivot import ONS_POLICE_FORCE_AREAS, source

LAYOUT = Layout(
    keys={
        "force_code": "police force area code",
        "force_name": "police force area name",
        "csp_code": "community safety partnership code",
        "csp_name": "community safety partnership name",
        "la_code": "local authority code",
        "la_name": "local authority name",
    },
    title=r"^table c2\b",
    marker="table c2",
    names=("force_name", "csp_name", "la_name"),
    checks={
        "force_name": (r".+", "expected the name of a force; correct the row or ask the publisher"),
        "force_code": (AREA_CODE, "expected the ONS code of a police force area; ask the publisher"),
        # a force's own row has no partnership, what is not assigned to one has a name only
        "csp_code": (f"({AREA_CODE})?", "expected the ONS code of a partnership, or none; ask the publisher"),
    },
    label_column="offence_group",
    value_column="crime_count",
    constants=period,
)

SOURCE = source(
    "ons_csp_offences",
    LAYOUT,
    constants=("period_end_label", "period_end", "table_title"),
    file_name=r"policeforceareas?(data)?tables[^/!]*\.csv",
    period="period_end",
    download=ONS_POLICE_FORCE_AREAS,
)
