# /// card
# description = "One row is an incident or call record."
# grain = ["delivery_ref", "line_number"]
# audience = []
# caveats = [
#     "Personal data of the force: it stays in the warehouse and is published only through the tables made from it.",
# ]
# publisher = "The force whose extract it is"
# licence = "Not licensed for publication"
# published = "with each extract"
# [columns]
# incident_id = ["varchar", "Incident, unique in the extract"]
# force_code = "columns"
# created_ts = ["varchar", "When the incident record was made: the first report to police", "UTC"]
# closed_ts = ["varchar", "When it was closed", "UTC"]
# channel = ["varchar", "How it was reported"]
# caller_role = ["varchar", "Who reported it"]
# nsir_open = ["varchar", "Opening code of the National Standard for Incident Recording"]
# nsir_close = ["varchar", "Closing code of the National Standard for Incident Recording"]
# graded = ["varchar", "Response grade"]
# log_text = ["varchar", "Log, free text"]
# attended_ts = ["varchar", "When an officer attended", "UTC"]
# da_flag = ["varchar", "Marked as domestic abuse"]
# crime_related = ["varchar", "The circumstances as reported amount to a crime"]
# no_crime_rationale = ["varchar", "Why no crime was recorded"]
# decision_by = ["varchar", "Who decided that no crime was to be recorded"]
# decision_ts = ["varchar", "When that was decided", "UTC"]
# ///

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
