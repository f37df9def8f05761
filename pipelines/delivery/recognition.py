"""Which table a delivered file is, without reading its rows."""

from __future__ import annotations

import tempfile
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from assets.raw import extract_tables, sources
from assets.readers import files
from assets.readers.csv.reader import plain
from assets.readers.extract.columns import columns_of
from assets.readers.extract.files import header_of, rows_in
from assets.readers.extract.formats import stem, tables_in
from assets.readers.extract.identities import TABLE as IDENTITIES
from assets.readers.extract.identities import is_for_linkage_alone, is_identities
from assets.readers.extract.mapping import FILE_NAME as MAPPING
from assets.readers.extract.tables import absent_fields, required
from assets.readers.source import NO_MAPPING, BrokenFile, DeliveredFile, ExtractMapping, Part, Source
from pipelines.fetching.folder import DataFolder, is_mapping
from pipelines.mapping.headings import table_told_by
from pipelines.mapping.words import likeness
from pipelines.system import stops
from pipelines.system.disk import is_disk_trouble
from pipelines.tables.cards import ROOT

ALIKE = 0.9  # a column that is so like a field is taken for it, where a whole header is judged
ROWS_OF = {"crime": "crimes", "outcome": "outcomes", "party_role": "people in crimes"}


@dataclass(frozen=True)
class Recognised:
    """A file, or a part of one: the table that it is and the fields that it lacks; '' and the reason if it is none."""

    name: str
    table: str = ""
    absent: tuple[str, ...] = ()
    problem: str = ""


def survey(folder: DataFolder, mapping: ExtractMapping | None = None) -> Iterator[Recognised]:
    """Every file of a data folder as a build would recognise it. Rows are not read, so values are not checked.

    `mapping` is one that is not written yet, in place of the folder's own.
    """
    mapping = mapping or folder.mapping
    if mapping.problem is not None:
        yield Recognised(next(filter(is_mapping, folder.names)), problem=str(mapping.problem))
    for table, query in mapping.queries.items():
        said = f"[database.queries] {table}, which is asked when a build runs,"
        yield Recognised(said, table, tuple(_not_selected(table, query, mapping)))
    for name, size, _ in folder.files:
        if size < 0:
            yield Recognised(name, problem="it cannot be read: a closed folder, a device, or a link that leads outside")
            continue
        if is_identities(name, mapping):
            yield Recognised(name, IDENTITIES)
        if not is_mapping(name) and not is_for_linkage_alone(name, mapping):
            with tempfile.TemporaryDirectory() as scratch:
                yield from _survey_file(folder.path / name, name, Path(scratch), mapping)


def _not_selected(table: str, query: str, mapping: ExtractMapping) -> Iterator[str]:
    """The fields that a query does not give, where its text says what it gives."""
    from pipelines.fetching.database import selected_names  # SQL parsers take their time to import

    names = selected_names(query)
    given = {plain(name) for name in names or ()}
    said = {field: column for block in mapping.blocks(table) for field, column in block.fields.items()}
    for field in extract_tables().get(table, ()) if names else ():
        if not all(plain(column) in given for column in columns_of(said.get(field, field))):
            yield field


def _survey_file(path: Path, name: str, scratch: Path, mapping: ExtractMapping) -> Iterator[Recognised]:
    try:
        with fault_refused():
            for file in files.open_file(path, name, scratch):
                if isinstance(file, DeliveredFile):
                    yield from _survey_parts(replace(file, mapping=file.mapping or mapping), mapping)
                else:
                    yield Recognised(file[0], problem=str(file[1]))
    except BrokenFile as problem:
        yield Recognised(name, problem=str(problem))


def _survey_parts(file: DeliveredFile, mapping: ExtractMapping) -> Iterator[Recognised]:
    found = list(recognised(file))
    for name, _, said, _ in not_loaded(file, mapping, found):
        yield Recognised(name, problem=said)
    for table, part in found:
        if isinstance(part, BrokenFile):
            yield Recognised(file.name, problem=str(part))
        else:
            fields = extract_tables().get(table)
            yield Recognised(part.name, table, tuple(absent_fields(part, table, fields)) if fields else ())


def recognised(file: DeliveredFile) -> Iterator[tuple[str, Part | BrokenFile]]:
    """(table, part) of each delivery in one file, recognised by content first; in place of a part, why it is refused.

    A file that only its name claims is refused with the reason. Names of people are for linkage alone. While the
    mapping cannot be used, no table of the extract is read.
    """
    if files.holds_identities(file.name):
        return
    ours: set[str] = set()
    guarded: BrokenFile | None = None
    is_closed = file.mapping is not None and file.mapping.problem is not None
    # a file that the mapping names is of the extract, though its columns may be those of a published table as well
    claimed = set(file.mapping.fed_by(stem(file.name))) if file.mapping is not None else set()
    offered = [s for s in sources().values() if not (is_closed if s.is_extract else claimed)]
    for source in offered:
        try:
            with fault_refused():
                parts = list(source.parts(file))
        except BrokenFile as problem:
            guarded = problem
            if source.looks_like(file.name):
                ours.add(source.table)
                yield source.table, problem
            continue
        for part in parts:
            ours.add(source.table)
            other = _other_table(part, source)
            yield source.table, part if other is None else other
    if ours & claimed:
        # the other tables that the mapping makes of this file: each says why it cannot be made
        for source in offered:
            if source.table not in ours and source.table in claimed:
                yield source.table, files.why_not(file, source)
    if not ours:
        for source in offered:
            if source.looks_like(file.name) or source.table in claimed:
                yield source.table, files.why_not(file, source)
                return
        if guarded is not None:  # a workbook that may not be opened could be anyone's
            yield "workbook", guarded


