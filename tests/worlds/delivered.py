"""Small deliveries of data.police.uk, made byte by byte, and what became of them. Plain functions, no fixtures."""

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from assets.raw.open_data import police_uk_outcomes, police_uk_street
from assets.readers import files
from assets.readers.source import BrokenFile, DeliveredFile, Reading, Source

STREET_HEADER = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,"
    "Crime type,Last outcome category,Context"
)
OUTCOMES_HEADER = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Outcome type"
)
SOURCES: tuple[Source, ...] = (police_uk_outcomes.SOURCE, police_uk_street.SOURCE)
STREET_NAME = "2025-01/2025-01-kent-street.csv"


@dataclass
class Outcome:
    """What came of one file or member: a reading with its rows, a refusal, or neither (nobody's file)."""

    name: str
    source: str = ""
    reading: Reading | None = None
    rows: list[dict[str, Any]] | None = None
    broken: BrokenFile | None = None
    description: str = ""


def crime_id(number: int) -> str:
    """A made-up ID in the published form: 64 hexadecimal characters."""
    return f"{number:064x}"


def street_row(number: int = 1, **changes: str) -> str:
    """One line of a street file; columns by our names, everything else as an ordinary row has it."""
    row = {
        "crime_id": crime_id(number), "month": "2025-01", "reported_by": "Kent Police",
        "falls_within": "Kent Police", "longitude": "1.081", "latitude": "51.279",
        "location": "On or near High Street", "lsoa_code": "E01024044", "lsoa_name": "Canterbury 001A",
        "crime_type": "Burglary", "last_outcome_category": "Under investigation", "context": "",
    }  # fmt: skip
    assert not set(changes) - set(row)
    return ",".join((row | changes).values())


def outcome_row(number: int = 1, **changes: str) -> str:
    """One line of an outcomes file."""
    row = {
        "crime_id": crime_id(number), "month": "2025-01", "reported_by": "Kent Police",
        "falls_within": "Kent Police", "longitude": "1.081", "latitude": "51.279",
        "location": "On or near High Street", "lsoa_code": "E01024044", "lsoa_name": "Canterbury 001A",
        "outcome_type": "Suspect charged",
    }  # fmt: skip
    assert not set(changes) - set(row)
    return ",".join((row | changes).values())


def table(*rows: str, header: str = STREET_HEADER, end: str = "\n") -> bytes:
    """A whole file: the header and the rows, each with its line end, in UTF-8."""
    return "".join(line + end for line in (header, *rows)).encode()


def outcomes(*rows: str) -> bytes:
    """A whole outcomes file."""
    return table(*rows, header=OUTCOMES_HEADER)


def zipped(members: dict[str, bytes]) -> bytes:
    """A zip archive of members by name."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return target.getvalue()


def deliver(folder: Path, content: bytes, name: str = STREET_NAME) -> list[Outcome]:
    """Put a file into a data folder and take it in as a build does: by content first, then by name.

    Whatever is read, nothing is lost: asserted here for every delivery of every test.
    """
    path = folder / "data" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return [_outcome_of(found, folder) for found in files.open_file(path, name, folder / "scratch")]


def _outcome_of(found: DeliveredFile | tuple[str, BrokenFile], folder: Path) -> Outcome:
    if not isinstance(found, DeliveredFile):
        return Outcome(found[0], broken=found[1])
    for source in SOURCES:
        for part in source.parts(found):
            out = folder / "rows.parquet"
            try:
                reading = source.read(part, "ref", out)
            except BrokenFile as problem:
                assert not out.exists(), "a refused file leaves no rows behind"
                return Outcome(found.name, source.table, broken=problem)
            rows = pq.read_table(out).to_pylist()
            out.unlink()
            assert reading.rows_read == reading.rows_loaded + len(reading.quarantined)
            assert reading.rows_loaded == len(rows)
            return Outcome(found.name, source.table, reading, rows)
    for source in SOURCES:
        if source.looks_like(found.name):
            return Outcome(found.name, source.table, broken=files.why_not(found, source))
    return Outcome(found.name, description=files.describe(found))


def taken_in(folder: Path, content: bytes, name: str = STREET_NAME) -> tuple[Reading, list[dict[str, Any]]]:
    """Deliver a file that must be read: the reading and its rows."""
    [outcome] = deliver(folder, content, name)
    assert outcome.broken is None, outcome.broken
    assert outcome.reading is not None
    assert outcome.rows is not None
    return outcome.reading, outcome.rows


def refused(folder: Path, content: bytes, name: str = STREET_NAME) -> str:
    """Deliver a file that must be refused whole: the message as it is shown, with the file's name."""
    [outcome] = deliver(folder, content, name)
    assert outcome.broken is not None, outcome
    return f"{outcome.name}: {outcome.broken}"


def says(message: str, *parts: str) -> None:
    """Assert that every part stands in the message."""
    for part in parts:
        assert part in message, f"{part!r} is not in: {message}"
