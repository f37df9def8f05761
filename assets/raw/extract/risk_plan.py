"""Force extract, table `risk_plan` of recording-standards 7: a plan to manage risk."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "risk_plan",
    ra_id="ref",
    owner_id="text",
    actions="free",
    review_due="date",
    closed_ts="ts?",
)
