"""What there is to map: the files of a data folder that no source knows, with the first values of each column."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb

from assets.raw import extract_tables, sources
from assets.readers import files
from assets.readers.csv.reader import CsvSpec, plain
from assets.readers.extract.files import header_of, load_text, rows_in, unreadable
from assets.readers.extract.formats import stem, tables_in
from assets.readers.extract.identities import is_identities
from assets.readers.extract.keys import no_keys, very_many
from assets.readers.extract.values import NO_VALUE, code_sets, filled
from assets.readers.source import BrokenFile, DeliveredFile, ExtractMapping, Part
from assets.readers.sql import bounded
from pipelines.fetching.folder import DataFolder
from pipelines.mapping.words import Column

SAMPLE = 1_000  # values of a column that are looked at
NOTHING = ("N/A", "#N/A")  # words that mean no value wherever they are
MANY = 100  # a column with more different values than this holds no codes
MUCH = 0.7  # of the columns of one sheet: another that has more than this share of them is of the same table
Tell = Callable[[str], None]
DOUBTED = 5  # values of a column of keys that a person is asked about
MARKS = 1_000  # hashes of a column that two files are compared by
MORE = 4  # columns that a published table may have more than are read of it


@dataclass(frozen=True)
class Relation:
    """A table or view of a database, which is of the kind `backend`. `schema` is None for the account's usual one."""

    schema: str | None
    name: str
    backend: str

    @property
    def label(self) -> str:
        """The name with its schema."""
        return f"{self.schema}.{self.name}" if self.schema else self.name


@dataclass(frozen=True)
class Sheet:
    """A file that no source knows, or a table of a database: its name in a mapping, its columns by label.

    `table` is the one that it already is by its own names, though not all of its columns are known.
    """

    name: str  # below the data folder
    stem: str
    columns: Mapping[str, Column]
    no_value: tuple[str, ...] = ()  # words in it that mean no value
    table: str | None = None
    relation: Relation | None = None  # what it is in a database; None for a file
    rows: int = 0  # of a database, as far as they are looked at
    others: tuple[str, ...] = ()  # files or sheets with the same columns, such as one a year, by their stems
    made_on: str = ""  # the day of the export, as YYYY-MM-DD, where a person agreed to what it says
    dates: str = ""  # the order of its days, where a person said how years of two digits are meant


@dataclass
class Folder:
    """Files to guess, the tables that are known already, and unreadable files with their reason."""

    sheets: list[Sheet] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    unreadable: dict[str, str] = field(default_factory=dict)


def look(delivered: DataFolder, mapping: ExtractMapping | None = None, tell: Tell = lambda name: None) -> Folder:
    """Read the files, and sheets of workbooks, that no source recognises, or not wholly.

    `mapping` is used in place of the folder's own. Each file is named before it is read.
    """
    found, mapping = Folder(), mapping or delivered.mapping
    seen: set[tuple[str | None, ...]] = set()
    with tempfile.TemporaryDirectory() as scratch:
        for name, size, _ in delivered.files:
            if size < 0 or is_identities(name, mapping):
                continue
            tell(name)
            for file in files.open_file(delivered.path / name, name, Path(scratch)):
                if not isinstance(file, DeliveredFile) or files.holds_identities(file.name) or stem(file.name) is None:
                    continue
                if fed := mapping.fed_by(stem(file.name)):
                    found.known |= {*fed} & extract_tables().keys()
                    continue
                for parts, called in _parts(replace(file, mapping=mapping), found):
                    # the same name and header in another folder is another delivery of the same table
                    mark = (called, *(header_of(parts[0].file, parts[0].sheet) or ()))
                    if mark not in seen:
                        _look_at(parts, called, mapping, Path(scratch), found)
                    seen.add(mark)
    return found


