"""Taking in: every file in the data folder is recognised, read once per content, and accounted for.

Reading happens in worker threads and writes one parquet file per delivery; only the main thread writes to the
warehouse. A killed intake leaves parquet files that no table names; the next one writes them again.
"""

from __future__ import annotations

import hashlib
import importlib
import os
import shutil
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import duckdb

from assets.readers import files
from assets.readers.source import BrokenFile, DeliveredFile, Part, Reading, Source
from pipelines.cards import ASSETS, ROOT, Card, all_cards
from pipelines.warehouse import check_against_card, comment, record_state, state_of, transaction

LOG_TABLES = ("raw.deliveries", "raw.delivered_periods", "raw.quarantined_rows", "raw.unrecognised_files")
BATCH = 40  # deliveries recorded in one transaction: what a kill can cost

Report = Callable[[int, int, str], None]


class DataFolderMissing(Exception):
    """There is nothing to take in: the folder does not exist or cannot be read."""


@dataclass
class Delivery:
    """What came of one part of one file, before it is recorded."""

    ref: str
    source: str
    file_name: str
    sha256: str
    snapshot_date: date | None
    reading: Reading | None = None  # None: refused, or already taken in
    broken: BrokenFile | None = None
    periods: list[tuple[str, int]] = field(default_factory=list)


@dataclass
class FileOutcome:
    """What came of one file of the data folder: its deliveries, or that nobody knows it."""

    name: str
    size: int
    modified_ns: int
    sha256: str = ""
    deliveries: list[Delivery] = field(default_factory=list)
    unrecognised: list[tuple[str, int, str]] = field(default_factory=list)


@cache
def sources() -> dict[str, Source]:
    """Every source under assets/raw, by raw table."""
    found = {}
    for path in sorted((ASSETS / "raw").glob("*.py")):
        if path.stem != "__init__":
            source: Source = importlib.import_module(f"assets.raw.{path.stem}").SOURCE
            found[source.table] = source
    return found


@cache
def reader_version(table: str) -> str:
    """Hash of the code that reads a source: when it changes, its deliveries are read again."""
    digest = hashlib.sha256()
    for path in [*sorted((ASSETS / "readers").glob("*.py")), ASSETS / "raw" / f"{table}.py"]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def scan(data_dir: Path) -> list[tuple[str, int, int]]:
    """(name below the folder, size, modification time) of every file; hidden ones and `truth` are passed over."""
    if not data_dir.is_dir():
        raise DataFolderMissing(
            f"{data_dir}: expected a folder with delivered files; there is none. Give the folder with --data."
        )
    found = []
    for folder, folders, names in os.walk(data_dir, followlinks=False):
        folders[:] = sorted(f for f in folders if not f.startswith(".") and f != "truth")
        for name in sorted(names):
            path = Path(folder) / name
            if not name.startswith(".") and path.is_file():
                status = path.stat()
                found.append((path.relative_to(data_dir).as_posix(), status.st_size, status.st_mtime_ns))
    return found


def readers_hash() -> str:
    """Hash over all readers: while it stands, a file with the same size and time needs no second look."""
    names = [path.stem for path in sorted((ASSETS / "raw").glob("*.py"))]
    return hashlib.sha256("".join(reader_version(name) for name in names).encode()).hexdigest()[:16]


def tree_hash(data_dir: Path) -> str:
    """Hash of the names, sizes and times under the data folder: unchanged means nothing new lies there."""
    return hashlib.sha256(repr(scan(data_dir)).encode()).hexdigest()[:16]


