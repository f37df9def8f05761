"""Tables of the extract in the other forms that forces export: workbooks, JSON, other separators and encodings.

A workbook or a JSON file becomes rows of text at once. Text with another separator or encoding is written again as
comma-separated UTF-8, line by line, so that the reader of such files names the same lines.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Collection, Iterator
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path

import polars as pl

from assets.readers import files
from assets.readers.csv.layout import MASK, NO_VALUE
from assets.readers.csv.reader import plain
from assets.readers.csv.records import encoding
from assets.readers.extract.json_lists import LINE, check_once, is_json, lists_in
from assets.readers.source import BrokenFile, DeliveredFile, is_part_name
from assets.readers.workbook.reader import is_from_1904, is_workbook, sheet_frame, sheet_head, sheet_looks, sheet_names

ENDINGS = (".csv", ".txt", ".tsv", ".parquet", ".xlsx", ".ods", ".json", ".jsonl")
SEPARATORS = (";", "\t", "|")
DAY_NUMBER = r"^[2-7]\d{4}([.]\d+)?$"  # 1954 to 2119, as a spreadsheet counts days


def stem(name: str) -> str | None:
    """The table's name for a path: `crime` for force/crime.csv; None where the ending differs."""
    base = name.replace("!", "/").rsplit("/", 1)[-1].lower()
    for suffix in ENDINGS:
        if base.endswith(suffix):
            return base.removesuffix(suffix)
    return None


def tables_in(file: DeliveredFile) -> list[str | None]:
    """The filled sheets of a workbook, or the lists of a JSON file; [None] for a file that is one table.

    Raises BrokenFile.
    """
    if is_workbook(file):
        return [name for name in sheet_names(file) if any(any(row) for row in sheet_head(file, name))]
    lists = lists_in(file.path, file.sha256) if is_json(file) else ()
    return list(lists or (None,))


def sheets_of(file: DeliveredFile, table: str, is_named: bool) -> list[str | None]:
    """The sheets or lists of a file that may be a table: those of its name, else all that a file named so has."""
    try:
        names = tables_in(file)
    except BrokenFile:
        return []
    by_name = [name for name in names if plain(name or "") == table or is_part_name(plain(name or ""), table)]
    return by_name or (names if is_named else [])


def labels_of_sheet(file: DeliveredFile, sheet: str) -> list[str] | None:
    """The labels of a sheet: its first row that is not blank, or the first full one below a title."""
    head = [row for row in sheet_head(file, sheet) if any(row)]
    return [(cell or "").strip() for cell in head[_title_rows(head)]] if head else None


def _filled(file: DeliveredFile, sheet: str) -> tuple[pl.DataFrame, int]:
    """The rows of a sheet that are not blank, and how many of them are a title above the labels."""
    frame = sheet_frame(file, sheet)
    if frame.width > 1:
        frame = frame.filter(pl.any_horizontal(pl.exclude(LINE).str.strip_chars().fill_null("") != ""))
    return frame, _title_rows([row for row in sheet_head(file, sheet) if any(row)])


def _title_rows(rows: list[list[str | None]]) -> int:
    """The number of rows, none of them blank, before the first that fills three quarters of the columns in use."""
    widths = [sum(bool((cell or "").strip()) for cell in row) for row in rows[:20]]
    return next((n for n, width in enumerate(widths) if width * 4 >= max(widths) * 3), 0)


def rows_of_sheet(file: DeliveredFile, sheet: str) -> pl.DataFrame:
    """The rows below the labels, each with its number in the sheet (`line_number`), blank ones left out."""
    frame, titles = _filled(file, sheet)
    cells = [name for name in frame.columns if name != LINE]
    labels = [(value or "").strip() for value in frame.row(titles)[1:]] if frame.height else []
    check_once(labels)
    if frame.height:
        _check_merged(file, sheet, frame, titles)
    if is_from_1904(file):
        _check_day_numbers(sheet, labels, frame.slice(titles + 1))
    kept = {cell: label for cell, label in zip(cells, labels, strict=True) if label}
    return frame.slice(titles + 1).select(LINE, *kept).rename(kept)


def _check_merged(file: DeliveredFile, sheet: str, frame: pl.DataFrame, titles: int) -> None:
    """Raise BrokenFile for a name of a column that is merged over several columns with values.

    Which of them has the name is not known: the date of a moment may be in one, and its time in the next.
    """
    _, extent = sheet_looks(file, sheet)
    header, width = frame.row(titles)[0], frame.width - 1
    for top, left, bottom, right in extent.merged:
        first = max(left - extent.first_column, 0)
        places = range(first, min(right - extent.first_column + 1, width))
        filled = [place for place in places if _has_values(frame, titles, place)]
        if top <= header <= bottom and len(filled) > 1:
            raise BrokenFile(
                f"sheet {sheet!r}, row {header}", f"{frame.row(titles)[first + 1]!r} merged over {len(places)} columns",
                "one name for each column", "Take the merged cells apart, and give each column its name.",
            )  # fmt: skip


def _check_day_numbers(sheet: str, labels: list[str], below: pl.DataFrame) -> None:
    """Raise BrokenFile for a column of day numbers in a workbook that counts them from 1904, four years later."""
    for label, cell in zip(labels, [name for name in below.columns if name != LINE], strict=True):
        values = below[cell].drop_nulls().str.strip_chars()
        values = values.filter(values != "")
        if label and len(values) and values.str.contains(DAY_NUMBER).all():
            raise BrokenFile(
                f"sheet {sheet!r}, column {label!r}", "numbers of days in a workbook that counts them from 1904",
                "dates", "Give the cells the format of a date, save the workbook, and deliver it again.",
            )  # fmt: skip


