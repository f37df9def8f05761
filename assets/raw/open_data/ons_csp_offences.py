# /// card
# description = """One row is a number in Table C2 of the ONS police force area data tables: recorded crimes of an \
#     offence group in a community safety partnership and year."""
# grain = ["delivery_ref", "line_number", "offence_group"]
# audience = []
# caveats = [
#     "Every delivery is here, superseded ones too: count in core, not here.",
#     """The published table is wide: one delivered row gives a row for every offence group, all with its line \
#     number. Deliveries and quarantine count delivered rows.""",
#     """A row without a partnership is the force as a whole; City of London has no such row, its one partnership is \
#     the force.""",
#     "Unassigned rows (no code, a name that begins with Unassigned or unassigned) are crimes without a partnership.",
#     """Two force codes are wrong: unassigned Surrey has the code of Kent (and no values), Unassigned Gwent that of \
#     South Wales. They are kept as published and corrected in core.""",
#     "Where a partnership spans several authorities the code says Combined Local Authorities and the name is empty.",
#     "Groups contain each other. Humberside carries a note of the publisher.",
#     "Police recorded crime is official statistics, not accredited official statistics.",
# ]
# publisher = "Office for National Statistics"
# licence = "Open Government Licence v3.0"
# published = "year ending June 2025"
# attribution = "Source: Office for National Statistics licensed under the Open Government Licence v3.0."
# [columns]
# force_code = ["varchar", "ONS code of the police force area, as published"]
# force_name = ["varchar", "Force without notes and outer blanks"]
# force_name_published = ["varchar", "Force as published, Humberside [note 4] say"]
# csp_code = ["varchar", "ONS code of the partnership; empty for the force as a whole and for unassigned"]
# csp_name = ["varchar", "Partnership without notes and outer blanks; empty for the force as a whole"]
# csp_name_published = ["varchar", "Partnership as published"]
# la_code = ["varchar", "ONS code of the local authority, or Combined Local Authorities"]
# la_name = ["varchar", "Local authority without notes and outer blanks"]
# la_name_published = ["varchar", "Local authority as published"]
# "offence_group, offence_group_published" = "columns"
# crime_count = ["varchar", "Recorded crimes, text as delivered: 1,234 with a blank behind it", "crimes", "Crimes"]
# period_end_label = "columns"
# period_end = ["varchar", "Last day of that year, yyyy-mm-dd"]
# table_title = "columns"
# ///

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
