"""Force extract, table `incident` of recording-standards 7: an incident or call record."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "incident",
    incident_id="key",
    force_code="text",
    created_ts="ts",
    closed_ts="ts?",
    channel="set:channel",
    caller_role="text",
    nsir_open="text",
    nsir_close="text?",
    graded="text",
    log_text="free?",
    attended_ts="ts?",
    da_flag="bool",
    crime_related="bool",
    no_crime_rationale="free?",
    decision_by="text?",
    decision_ts="ts?",
)
