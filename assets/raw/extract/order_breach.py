# /// card
# description = "One row is a breach of an order."
# grain = ["delivery_ref", "line_number"]
# audience = []
# caveats = [
#     "Personal data of the force: it stays in the warehouse and is published only through the tables made from it.",
# ]
# publisher = "The force whose extract it is"
# licence = "Not licensed for publication"
# published = "with each extract"
# [columns]
# breach_id = ["varchar", "Breach"]
# order_id = ["varchar", "Order breached"]
# ts = "columns"
# crime_id = ["varchar", "Crime recorded for it"]
# arrest_ts = ["varchar", "When an arrest was made", "UTC"]
# no_crime_rationale = ["varchar", "Why no crime was recorded"]
# condition_no = ["varchar", "Number of the condition that was breached"]
# ///

"""Force extract, table `order_breach` of recording-standards 7: a breach of an order."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "order_breach",
    breach_id="key",
    order_id="text",
    ts="ts",
    crime_id="text?",
    arrest_ts="ts?",
    no_crime_rationale="free?",
    condition_no="int?",
)
