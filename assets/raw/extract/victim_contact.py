# /// card
# description = "One row is a contact with a victim."
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
# direction = ["varchar", "From or to the victim"]
# reason = ["varchar", "What it was about"]
# by_id = ["varchar", "Who spoke with the victim"]
# kind = ["varchar", "What it was about, as a code"]
# ///

"""Force extract, table `victim_contact` of recording-standards 7: a contact with a victim."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "victim_contact",
    crime_id="ref",
    ts="ts",
    direction="text",
    reason="free",
    by_id="text",
    kind="set:victim_contact_kind?",
)
