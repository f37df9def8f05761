# /// card
# description = "One row is the allocation of a crime to an investigator."
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
# investigator_id = ["varchar", "Investigator"]
# from_ts = ["varchar", "From", "UTC"]
# to_ts = ["varchar", "To", "UTC"]
# spoc_consult_ts = ["varchar", "When the stalking single point of contact was consulted", "UTC"]
# reason = "columns"
# ///

"""Force extract, table `allocation` of recording-standards 7: the allocation of a crime to an investigator."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "allocation",
    crime_id="ref",
    investigator_id="text",
    from_ts="ts",
    to_ts="ts?",
    spoc_consult_ts="ts?",
    reason="free?",
)
