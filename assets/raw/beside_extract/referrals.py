"""Beside the force extract, table `referrals`: a referral as the service holds it."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "referrals",
    referral_id="key",
    crime_id="text?",
    victim_key="text?",
    service_id="text",
    offered_ts="ts",
    consent="bool?",
    sent_ts="ts?",
    accepted_ts="ts?",
    first_contact_ts="ts?",
    contacts_n="int?",
    engaged="bool?",
    completed_ts="ts?",
    closed_reason="free?",
    sex="text?",
    age_band="text?",
    ethnicity="text?",
    disability="text?",
    sexual_orientation="text?",
    religion="text?",
)