def _parts(file: DeliveredFile, found: Folder) -> list[tuple[list[Part], str]]:
    """The file, or its filled sheets or lists, each with its name as a mapping gives it: of its file, or its own.

    Those with much the same columns, such as one a year, are together, under the name of the file; first is the one
    with most columns and rows.
    """
    try:
        labels = {name: {*map(plain, header_of(file, name) or ())} for name in tables_in(file)}
        labels = {name: said for name, said in labels.items() if len(said) > 1 or name is None}
        rows = {name: rows_in(file, name) or 0 if labels.keys() - {name} else 0 for name in labels}
        alike: dict[str | None, list[str | None]] = {}
        for name in sorted(labels, key=lambda name: (-len(labels[name]), -rows[name])):
            first = next((o for o in alike if len(labels[name] & labels[o]) > MUCH * len(labels[o])), name)
            alike.setdefault(first, []).append(name)
    except BrokenFile as problem:
        found.unreadable[file.name] = str(problem)
        return []
    whole = Path(file.name.replace("!", "/")).stem
    return [
        ([Part(file, name) for name in group], whole if group[1:] or len(labels) == 1 else str(group[0]))
        for group in alike.values()
    ]


def as_one(sheets: Sequence[Sheet]) -> list[Sheet]:
    """Files and sheets with the same columns, such as one a year, as one each."""
    found: dict[tuple[object, ...], list[Sheet]] = {}
    for sheet in sheets:
        alike = tuple(map(plain, sheet.columns)) if sheet.relation is None else (sheet.name,)
        found.setdefault((sheet.table, *alike), []).append(sheet)
    return [_joined(same) if len(same) > 1 else same[0] for same in found.values()]


