"""Intake: recognise every file of the data folder, read it once, account for it.

Reading happens in worker threads and writes one parquet file per delivery. Only the main thread writes to the
warehouse. A killed intake leaves parquet files that no table names; the next one writes them again.
"""

from __future__ import annotations

import codecs
import hashlib
import io
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

import duckdb
import pyarrow as pa

from assets.raw import extract_tables, source_files, sources, tables_of_people
from assets.readers import files
from assets.readers.csv.reader import plain
from assets.readers.extract.files import rows_in
from assets.readers.extract.formats import stem
from assets.readers.extract.identities import is_for_linkage_alone, is_identities
from assets.readers.extract.tables import part_of
from assets.readers.source import BrokenFile, DeliveredFile, ExtractMapping, Part, Source
from assets.readers.sql import bounded
from assets.reference import list_path
from pipelines.delivery import inputs, parts, processing_log
from pipelines.delivery.ledger import Delivery, FileOutcome, Ledger, parquet_of, settle
from pipelines.delivery.recognition import fault_refused, likely_source, not_loaded, recognised
from pipelines.fetching import store
from pipelines.fetching.folder import LEAVES, NOT_A_FILE, DataFolder, Entry, is_mapping
from pipelines.tables.cards import ASSETS, ROOT, code_of

ALL = "all"  # the period of a source that is replaced as a whole
CODECS = ("utf-8-sig", "utf-16", "cp1252", "cp437")  # of text files, and of names in archives
LISTS_READ = ("code_sets", "outcome_labels")  # by readers: who edits one has his files read again
BATCH = 40  # files recorded in one transaction: what a kill can cost

Report = Callable[[int, int, str], None]


@cache
def reader_version(table: str) -> str:
    """Hash of the code that reads a source, without its card.

    A change means that its deliveries are read again.
    """
    digest = hashlib.sha256()
    for path in sorted((ASSETS / "readers").rglob("*.py")):
        digest.update(path.read_bytes())
    layout = sources()[table].layout
    digest.update((code_of(source_files()[table]) if layout is None else layout.read_by()).encode())
    for name in LISTS_READ:
        digest.update(list_path(name).read_bytes())
    return digest.hexdigest()[:16]


def readers_hash() -> str:
    """Hash over all readers.

    As long as it is the same, a file with the same size and time is not read again.
    """
    return hashlib.sha256("".join(map(reader_version, source_files())).encode()).hexdigest()[:16]


def take_in(con: duckdb.DuckDBPyConnection, home: Path, folder: DataFolder, report: Report) -> int:
    """Load what is new in the folder; return the number of files looked at."""
    mapping = folder.mapping
    scopes = parts.scopes(con)
    mark = "".join(sorted(map(str, scopes.items())))
    ledger = Ledger(con, home, folder.path, readers_hash() + mapping.whole_mark() + mark)
    known = ledger.files_known()
    fresh = [entry for entry in folder.files if entry not in known or _asks_again(entry[0], mapping, ledger)]
    ledger.forget_files_gone(folder.names)
    scratch = home / "scratch"
    _sweep(home, scratch)
    waiting: list[FileOutcome] = []
    reading = partial(_read_file, home, folder, scratch, ledger, scopes)
    _import_for_reading(con)
    with _stoppable(home, scratch) as pool:
        # in this thread: the driver of a database is imported. What they name may come with any other file
        mappings = [reading(entry) for entry in fresh if is_mapping(entry[0])]
        jobs = {pool.submit(reading, entry): entry[0] for entry in fresh if not is_mapping(entry[0])}
        for done, job in enumerate(as_completed(jobs), start=len(mappings) + 1):
            waiting.append(job.result())
            if len(waiting) == BATCH:
                _record(home, ledger, waiting)
                waiting = []
            report(done, len(fresh), jobs[job])
    _record(home, ledger, waiting)
    for outcome in mappings:
        outcome.deliveries += _not_delivered(outcome, folder, ledger)
    _record(home, ledger, mappings)
    _sweep(home, scratch)
    parts.note_taken_away(con, folder.names)
    settle(con, home, sources())
    if parts.note_alike(con, home, folder.names, scopes):
        return take_in(con, home, folder, report)
    inputs.record_kept(con, home)
    return len(fresh)


