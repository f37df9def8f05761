# /// card
# description = "One row is an event in the life of a civil order."
# grain = ["delivery_ref", "line_number"]
# audience = []
# caveats = [
#     "Personal data of the force: it stays in the warehouse and is published only through the tables made from it.",
# ]
# publisher = "The force whose extract it is"
# licence = "Not licensed for publication"
# published = "with each extract"
# [columns]
# order_id = ["varchar", "Order"]
# ts = "columns"
# kind = ["varchar", "What happened"]
# ///

"""Force extract, table `order_event`: what happened to an order after it was applied for."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "order_event",
    order_id="ref",
    ts="ts",
    kind="set:order_event_kind",
)
