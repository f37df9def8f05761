"""Comma-separated files: from a delivered file to a parquet file of its rows as text.

Clean files take the fast path: DuckDB reads them strictly and writes parquet in one pass, checks included. At
any doubt the careful path of `csv/records` reads the file again and names the line. Both give the same rows.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from assets.readers.csv.layout import MASK, NO_VALUE, Check, CsvSpec, Layout, layout_of, matches, notices, why_not
from assets.readers.csv.records import Record, encoding, header, lines, plain, records, trimmed
from assets.readers.files import check_unchanged
from assets.readers.source import BrokenFile, DeliveredFile, Part, QuarantinedRow, Reading
from assets.readers.sql import literal

__all__ = [
    "Check", "CsvSpec", "header", "lines", "load_csv", "matches", "plain", "read_csv", "records", "usable", "why_not",
]  # fmt: skip

# A cell of more characters than this is no value of a table.
CELL_LIMIT = 1_000_000
_BATCH = 50_000
_BLOCK = 1 << 20
# Level 1 and data pages of version 2: a tenth less time than DuckDB's defaults, and smaller.
_PARQUET = "format parquet, compression zstd, compression_level 1, parquet_version v2"

_BLANK_BESIDE_QUOTE = re.compile(rb'(^|,) +"|" +(,|\r?$)', re.MULTILINE)

Keep = Callable[[str], int]  # writes the rows of a query and counts them

_thread = threading.local()


def read_csv(part: Part, delivery_ref: str, out: Path, spec: CsvSpec) -> Reading:
    """Write the usable rows of a file to the parquet file `out`, as text; return the others and notices.

    Columns: delivery_ref, line_number (bigint, physical line on which the row begins, header counted), then
    those of `spec`; empty is null, anything else as delivered. Safe to call from several threads. Raises
    BrokenFile when the file as a whole cannot be used.
    """
    return _read_rows(part, delivery_ref, _kept_in_file(out), out, spec)


def load_csv(
    con: duckdb.DuckDBPyConnection, table: str, part: Part, delivery_ref: str, scratch: Path, spec: CsvSpec
) -> Reading:
    """Make a temporary table of the usable rows, as `read_csv` would write them.

    `scratch` is a file for the rows that have to be read carefully.
    """

    def keep(rows: str) -> int:
        return _count(con, f"create or replace temp table {table} as {rows}")

    reading = _read_rows(part, delivery_ref, keep, scratch, spec)
    if scratch.exists():
        keep(f"from read_parquet({literal(scratch)})")
        scratch.unlink()
    return reading


def _kept_in_file(out: Path) -> Keep:
    def keep(rows: str) -> int:
        # under a name of its own: what DuckDB clears away after a failed copy must not be what is written next
        apart = out.with_name(f"{out.name}.fast")
        try:
            count = _count(_connection(), f"copy ({rows}) to {literal(apart)} ({_PARQUET})")
            apart.replace(out)
        finally:
            apart.unlink(missing_ok=True)
        return count

    return keep


def _count(con: duckdb.DuckDBPyConnection, statement: str) -> int:
    """The number of rows that a statement has written."""
    ((count,),) = con.execute(statement).fetchall()
    return int(count)


def _read_rows(part: Part, delivery_ref: str, keep: Keep, out: Path, spec: CsvSpec) -> Reading:
    """Rows that can be read fast are kept by `keep`; those that need care go into `out`."""
    file = part.file
    try:
        layout = layout_of(file, spec)
        rows = _read_fast(file, layout, delivery_ref, keep, spec)
        reading = Reading(rows, rows) if rows else _read_carefully(file, layout, delivery_ref, out, spec)
        check_unchanged(file)
    except (BrokenFile, FileNotFoundError):
        out.unlink(missing_ok=True)
        check_unchanged(file)
        raise
    reading.notices[:0] = notices(file, layout, spec)
    return reading


def _connection() -> duckdb.DuckDBPyConnection:
    """An in-memory database of this thread alone, on one core: files are read in parallel, rows stay in order."""
    if not hasattr(_thread, "connection"):
        _thread.connection = duckdb.connect(config={"threads": 1})
    connection: duckdb.DuckDBPyConnection = _thread.connection
    return connection


def _read_fast(file: DeliveredFile, layout: Layout, delivery_ref: str, keep: Keep, spec: CsvSpec) -> int:
    """Rows kept, or 0 at any doubt: then the file needs the careful path."""
    if not _may_be_clean(file):
        return 0
    given = [f"column_{position}" for position in range(layout.width)]
    for name, position in layout.positions.items():
        if position >= 0:
            given[position] = name
    present = ", ".join(
        f'"{name}"' if position >= 0 else f'null::varchar as "{name}"' for name, position in layout.positions.items()
    )
    selected = {
        name: f'case when trim("{name}") not in {NO_VALUE} then \'{MASK}\' end as "{name}"'
        if name in spec.masked
        else f'"{name}"'
        for name in spec.columns
    }
    if spec.checks:
        # A row that fails ends the fast path: the checks then cost little and need no second pass over the rows.
        usable = " and ".join(f"({check.usable_sql})" for check in spec.checks)
        name = spec.checks[0].column
        selected[name] = f"""case when {usable} then "{name}" else error('unusable') end as "{name}\""""
    types = ", ".join(f"{literal(name)}: 'varchar'" for name in given)
    read = (
        f"read_csv({literal(file.path)}, columns = {{{types}}}, auto_detect = false, header = true, delim = ',',"
        f" quote = '\"', escape = '\"', maximum_line_size = {CELL_LIMIT}, compression = 'none',"
        " hive_partitioning = false)"
    )
    rows = (
        f"select {literal(delivery_ref)} as delivery_ref, row_number() over () + 1 as line_number,"
        f" {', '.join(selected.values())} from (select {present} from {read})"
    )
    try:
        kept = keep(rows)
    except duckdb.Error:
        return 0
    # Every physical line must be a row, or line numbers cannot be trusted.
    return kept if kept == file.newline_count - 1 else 0


