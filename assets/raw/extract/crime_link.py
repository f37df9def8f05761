# /// card
# description = "One row is a link from a crime to another record."
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
# other_id = ["varchar", "The other record"]
# other_kind = ["varchar", "What the other record is: crime, incident and so on"]
# link_type = ["varchar", "Kind of link"]
# linked_ts = ["varchar", "When it was linked", "UTC"]
# ///

"""Force extract, table `crime_link` of recording-standards 7: a link from a crime to another record."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "crime_link",
    crime_id="ref",
    other_id="text",
    other_kind="text",
    link_type="text",
    linked_ts="ts",
)
