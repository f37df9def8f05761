# /// card
# description = "One row is an item of a case file."
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
# item = ["varchar", "Item"]
# present = ["varchar", "It is in the file"]
# quality = ["varchar", "How good it is"]
# ts = ["varchar", "When it was complete", "UTC"]
# ///

"""Force extract, table `case_file` of recording-standards 7: an item of a case file."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "case_file",
    crime_id="ref",
    item="set:case_file_item",
    present="bool",
    quality="text?",
    ts="ts?",
)
