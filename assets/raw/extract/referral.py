"""Force extract, table `referral` of recording-standards 7: a referral to a support service."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "referral",
    referral_id="key",
    crime_id="text",
    service="text",
    offered_ts="ts",
    consent="bool?",
    sent_ts="ts?",
    accepted_ts="ts?",
)
