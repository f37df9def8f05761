# /// card
# description = "One row is a class that a crime has had."
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
# seq = ["varchar", "Order of the classes, from 1"]
# ho_code = ["varchar", "Home Office code then"]
# class_code = ["varchar", "Counting-rules class then"]
# changed_ts = ["varchar", "When it was given this class", "UTC"]
# changed_by = ["varchar", "Who changed it"]
# reason = "columns"
# second_check_by = ["varchar", "Who checked it a second time"]
# ///

"""Force extract, table `classification_history` of recording-standards 7: a class that a crime has had."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "classification_history",
    crime_id="ref",
    seq="int",
    ho_code="ho",
    class_code="class",
    changed_ts="ts",
    changed_by="text",
    reason="free",
    second_check_by="text?",
)
