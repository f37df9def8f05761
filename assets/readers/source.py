"""A source: how its files are recognised, read and downloaded.

A module in `assets/raw/` defines one `SOURCE`; a table of the extract is declared in a .toml (`extract/layout.py`).
To add a source, add one file.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from assets.readers.extract.layout import Layout


class BrokenFile(Exception):
    """The file cannot be used at all: it is refused whole and kept in quarantine.

    `place` is where in the file (line, sheet, byte), `seen` what was found there, `expected` what should be there,
    `do` what the reader of the message can do about it.
    """

    def __init__(self, place: str, seen: str, expected: str, do: str) -> None:
        self.place, self.seen, self.expected, self.do = place, seen, expected, do
        super().__init__(f"{place}: expected {expected}; saw {seen}. {do}")


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


# what follows the name of a table in the name of a part of it: _1, -2, .part3, " 2024"; a full date is of a snapshot
_PART_MARK = r"[ _.-]+(part[ _.-]?)?([0-9]{1,3}|(19|20)[0-9]{2})"


def is_part_name(stem: str, name: str) -> bool:
    """Whether a file of this name is a part of the file or table `name`, both without ending and in lower case.

    >>> [is_part_name(stem, "crime") for stem in ("crime_2", "crime.part2", "crime 2025", "crime_2025-01")]
    [True, True, True, False]
    """
    return re.fullmatch(re.escape(name.rstrip("_")) + _PART_MARK, stem) is not None


def whole_name(stem: str) -> str:
    """The name without the mark of a part."""
    # from the first sign of the mark on: looked for from each of them, a name of many would take its square
    return re.sub(f"(?<![ _.-]){_PART_MARK}$", "", stem)


@dataclass(frozen=True)
class TableMapping:
    """How rows of a file become rows of a table: our names and codes beside theirs.

    A field is a column or is made of columns and words (see `columns`). A row makes a row of the table only if one of
    the columns `only_if` has a value; if there are none, every row does.
    """

    file: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)  # ours -> theirs
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # our field -> theirs -> ours
    only_if: tuple[str, ...] = ()


@dataclass(frozen=True)
class ExtractMapping:
    """The whole of a mapping.toml.

    A table has several blocks if several groups of columns, or several files, make its rows. `problem`: why the mapping
    cannot be used; no table of the extract can be read then, for nobody knows what its names mean.
    """

    tables: Mapping[str, tuple[TableMapping, ...]] = field(default_factory=dict)
    database_url: str | None = None  # env:NAME
    queries: Mapping[str, str] = field(default_factory=dict)
    dates: str = ""  # order of day and month where no column shows it: DD/MM/YYYY or MM/DD/YYYY
    force: str = ""  # the force whose figures are made; '' for every one with enough crimes
    no_value: tuple[str, ...] = ()  # words that mean no value in every field, in capitals or not
    scope: str = ""  # put before the keys of a file in a folder whose force numbers its crimes like another
    covers: tuple[date | None, date | None] = (None, None)  # first and last day whose crimes the extract has, if stated
    made_on: date | None = None  # the day on which the extract was made, if stated
    problem: BrokenFile | None = None

    def blocks(self, table: str) -> tuple[TableMapping, ...]:
        """The blocks of one table; an empty one where nothing is said."""
        return self.tables.get(table, (TableMapping(),))

    def fed_by(self, stem: str | None) -> list[str]:
        """The tables that the mapping makes from a file, by the file's name without ending."""
        return [
            table for table, blocks in self.tables.items() if any(self.is_named(stem, name) for name in _files(blocks))
        ]

    def is_named(self, stem: str | None, name: str) -> bool:
        """Whether a file is the one called `name`, or a part of it: OCC_1 of OCC, unless the mapping names OCC_1."""
        own = (stem or "").lower()
        if own == name:
            return True
        return is_part_name(own, name) and not any(own in _files(blocks) for blocks in self.tables.values())

    def is_shared(self, table: str) -> bool:
        """Whether the rows of a table are parts of wider rows, so that one of its rows may occur several times."""
        blocks = self.blocks(table)
        others = set().union(*(_files(said) for name, said in self.tables.items() if name != table))
        asked = [query for name, query in self.queries.items() if name != table]
        return len(blocks) > 1 or bool(_files(blocks) & others) or self.queries.get(table) in asked

    def mark(self, name: str) -> str:
        """Hash of what is said of one table, '' for nothing: a changed word reads its deliveries again."""
        whole = self.dates + self.scope + (_hash(json.dumps(self.no_value)) if self.no_value else "")
        if name not in self.tables:
            return whole
        said = [
            [block.file, dict(block.fields), {k: dict(v) for k, v in block.values.items()}, block.only_if]
            for block in self.tables[name]
        ]
        text = json.dumps([said, self.is_shared(name)], sort_keys=True) + whole
        return _hash(text)

    def whole_mark(self) -> str:
        """Hash of all that is said of tables, '' for nothing."""
        marks = "".join(f"{name}{self.mark(name)}" for name in sorted(self.tables))
        return str(self.problem or "") + self.dates + "".join(self.no_value) + marks


