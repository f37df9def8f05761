# /// card
# description = "One row is a notice given to a person."
# grain = ["delivery_ref", "line_number"]
# audience = []
# caveats = [
#     "Personal data of the force: it stays in the warehouse and is published only through the tables made from it.",
# ]
# publisher = "The force whose extract it is"
# licence = "Not licensed for publication"
# published = "with each extract"
# [columns]
# notice_id = ["varchar", "Notice"]
# crime_id = ["varchar", "Crime it belongs to"]
# type = ["varchar", "Kind of notice"]
# issued_ts = ["varchar", "When it was given", "UTC"]
# issued_by = ["varchar", "Who gave it"]
# to_key = ["varchar", "Who received it"]
# ///

"""Force extract, table `notice` of recording-standards 7: a notice given to a person."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "notice",
    notice_id="key",
    crime_id="text?",
    type="set:notice_type",
    issued_ts="ts",
    issued_by="text",
    to_key="text",
)
