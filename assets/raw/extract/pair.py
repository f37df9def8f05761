# /// card
# description = "One row is a pair of victim and suspect, as the record system counts it; ours are derived."
# grain = ["delivery_ref", "line_number"]
# audience = []
# caveats = [
#     "Personal data of the force: it stays in the warehouse and is published only through the tables made from it.",
# ]
# publisher = "The force whose extract it is"
# licence = "Not licensed for publication"
# published = "with each extract"
# [columns]
# pair_id = ["varchar", "Pair"]
# "victim_key, suspect_key" = "columns"
# first_seen = ["varchar", "First event", "UTC"]
# last_seen = ["varchar", "Last event", "UTC"]
# n_incident = ["varchar", "Incidents"]
# n_crime = ["varchar", "Crimes"]
# ///

"""Force extract, table `pair` of recording-standards 7: a pair of victim and suspect."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "pair",
    pair_id="key",
    victim_key="text",
    suspect_key="text",
    first_seen="ts",
    last_seen="ts",
    n_incident="int",
    n_crime="int",
)