def _may_be_clean(file: DeliveredFile) -> bool:
    """False where DuckDB's reader is known to need help.

    That is: a byte order mark, a NUL, a last line without its end, carriage returns that end no line, blanks
    beside a quote; and a path that it would take for a pattern.
    """
    if file.has_nul or encoding(file.head) != "utf-8" or file.return_count not in (0, file.newline_count):
        return False
    if any(mark in str(file.path) for mark in "*?["):
        return False
    with open(file.path, "rb") as stream:
        while file.has_quote and (block := stream.read(_BLOCK) + stream.readline(CELL_LIMIT)):
            # the two searches cost a tenth of the pattern
            if (b' "' in block or b'" ' in block) and _BLANK_BESIDE_QUOTE.search(block):
                return False
        stream.seek(max(0, file.size - 1))
        return stream.read(1) == b"\n"


def _read_carefully(file: DeliveredFile, layout: Layout, delivery_ref: str, out: Path, spec: CsvSpec) -> Reading:
    reading = Reading(0, 0)
    fields = [pa.field("delivery_ref", pa.string()), pa.field("line_number", pa.int64())]
    schema = pa.schema([*fields, *(pa.field(name, pa.string()) for name in spec.columns)])
    with pq.ParquetWriter(out, schema, compression="zstd") as writer:
        for batch in _batches(file, layout, reading):
            table = pa.table(
                [pa.array([delivery_ref] * len(batch)), pa.array([r.line for r in batch], pa.int64()),
                 *(_column(batch, layout.positions[name], name in spec.masked) for name in spec.columns)],
                schema=schema,
            )  # fmt: skip
            writer.write_table(usable(table, spec, reading))
    if reading.rows_read == 0 and not spec.may_be_empty:
        raise BrokenFile(
            "line 1", "a header and no rows", "at least one row",
            "No rows is not zero crime: ask the publisher whether the file is complete.",
        )  # fmt: skip
    reading.quarantined.sort(key=lambda row: row.line_number)
    return reading


