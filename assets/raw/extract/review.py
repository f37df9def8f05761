# /// card
# description = "One row is a review of a crime."
# grain = ["delivery_ref", "line_number"]
# audience = []
# caveats = [
#     "Personal data of the force: it stays in the warehouse and is published only through the tables made from it.",
# ]
# publisher = "The force whose extract it is"
# licence = "Not licensed for publication"
# published = "with each extract"
# [columns]
# review_id = ["varchar", "Review"]
# "crime_id, ts" = "columns"
# level = ["varchar", "Who reviewed it: supervisor, manager, dci or peer"]
# by_id = ["varchar", "Who"]
# offence_check = ["varchar", "Whether behaviours and offences are correctly identified"]
# vcop_check = ["varchar", "Whether the Victims' Code is met"]
# prior_linked = ["varchar", "Previous reports are linked"]
# next_due = ["varchar", "When the next review is due"]
# ///

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
