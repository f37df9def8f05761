"""Reader of names of people: in memory alone, and without any of its values in a message.

They come as `person_identity`, or as columns of a wider file that mapping.toml names. Only linkage reads them. A row
that cannot be used is counted, not quoted.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl
import pyarrow.parquet as pq

from assets.readers import files
from assets.readers.csv.layout import NO_VALUE
from assets.readers.csv.records import plain
from assets.readers.extract import formats, json_lists
from assets.readers.extract.columns import columns_of, is_made, made_sql
from assets.readers.extract.files import check_footer
from assets.readers.source import BrokenFile, ExtractMapping, TableMapping
from assets.readers.sql import identifier
from assets.readers.workbook.reader import is_workbook

TABLE = "person_identity"
NO_KEY, ONCE_MORE = "no person_key", "a person_key once more"  # why a row is left out
BIRTH_DATE, FULL_NAME = "date_of_birth", "full_name"
FIELDS = {
    "person_key": "key", "forename": "free?", "middle_name": "free?", "surname": "free?", "alias": "free?",
    "date_of_birth": "free?", "sex": "free?", "postcode": "free?", "phone": "free?", "email": "free?", "pncid": "free?",
    FULL_NAME: "free?",
}  # fmt: skip
PRIVATE_FIELDS = frozenset(FIELDS) - {"person_key", "sex"}


@dataclass(frozen=True)
class Identities:
    """The usable rows, the number read, and the number left out by reason."""

    frame: pl.DataFrame
    row_count: int
    left_out: Mapping[str, int]


def is_identities(name: str, mapping: ExtractMapping) -> bool:
    """Whether a file has names of people, or a part of them, by its own name or the one that the mapping gives."""
    stem = name.replace("!", "/").rsplit("/", 1)[-1].lower().split(".")[0]
    return mapping.is_named(stem, TABLE) or bool(_blocks(name, mapping))


def _blocks(name: str, mapping: ExtractMapping) -> list[TableMapping]:
    """What the mapping says of names in this file."""
    return [block for block in mapping.blocks(TABLE) if mapping.is_named(_base(name), (block.file or TABLE).lower())]


def is_for_linkage_alone(name: str, mapping: ExtractMapping) -> bool:
    """Whether a file has names of people and feeds no other table."""
    return is_identities(name, mapping) and not set(mapping.fed_by(_base(name))) - {TABLE}


def _base(name: str) -> str:
    return formats.stem(name) or name.replace("!", "/").rsplit("/", 1)[-1].lower()


def read_identities(path: Path, mapping: ExtractMapping) -> Identities:
    """Read the names in a file. Raises BrokenFile, whose words name columns but no value."""
    blocks = _blocks(path.name, mapping) or [TableMapping()]
    given = _rows(path)
    if any("\0" in label for label in given.columns):
        raise _unreadable("names of columns without NUL bytes")
    labels = {plain(label): label for label in given.columns if label != json_lists.LINE}
    said = [{field: block.fields.get(field, field) for field in FIELDS} for block in blocks]
    missing = [
        column
        for block in said
        for field in ("person_key", *(() if plain(block[FULL_NAME]) in labels else ("forename", "surname")))
        for column in columns_of(block[field])
        if plain(column) not in labels
    ]
    missing += [column for block in blocks for column in block.only_if if plain(column) not in labels]
    if missing:
        raise BrokenFile(
            "columns", f"a file without {', '.join(dict.fromkeys(missing))}", f"the columns of {TABLE}",
            "Deliver it with them, or say in mapping.toml what they are called.",
        )  # fmt: skip
    selects = [_select(block, texts, labels) for block, texts in zip(blocks, said, strict=True)]
    with duckdb.connect(":memory:", config={"threads": 1, "temp_directory": ""}) as con:
        con.register("given", given)
        frame: pl.DataFrame = con.sql(" union all ".join(selects)).pl()
    frame = frame.with_columns(pl.col("person_key").str.normalize("NFC"))  # as in the tables that name it
    if mapping.scope:
        frame = frame.with_columns(person_key=pl.lit(f"{mapping.scope}/") + pl.col("person_key"))
    frame = _with_parts_of_names(frame)
    if mapping.is_shared(TABLE):
        frame = frame.unique(maintain_order=True)  # a person is in many rows of a wider file
    keyed = frame.filter(pl.col("person_key").is_not_null())
    return together([Identities(keyed, frame.height, {NO_KEY: frame.height - keyed.height})])


def together(files: Sequence[Identities]) -> Identities:
    """The names of several files as those of one; of a person in two of them the first counts."""
    rows = pl.concat([file.frame for file in files])
    once = rows.unique("person_key", keep="first", maintain_order=True)
    left_out = sum((Counter(file.left_out) for file in files), Counter())
    left_out += Counter({ONCE_MORE: rows.height - once.height})
    return Identities(once, sum(file.row_count for file in files), dict(left_out))


def _select(block: TableMapping, said: Mapping[str, str], labels: Mapping[str, str]) -> str:
    """SQL of the rows that one block makes."""

    def cell(column: str) -> str:
        text = f"trim({identifier(labels[plain(column)])})"
        return f"case when {text} not in {NO_VALUE} then {text} end"

    fields = []
    for field, text in said.items():
        if any(plain(column) not in labels for column in columns_of(text)):
            fields.append(f"null::varchar as {field}")
        else:
            fields.append(f"{made_sql(text, cell) if is_made(text) else cell(text)} as {field}")
    where = " or ".join(f"{cell(column)} is not null" for column in block.only_if) or "true"
    return f"select {', '.join(fields)} from given where {where}"


def _with_parts_of_names(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with a whole name in its parts: `SMITH, Jane Ann` and `Jane Ann Smith` are one."""
    whole = pl.col(FULL_NAME)
    has_comma = whole.str.contains(",")
    after = whole.str.replace(r"^[^,]*,\s*", "").str.strip_chars()
    given = pl.when(has_comma).then(after).otherwise(whole.str.extract(r"^(.*)\s+\S+$"))
    family = pl.when(has_comma).then(whole.str.extract(r"^([^,]*)")).otherwise(whole.str.extract(r"(\S+)$"))
    parts = {
        "forename": given.str.extract(r"^(\S+)"),
        "middle_name": given.str.extract(r"^\S+\s+(.*)$"),
        "surname": family.str.strip_chars(),
    }
    return frame.with_columns(pl.coalesce(name, part).alias(name) for name, part in parts.items()).drop(FULL_NAME)