def _has_values(frame: pl.DataFrame, titles: int, place: int) -> bool:
    """Whether a column has a value below the labels."""
    below = frame.slice(titles + 1).to_series(place + 1)
    return bool((below.str.strip_chars().fill_null("") != "").any())


def looks_of_sheet(file: DeliveredFile, sheet: str) -> list[str]:
    """What a reader of the workbook does not see, or sees otherwise, in words for a notice."""
    frame, titles = _filled(file, sheet)
    labels = frame.row(titles)[1:]
    is_hidden, extent = sheet_looks(file, sheet)
    nameless = [n for n, label in enumerate(labels) if not (label or "").strip() and _has_values(frame, titles, n)]
    below = [region for region in extent.merged if region[0] > frame.row(titles)[0]]
    found = [f"rows of a title above the names of the columns, which were skipped: {titles}"] if titles else []
    found += [f"sheet {sheet!r} is hidden in the workbook; it was read like the others"] if is_hidden else []
    found += [f"hidden rows, which were read like the others: {extent.hidden_rows:,}"] if extent.hidden_rows else []
    found += [f"columns with values and without a name, which were left out: {len(nameless)}"] if nameless else []
    found += [f"merged cells, of which the first alone has the value: {len(below):,}"] if below else []
    return found


_OR_1252 = "or-windows-1252"  # what to do with bytes that are no UTF-8


def _as_1252(fault: UnicodeError) -> tuple[str, int]:
    assert isinstance(fault, UnicodeDecodeError)
    return fault.object[fault.start : fault.end].decode("cp1252", errors="replace"), fault.end


codecs.register_error(_OR_1252, _as_1252)


def separator_of(file: DeliveredFile) -> str:
    """What separates the columns in the first line: the sign that is there most often, a comma if none is."""
    first = _head(file).lstrip("\ufeff").splitlines()[:1]
    counts = {sign: first[0].count(sign) for sign in (",", *SEPARATORS)} if first else {}
    return max(counts, key=lambda sign: counts[sign], default=",")


def labels_of_text(file: DeliveredFile) -> list[str] | None:
    """The labels of the first line of a text file whose columns are separated by another sign than a comma."""
    first = io.StringIO(_head(file).lstrip("\ufeff"), newline="")
    return next(_records(first, separator_of(file)), None)


def encoding_of(file: DeliveredFile) -> str:
    """What the bytes are written in. Text that is no UTF-8 is Windows-1252, as Windows programs here write it."""
    named = encoding(file.head)
    if named != "utf-8":
        return named
    try:
        with open(file.path, encoding="utf-8", newline="") as stream:
            while stream.read(1 << 22):
                pass
    except UnicodeDecodeError:
        return "cp1252"
    return named


def _encodings(file: DeliveredFile) -> str:
    """The notice of a file that is not all UTF-8: by lines where some of it is."""
    lines: dict[bool, list[str]] = {True: [], False: []}
    with open(file.path, "rb") as stream:
        for number, line in enumerate(stream, start=1):
            if not line.isascii():
                lines["\ufffd" in line.decode("utf-8", errors="replace")].append(str(number))
    if not lines[False]:
        return "the file is not UTF-8; it was read as Windows-1252"
    utf_8, other = (
        f"{len(found):,} line(s), {', '.join(found[:10])}{', ...' if found[10:] else ''}"
        for found in (lines[False], lines[True])
    )
    return f"two encodings in one file, each read as what it is: UTF-8 on {utf_8}; Windows-1252 on {other}"


def comma_separated(
    file: DeliveredFile, target: Path, kept: Collection[str], masked: Collection[str]
) -> tuple[DeliveredFile, list[str]]:
    """The file as comma-separated UTF-8, and what was done to it; the file itself if it is that already.

    Only the columns `kept`, by their plain labels, keep their values on the way, and those `masked` that there is one:
    others may be names of people.
    """
    sign, name = separator_of(file), encoding_of(file)
    is_1252 = name == "cp1252"
    if sign == "," and not is_1252:
        return file, []
    # what is no UTF-8 is Windows-1252, value by value: files put together of two have both
    name, errors = ("utf-8", _OR_1252) if is_1252 else (name, "replace")
    with open(file.path, encoding=name, errors=errors, newline="") as stream, \
            open(target, "w", encoding="utf-8", newline="") as out:  # fmt: skip
        writer = csv.writer(out, lineterminator="\n")
        labels: list[str] = []
        for fields in _records(stream, sign):
            if not labels:
                labels = [plain(label.lstrip("\ufeff")) for label in fields]
                writer.writerow(fields)
            else:
                # a row that is wider than the header is set aside by its place alone
                columns = zip_longest(labels[: len(fields)], fields)
                writer.writerow(_left(label, field, kept, masked) for label, field in columns)
    notices = [f"line 1: columns are separated by {sign!r}"] if sign != "," else []
    notices += [_encodings(file)] if is_1252 else []
    return replace(files.inspect(target, file.name), mapping=file.mapping), notices


def _left(label: str | None, field: str, kept: Collection[str], masked: Collection[str]) -> str:
    """What is left of a value on the way."""
    if label in kept:
        return field
    return MASK if label in masked and field.strip() not in NO_VALUE else ""


def _records(stream: io.TextIOBase, sign: str) -> Iterator[list[str]]:
    csv.field_size_limit(1_000_000)
    try:
        yield from csv.reader(stream, delimiter=sign)
    except csv.Error as problem:
        raise BrokenFile(
            "file", f"text that cannot be split into columns ({problem})", f"columns separated by {sign!r}",
            "Export it again, as comma-separated text in UTF-8 if that is possible.",
        ) from None  # fmt: skip


def _head(file: DeliveredFile) -> str:
    return file.head.decode(encoding(file.head), errors="replace")
