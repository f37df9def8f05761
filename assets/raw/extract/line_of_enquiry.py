# /// card
# description = "One row is a line of enquiry."
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
# type = ["varchar", "What is sought"]
# raised_ts = ["varchar", "When it was raised", "UTC"]
# required = ["varchar", "It has to be followed"]
# done_ts = ["varchar", "When it was done", "UTC"]
# result = ["varchar", "What came of it"]
# ///

"""Force extract, table `line_of_enquiry` of recording-standards 7: a line of enquiry."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "line_of_enquiry",
    crime_id="ref",
    type="text",
    raised_ts="ts",
    required="bool",
    done_ts="ts?",
    result="text?",
)