def _rows(path: Path) -> pl.DataFrame:
    """The rows of the file as text, each with its line. Raises BrokenFile."""
    file = files.inspect(path, path.name)
    if is_workbook(file):
        sheets = formats.sheets_of(file, _base(path.name), True)
        if not sheets:
            raise _unreadable("a workbook with a filled sheet")
        return pl.concat([formats.rows_of_sheet(file, str(sheet)) for sheet in sheets], how="diagonal")
    if json_lists.is_json(file):
        return pl.concat(json_lists.rows_of_json(file))
    content = path.read_bytes()
    return _parquet(content) if content.startswith(b"PAR1") else _csv(content)


def _parquet(content: bytes) -> pl.DataFrame:
    try:
        check_footer(len(content), pq.read_metadata(io.BytesIO(content)))
        frame = pl.read_parquet(io.BytesIO(content))
    except (BrokenFile, KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException:  # the reader may panic on damaged content, which is no Exception in Python
        raise _unreadable("a complete parquet file") from None
    return frame.with_columns(pl.all().cast(pl.String)).with_row_index(json_lists.LINE, 1)


def _csv(content: bytes) -> pl.DataFrame:
    """The rows with the lines on which they begin, as the reader of the other tables counts them."""
    is_wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = content.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    head = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t|", key=head.count))
    rows, lines, before = [], [], 0
    try:
        for row in reader:
            rows += [row] if row else []
            lines += [before + 1] if row else []
            before = reader.line_num
    except csv.Error:
        raise _unreadable("a csv file whose quotes are closed") from None
    width = len(rows[0]) if rows else 0
    # spreadsheets leave empty fields after the last column
    if not rows or any(len(row) < width or any(row[width:]) for row in rows):
        raise _unreadable("a csv file with as many fields in each row as in its header")
    labels = [label if label.strip() else f"column {place}" for place, label in enumerate(rows[0])]
    if len(set(map(plain, labels))) < len(labels):
        raise _unreadable("a csv file that names every column once")
    named = {label: [row[place] for row in rows[1:]] for place, label in enumerate(labels)}
    kinds = {json_lists.LINE: pl.Int64, **dict.fromkeys(named, pl.String)}
    return pl.DataFrame({json_lists.LINE: lines[1:], **named}, schema=kinds)


def _unreadable(expected: str) -> BrokenFile:
    return BrokenFile("file", "one that cannot be read", expected, "Deliver it again; nothing of it is repeated here.")
