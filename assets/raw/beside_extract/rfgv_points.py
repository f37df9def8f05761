# /// card
# description = "One row is a band of a force's own points table for the ranking, as delivered."
# grain = ["delivery_ref", "line_number"]
# audience = []
# caveats = [
#     "Every delivery is here, superseded ones too: read core.rfgv_bands.",
#     """To be delivered by hand: a force's own table, such as its MATAC matrix. None is shipped, none is fetched: no \
#     force's points were found published.""",
#     """A table is refused whole where bands overlap, leave a gap, miss a component or hold anything but numbers. A \
#     header without rows takes an earlier table out of use.""",
# ]
# publisher = "The force whose table it is"
# licence = "None stated: the force's own table, never shipped"
# published = "as the force's table says"
# attribution = "Points table of the force."
# [columns]
# component = ["varchar", "recency, frequency, gravity or victims, text as delivered"]
# from_value = ["varchar", "Lowest value of the band, text as delivered", "days, events, harm or people"]
# to_value = ["varchar", """Value that it ends before, text as delivered; empty: no \
#     upper end""", "days, events, harm or people"]
# points = ["varchar", "Points, text as delivered", "points"]
# source = ["varchar", "Where the force has the band from; empty where the table does not say"]
# ///

"""A force's own points table for the ranking, such as its MATAC matrix: csv or workbook. None is shipped.

A row is a band of one component and its points. Recognised by its header. A table in which bands overlap, leave a gap
or miss a component gives someone two scores or none. It is refused whole, and nothing is guessed. Strategic-assessment
3.2, banded mode.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import polars as pl

from assets.readers.csv import reader
from assets.readers.csv.reader import CsvSpec
from assets.readers.files import not_csv
from assets.readers.source import BrokenFile, DeliveredFile, Part, Reading, Source
from assets.readers.workbook.reader import is_workbook, sheet_names
from assets.readers.workbook.sheet import find_header, read_sheet

LEAST: Mapping[str, float] = {"recency": 0, "frequency": 1, "gravity": 0, "victims": 0}  # the least possible value
COLUMNS = ("component", "from_value", "to_value", "points", "source")
_SPEC = CsvSpec(
    {
        "component": ("component",),
        "from_value": ("from_value", "from value", "from"),
        "to_value": ("to_value", "to value", "to"),
        "points": ("points",),
        "source": ("source",),
    },
    frozenset({"source"}),
    may_be_empty=True,  # a header without rows withdraws an earlier table
)
_NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,6})?")
_FILE_NAME = re.compile(
    r"(?:^|[/!])[^/!]*(?:rfgv|matac)[ _-]?(?:points|bands|matrix)[^/!]*\.(?:csv|xlsx?|ods)$", re.IGNORECASE
)
_HEADER = "the columns component, from_value, to_value and points"


class Band(NamedTuple):
    """A readable row: its place, and its range of values (upper end excluded; None: no upper end)."""

    line_number: int
    component: str
    start: float
    end: float | None

    @property
    def words(self) -> str:
        """Recency from 28 to 91."""
        return f"{self.component} from {self.start:g}{'' if self.end is None else f' to {self.end:g}'}"


def parts(file: DeliveredFile) -> list[Part]:
    """The CSV, or every sheet, with such a header."""
    if not is_workbook(file):
        return [Part(file)] if reader.matches(file, _SPEC) else []
    return [Part(file, sheet) for sheet in sheet_names(file) if find_header(file, sheet, _SPEC) is not None]


def why_not(file: DeliveredFile) -> BrokenFile | None:
    """The reason why a file of such a name is no points table."""
    try:
        if not is_workbook(file):
            return not_csv(file) or reader.why_not(file, _SPEC)
        seen = f"the sheets {', '.join(map(repr, sheet_names(file)))}, none with such a header"
    except BrokenFile as problem:
        return problem
    return BrokenFile("header", seen, _HEADER, "Deliver the points table with its header in the first line.")


def read_rows(part: Part, delivery_ref: str, out: Path) -> Reading:
    """Write the rows as delivered. Raises BrokenFile where a value of any component would have no points, or two."""
    found = [other.sheet for other in parts(part.file)]
    if len(found) > 1:
        raise BrokenFile(
            "workbook", f"the sheets {', '.join(map(repr, found))}", "one sheet with a points table",
            "Deliver the sheet that is meant alone.",
        )  # fmt: skip
    reading = (reader.read_csv if part.sheet is None else read_sheet)(part, delivery_ref, out, _SPEC)
    line = "line" if part.sheet is None else f"sheet {part.sheet!r}, row"
    broken = next(_broken(pl.read_parquet(out), reading, line), None)
    if broken is not None:
        out.unlink(missing_ok=True)
        raise broken
    return reading


def _broken(rows: pl.DataFrame, reading: Reading, line: str) -> Iterator[BrokenFile]:
    """Faults of a table, row by row first."""
    for fault in reading.quarantined:
        yield BrokenFile(
            f"{line} {fault.line_number}", repr(fault.value[:100]), "a row that can be read",
            f"A points table counts as a whole or not at all: {fault.reason}.",
        )  # fmt: skip
    bands = []
    for row in rows.iter_rows(named=True):
        broken = _broken_cell(row, line)
        if broken is not None:
            yield broken
            return  # what follows needs every row
        end = _text(row["to_value"])
        bands.append(Band(row["line_number"], _component(row), float(_text(row["from_value"])),
                          float(end) if end else None))  # fmt: skip
    if bands:
        for component in LEAST:
            yield from _broken_component([b for b in bands if b.component == component], component, line)


def _text(value: str | None) -> str:
    return (value or "").strip()


def _component(row: Mapping[str, str | None]) -> str:
    return _text(row["component"]).casefold()


def _broken_cell(row: Mapping[str, str | None], line: str) -> BrokenFile | None:
    place = f"{line} {row['line_number']}"
    if _component(row) not in LEAST:
        seen = repr(_text(row["component"])[:100])
        return BrokenFile(f"{place}, component", seen, ", ".join(LEAST), "Name one of the four.")
    start, end, points = (_text(row[name]) for name in ("from_value", "to_value", "points"))
    for name, value in (("from_value", start), ("to_value", end or "0"), ("points", points)):
        if not _NUMBER.fullmatch(value):
            return BrokenFile(
                f"{place}, {name}", repr(value[:100]), "a number, 0 or more, without separators or words",
                "Write the number alone; only to_value may be empty, where a band has no upper end.",
            )  # fmt: skip
    if end and float(end) <= float(start):
        return BrokenFile(
            f"{place}, to_value", f"{end} after from_value {start}", "a value above from_value",
            "A band reaches from its from_value up to its to_value, which it does not include.",
        )  # fmt: skip
    return None


def _broken_component(bands: list[Band], component: str, line: str) -> Iterator[BrokenFile]:
    """Whether each value of a component falls into exactly one band."""
    if not bands:
        yield BrokenFile(
            f"{line}s below the header", f"no row of {component}", f"rows of each of {', '.join(LEAST)}",
            "Add its bands; a component that is to count for nothing has one band with 0 points.",
        )  # fmt: skip
        return
    bands = sorted(bands, key=lambda band: band.start)
    first, last = bands[0], bands[-1]
    if first.start > LEAST[component]:
        yield BrokenFile(
            f"{line} {first.line_number}, from_value", f"{first.start:g} as the lowest of {component}",
            f"a band of {component} from {LEAST[component]:g}",
            f"Nothing may be left out below: add a band up to {first.start:g}.",
        )  # fmt: skip
    for band, after in pairwise(bands):
        if band.end != after.start:
            is_gap = band.end is not None and band.end < after.start
            yield BrokenFile(
                f"{line} {after.line_number}, from_value",
                f"{after.words} after {band.words} ({line} {band.line_number})",
                f"bands of {component} that meet: each from_value is the to_value of the band before",
                "Close the gap between them." if is_gap else "They overlap: a value in both would have two points.",
            )  # fmt: skip
    if last.end is not None:
        yield BrokenFile(
            f"{line} {last.line_number}, to_value", f"{last.end:g} as the highest of {component}",
            f"an empty to_value in the highest band of {component}",
            "Leave it empty: values above it would have no points.",
        )  # fmt: skip


SOURCE = Source(
    table="rfgv_points",
    columns=COLUMNS,
    parts=parts,
    read=read_rows,
    looks_like=lambda name: _FILE_NAME.search(name) is not None,
    why_not=why_not,
)
