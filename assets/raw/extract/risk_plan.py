# /// card
# description = "One row is a plan to manage risk."
# grain = ["delivery_ref", "line_number"]
# audience = []
# caveats = [
#     "Personal data of the force: it stays in the warehouse and is published only through the tables made from it.",
# ]
# publisher = "The force whose extract it is"
# licence = "Not licensed for publication"
# published = "with each extract"
# [columns]
# ra_id = ["varchar", "Assessment it answers"]
# owner_id = ["varchar", "Who owns it"]
# actions = ["varchar", "Actions, as JSON"]
# review_due = ["varchar", "When it is to be reviewed"]
# closed_ts = ["varchar", "When it was closed", "UTC"]
# victim_consulted = ["varchar", "The victim was consulted on it"]
# ///

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
    victim_consulted="bool?",
)
