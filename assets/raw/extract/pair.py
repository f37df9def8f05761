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
