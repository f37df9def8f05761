# /// card
# description = "One row is a referral to a support service as the service records it."
# grain = ["delivery_ref", "line_number"]
# audience = []
# caveats = [
#     "Personal data: it stays in the warehouse and is published only through the tables made from it.",
#     "The force's own view of referrals is raw.referral.",
# ]
# publisher = "The police and crime commissioner or other local policing body"
# licence = "Not licensed for publication"
# published = "with each extract"
# [columns]
# referral_id = ["varchar", "Referral, unique in the delivery"]
# crime_id = ["varchar", "Crime it arose from"]
# victim_key = ["varchar", "Victim, by pseudonym"]
# service_id = ["varchar", "Service"]
# offered_ts = ["varchar", "When it was offered", "UTC"]
# consent = ["varchar", "The victim agreed"]
# sent_ts = ["varchar", "When it was sent", "UTC"]
# accepted_ts = ["varchar", "When the service took it on", "UTC"]
# first_contact_ts = ["varchar", "First contact of the service with the victim", "UTC"]
# contacts_n = ["varchar", "Contacts in all", "contacts"]
# engaged = ["varchar", "The victim took the service up"]
# completed_ts = ["varchar", "When it was completed", "UTC"]
# closed_reason = ["varchar", "Why it was closed"]
# sex = ["varchar", "Sex, as the service records it"]
# age_band = ["varchar", "Age band, as the service records it"]
# ethnicity = ["varchar", "Ethnicity, as the service records it"]
# disability = ["varchar", "Disability, as the service records it"]
# sexual_orientation = ["varchar", "Sexual orientation, as the service records it"]
# religion = ["varchar", "Religion, as the service records it"]
# ///

"""Beside the force extract, table `referrals`: a referral as the service records it."""

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
