# /// card
# description = "One row is a condition of a civil order."
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
# condition_no = ["varchar", "Number of the condition in its order"]
# kind = ["varchar", "What it forbids or requires"]
# ///

"""Force extract, table `order_condition`: what an order forbids or requires."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "order_condition",
    order_id="ref",
    condition_no="int",
    kind="set:order_condition_kind",
)