def take_in(con: duckdb.DuckDBPyConnection, home: Path, data_dir: Path, report: Report) -> int:
    """Take in what is new under `data_dir`; returns the number of files looked at. Raises DataFolderMissing."""
    create_log_tables(con)
    tree = scan(data_dir)
    known = {
        (row[0], row[1], row[2])
        for row in con.execute(
            "select file_name, size_bytes, modified_ns from build.files where reader_version = ?",
            [readers_hash()],
        ).fetchall()
    }
    fresh = [entry for entry in tree if entry not in known]
    held = {
        row[0]: (row[1], row[2])
        for row in con.execute(
            "select delivery_ref, reader_version, status from raw.deliveries where status in ('loaded', 'superseded')"
        ).fetchall()
    }
    with transaction(con):
        con.execute(
            "delete from raw.unrecognised_files where not list_contains(?, split_part(file_name, '!', 1))",
            [[name for name, _, _ in tree]],
        )
    scratch = home / "scratch"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    waiting: list[FileOutcome] = []
    with ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as pool:
        jobs = {pool.submit(_read_file, home, data_dir, entry, scratch, held): entry[0] for entry in fresh}
        for done, job in enumerate(as_completed(jobs), start=1):
            waiting.append(job.result())
            if sum(len(o.deliveries) for o in waiting) >= BATCH:
                _record(con, home, data_dir, waiting)
                waiting = []
            report(done, len(fresh), jobs[job])
    _record(con, home, data_dir, waiting)
    shutil.rmtree(scratch, ignore_errors=True)
    settle(con, home)
    return len(fresh)


def create_log_tables(con: duckdb.DuckDBPyConnection) -> None:
    """The tables that account for deliveries, made from their cards."""
    for table in LOG_TABLES:
        card = all_cards()[table]
        columns = ", ".join(f'"{c.name}" {c.type}' for c in card.columns)
        con.execute(f"create table if not exists {table} ({columns})")


def _read_file(
    home: Path, data_dir: Path, entry: tuple[str, int, int], scratch: Path, held: dict[str, tuple[str, str]]
) -> FileOutcome:
    name, size, modified_ns = entry
    outcome = FileOutcome(name, size, modified_ns)
    for found in files.open_file(data_dir / name, name, scratch):
        if isinstance(found, DeliveredFile):
            outcome.sha256 = outcome.sha256 or found.sha256
            deliveries = list(_deliveries(home, found, held))
            outcome.deliveries += deliveries
            if not deliveries:
                outcome.unrecognised.append((found.name, found.size, files.describe(found)))
        else:
            broken_name, problem = found
            mark = hashlib.sha256(f"{broken_name}{size}{modified_ns}".encode()).hexdigest()
            source = next((s.table for s in sources().values() if s.looks_like(broken_name)), "archive")
            outcome.deliveries.append(
                Delivery(mark[:16], source, broken_name, mark, files.snapshot_date(broken_name), broken=problem)
            )
    return outcome


def _deliveries(home: Path, file: DeliveredFile, held: dict[str, tuple[str, str]]) -> Iterator[Delivery]:
    """The deliveries in one file: by content first; a file that only its name claims is refused with the reason."""
    recognised = False
    for source in sources().values():
        try:
            parts = source.parts(file)
        except BrokenFile as problem:
            if source.looks_like(file.name):
                recognised = True
                yield _refused(source, file, file.name, problem)
            continue
        for part in parts:
            recognised = True
            yield _read_part(home, source, part, held)
    if not recognised:
        for source in sources().values():
            if source.looks_like(file.name):
                yield _refused(source, file, file.name, files.why_not(file, source))
                return


def _refused(source: Source, file: DeliveredFile, name: str, problem: BrokenFile) -> Delivery:
    ref = hashlib.sha256(f"refused {file.sha256} {name}".encode()).hexdigest()[:16]
    return Delivery(ref, source.table, name, file.sha256, files.snapshot_date(name), broken=problem)


def _read_part(home: Path, source: Source, part: Part, held: dict[str, tuple[str, str]]) -> Delivery:
    ref = hashlib.sha256(f"{part.file.sha256} {source.table} {part.sheet or ''}".encode()).hexdigest()[:16]
    delivery = Delivery(ref, source.table, part.name, part.file.sha256, files.snapshot_date(part.name))
    if held.get(ref, ("", ""))[0] == reader_version(source.table):
        return delivery
    target = parquet_of(home, source.table, ref)
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f".{ref}.{os.getpid()}.{time.monotonic_ns()}.parquet")
    try:
        delivery.reading = source.read(part, ref, unfinished)
        delivery.periods = _periods(source, unfinished)
        os.replace(unfinished, target)
    except BrokenFile as problem:
        return _refused(source, part.file, part.name, problem)
    finally:
        unfinished.unlink(missing_ok=True)
    return delivery


