"""Force extract, table `line_of_enquiry` of recording-standards 7: a line of enquiry."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "line_of_enquiry",
    crime_id="ref",
    type="text",
    raised_ts="ts",
    required="bool",
    done_ts="ts?",
    result="text?",
)
