"""Rows of a published table in a parquet file: one for every area, or for every area and value column."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl

from assets.readers.files import check_unchanged, not_csv
from assets.readers.published import table as published_table
from assets.readers.published.table import NO_NUMBER, NUMBER, Layout, Row, Table, find_table
from assets.readers.source import BrokenFile, DeliveredFile, Download, Part, QuarantinedRow, Reading, Source
from assets.readers.workbook.reader import is_workbook, plain_label, sheet_names, write_frame

_USABLE = re.compile(f"(?:{NUMBER}|{NO_NUMBER})?")


def columns(layout: Layout, *constants: str) -> tuple[str, ...]:
    """Columns of the raw table that `read` writes, in order."""
    keys = [name for key in layout.keys for name in ([key, f"{key}_published"] if key in layout.names else [key])]
    values = [layout.label_column, layout.value_column] if layout.label_column else []
    if values and layout.names:
        values.insert(1, f"{layout.label_column}_published")
    return (*keys, *values, *constants)


def read_rows(part: Part, delivery_ref: str, out: Path, layout: Layout) -> Reading:
    """Write the usable rows of a published table to the parquet file `out`, as text; return the others.

    Key columns lose outer blanks, names their footnote marks too; values stay as delivered. Where the layout is
    wide one delivered row gives one row for every value column, all with its line number; `Reading` counts
    delivered rows. Raises BrokenFile when the table as a whole cannot be used.
    """
    try:
        table = find_table(part, layout)
    finally:
        check_unchanged(part.file)
    constants = layout.constants(table)
    wide = _value_columns(table, layout)
    reading = Reading(len(table.rows), 0, notices=[*table.notices, *_unknown_columns(table, wide)])
    usable = []
    for row in table.rows:
        fault = _fault(row, table, layout, wide)
        if fault is None:
            usable.append(row)
        else:
            reading.quarantined.append(fault)
    reading.rows_loaded = len(usable)
    frame = _frame(usable, table, layout, wide)
    texts = [pl.lit(value, pl.String).alias(name) for name, value in constants.items()]
    write_frame(frame.with_columns(texts), columns(layout, *constants), delivery_ref, out)
    return reading


def _value_columns(table: Table, layout: Layout) -> dict[int, str]:
    """Index -> plain label of every value column. Raises BrokenFile where there is none, or one occurs twice."""
    if not layout.label_column:
        return {}
    found: dict[int, str] = {}
    for position, label in enumerate(table.labels):
        if label and position not in table.positions.values() and re.fullmatch(layout.unpivoted, plain_label(label)):
            if plain_label(label) in found.values():
                raise BrokenFile(table.place, f"{plain_label(label)!r} twice", "every column name once",
                                 "Ask the publisher which of them is meant.")  # fmt: skip
            found[position] = plain_label(label)
    if not found:
        raise BrokenFile(
            table.place, f"the columns {table.labels[:8]}", f"columns of {layout.value_column}",
            "Ask for the right table; if the layout changed, the source's module has to follow.",
        )  # fmt: skip
    return found


def _unknown_columns(table: Table, wide: dict[int, str]) -> list[str]:
    known = {*table.positions.values(), *wide}
    return [
        f"{table.place}, column {position + 1}: {label!r} is not known and was left out"
        for position, label in enumerate(table.labels) if label and position not in known
    ]  # fmt: skip


def _fault(row: Row, table: Table, layout: Layout, wide: dict[int, str]) -> QuarantinedRow | None:
    """The reason why a row cannot be used: the first column at fault; None where it can."""
    if row.fault:
        return QuarantinedRow(row.line, "", ",".join(row.cells).replace("\0", "\u2400"), row.fault)
    for name, (pattern, expected) in layout.checks.items():
        value = row.cells[table.positions[name]]
        if not re.fullmatch(pattern, value.strip()):
            return QuarantinedRow(row.line, name, value, expected)
    for position in wide:
        if not _USABLE.fullmatch(row.cells[position].strip()):
            expected = f"expected a number or nothing under {wide[position]!r}; correct the row or ask the publisher"
            return QuarantinedRow(row.line, layout.value_column, row.cells[position], expected)
    for position, label in enumerate(table.labels):
        if not label and row.cells[position].strip():
            expected = f"expected nothing in column {position + 1}, which has no header; ask the publisher what it is"
            return QuarantinedRow(row.line, "", row.cells[position], expected)
    return None


def _frame(rows: list[Row], table: Table, layout: Layout, wide: dict[int, str]) -> pl.DataFrame:
    series = [pl.Series("line_number", [row.line for row in rows], pl.Int64)]
    for name, position in table.positions.items():
        cells = [row.cells[position] for row in rows]
        if name in layout.names:
            series.append(pl.Series(f"{name}_published", cells, pl.String))
            cells = [plain_label(cell) for cell in cells]
        series.append(pl.Series(name, [cell.strip() for cell in cells], pl.String))
    keys = [s.name for s in series]
    series += [pl.Series(str(position), [row.cells[position] for row in rows], pl.String) for position in wide]
    frame = pl.DataFrame(series)
    if not wide:
        return frame
    long = frame.unpivot(
        [str(position) for position in wide], index=keys, variable_name="position", value_name=layout.value_column
    ).sort("line_number", maintain_order=True)
    labels = {str(position): label for position, label in wide.items()}
    published = {str(position): table.labels[position] for position in wide}
    return long.with_columns(
        pl.col("position").replace_strict(labels, return_dtype=pl.String).alias(layout.label_column),
        pl.col("position").replace_strict(published, return_dtype=pl.String).alias(f"{layout.label_column}_published"),
    )


# The ONS page lists every year of the police force area tables, each a workbook behind `/file?uri=`.
ONS_POLICE_FORCE_AREAS = Download(
    "https://www.ons.gov.uk",
    "/peoplepopulationandcommunity/crimeandjustice/datasets/policeforceareadatatables",
    "ons",
    r"(?i)/file\?uri=.*policeforceareas?(data)?tables.*\.(xlsx|ods)$",
)


def source(
    table: str,
    layout: Layout,
    constants: tuple[str, ...] = (),
    file_name: str | None = None,
    period: str = "'all'",
    download: Download | None = None,
) -> Source:
    """The source of a published table. `constants` are the columns that `layout.constants` gives.

    `file_name` is a pattern of its files' names, so that a broken file is refused rather than ignored.
    """
    is_ours = re.compile(rf"(?:.*[/!])?{file_name}", re.IGNORECASE)
    return Source(
        table=table,
        columns=columns(layout, *constants),
        parts=lambda file: published_table.parts(file, layout),
        read=lambda part, delivery_ref, out: read_rows(part, delivery_ref, out, layout),
        looks_like=lambda name: file_name is not None and is_ours.fullmatch(name) is not None,
        period=period,
        why_not=lambda file: _why_not(file, layout),
        download=download,
    )


def _why_not(file: DeliveredFile, layout: Layout) -> BrokenFile | None:
    try:
        if is_workbook(file):
            sheets = ", ".join(map(repr, sheet_names(file)))
            return BrokenFile("workbook", f"the sheets {sheets}, none with that title and header",
                              f"a sheet with the columns {', '.join(layout.keys)}", "Ask for the right workbook.")
        if (problem := not_csv(file)) is None:
            find_table(Part(file), layout)
        return problem
    except BrokenFile as problem:
        return problem
