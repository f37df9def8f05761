"""Force extract, table `order_breach` of recording-standards 7: a breach of an order."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "order_breach",
    breach_id="key",
    order_id="text",
    ts="ts",
    crime_id="text?",
    arrest_ts="ts?",
    no_crime_rationale="free?",
)
