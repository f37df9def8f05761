# /// card
# description = "One row is an outcome that a crime has or had."
# grain = ["delivery_ref", "line_number"]
# audience = []
# caveats = [
#     "Personal data of the force: it stays in the warehouse and is published only through the tables made from it.",
# ]
# publisher = "The force whose extract it is"
# licence = "Not licensed for publication"
# published = "with each extract"
# [columns]
# outcome_id = ["varchar", "Outcome row"]
# crime_id = "columns"
# seq = ["varchar", "Order of the outcomes, from 1"]
# code = ["varchar", "Outcome code, 0 to 22 with 1A, 2A and 3A"]
# code_raw = ["varchar", "Outcome as recorded in the record system"]
# outcome_ts = ["varchar", "When it was assigned", "UTC"]
# authoriser_id = ["varchar", "Who authorised it"]
# authoriser_rank = ["varchar", "Rank of the authoriser"]
# rationale = ["varchar", "Why"]
# alt_ho_code = ["varchar", "Home Office code of the alternate offence charged"]
# other_body = ["varchar", "Body that takes further action"]
# victim_informed_ts = ["varchar", "When the victim was informed", "UTC"]
# is_current = ["varchar", "Whether this is the current outcome"]
# ///

"""Force extract, table `outcome` of recording-standards 7: an outcome that a crime has or had."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "outcome",
    outcome_id="key",
    crime_id="text",
    seq="int",
    code="outcome",
    code_raw="text",
    outcome_ts="ts",
    authoriser_id="text",
    authoriser_rank="text?",
    rationale="free?",
    alt_ho_code="ho?",
    other_body="text?",
    victim_informed_ts="ts?",
    is_current="bool",
)