def _periods(source: Source, parquet: Path) -> list[tuple[str, int]]:
    return (
        duckdb.connect()
        .execute(
            f"select {source.period} as period, count(*) from read_parquet(?) group by all order by all",
            [str(parquet)],
        )
        .fetchall()
    )


def parquet_of(home: Path, table: str, ref: str) -> Path:
    """Where the rows of a delivery lie."""
    return home / "raw" / table / f"{ref}.parquet"


def _record(con: duckdb.DuckDBPyConnection, home: Path, data_dir: Path, outcomes: list[FileOutcome]) -> None:
    """Write the account of some files: one transaction, so that a file is either wholly known or not at all."""
    with transaction(con):
        for outcome in sorted(outcomes, key=lambda o: o.name):
            _forget_failures(con, outcome.name)
            for delivery in outcome.deliveries:
                _record_delivery(con, home, data_dir, delivery)
            con.executemany(
                "insert into raw.unrecognised_files values (?, ?, ?)", outcome.unrecognised
            ) if outcome.unrecognised else None
            if not any(d.broken is not None and "still being written" in d.broken.do for d in outcome.deliveries):
                con.execute(
                    "insert or replace into build.files values (?, ?, ?, ?, ?)",
                    [outcome.name, outcome.size, outcome.modified_ns, outcome.sha256, readers_hash()],
                )


def _forget_failures(con: duckdb.DuckDBPyConnection, name: str) -> None:
    """A file that is looked at again replaces what was said of it when it was refused or unknown."""
    con.execute(
        "delete from raw.deliveries where status in ('refused', 'unchanged') and "
        "(file_name = $name or starts_with(file_name, $name || '!') or starts_with(file_name, $name || '#'))",
        {"name": name},
    )
    con.execute(
        "delete from raw.unrecognised_files where file_name = $name or starts_with(file_name, $name || '!')",
        {"name": name},
    )


def _record_delivery(con: duckdb.DuckDBPyConnection, home: Path, data_dir: Path, d: Delivery) -> None:
    if d.broken is not None:
        _keep_in_quarantine(home, data_dir, d)
        _insert_delivery(con, d, 0, 0, 0, "refused", f"{d.file_name}: {d.broken}", [])
        return
    twin = con.execute(
        "select file_name, snapshot_date, reader_version from raw.deliveries where delivery_ref = ?", [d.ref]
    ).fetchone()
    if twin is not None and twin[0] != d.file_name:
        if d.snapshot_date is None or (twin[1] is not None and d.snapshot_date > twin[1]):
            con.execute("update raw.deliveries set snapshot_date = ? where delivery_ref = ?", [d.snapshot_date, d.ref])
        copy = Delivery(
            hashlib.sha256(f"unchanged {d.ref} {d.file_name}".encode()).hexdigest()[:16],
            d.source,
            d.file_name,
            d.sha256,
            d.snapshot_date,
        )
        _insert_delivery(con, copy, 0, 0, 0, "unchanged", f"the same content was taken in as {twin[0]}", [])
        if d.reading is None or twin[2] == reader_version(d.source):
            return
        d.file_name = twin[0]
    if d.reading is None:
        return
    for table in ("delivered_periods", "quarantined_rows"):
        con.execute(f"delete from raw.{table} where delivery_ref = ?", [d.ref])
    r = d.reading
    _insert_delivery(con, d, r.rows_read, r.rows_loaded, len(r.quarantined), "loaded", "", r.notices)
    if d.periods:
        con.executemany(
            "insert into raw.delivered_periods values (?, ?, ?, ?)",
            [[d.ref, d.source, period, count] for period, count in d.periods],
        )
    if r.quarantined:
        con.executemany(
            "insert into raw.quarantined_rows values (?, ?, ?, ?, ?)",
            [[d.ref, q.line_number, q.column_name, q.value[:500], q.reason] for q in r.quarantined],
        )


