"""Force extract, table `force` of recording-standards 7: a force that the extract covers."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "force",
    force_code="key",
    name="text",
    rms="text",
)
