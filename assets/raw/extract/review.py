"""Force extract, table `review` of recording-standards 7: a review of a crime."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "review",
    review_id="key",
    crime_id="text",
    ts="ts",
    level="set:review_level",
    by_id="text",
    offence_check="text?",
    vcop_check="text?",
    prior_linked="bool?",
    next_due="date?",
)
