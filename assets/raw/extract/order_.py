# /// card
# description = "One row is a civil order, applied for or considered."
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
# type = ["varchar", "Kind of order"]
# victim_key = ["varchar", "Person protected"]
# respondent_key = ["varchar", "Person bound"]
# applied_ts = ["varchar", "When it was applied for", "UTC"]
# interim = ["varchar", "An interim order"]
# granted_ts = ["varchar", "When it was granted", "UTC"]
# served_ts = ["varchar", "When it was served", "UTC"]
# expires = ["varchar", "Last day on which it binds"]
# court = ["varchar", "Court"]
# grounds_acts = ["varchar", "Ground: acts associated with stalking"]
# grounds_risk = ["varchar", "Ground: risk associated with stalking"]
# grounds_necessary = ["varchar", "Ground: necessary to protect"]
# conditions_n = ["varchar", "Conditions"]
# positive_req = ["varchar", "Has a positive requirement"]
# outcome = ["varchar", "What became of it"]
# notify_due = ["varchar", "When notification is due", "UTC"]
# notified_ts = ["varchar", "When the person notified", "UTC"]
# considered_ts = ["varchar", "When the order was considered", "UTC"]
# not_applied_rationale = ["varchar", "Why it was not applied for"]
# ///

"""Force extract, table `order_` of recording-standards 7: a civil order, applied for or considered."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "order_",
    order_id="key",
    type="set:order_type",
    victim_key="text?",
    respondent_key="text",
    applied_ts="ts?",
    interim="bool",
    granted_ts="ts?",
    served_ts="ts?",
    expires="date?",
    court="text?",
    grounds_acts="bool?",
    grounds_risk="bool?",
    grounds_necessary="bool?",
    conditions_n="int",
    positive_req="bool",
    outcome="text",
    notify_due="ts?",
    notified_ts="ts?",
    considered_ts="ts?",
    not_applied_rationale="free?",
)
