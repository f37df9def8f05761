"""Files of the extract, in any form: from a delivered file to a table of its rows as text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from assets.readers import files
from assets.readers.csv import reader
from assets.readers.csv.layout import MASK, NO_VALUE, CsvSpec
from assets.readers.extract import formats, json_lists
from assets.readers.source import BrokenFile, DeliveredFile, Part, Reading
from assets.readers.sql import identifier, literal
from assets.readers.workbook.reader import is_workbook, sheet_names

# limits of a parquet file, as its footer has them
MOST_ROWS = 100_000  # that a file of any size may have
MOST_GROUPS = 10_000
MOST_COLUMNS = 10_000
MOST_TIMES = 200  # that a file may unpack to its size
SMALL_BYTES = 200_000_000  # and what any may unpack to


def is_parquet(file: DeliveredFile) -> bool:
    """Whether a file is parquet by its first bytes, whatever its name."""
    return file.head.startswith(b"PAR1")


def header_of(file: DeliveredFile, sheet: str | None = None) -> list[str] | None:
    """The names of the columns; None where the file has none, or is a workbook and no sheet is named."""
    if is_workbook(file):
        return formats.labels_of_sheet(file, sheet) if sheet is not None else None
    if json_lists.is_json(file):
        return json_lists.labels_of_json(file, sheet)
    if not is_parquet(file):
        return reader.header(file) if formats.separator_of(file) == "," else formats.labels_of_text(file)
    try:
        return list(pq.read_schema(file.path).names)
    except (pa.ArrowException, OSError):
        return None


def rows_in(file: DeliveredFile, sheet: str | None = None) -> int | None:
    """The rows of a file, sheet or list below its names, as far as they can be counted; None without any."""
    try:
        names = [sheet] if sheet is not None else formats.tables_in(file)
        if is_workbook(file):
            return sum(formats.rows_of_sheet(file, str(name)).height for name in names)
        if json_lists.is_json(file):
            return sum(json_lists.look_at(file.path, file.sha256, name)[1] for name in names)
        if is_parquet(file):
            return int(pq.read_metadata(file.path).num_rows)
    except (BrokenFile, pa.ArrowException, OSError):
        return None
    return max(file.newline_count - 1, 0) if len(header_of(file) or ()) > 1 else None


def unreadable(file: DeliveredFile) -> BrokenFile | None:
    """The reason why a file cannot be a table of the extract; None where it may be one."""
    try:
        if is_workbook(file):
            sheet_names(file)
        elif json_lists.is_json(file):
            for name in formats.tables_in(file):
                json_lists.look_at(file.path, file.sha256, name)
        elif not is_parquet(file):
            return files.not_csv(file)
        elif header_of(file) is None:
            return BrokenFile(
                "file", "a parquet file without a readable footer", "a complete parquet file",
                "It was cut on the way: deliver it again.",
            )  # fmt: skip
    except BrokenFile as problem:
        return problem
    return None


def load_text(
    con: duckdb.DuckDBPyConnection, table: str, part: Part, delivery_ref: str, scratch: Path, spec: CsvSpec
) -> tuple[Reading, list[str]]:
    """Make a temporary table of the rows as text; return the reading and those of our fields that are absent.

    `scratch` is a file that may be written on the way. Raises BrokenFile when the file cannot be used.
    """
    labels = header_of(part.file, part.sheet) or []
    present = {reader.plain(label): label for label in labels}
    wanted = {name: reader.plain(accepted[0]) for name, accepted in spec.columns.items()}
    absent = [name for name, label in wanted.items() if label not in present]
    if part.sheet is not None or json_lists.is_json(part.file):
        is_sheet = part.sheet is not None and is_workbook(part.file)
        frames = (
            [formats.rows_of_sheet(part.file, str(part.sheet))]
            if is_sheet
            else json_lists.rows_of_json(part.file, set(wanted.values()), part.sheet)
        )
        count = 0
        for number, rows in enumerate(frames):
            _write_frame(rows, wanted, delivery_ref, scratch, spec.masked)
            into = f"insert into {table}" if number else f"create temp table {table} as"
            con.execute(f"{into} from read_parquet({literal(scratch)})")
            count += rows.height
        scratch.unlink()
        reading = Reading(count, count)
        reading.notices = _left_out(labels, wanted, spec)
        reading.notices += formats.looks_of_sheet(part.file, str(part.sheet)) if is_sheet else []
        return reading, absent
    if not is_parquet(part.file):
        converted = scratch.with_name(f".{scratch.name}.csv")  # never the name of a delivered file
        masked = {label for name, label in wanted.items() if name in spec.masked}
        kept = set(wanted.values()) - masked
        try:
            plain_file, done = formats.comma_separated(part.file, converted, kept, masked)
            reading = reader.load_csv(con, table, replace(part, file=plain_file), delivery_ref, scratch, spec)
        finally:
            converted.unlink(missing_ok=True)
        reading.notices[:0] = done
        return reading, absent
    json_lists.check_once(labels)
    check_footer(part.file.size, pq.read_metadata(part.file.path))
    schema = pq.read_schema(part.file.path)
    columns = [
        f'{_as_text(present[label], schema.field(present[label]).type, name in spec.masked)} as "{name}"'
        if label in present else f'null::varchar as "{name}"' for name, label in wanted.items()
    ]  # fmt: skip
    try:
        row = con.execute(
            f"create temp table {table} as select $ref as delivery_ref, file_row_number + 1 as line_number,"
            f" {', '.join(columns)} from read_parquet($path, file_row_number = true)",
            {"ref": delivery_ref, "path": str(part.file.path)},
        ).fetchone()
    except duckdb.Error as problem:
        words = str(problem).splitlines()[0]
        if "write" in words.lower() or "space" in words.lower():
            raise  # the disk is full, which is no fault of the file
        raise BrokenFile("file", words[:200], "a parquet file that can be read", "Deliver it again.") from None
    count = int(row[0]) if row is not None else 0
    reading = Reading(count, count)
    reading.notices = _left_out(labels, wanted, spec)
    return reading, absent


def _left_out(labels: list[str], wanted: Mapping[str, str], spec: CsvSpec) -> list[str]:
    known = {*wanted.values(), *spec.elsewhere}
    unknown = [name for name in labels if name and reader.plain(name) not in known]
    return [f"column {name!r} is not known and was left out" for name in unknown]


def _write_frame(
    rows: pl.DataFrame, wanted: Mapping[str, str], delivery_ref: str, out: Path, masked: frozenset[str]
) -> None:
    """Write the rows of a workbook or JSON file under our names."""
    theirs = {reader.plain(label): label for label in rows.columns if label != json_lists.LINE}
    columns = [
        (pl.col(theirs[label]).cast(pl.String) if label in theirs else pl.lit(None, pl.String)).alias(name)
        for name, label in wanted.items()
    ]
    columns = [
        pl.when(~column.str.strip_chars().is_in(NO_VALUE)).then(pl.lit(MASK)).alias(name) if name in masked else column
        for name, column in zip(wanted, columns, strict=True)
    ]
    place = pl.col(json_lists.LINE).cast(pl.Int64)
    rows.select(pl.lit(delivery_ref).alias("delivery_ref"), place, *columns).write_parquet(out)


def check_footer(size: int, footer: pq.FileMetaData) -> None:
    """Raise BrokenFile for a file that unpacks to far more than it is, by its footer alone.

    A few bytes can name millions of equal rows, millions of groups of rows, or a value of gigabytes.
    """
    groups = footer.num_row_groups
    unpacked = 0 if groups > MOST_GROUPS else sum(footer.row_group(n).total_byte_size for n in range(groups))
    for seen, is_too_much, expected in (
        (f"{footer.num_rows:,} rows in {size:,} bytes", footer.num_rows > max(size, MOST_ROWS),
         "at least a byte a row"),
        (f"{groups:,} groups of rows", groups > MOST_GROUPS, f"at most {MOST_GROUPS:,}"),
        (f"{footer.num_columns:,} columns", footer.num_columns > MOST_COLUMNS, f"at most {MOST_COLUMNS:,}"),
        (f"{size:,} bytes that unpack to {unpacked:,}", unpacked > max(size * MOST_TIMES, SMALL_BYTES),
         f"at most {MOST_TIMES} times the size"),
    ):  # fmt: skip
        if is_too_much:
            raise BrokenFile(
                "footer", seen, expected, "It was not unpacked. If it is genuine, deliver it as CSV."
            )  # fmt: skip


def _as_text(label: str, kind: pa.DataType, is_masked: bool) -> str:
    """SQL of a parquet column as the text that a csv file would have, or of whether it has one."""
    column = identifier(label)
    if is_masked:
        return f"case when trim(cast({column} as varchar)) not in {NO_VALUE} then '{MASK}' end"
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    if pa.types.is_timestamp(kind):
        zoned = kind.tz is not None
        moment = f"timezone('UTC', {column})" if zoned else column
        text = f"strftime({moment}, '%Y-%m-%dT%H:%M:%S.%f')"
        return f"{text} || 'Z'" if zoned else text
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        # whole numbers beside missing ones are often stored as floats: 1001.0 is the key 1001
        number = f"cast({column} as double)"
        whole = f"{number} = trunc({number}) and abs({number}) < 1e15"
        text = f"case when {whole} then cast(cast({column} as bigint) as varchar) else cast({column} as varchar) end"
        return f"case when not isnan({number}) then {text} end"
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return f"coalesce(try(decode({column})), hex({column}))"  # some writers do not mark their text as text
    if pa.types.is_nested(kind):
        return f"cast(to_json({column}) as varchar)"
    return f"cast({column} as varchar)"