def _column(batch: list[Record], position: int, is_masked: bool) -> pa.Array:
    if position < 0:
        return pa.nulls(len(batch), pa.string())
    if is_masked:
        blank = [record.fields[position].strip() in NO_VALUE for record in batch]
        return pa.array([None if is_blank else MASK for is_blank in blank], pa.string())
    return pa.array([record.fields[position] or None for record in batch], pa.string())


def _batches(file: DeliveredFile, layout: Layout, reading: Reading) -> Iterator[list[Record]]:
    """Rows whose fields can be separated, counted and in batches; the others go to quarantine."""
    batch: list[Record] = []
    blank, first_blank = 0, 0
    last: Record | None = None
    found = records(lines(file), layout.width)
    next(found, None)  # the header
    for record in found:
        if not record.fields:
            blank, first_blank = blank + 1, first_blank or record.line
            continue
        reading.rows_read += 1
        last = record._replace(fields=trimmed(record.fields, layout.width))
        fault = _fault(last, layout)
        if fault is None:
            batch.append(last)
        elif not last.is_ended and len(last.fields) < layout.width:
            raise _cut(last, layout)
        else:
            reading.quarantined.append(fault)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    yield batch
    if blank:
        reading.notices.append(f"line {first_blank}: blank; {blank} blank line(s) in all were skipped")
    if last is not None and not last.is_ended:
        reading.notices.append(f"line {last.line}: no line end after the last row; the file may have been cut")


def _fault(record: Record, layout: Layout) -> QuarantinedRow | None:
    """The reason why a row cannot even be checked, or None."""
    if record.fault:
        return _set_aside(record.line, "", record.fields[0], record.fault)
    if len(record.fields) != layout.width:
        return _set_aside(
            record.line, "", ",".join(record.fields),
            f"expected {layout.width} values as in the header; the row has {len(record.fields)}; correct the row",
        )  # fmt: skip
    for position, value in enumerate(record.fields):
        if "\0" in value or len(value) > CELL_LIMIT:
            reason = "expected text; the value has a NUL byte; ask for the file again"
            if "\0" not in value:
                reason = f"expected at most {CELL_LIMIT:,} characters; the value has {len(value):,}; correct the row"
            name = next((n for n, p in layout.positions.items() if p == position), layout.labels[position])
            return _set_aside(record.line, name, value, reason)
    return None


def _set_aside(line: int, column: str, value: str, reason: str) -> QuarantinedRow:
    # A NUL has no place in a database's text: shown by its symbol.
    shown = value[:500] + ("..." if len(value) > 500 else "")
    return QuarantinedRow(line, column, shown.replace("\0", "\u2400"), reason)


def _cut(record: Record, layout: Layout) -> BrokenFile:
    return BrokenFile(
        f"line {record.line}",
        f"{len(record.fields)} values and the end of the file",
        f"{layout.width} values and a line end",
        "The file was cut on the way: download it again.",
    )  # fmt: skip


def usable(table: pa.Table, spec: CsvSpec, reading: Reading) -> pa.Table:
    """The rows that meet every check; the others go to quarantine with the first check they fail."""
    faults = pa.nulls(table.num_rows, pa.int32())
    if spec.checks and table.num_rows:
        cases = " ".join(f"when ({c.usable_sql}) is not true then {n}" for n, c in enumerate(spec.checks))
        connection = _connection()
        connection.register("batch", table)
        found = connection.execute(f"select cast(case {cases} end as integer) as fault from batch").fetchall()
        connection.unregister("batch")
        faults = pa.array([row[0] for row in found], pa.int32())
    for row, number in enumerate(faults.to_pylist()):
        if number is not None:
            check = spec.checks[number]
            value = table[check.column][row].as_py() or ""
            reading.quarantined.append(_set_aside(table["line_number"][row].as_py(), check.column, value, check.reason))
    kept = table.filter(faults.is_null())
    reading.rows_loaded += kept.num_rows
    return kept
