# /// card
# description = "One row is a referral to a support service."
# grain = ["delivery_ref", "line_number"]
# audience = []
# caveats = [
#     "Personal data of the force: it stays in the warehouse and is published only through the tables made from it.",
# ]
# publisher = "The force whose extract it is"
# licence = "Not licensed for publication"
# published = "with each extract"
# [columns]
# referral_id = ["varchar", "Referral"]
# crime_id = "columns"
# service = ["varchar", "Service"]
# offered_ts = ["varchar", "When it was offered", "UTC"]
# consent = ["varchar", "The victim consented"]
# sent_ts = ["varchar", "When it was sent", "UTC"]
# accepted_ts = ["varchar", "When the service accepted it", "UTC"]
# ///

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
