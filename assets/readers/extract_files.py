"""Files of the extract, csv or parquet, to a parquet file of their rows as text."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from assets.readers import csv
from assets.readers.csv import CsvSpec
from assets.readers.source import BrokenFile, DeliveredFile, Part, Reading


def is_parquet(file: DeliveredFile) -> bool:
    """By its first bytes, whatever its name says."""
    return file.head.startswith(b"PAR1")


def header_of(file: DeliveredFile) -> list[str] | None:
    """The names of the columns; None where there are none to read."""
    if not is_parquet(file):
        return csv.header(file)
    try:
        return list(pq.read_schema(file.path).names)
    except (pa.ArrowException, OSError):
        return None


def text_parquet(part: Part, delivery_ref: str, out: Path, spec: CsvSpec) -> tuple[Reading, list[str]]:
    """Write the rows as text to `out`; what came of it, and which of our fields are absent.

    Raises BrokenFile when the file cannot be used.
    """
    labels = header_of(part.file)
    present = {csv.plain(label) for label in labels or ()}
    absent = [name for name, accepted in spec.columns.items() if csv.plain(accepted[0]) not in present]
    if not is_parquet(part.file):
        return csv.read_csv(part, delivery_ref, out, spec), absent
    if labels is None:
        raise BrokenFile(
            "file", "a parquet file without a readable footer", "a complete parquet file",
            "It was cut on the way: deliver it again.",
        )  # fmt: skip
    by_plain = {csv.plain(label): label for label in labels}
    columns = []
    for name, accepted in spec.columns.items():
        label = by_plain.get(csv.plain(accepted[0]))
        columns.append(f'{_as_text(label, part.file.path)} as "{name}"' if label else f'null::varchar as "{name}"')
    try:
        with duckdb.connect(config={"threads": 2}) as con:
            con.execute("set timezone = 'UTC'")
            row = con.execute(
                f"copy (select {_text(delivery_ref)} as delivery_ref, file_row_number + 1 as line_number,"
                f" {', '.join(columns)} from read_parquet({_text(str(part.file.path))}, file_row_number = true))"
                f" to {_text(str(out))} (format parquet)"
            ).fetchone()
    except duckdb.Error as problem:
        raise BrokenFile(
            "file", str(problem).splitlines()[0][:200], "a parquet file that can be read", "Deliver it again."
        ) from None
    count = int(row[0]) if row is not None else 0
    ours = {csv.plain(accepted[0]) for accepted in spec.columns.values()}
    reading = Reading(count, count)
    reading.notices = [
        f"column {label!r} is not known and was left out" for label in labels if csv.plain(label) not in ours
    ]
    return reading, absent


def _as_text(label: str, path: Path) -> str:
    """SQL of a parquet column as the text that a csv file would hold."""
    kind = pq.read_schema(path).field(label).type
    column = '"' + label.replace('"', '""') + '"'
    if pa.types.is_timestamp(kind):
        zoned = kind.tz is not None
        moment = f"timezone('UTC', {column})" if zoned else column
        text = f"strftime({moment}, '%Y-%m-%dT%H:%M:%S.%f')"
        return f"{text} || 'Z'" if zoned else text
    if pa.types.is_nested(kind):
        return f"cast(to_json({column}) as varchar)"
    return f"cast({column} as varchar)"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
