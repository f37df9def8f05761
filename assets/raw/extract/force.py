# /// card
# description = "One row is a force that the extract covers."
# grain = ["delivery_ref", "line_number"]
# audience = []
# caveats = [
#     "Personal data of the force: it stays in the warehouse and is published only through the tables made from it.",
# ]
# publisher = "The force whose extract it is"
# licence = "Not licensed for publication"
# published = "with each extract"
# [columns]
# force_code = "columns"
# name = ["varchar", "Name of the force"]
# rms = ["varchar", "Record system: niche, athena, connect or other"]
# ///

"""Force extract, table `force` of recording-standards 7: a force that the extract covers."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "force",
    force_code="key",
    name="text",
    rms="text",
)