def _insert_delivery(
    con: duckdb.DuckDBPyConnection,
    d: Delivery,
    read: int,
    loaded: int,
    quarantined: int,
    status: str,
    reason: str,
    notices: list[str],
) -> None:
    earlier = con.execute("delete from raw.deliveries where delivery_ref = ? returning received_at", [d.ref]).fetchone()
    received = earlier[0] if earlier else datetime.now(UTC)
    con.execute(
        "insert into raw.deliveries values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            d.ref,
            d.source,
            d.file_name,
            d.sha256,
            received,
            d.snapshot_date,
            read,
            loaded,
            quarantined,
            read - loaded - quarantined,
            status,
            reason,
            "; ".join(notices),
            len(notices),
            reader_version(d.source) if d.source in sources() else "",
        ],
    )


def _keep_in_quarantine(home: Path, data_dir: Path, d: Delivery) -> None:
    """Nothing is lost: the refused file is kept beside its reason, whatever becomes of the data folder."""
    original = data_dir / d.file_name.split("!")[0].split("#")[0]
    folder = home / "quarantine" / d.ref
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "reason.txt").write_text(f"{d.file_name}: {d.broken}\n", encoding="utf-8")
    if original.is_file() and not (folder / original.name).exists():
        shutil.copy2(original, folder / original.name)


def settle(con: duckdb.DuckDBPyConnection, home: Path) -> None:
    """After taking in: which deliveries are superseded, the views over the rows, and what each table now is."""
    with transaction(con):
        current = all_cards()["core.current_periods"].maker
        assert current is not None
        con.execute(f"create or replace temp table counting as {current.read_text(encoding='utf-8')}")
        con.execute(
            "update raw.deliveries set"
            " status = case when delivery_ref in (select delivery_ref from counting) then 'loaded'"
            "   else 'superseded' end,"
            " reason = case when delivery_ref in (select delivery_ref from counting) then ''"
            "   else 'a later delivery of the same periods counts' end"
            " where status in ('loaded', 'superseded')"
            " and delivery_ref in (select delivery_ref from raw.delivered_periods)"
        )
        con.execute("drop table counting")
        for table, source in sources().items():
            refs = [
                r[0]
                for r in con.execute(
                    "select delivery_ref from raw.deliveries where source = ? and status in ('loaded', 'superseded')"
                    " order by delivery_ref",
                    [table],
                ).fetchall()
            ]
            con.execute(f"create or replace view raw.{table} as {_view(home, source, refs)}")
            _remember(
                con,
                all_cards()[f"raw.{table}"],
                ",".join([reader_version(table), *refs]),
                "select coalesce(sum(rows_loaded), 0)::bigint from raw.deliveries where source = '" + table + "'",
            )
        for table in LOG_TABLES:
            card = all_cards()[table]
            check_against_card(con, card)
            row = con.execute(
                f"select md5(coalesce(string_agg(t::varchar, '' order by t::varchar), '')) from {table} as t"
            ).fetchone()
            assert row is not None
            _remember(con, card, str(row[0]), f"select count(*) from {table}")


def _view(home: Path, source: Source, refs: list[str]) -> str:
    columns = ", ".join(f'"{c}"' for c in source.columns)
    if not refs:
        nothing = ", ".join(f'cast(null as varchar) as "{c}"' for c in ("delivery_ref", *source.columns, "period"))
        return f"select cast(null as bigint) as line_number, {nothing} where false"
    paths = ", ".join("'" + str(parquet_of(home.resolve(), source.table, ref)).replace("'", "''") + "'" for ref in refs)
    return f"select delivery_ref, line_number, {columns}, {source.period} as period from read_parquet([{paths}])"


def _remember(con: duckdb.DuckDBPyConnection, card: Card, content: str, count: str) -> None:
    mark = hashlib.sha256((card.code_hash + content).encode()).hexdigest()
    row = con.execute(count).fetchone()
    state = state_of(con, card.table)
    if row is not None and (state is None or state[0] != mark):
        comment(con, card)
        record_state(con, card.table, mark, int(row[0]), time.monotonic())


def code_version() -> str:
    """Hash of the product's own code and reference files, printed in every manifest."""
    digest = hashlib.sha256()
    for folder in ("assets", "expectations", "pipelines"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in (".py", ".sql", ".toml", ".csv"):
                digest.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:16]