def _import_for_reading(con: duckdb.DuckDBPyConnection) -> None:
    """Import what libraries import at their first use.

    Two threads that import at a time may each find a module of the other half made, and the build fails.
    """
    sources()
    con.sql("select 1 as a").pl().write_parquet(io.BytesIO())
    pa.array(["a"])
    for name in CODECS:
        codecs.lookup(name)


@contextmanager
def _stoppable(home: Path, scratch: Path) -> Iterator[ThreadPoolExecutor]:
    """Threads to read files with. After a fault or a signal to stop, none is waited for; what they wrote is removed."""
    pool = ThreadPoolExecutor(max_workers=os.cpu_count() or 1)
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        _sweep(home, scratch)
        raise
    pool.shutdown()


def _sweep(home: Path, scratch: Path) -> None:
    """Remove what a killed intake left: unpacked files, and rows of files that it had not read to their end."""
    shutil.rmtree(scratch, ignore_errors=True)
    for unfinished in (home / "raw").glob("*/.*.parquet"):
        unfinished.unlink(missing_ok=True)


def _record(home: Path, ledger: Ledger, outcomes: list[FileOutcome]) -> None:
    """Account for files, once their records of people are logged.

    If the log refuses, nothing of them is loaded.
    """
    deliveries = [delivery for outcome in outcomes for delivery in outcome.deliveries]
    processing_log.collected(home, deliveries, tables_of_people())
    ledger.record(outcomes)


def _asks_again(name: str, mapping: ExtractMapping, ledger: Ledger) -> bool:
    """True for a mapping of a database, or of a file that was not there.

    Only the database can say what it holds today.
    """
    return is_mapping(name) and (bool(mapping.queries) or name in ledger.troubled)


def _not_delivered(outcome: FileOutcome, folder: DataFolder, ledger: Ledger) -> Iterator[Delivery]:
    """The tables whose mapped file never came, so that they are reported."""
    mapping = folder.mapping
    held = [delivery.file_name.partition("#") for delivery in ledger.held.values()]
    came = {stem(name) for name, _, _ in held} | {plain(sheet) for _, _, sheet in held}
    names = [name for name in folder.names if not is_mapping(name)]
    came |= {stem(name) for name in names if is_identities(name, mapping)}
    for table, blocks in mapping.tables.items():
        for file in dict.fromkeys(block.file for block in blocks if block.file is not None):
            if not any(mapping.is_named(name, file.lower()) for name in came):
                others = f"no such file; the folder has {', '.join(names[:3])}" if names else "none in this folder"
                problem = BrokenFile(
                    f"[tables.{table}]", others, f"a file {file}.csv or {file}.parquet",
                    "Deliver it, or correct its name in the mapping.",
                )  # fmt: skip
                yield _refused_by_name(table, f"{outcome.name}!{file}", outcome, problem)


def _refused_by_name(table: str, name: str, outcome: FileOutcome, problem: BrokenFile) -> Delivery:
    """A refusal without content to identify it; it lasts until the file changes."""
    mark = hashlib.sha256(f"{name}{outcome.size}{outcome.modified_ns}".encode()).hexdigest()
    return Delivery(mark[:16], table, name, mark, files.snapshot_date(name), broken=problem)


def _read_file(
    home: Path, folder: DataFolder, scratch: Path, ledger: Ledger, scopes: Mapping[str, str], entry: Entry
) -> FileOutcome:
    name, size, modified_ns = entry
    mapping = folder.mapping
    outcome = FileOutcome(name, size, modified_ns)
    if size == LEAVES:
        problem = BrokenFile(
            "link", "one that leads out of the data folder", "files in the folder",
            "Put what it leads to into the folder, or give the folder that it is in with --data.",
        )  # fmt: skip
        outcome.deliveries.append(_refused_by_name(likely_source(name), name, outcome, problem))
        return outcome
    if size == NOT_A_FILE:
        what = "a folder that this account may not enter" if name.endswith("/") else "a broken link or a device"
        outcome.unrecognised.append((name, 0, f"{what}: nothing was read from it", ""))
        return outcome
    if is_for_linkage_alone(name, mapping):
        reason = "names of people: only linkage reads them (raw.linkage_runs); none is kept here"
        outcome.unrecognised.append((name, size, reason, ""))
        return outcome
    # a place of its own: members of two archives may have the same name
    own = scratch / hashlib.sha256(name.encode()).hexdigest()[:16]
    if is_mapping(name) and mapping.problem is not None:
        opened: Iterator[DeliveredFile | tuple[str, BrokenFile]] = iter([(name, mapping.problem)])
    elif is_mapping(name):
        from pipelines.fetching.database import (
            pull,  # most folders have none, and SQL parsers take their time to import
        )

        opened = pull(mapping, name, own)
    else:
        opened = files.open_file(folder.path / name, name, own)
    try:
        with fault_refused():
            store.check_as_fetched(folder.path / name)
            _account(outcome, opened, home, mapping, ledger, scopes)
    except BrokenFile as problem:
        refused = _refused_by_name(likely_source(name), name, outcome, problem)
        outcome.deliveries.append(replace(refused, is_private=bool(mapping.fed_by(stem(name)))))
    return outcome


