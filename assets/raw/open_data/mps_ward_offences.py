# /// card
# description = """One row is a number in the Metropolitan Police's table by ward: recorded crimes of a minor category \
#     in a ward and month."""
# grain = ["delivery_ref", "line_number", "month"]
# audience = []
# caveats = [
#     "Every delivery is here, superseded ones too: count in core, not here.",
#     """The published table is wide: one delivered row gives a row for every month, all with its line number. \
#     Deliveries and quarantine count delivered rows.""",
#     "A ward without a row for a category may have had none of its crimes: absence is not certain to be zero.",
#     """Crimes without a ward are missing: wards add up to 1% to 5% less stalking and harassment than the \
#     borough totals.""",
#     "The force's recording system changed in February 2024.",
#     "Aviation Security (SO18) is listed among the boroughs: Heathrow.",
# ]
# publisher = "Metropolitan Police Service, through the London Datastore"
# licence = "Open Government Licence v2.0"
# published = "monthly; November 2023 to October 2025 held"
# attribution = "Contains public sector information licensed under the Open Government Licence v2.0."
# [columns]
# major_category = ["varchar", "Major category in capitals"]
# minor_category = ["varchar", "Minor category in capitals, STALKING AND HARASSMENT say"]
# ward_name = ["varchar", "Ward"]
# ward_code = ["varchar", "ONS code of the ward"]
# borough_name = ["varchar", "Borough, or Aviation Security (SO18)"]
# month = ["varchar", "Month, yyyymm"]
# crime_count = ["varchar", "Recorded crimes, text as delivered", "crimes", "Crimes"]
# ///

"""Metropolitan Police recorded crime by ward and month: a wide CSV of the London Datastore, one column a month."""

from __future__ import annotations

from assets.readers.published.table import Layout
from assets.readers.published.unpivot import source
from assets.readers.source import Download

_EXPECTED = "expected a value; correct the row or ask the publisher"

LAYOUT = Layout(
    keys={
        "major_category": "majortext",
        "minor_category": "minortext",
        "ward_name": "wardname",
        "ward_code": "wardcode",
        "borough_name": "lookup_boroughname",
    },
    marker="lookup_boroughname",
    checks={
        "major_category": (".+", _EXPECTED),
        "minor_category": (".+", _EXPECTED),
        "ward_code": ("E05[0-9]{6}", "expected the ONS code of a ward; correct the row or ask the publisher"),
        "borough_name": (".+", _EXPECTED),
    },
    label_column="month",
    value_column="crime_count",
    unpivoted="20[0-9]{2}(0[1-9]|1[0-2])",
)

SOURCE = source(
    "mps_ward_offences",
    LAYOUT,
    file_name=r"mps[^/!]*crime[^/!]*\.csv",
    period="month",
    # the Datastore's page of the data set lists the files by ward, of the last 24 months and before
    download=Download(
        "https://data.london.gov.uk", "/dataset/recorded_crime_summary", "mps", r"(?i)mps[^/]*ward[^/]*crime[^/]*\.csv"
    ),
)