NO_MAPPING = ExtractMapping()


def _files(blocks: tuple[TableMapping, ...]) -> set[str]:
    return {block.file.lower() for block in blocks if block.file is not None}


@dataclass(frozen=True)
class DeliveredFile:
    """One file (or one member of an archive, already unpacked) as it was found.

    `name` is the path below the data folder, `archive.zip!member.csv` for members of archives.
    """

    path: Path
    name: str
    sha256: str
    size: int
    head: bytes  # the first 64 KiB
    newline_count: int
    has_nul: bool
    return_count: int = 0  # carriage returns
    has_quote: bool = True
    stamp: tuple[int, int, int] | None = None  # size, modification time in ns, inode when it was inspected
    mapping: ExtractMapping | None = None  # the force's names of the tables of its extract


@dataclass(frozen=True)
class QuarantinedRow:
    """A row that could not be used, its place and the reason. `line_number` counts from 1, header included.

    `row_refs` are digests of the references in it (see core.quarantined_references), separated by blanks.
    `group_number` counts from 0 the groups of columns of one line, each of which makes a row.
    """

    line_number: int
    column_name: str
    value: str
    reason: str
    row_refs: str = ""
    group_number: int = 0


@dataclass
class Reading:
    """Result of reading one delivery: rows_read = rows_loaded + len(quarantined).

    `unread`: values of loaded rows that could not be read, so that the row has none.
    """

    rows_read: int
    rows_loaded: int
    quarantined: list[QuarantinedRow] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)  # unknown columns and similar facts, each with its place
    absent: tuple[str, ...] = ()  # fields of an extract's table that are absent
    unread: list[QuarantinedRow] = field(default_factory=list)


@dataclass(frozen=True)
class Part:
    """One delivery inside a file: the file itself, or one sheet of a workbook (`sheet` set)."""

    file: DeliveredFile
    sheet: str | None = None

    @property
    def name(self) -> str:
        return self.file.name if self.sheet is None else f"{self.file.name}#{self.sheet}"


@dataclass(frozen=True)
class Download:
    """Where the publisher offers the source. `{month}` in a path is filled for every month requested.

    With `link_pattern` the page at `path` is a list, and every link on it that matches is a file.
    `file_name` is for an address that names no file (`.../csv?layers=0`): the one file is stored under that name.
    """

    base_url: str
    path: str
    folder: str  # sub-folder of the data folder
    link_pattern: str | None = None
    file_name: str | None = None


@dataclass(frozen=True)
class Source:
    """One publisher's table. `parts` returns the deliveries of this source in a file (none: not ours).

    `read` writes the rows of one part as text to a parquet file and returns a `Reading`. `looks_like` is true for a
    file whose name says it is ours even when its content does not: such a file is refused with a reason, not ignored.
    """

    table: str
    columns: tuple[str, ...]  # of the raw table, after delivery_ref and line_number, all text
    parts: Callable[[DeliveredFile], list[Part]]
    read: Callable[[Part, str, Path], Reading]  # part, delivery_ref, parquet to write
    looks_like: Callable[[str], bool] = lambda name: False
    # SQL over `columns`: the unit that a later delivery replaces as a whole (a force-month, a financial year).
    period: str = "'all'"
    download: Download | None = None
    # The reason why a file that only looks like ours is not; None leaves the words to `files.why_not`.
    why_not: Callable[[DeliveredFile], BrokenFile | None] = lambda file: None
    layout: Layout | None = None  # of a table of the extract

    @property
    def is_extract(self) -> bool:
        """Whether it is a table of a force's own extract, which a mapping may rename."""
        return self.layout is not None

    @property
    def fields(self) -> Mapping[str, str]:
        """Field -> its kind, of a table of the extract."""
        return self.layout.kinds if self.layout is not None else {}
