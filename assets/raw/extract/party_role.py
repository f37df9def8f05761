# /// card
# description = "One row is the part a person has in a crime."
# grain = ["delivery_ref", "line_number"]
# audience = []
# caveats = [
#     "Personal data of the force: it stays in the warehouse and is published only through the tables made from it.",
# ]
# publisher = "The force whose extract it is"
# licence = "Not licensed for publication"
# published = "with each extract"
# [columns]
# crime_id = "columns"
# person_key = ["varchar", "Pseudonym of the person"]
# role = ["varchar", "Victim, suspect and so on"]
# named = ["varchar", "The person is identified by name"]
# relationship = ["varchar", "Relationship between victim and suspect"]
# vulnerability = ["varchar", "Vulnerability of the person"]
# age_at_offence = ["varchar", "Age at the offence"]
# age_at_disposal = ["varchar", "Age at the disposal"]
# first_added_ts = ["varchar", "When the person was added to the crime", "UTC"]
# eliminated_ts = ["varchar", "When a suspect was eliminated", "UTC"]
# victim_support = ["varchar", "Whether the victim supports police action"]
# ///

"""Force extract, table `party_role` of recording-standards 7: the part a person has in a crime."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "party_role",
    crime_id="ref",
    person_key="text",
    role="set:role",
    named="bool",
    relationship="set:relationship?",
    vulnerability="text?",
    age_at_offence="int?",
    age_at_disposal="int?",
    first_added_ts="ts",
    eliminated_ts="ts?",
    victim_support="set:victim_support?",
)
