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
