# /// card
# description = "One row is bail, release under investigation or remand."
# grain = ["delivery_ref", "line_number"]
# audience = []
# caveats = [
#     "Personal data of the force: it stays in the warehouse and is published only through the tables made from it.",
# ]
# publisher = "The force whose extract it is"
# licence = "Not licensed for publication"
# published = "with each extract"
# [columns]
# custody_id = ["varchar", "Custody record"]
# type = ["varchar", "Kind"]
# start_ts = ["varchar", "From", "UTC"]
# end_ts = ["varchar", "To", "UTC"]
# conditions_n = ["varchar", "Conditions"]
# extended_by = ["varchar", "Who extended it"]
# breached_ts = ["varchar", "When it was breached", "UTC"]
# rationale = ["varchar", "Why"]
# ///

"""Force extract, table `bail` of recording-standards 7: bail, release under investigation or remand."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "bail",
    custody_id="ref",
    type="set:bail_type",
    start_ts="ts",
    end_ts="ts?",
    conditions_n="int",
    extended_by="text?",
    breached_ts="ts?",
    rationale="free?",
)
