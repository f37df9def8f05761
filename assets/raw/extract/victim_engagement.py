# /// card
# description = "One row is a decision or view taken from a victim."
# grain = ["delivery_ref", "line_number"]
# audience = []
# caveats = [
#     "Personal data of the force: it stays in the warehouse and is published only through the tables made from it.",
# ]
# publisher = "The force whose extract it is"
# licence = "Not licensed for publication"
# published = "with each extract"
# [columns]
# "crime_id, ts" = "columns"
# kind = ["varchar", "What it was about"]
# channel = ["varchar", "How"]
# by_id = ["varchar", "Who took it"]
# decision = ["varchar", "What the victim decided"]
# reason = "columns"
# record_ref = ["varchar", "Where the record of it is"]
# ///

"""Force extract, table `victim_engagement` of recording-standards 7: a decision or view taken from a victim."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "victim_engagement",
    crime_id="ref",
    ts="ts",
    kind="text",
    channel="text",
    by_id="text",
    decision="text?",
    reason="free?",
    record_ref="text?",
)
