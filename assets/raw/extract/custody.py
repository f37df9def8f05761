# /// card
# description = "One row is an arrest and detention."
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
# crime_id = "columns"
# person_key = ["varchar", "Person arrested"]
# arrest_ts = ["varchar", "When", "UTC"]
# asn = ["varchar", "Arrest summons number"]
# arrest_reason = ["varchar", "Why"]
# interview_ts = ["varchar", "When the person was interviewed", "UTC"]
# release_ts = ["varchar", "When the person was released", "UTC"]
# disposal = ["varchar", "What then happened"]
# ///

"""Force extract, table `custody` of recording-standards 7: an arrest and detention."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "custody",
    custody_id="key",
    crime_id="text",
    person_key="text",
    arrest_ts="ts",
    asn="text?",
    arrest_reason="free",
    interview_ts="ts?",
    release_ts="ts?",
    disposal="text",
)
