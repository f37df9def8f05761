"""Sheets with a plain table: a header, then one row after another, as in a CSV."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from assets.readers.csv.layout import CsvSpec, missing, positions_of
from assets.readers.csv.reader import usable
from assets.readers.csv.records import plain
from assets.readers.source import BrokenFile, DeliveredFile, Part, Reading
from assets.readers.workbook.reader import sheet_frame, sheet_head, write_frame


def find_header(file: DeliveredFile, sheet: str, spec: CsvSpec) -> tuple[int, list[str]] | None:
    """Row number (from 1) and labels of the header: the first row with every required column. None without one."""
    for number, cells in enumerate(sheet_head(file, sheet), start=1):
        labels = [cell or "" for cell in cells]
        if not missing(labels, spec):
            return number, labels
    return None


def _nearest_header(file: DeliveredFile, sheet: str, spec: CsvSpec) -> tuple[int, list[str]]:
    """The row among the first ones with most of the columns, for messages: number from 1 and labels."""
    rows = [[cell or "" for cell in cells] for cells in sheet_head(file, sheet)] or [[]]
    found = max(range(len(rows)), key=lambda n: (len(positions_of(rows[n], spec)), -n))
    return found + 1, [label for label in rows[found] if label.strip()]


def read_sheet(part: Part, delivery_ref: str, out: Path, spec: CsvSpec) -> Reading:
    """Write the usable rows below the header of a sheet to the parquet file `out`, as text; return the others.

    The same columns as `read_csv`, line_number being the row of the sheet; blank rows are skipped. Raises
    BrokenFile when the sheet as a whole cannot be used.
    """
    assert part.sheet is not None
    header = find_header(part.file, part.sheet, spec)
    if header is None:
        number, labels = _nearest_header(part.file, part.sheet, spec)
        lacking = ", ".join(spec.columns[name][0] for name in missing(labels, spec))
        raise BrokenFile(
            f"sheet {part.sheet!r}, row {number}", f"{labels}; missing: {lacking}",
            f"the columns {', '.join(names[0] for names in spec.columns.values())}",
            "If the publisher renamed a column, add its new name to the source's module; else ask for the right file.",
        )  # fmt: skip
    number, labels = header
    known = [plain(label) for label in labels]
    repeated = {label for label in labels if label.strip() and known.count(plain(label)) > 1}
    if repeated:
        raise BrokenFile(
            f"sheet {part.sheet!r}, row {number}", f"{', '.join(sorted(repeated))} more than once",
            "every column name once", "Ask the publisher which of them is meant, or take the other out.",
        )  # fmt: skip
    positions = positions_of(labels, spec)
    place = f"sheet {part.sheet!r}, row {number}"
    body = _body(sheet_frame(part.file, part.sheet), number)
    if body.is_empty():
        raise BrokenFile(place, "a header and no rows", "at least one row",
                         "No rows is not zero crime: ask the publisher whether the sheet is complete.")  # fmt: skip
    named = body.select("line_number", *(
        pl.col(f"column_{positions[name]}").alias(name) if name in positions else pl.lit(None, pl.String).alias(name)
        for name in spec.columns
    ))  # fmt: skip
    reading = Reading(body.height, 0, notices=_notices(place, labels, positions, body))
    sound = pl.DataFrame(usable(named.to_arrow(compat_level=pl.CompatLevel.oldest()), spec, reading))
    write_frame(sound, tuple(spec.columns), delivery_ref, out)
    return reading


def _body(frame: pl.DataFrame, header: int) -> pl.DataFrame:
    """Rows below the header that have a value, with empty cells as nulls."""
    cells = [name for name in frame.columns if name != "line_number"]
    below = frame.filter(pl.col("line_number") > header).with_columns(
        pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in cells
    )
    return below.filter(pl.any_horizontal(pl.col(name).str.strip_chars().str.len_chars() > 0 for name in cells))


def _notices(place: str, labels: list[str], positions: dict[str, int], body: pl.DataFrame) -> list[str]:
    notices = []
    for position in range(body.width - 1):
        label = labels[position] if position < len(labels) else ""
        is_empty = body[f"column_{position}"].null_count() == body.height
        if position in positions.values() or (is_empty and not label.strip()):
            continue
        fault = f"{label!r} is not known" if label.strip() else "values without a header"
        notices.append(f"{place}, column {position + 1}: {fault} and was left out")
    return notices