def _joined(same: Sequence[Sheet]) -> Sheet:
    first, *rest = same
    same = [sheet for sheet in same if any(column.sample for column in sheet.columns.values())] or same
    columns = {}
    labels = {plain(label): label for sheet in reversed(same) for label in sheet.columns}  # as the first calls them
    for label in dict.fromkeys((*first.columns, *reversed(labels.values()))):
        each = [column for sheet in same for of, column in sheet.columns.items() if plain(of) == plain(label)]
        columns[label] = Column(
            tuple(value for column in each for value in column.sample[: SAMPLE // len(same)]),
            tuple(sorted({value for column in each for value in column.different}))[: MANY + 1],
            sum(column.filled for column in each) / len(each),
            tuple(sorted({mark for column in each for mark in column.marks}))[:MARKS],
            all(column.is_unique for column in each),
            any(column.comes_back for column in each),
            tuple({one[0]: one for column in each for one in column.doubted}.values()),
        )
    words = tuple(dict.fromkeys(word for sheet in same for word in sheet.no_value))
    others = tuple(dict.fromkeys(sheet.stem for sheet in rest if sheet.stem.lower() != first.stem.lower()))
    return replace(first, columns=columns, no_value=words, others=others)


def _look_at(parts: list[Part], called: str, mapping: ExtractMapping, scratch: Path, found: Folder) -> None:
    sheets = []
    for part in parts:
        try:
            known_as = _recognised(part)
            table = known_as.get(part.sheet) or known_as.get(None)
            if None not in known_as and {*known_as.values()} - extract_tables().keys():
                return  # a sheet of a publication
            if table is not None and table not in extract_tables():
                # a publication may have a column a month, or a title in its first line
                words = [label for label in header_of(part.file, part.sheet) or () if re.search("[A-Za-z]", label)]
                if len(words) <= len(sources()[table].columns) + MORE:
                    return
                table = None  # an export that only begins like a published table
            sheets.append(Sheet(part.name, called, *_columns(part, scratch), table))
        except BrokenFile as problem:
            found.unreadable[part.name] = str(problem)
    if not sheets:
        return
    sheet = _joined(sheets)
    if sheet.table is None:
        found.sheets.append(sheet)
        return
    found.known.add(sheet.table)
    fields, said = extract_tables()[sheet.table], mapping.blocks(sheet.table)[0].fields
    ours = {plain(said.get(name, name)): name for name in fields}
    has_all = {ours[plain(label)] for label in sheet.columns if plain(label) in ours} == set(fields)
    if not has_all and any(plain(label) not in ours for label in sheet.columns):
        found.sheets.append(sheet)


def _recognised(part: Part) -> dict[str | None, str]:
    """Sheet (None: the file) -> the source that reads it."""
    return {known.sheet: source.table for source in sources().values() for known in source.parts(part.file)}


def _columns(part: Part, scratch: Path) -> tuple[dict[str, Column], tuple[str, ...]]:
    """The values of a file, read as a build reads them, and the words that mean no value. Raises BrokenFile."""
    problem = unreadable(part.file)
    labels = [label for label in header_of(part.file, part.sheet) or () if label.strip()]
    if problem is not None:
        raise problem
    if len(labels) < 2:
        raise BrokenFile("line 1", f"{len(labels)} column(s)", "a header and commas", "Save it as csv, in UTF-8.")
    names = {f"c{n}": label for n, label in enumerate(labels)}
    spec = CsvSpec({name: (label,) for name, label in names.items()}, frozenset(names), may_be_empty=True)
    with bounded(scratch) as con:
        load_text(con, "text", part, "", scratch / "columns.parquet", spec)
        return columns_of_text(con, names)


def columns_of_text(
    con: duckdb.DuckDBPyConnection, names: Mapping[str, str]
) -> tuple[dict[str, Column], tuple[str, ...]]:
    """The values of the table `text`, whose columns have `names`, and the words in it that mean no value."""
    cells = " union all ".join(f"select lower(trim({name})) as word from text" for name in names)
    listed = ", ".join(f"'{word.lower()}'" for word in NOTHING)
    seen = con.execute(f"select distinct word from ({cells}) where word in ({listed})").fetchall()
    columns = {label: _column(con, filled(name, (*NO_VALUE, *NOTHING))) for name, label in names.items()}
    return columns, tuple(word for word in NOTHING if (word.lower(),) in seen)


def _column(con: duckdb.DuckDBPyConnection, value: str) -> Column:
    con.execute(f'create or replace temp table given as select {value} as "given key" from text')  # read six times
    values = 'from (select "given key" as v from given) where v is not null'
    sample = tuple(v for (v,) in con.execute(f"select v {values} limit {SAMPLE}").fetchall())
    different = con.execute(f"select distinct v {values} limit {MANY + 1}").fetchall()
    ((rows, known),) = con.execute('select count(*), count("given key") from given').fetchall()
    column = Column(sample, tuple(sorted(v for (v,) in different)), known / rows if rows else 1.0)
    if may_be_keys(sample):
        hashed = f"select distinct hash(lower(v)) as h {values}"
        marks = tuple(h for (h,) in con.execute(f"select h from ({hashed}) order by h limit {MARKS}").fetchall())
        ((count,),) = con.execute(f"select count(*) from ({hashed})").fetchall()
        column = replace(column, marks=marks, is_unique=count == known)
    if column.marks and not column.is_unique:
        found = con.execute(
            f"with counts as (select v, count(*) as n, list_contains(?, v) as is_word {values} group by v)"
            f" select v, n, is_word, n > if(is_word, 1, {very_many('counts')}) as is_doubted from counts"
            " where n > 1 order by is_doubted desc, n desc, v",
            [no_keys(con, "given", "key", "text", code_sets()["placeholder_key"])],
        ).fetchall()
        doubted = tuple((v, n, is_word) for v, n, is_word, is_doubted in found[:DOUBTED] if is_doubted)
        column = replace(column, comes_back=any(not is_word for _, _, is_word, _ in found), doubted=doubted)
    return column


def may_be_keys(sample: Sequence[str]) -> bool:
    """Whether values may be keys of records: with a digit, short, many of them different, and no days or numbers."""
    some = sorted(set(sample))[:: max(1, len(set(sample)) // 50)]
    odd = sum(len(v) > 40 or bool(DAY_LIKE.match(v)) or re.search(r"\d", v) is None for v in some)
    return len(set(sample)) > max(2, 0.2 * len(sample)) and odd <= 0.1 * len(some)


# days, moments, clocks, and parts of degrees
DAY_LIKE = re.compile(r"\d{1,4}[-/. ](\d\d?|[A-Za-z]{3,9})[-/. ]\d{2,4}|\d\d?:\d\d|-?\d+[.]\d|[12]\d{3}[01]\d[0-3]\d\b")
