"""Which table of the extract a file is, and which field each of its columns.

A guess uses names and values, and says how certain it is. If two answers are about as good there is none: a person is
asked.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb
import numpy as np
from scipy.optimize import linear_sum_assignment

from assets.raw import extract_tables, sources
from assets.readers import files
from assets.readers.csv.reader import CsvSpec, plain
from assets.readers.extract.files import header_of, text_parquet, unreadable
from assets.readers.extract.identities import TABLE as IDENTITIES
from assets.readers.extract.identities import is_identities
from assets.readers.extract.formats import stem
from assets.readers.extract.tables import required
from assets.readers.extract.values import filled
from assets.readers.source import BrokenFile, DeliveredFile, ExtractMapping, Part
from assets.readers.sql import literal
from pipelines.delivery.folder import NOT_A_FILE, DataFolder
from pipelines.mapping.words import Column, code_of, fit, is_readable, likeness

SAMPLE = 1_000  # values of a column that are looked at
MANY = 100  # a column with more different values than this holds no codes
LIKELY = 0.5  # a column below this is not proposed
SURE = 0.6  # a table from here on is taken without a question where --yes says so
CLOSE = 0.05  # two answers that differ by less are as good
_TOLD_BY_VALUES = ("ts", "date", "month", "bool", "ho", "outcome", "set:")  # kinds that few columns can be


@dataclass(frozen=True)
class Sheet:
    """A file that no source knows: its name in a mapping, its columns by label.

    `table` is the one that it already is by its own names, though not all of its columns are known.
    """

    name: str  # below the data folder
    stem: str
    columns: Mapping[str, Column]
    table: str | None = None


@dataclass
class FieldGuess:
    """The column that a field may be; None if none is likely.

    `rivals` are other columns that may be the field. `also` are other fields that the column may be. `unfit` is a
    column of the field's name whose values it cannot hold.
    """

    label: str | None = None
    score: float = 0.0
    rivals: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    unfit: str | None = None


@dataclass
class TableGuess:
    """What one file may be. `rivals` are tables that it may as well be."""

    sheet: Sheet
    table: str
    score: float
    fields: dict[str, FieldGuess]
    rivals: tuple[str, ...] = ()
    values: dict[str, dict[str, str | None]] = field(default_factory=dict)  # field -> theirs -> ours, None: unknown

    def lacking(self) -> list[str]:
        """The fields without which no row can be used and that no column is."""
        return [name for name in required(extract_tables()[self.table]) if self.fields[name].label is None]

    def unused(self) -> list[str]:
        """Columns that are no field."""
        used = {chosen.label for chosen in self.fields.values()}
        return [label for label in self.sheet.columns if label not in used]


@dataclass
class Folder:
    """Files to guess, absent fields of known tables, and unreadable files.

    The absent fields are by table, the unreadable files have their reason.
    """

    sheets: list[Sheet] = field(default_factory=list)
    known: dict[str, set[str]] = field(default_factory=dict)
    unreadable: dict[str, str] = field(default_factory=dict)


def look(delivered: DataFolder) -> Folder:
    """Read the csv and parquet files that no source recognises, or not wholly."""
    found, mapping = Folder(), delivered.mapping
    seen: set[tuple[str | None, ...]] = set()
    with tempfile.TemporaryDirectory() as scratch:
        for name, size, _ in delivered.files:
            if size == NOT_A_FILE or is_identities(name, mapping.table(IDENTITIES)):
                continue
            for file in files.open_file(delivered.path / name, name, Path(scratch)):
                if not isinstance(file, DeliveredFile) or files.holds_identities(file.name):
                    continue
                # the same name and header in another folder is another delivery of the same table
                mark = (stem(file.name), *(header_of(file) or ()))
                if stem(file.name) is not None and mark not in seen:
                    _look_at(replace(file, mapping=mapping), mapping, Path(scratch), found)
                seen.add(mark)
    return found


def _look_at(file: DeliveredFile, mapping: ExtractMapping, scratch: Path, found: Folder) -> None:
    try:
        table = _recognised(file)
        if table is not None and table not in extract_tables():
            return
        columns = _columns(file, scratch)
    except BrokenFile as problem:
        found.unreadable[file.name] = str(problem)
        return
    called = Path(file.name.replace("!", "/")).stem
    if table is None:
        found.sheets.append(Sheet(file.name, called, columns))
        return
    fields = extract_tables()[table]
    ours = {plain(mapping.table(table).fields.get(name, name)): name for name in fields}
    found.known[table] = set(fields) - {ours[plain(label)] for label in columns if plain(label) in ours}
    if found.known[table] and any(plain(label) not in ours for label in columns):
        found.sheets.append(Sheet(file.name, called, columns, table))


def _recognised(file: DeliveredFile) -> str | None:
    return next((source.table for source in sources().values() if source.parts(file)), None)


def _columns(file: DeliveredFile, scratch: Path) -> dict[str, Column]:
    """The values of a file, read as a build reads them. Raises BrokenFile."""
    problem = unreadable(file)
    labels = [label for label in header_of(file) or () if label.strip()]
    if problem is not None:
        raise problem
    if len(labels) < 2:
        raise BrokenFile("line 1", f"{len(labels)} column(s)", "a header and commas", "Save it as csv, in UTF-8.")
    names = {f"c{n}": label for n, label in enumerate(labels)}
    out = scratch / "columns.parquet"
    spec = CsvSpec({name: (label,) for name, label in names.items()}, frozenset(names), may_be_empty=True)
    text_parquet(Part(file), "", out, spec)
    with duckdb.connect(config={"threads": 2}) as con:
        con.execute(f"create view text as select * from read_parquet({literal(out)})")
        return {label: _column(con, filled(name)) for name, label in names.items()}


def _column(con: duckdb.DuckDBPyConnection, value: str) -> Column:
    values = f"from (select {value} as v from text) where v is not null"
    sample = con.execute(f"select v {values} limit {SAMPLE}").fetchall()
    different = con.execute(f"select distinct v {values} limit {MANY + 1}").fetchall()
    return Column(tuple(v for (v,) in sample), tuple(sorted(v for (v,) in different)))


def guess(folder: Folder) -> list[TableGuess]:
    """The most likely table of each file, each table once; unlike files left out."""
    sheets = [sheet for sheet in folder.sheets if sheet.table is None]
    tables = [table for table in extract_tables() if table not in folder.known]
    guesses = [[as_table(sheet, table) for table in tables] for sheet in sheets]
    scores = np.array([[g.score for g in row] for row in guesses]).reshape(len(sheets), len(tables))
    taken = dict(zip(*linear_sum_assignment(-scores), strict=True))
    found = [g for sheet in folder.sheets if sheet.table is not None for g in _completed(sheet, sheet.table)]
    for number, choice in taken.items():
        best = guesses[number][choice]
        others = [g for n, g in enumerate(guesses[number]) if n != choice and g.score >= best.score - CLOSE]
        spoken_for = {tables[c] for n, c in taken.items() if n != number and scores[n, c] > scores[number, c] + CLOSE}
        best.rivals = tuple(g.table for g in others if g.table not in spoken_for)
        if best.score >= LIKELY * 0.8:
            found.append(best)
    return sorted(map(with_open_questions, found), key=lambda g: -g.score)


def _completed(sheet: Sheet, table: str) -> Iterator[TableGuess]:
    """A file that is known in part, where more of its columns are fields."""
    found = as_table(sheet, table)
    if any(guess.label is not None and plain(guess.label) != name for name, guess in found.fields.items()):
        found.score = 1.0
        yield found


def as_table(sheet: Sheet, table: str) -> TableGuess:
    """The file read as this table: its columns handed out to the fields, each once."""
    fields, labels = extract_tables()[table], list(sheet.columns)
    scores = np.array([[_score(sheet, label, table, name) for label in labels] for name in fields])
    scores = scores.reshape(len(fields), len(labels))
    pairs = [(f, c) for f, c in zip(*linear_sum_assignment(-scores), strict=True) if scores[f, c] >= LIKELY]
    free = [c for c in range(len(labels)) if c not in {taken for _, taken in pairs}]
    unmet = [f for f in range(len(fields)) if f not in {taken for taken, _ in pairs}]
    names = list(fields)
    found = {name: FieldGuess() for name in fields}
    for f, c in pairs:
        limit = scores[f, c] - CLOSE
        rivals = [labels[other] for other in free if scores[f, other] >= limit]
        also = [names[other] for other in unmet if scores[other, c] >= limit]
        found[names[f]] = FieldGuess(labels[c], float(scores[f, c]), tuple(rivals), tuple(also))
    total = sum(scores[f, c] for f, c in pairs)
    covered = 0.6 * total / max(1, len(labels)) + 0.4 * total / len(fields)
    guess = TableGuess(sheet, table, 0.0, found)
    named = 0.45 * likeness(sheet.stem, table, table) + 0.55 * covered
    guess.score = float(named * (0.6 if guess.lacking() else 1.0))
    return guess


def _score(sheet: Sheet, label: str, table: str, name: str) -> float:
    kind = extract_tables()[table][name]
    column = sheet.columns[label]
    if kind.startswith("set:") and 2 < len(column.different) <= MANY and fit(kind, column) > 0.95:
        return max(0.6, likeness(label, name, table))  # the codes themselves say what it is
    named = likeness(label, name, table)
    return named * (0.3 + 0.7 * fit(kind, column)) if named else 0.0


def with_open_questions(found: TableGuess) -> TableGuess:
    """Add, to fields without a column of their name, columns whose values fit."""
    free = found.unused()
    for name, chosen in found.fields.items():
        if chosen.label is None:
            kind = extract_tables()[found.table][name]
            fitting = [label for label in free if _may_hold(kind, found.sheet.columns[label])]
            called = [label for label in free if label not in fitting and likeness(label, name, found.table) > 0.8]
            chosen.unfit = called[0] if called else None
            # of texts that need not be there nearly any column may be one
            chosen.rivals = tuple(fitting[:9]) if kind.startswith(_TOLD_BY_VALUES) or not kind.endswith("?") else ()
    return found


def _may_hold(kind: str, column: Column) -> bool:
    return bool(column.sample) and fit(kind, column) > 0.95


def with_values(found: TableGuess) -> TableGuess:
    """Adds what the codes of its columns mean, where that is beyond doubt."""
    found.values = {}
    for name, chosen in found.fields.items():
        kind = extract_tables()[found.table][name].removesuffix("?")
        if chosen.label is None or not kind.startswith(("set:", "outcome", "bool")):
            continue
        seen = found.sheet.columns[chosen.label].different
        meant: dict[str, str | None]
        if kind.startswith("set:"):
            codes = {value: code_of(kind.removeprefix("set:"), value) for value in seen}
            meant = {value: code for value, code in codes.items() if code is None or code.lower() != value.lower()}
        else:
            meant = {value: None for value in seen if not is_readable(kind, value)}
        if meant:
            found.values[name] = meant
    return found
