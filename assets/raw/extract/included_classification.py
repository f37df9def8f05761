# /// card
# description = "One row is a crime that is not counted because a graver one in the same report is."
# grain = ["delivery_ref", "line_number"]
# audience = []
# caveats = [
#     "Personal data of the force: it stays in the warehouse and is published only through the tables made from it.",
# ]
# publisher = "The force whose extract it is"
# licence = "Not licensed for publication"
# published = "with each extract"
# [columns]
# crime_id = ["varchar", "Crime that counts"]
# ho_code = ["varchar", "Home Office code of the included crime"]
# class_code = ["varchar", "Counting-rules class of the included crime"]
# added_ts = ["varchar", "When it was added", "UTC"]
# added_by = ["varchar", "Who added it"]
# reason = "columns"
# ///

"""Force extract, table `included_classification` of recording-standards 7: a crime."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "included_classification",
    crime_id="ref",
    ho_code="ho",
    class_code="class",
    added_ts="ts",
    added_by="text",
    reason="free",
)
