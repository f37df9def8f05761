# /// card
# description = "One row is the removal of a recorded crime."
# grain = ["delivery_ref", "line_number"]
# audience = []
# caveats = [
#     "Personal data of the force: it stays in the warehouse and is published only through the tables made from it.",
# ]
# publisher = "The force whose extract it is"
# licence = "Not licensed for publication"
# published = "with each extract"
# [columns]
# crime_id = ["varchar", "Crime removed"]
# removal_code = ["varchar", "Counting-rules criterion, C1 to C5", "", "Criterion"]
# removal_ts = ["varchar", "When", "UTC"]
# authoriser_id = ["varchar", "Who authorised it"]
# authoriser_role = ["varchar", "Role of the authoriser"]
# avi_text = ["varchar", "Additional verifiable information, free text"]
# verifier = ["varchar", "Who verified it"]
# receiving_force = ["varchar", "Force that it was transferred to"]
# receiving_ref = ["varchar", "Its reference there"]
# accepted_ts = ["varchar", "When that force accepted it", "UTC"]
# parent_crime_ref = ["varchar", "Crime of which it is a duplicate or a part"]
# victim_informed_ts = ["varchar", "When the victim was informed", "UTC"]
# ///

"""Force extract, table `removal` of recording-standards 7: the removal of a recorded crime."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "removal",
    crime_id="ref",
    removal_code="set:removal_code",
    removal_ts="ts",
    authoriser_id="text",
    authoriser_role="set:removal_role",
    avi_text="free?",
    verifier="text?",
    receiving_force="text?",
    receiving_ref="text?",
    accepted_ts="ts?",
    parent_crime_ref="text?",
    victim_informed_ts="ts?",
)
