# /// card
# description = "One row is an absence of an investigator."
# grain = ["delivery_ref", "line_number"]
# audience = []
# caveats = [
#     "Personal data of the force: it stays in the warehouse and is published only through the tables made from it.",
# ]
# publisher = "The force whose extract it is"
# licence = "Not licensed for publication"
# published = "with each extract"
# [columns]
# person_id = ["varchar", "Investigator"]
# from_ts = ["varchar", "From", "UTC"]
# to_ts = ["varchar", "To", "UTC"]
# deputy_id = ["varchar", "Deputy during the absence"]
# ///

"""Force extract, table `investigator_absence` of recording-standards 7: an absence of an investigator."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "investigator_absence",
    person_id="ref",
    from_ts="ts",
    to_ts="ts",
    deputy_id="text?",
)
