"""Force extract, table `cps_submission` of recording-standards 7: a submission to the Crown Prosecution Service."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "cps_submission",
    crime_id="ref",
    ts="ts",
    type="set:cps_type",
    decision_ts="ts?",
    decision="text",
    advice_kind="text?",
)
