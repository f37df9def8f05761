# /// card
# description = "One row is a flag on a crime."
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
# flag = ["varchar", "Flag"]
# set_ts = ["varchar", "When it was set", "UTC"]
# set_by = ["varchar", "Who set it"]
# ///

"""Force extract, table `crime_flag` of recording-standards 7: a flag on a crime."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "crime_flag",
    crime_id="ref",
    flag="set:flag",
    set_ts="ts",
    set_by="text",
)
