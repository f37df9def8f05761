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