def _other_table(part: Part, source: Source) -> BrokenFile | None:
    """Why a file is refused that has the name of this table and the columns of another: a copy of it, as a rule."""
    labels = header_of(part.file, part.sheet) or []
    present = {plain(label) for label in labels}
    ours = present & set(source.fields)
    is_mapped = part.file.mapping is not None and source.table in part.file.mapping.tables
    if ours == present or is_mapped or not source.is_extract:  # no other table has more of them
        return None
    other = table_like(labels)
    theirs = present & set(extract_tables().get(other or "", ()))
    if len(theirs) <= len(ours) or ours - theirs:
        return None
    return BrokenFile(
        "columns", f"those of {other}, and none of {source.table} alone", f"the columns of {source.table}",
        f"Take the file away if it is a copy of {other}; otherwise give it the name of the table that it is.",
    )  # fmt: skip


def likely_source(name: str) -> str:
    """The source that a file is of by its name."""
    other = "mapping" if is_mapping(name) else "archive"
    return next((source.table for source in sources().values() if source.looks_like(name)), other)


@contextmanager
def fault_refused() -> Iterator[None]:
    """Refuse a file on which its reader itself fails; the other files are loaded all the same.

    A full disk is no fault of the file, nor is a stop: both end the build.
    The message names the fault and its line, never its text: that may quote a record.
    """
    try:
        yield
    except BrokenFile:
        raise
    except Exception as fault:
        if is_disk_trouble(fault) or stops.was_stopped(fault):
            raise
        frames = [f for f in traceback.extract_tb(fault.__traceback__) if Path(f.filename).is_relative_to(ROOT)]
        place = f", {Path(frames[-1].filename).name} line {frames[-1].lineno}" if frames else ""
        raise BrokenFile(
            "file", f"content on which its reader failed ({type(fault).__name__}{place})",
            "a sound file of this kind", "Save it again, as CSV if that is possible, and deliver that. If it fails "
            "again, report this line to those who maintain the product.",
        ) from fault  # fmt: skip


def not_loaded(
    file: DeliveredFile, mapping: ExtractMapping, found: Sequence[tuple[str, Part | BrokenFile]]
) -> Iterator[tuple[str, int, str, str]]:
    """(name, size, what it may be, table of the extract that it is like or '') of what no source knows.

    That is the file, or each sheet or list of it of which nothing is `found`. A publisher's workbook has many sheets,
    and a refused file is named already: nothing is said of their other sheets. Of a table the text says what to do.
    """
    taken = {part.sheet for table, part in found if isinstance(part, Part) and table in extract_tables()}
    names: list[str | None] = [None]
    is_of_names = files.holds_identities(file.name)
    with suppress(BrokenFile):
        names = [None] if is_of_names else tables_in(file)
    for name in names if taken or not found else ():
        if name in taken:
            continue
        labels, table = [] if is_of_names else header_of(file, name) or [], ""
        said = f"{len(labels)} columns; no source knows it" if name is not None else files.describe(file)
        if mapping.problem is not None and stem(file.name) is not None:
            said += f"; if it is part of the extract, it waits until {MAPPING} can be used"
        elif not is_of_names:
            table, rows = table_like(labels, mapping) or "", rows_in(file, name)
            said += f"; rows: {rows:,}" if rows is not None else ""
            said += f"; its columns are those of {table}: name it so, or run `stra map`" if table else ""
            if not table and (like := table_told_by(labels)):
                table = f"unmapped {like}"
                said += f"; it looks like {ROWS_OF[like]} of another record system: run `stra map`"
                said += f", and decide the lines of {MAPPING} that begin with #" if mapping.tables else ""
        yield Part(file, name).name, file.size, said, table


def table_like(labels: Sequence[str], mapping: ExtractMapping = NO_MAPPING) -> str | None:
    """The table of the extract with these columns, by our names, the mapping's, or words for them; None without one.

    The name of the file does not matter.
    """
    counts: dict[str, int] = {}
    for table, fields in extract_tables().items():
        for block in mapping.blocks(table):
            said = {name: {plain(name), *map(plain, columns_of(block.fields.get(name, name)))} for name in fields}
            known = {
                name for name, names in said.items()
                if any(plain(label) in names or likeness(label, name, table) >= ALIKE for label in labels)
            }  # fmt: skip
            is_keyed = set(required(fields)) <= known and len(known) >= max(3, len(labels) / 2)
            if is_keyed or len(known) >= max(4, 0.75 * len(labels)):  # the key may have another name
                counts[table] = max(len(known), counts.get(table, 0))
    return max(counts, key=lambda table: counts[table], default=None)