def _account(
    outcome: FileOutcome,
    opened: Iterator[DeliveredFile | tuple[str, BrokenFile]],
    home: Path,
    mapping: ExtractMapping,
    ledger: Ledger,
    scopes: Mapping[str, str],
) -> None:
    """Add what came of a file, or of each part of an archive, to its outcome."""
    for found in opened:
        if isinstance(found, DeliveredFile):
            outcome.sha256 = _together(outcome.sha256, found.sha256)
            file = replace(found, mapping=parts.scoped(found.mapping or mapping, found.name, scopes))
            tables = list(recognised(file))
            outcome.deliveries += [
                _refused(table, Part(file), part) if isinstance(part, BrokenFile)
                else _read_part(home, sources()[table], part, ledger) for table, part in tables
            ]  # fmt: skip
            outcome.unrecognised += not_loaded(file, mapping, tables)
        else:
            broken_name, problem = found
            outcome.deliveries.append(_refused_by_name(likely_source(broken_name), broken_name, outcome, problem))


def _together(before: str, sha256: str) -> str:
    """The hash of a file's only part, or of all its parts.

    So a change in any part is a change of the file.
    """
    return hashlib.sha256((before + sha256).encode()).hexdigest() if before else sha256


def _refused(table: str, part: Part, problem: BrokenFile) -> Delivery:
    file, name = part.file, part.name
    ref = hashlib.sha256(f"refused {file.sha256} {table} {name}".encode()).hexdigest()[:16]
    version = reader_version(table) if table in sources() else ""
    is_wide = len(file.mapping.fed_by(stem(file.name))) > 1 if file.mapping is not None else False
    day = files.snapshot_date(name)
    rows = rows_in(file, part.sheet) if table in extract_tables() else None
    return Delivery(ref, table, name, file.sha256, day, version, broken=problem, rows=rows, is_private=is_wide)


def _read_part(home: Path, source: Source, part: Part, ledger: Ledger) -> Delivery:
    scope = part.file.mapping.scope if part.file.mapping is not None else ""  # two forces may have the same few rows
    ref = hashlib.sha256(f"{part.file.sha256} {source.table} {part.sheet or ''}{scope}".encode()).hexdigest()[:16]
    version = reader_version(source.table)
    if source.is_extract and part.file.mapping is not None:
        version += part.file.mapping.mark(source.table)
    delivery = Delivery(ref, source.table, part.name, part.file.sha256, files.snapshot_date(part.name), version)
    if source.is_extract:
        delivery.part_of = part_of(part, source.table)
    if ledger.reader_of(ref) == version:
        return delivery
    target = parquet_of(home, source.table, ref)
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f".{ref}.{os.getpid()}.{time.monotonic_ns()}.parquet")
    try:
        with fault_refused():
            delivery.reading = source.read(part, ref, unfinished)
            # a table of an extract without rows says that there were none, and replaces an earlier one all the same
            delivery.periods = _periods(source, unfinished) or [(ALL, 0)]
        unfinished.replace(target)
    except BrokenFile as problem:
        return _refused(source.table, part, problem)
    finally:
        unfinished.unlink(missing_ok=True)
    return delivery


def _periods(source: Source, parquet: Path) -> list[tuple[str, int]]:
    """(period, rows) of one delivery."""
    with bounded(parquet.parents[1]) as con:
        return con.execute(
            f"select {source.period} as period, count(*) from read_parquet(?) group by all order by all", [str(parquet)]
        ).fetchall()


def code_version() -> str:
    """Hash of the product's own code and reference files, printed in every manifest."""
    digest = hashlib.sha256()
    for folder in ("assets", "expectations", "pipelines"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in (".py", ".sql", ".toml", ".csv"):
                digest.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:16]
