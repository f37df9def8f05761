"""One home from the homes of several forces: what they hold as one extract.

Each part was built where its names are. Taken from it are the rows of the deliveries that count, as its readers left
them, and who is linked to whom. No figure is taken: all are made again from these rows, so that what does not add up
(shares, ranks, limits, people) is that of all forces together. Names never leave a part, so nobody is looked for in two
forces.
"""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import polars as pl

from assets.raw import extract_tables, sources, tables_of_people
from assets.readers.sql import identifier, literal
from pipelines.delivery import intake
from pipelines.delivery import parts as repeats
from pipelines.delivery.inputs import sha256_of
from pipelines.delivery.ledger import create_log_tables, parquet_of, request, settle
from pipelines.identities import linkage
from pipelines.system.disk import write_whole
from pipelines.tables.cards import FORCE, all_cards
from pipelines.tables.sql import scalar
from pipelines.tables.warehouse import connect, transaction

RECORD = "combined.json"  # in the home: what it was combined from
NAME = "warehouse.duckdb"
COMBINED = "combined"  # all deliveries of a table are parts of this one
TAKEN = ("raw.deliveries", "raw.delivered_periods", "raw.quarantined_rows", "raw.unread_values")
ORIGIN = "raw.combined_deliveries"  # the forces of the home that each came from
MOST_SAID = 10  # faults of homes in one message
KEYS_AT_ONCE = 5_000_000  # references of a table that are compared at once: about half a GB


class CannotCombine(Exception):
    """Why these homes cannot be one: a home, what was expected, what was seen, what to do."""


@dataclass(frozen=True)
class Part:
    """A home that is read."""

    home: Path
    forces: tuple[str, ...]
    as_of: date | None
    deliveries: tuple[tuple[str, str], ...]  # (table, delivery_ref) of those that count
    why_not_linked: str = ""  # why its records of people are not linked; "" where they are

    @property
    def name(self) -> str:
        """Its word in the names of its files: E23000013, or the codes of several forces."""
        return "_".join(self.forces)

    def files(self, table: str) -> list[str]:
        """The files with the rows of a table."""
        return [str(parquet_of(self.home, of, ref)) for of, ref in self.deliveries if of == table]


def read_parts(homes: Sequence[Path]) -> list[Part]:
    """The homes as parts. Raises CannotCombine before anything is written, with what is wrong of every home."""
    if len(homes) < 2:
        raise CannotCombine(f"expected two homes or more after --homes, saw {len(homes)}.")
    times = Counter(home.resolve() for home in homes)
    faults = [f"{home}: is named {count} times. Name it once." for home, count in times.items() if count > 1]
    parts = []
    for home in times:
        try:
            parts.append(_part(home))
        except CannotCombine as fault:
            faults.append(str(fault))
    _raise_all(faults or _shared_forces(parts))
    _check_references(parts)
    return parts


def _raise_all(faults: Sequence[str]) -> None:
    """Raise CannotCombine with each fault in a line of its own, if there are any."""
    if faults:
        more = [f"and {len(faults) - MOST_SAID} faults more."] if len(faults) > MOST_SAID else []
        raise CannotCombine("\n".join([*faults[:MOST_SAID], *more]))


@contextmanager
def _opened(home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse of a part, to be read. Raises CannotCombine where another process writes to it."""
    try:
        con = duckdb.connect(str(home / NAME), read_only=True)
    except duckdb.Error as problem:
        if isinstance(problem, duckdb.IOException) and "lock" in str(problem).lower():
            raise CannotCombine(
                f"{home}: a build has it open. Wait until it is done, then run this again."
            ) from problem
        raise CannotCombine(
            f"{home}: its warehouse could not be read ({str(problem).splitlines()[0]}). Let this account read it, or "
            "restore it from a backup."
        ) from problem
    try:
        yield con
    finally:
        con.close()


def _part(home: Path) -> Part:
    if not (home / NAME).is_file():
        raise CannotCombine(f"{home}: expected a home with a warehouse, saw none. Build it first: stra build.")
    if (home / RECORD).is_file():
        raise CannotCombine(f"{home}: is itself combined from other homes. Name those in its place.")
    with _opened(home) as con:
        try:
            deliveries = con.execute(
                "select p.source, p.delivery_ref, d.reader_version from core.current_periods as p"
                " inner join raw.deliveries as d using (delivery_ref) group by all order by all"
            ).fetchall()
            forces = con.execute(f"select distinct {FORCE} from core.extract_forces where has_figures order by 1")
            codes = tuple(code for (code,) in forces.fetchall())
            day = "max(cast(timezone('Europe/London', as_of_at) as date))"
            as_of = scalar(con, f"select {day} from raw.requested_as_of")
            not_linked = con.execute(f"select reason from {linkage.RUNS} where not is_measured").fetchall()
        except duckdb.CatalogException as problem:
            raise CannotCombine(f"{home}: its build did not finish. Run stra build there again.") from problem
        except duckdb.BinderException as problem:
            raise CannotCombine(_of_another_version(home, "it")) from problem
        for table in (*TAKEN, *linkage.TABLES):
            if {name for name, *_ in con.execute(f"describe {table}").fetchall()} != _columns(table):
                raise CannotCombine(_of_another_version(home, table))
    if not codes:
        raise CannotCombine(
            f"{home}: expected an extract with figures of a force, saw none. Take it out, or see its forces on Data "
            "received."
        )
    for table, ref, version in deliveries:
        if not version.startswith(intake.reader_version(table)):
            raise CannotCombine(_of_another_version(home, table))
        if not parquet_of(home, table, ref).is_file():
            raise CannotCombine(
                f"{home}: expected {parquet_of(home, table, ref)}, the rows of a delivery; it is not there. Restore it "
                "from a backup, or build the home again from its deliveries."
            )
    why = not_linked[0][0] if not_linked else ""
    return Part(home, codes, as_of, tuple((table, ref) for table, ref, _ in deliveries), why)


def warnings(parts: Sequence[Part]) -> list[str]:
    """What a reader of the region's figures must know of single homes. It keeps no home out."""
    return [
        f"{part.home}: links nobody: {part.why_not_linked}. To count people there, build it with "
        "person_identity and run this again."
        for part in parts
        if part.why_not_linked
    ]


def _of_another_version(home: Path, what: str) -> str:
    return f"{home}: {what} was made by another version of the product. Run stra build there again with this one."


def _columns(table: str) -> set[str]:
    return {column.name for column in all_cards()[table].columns}


def _shared_forces(parts: Sequence[Part]) -> list[str]:
    """What is wrong where two parts have one force."""
    held: dict[str, Part] = {}
    return [
        f"{part.home}: has figures of {code}, and so has {held[code].home}. Expected each force in one home. Take one "
        f"of the two out. If one only has crimes that {code} was sent, name its own force in its mapping.toml (force = "
        "...) and build it again."
        for part in parts
        for code in part.forces
        if held.setdefault(code, part) is not part
    ]


def _check_references(parts: Sequence[Part]) -> None:
    """No record of people has the reference of another force's: one of the two would be set aside as a repeat."""
    with duckdb.connect() as con:
        con.execute("set temp_directory = ''")  # nothing is written; what is held is one slice of the keys
        for table in sorted(tables_of_people()):
            key = repeats.key_of(sources()[table])
            files = {file: number for number, part in enumerate(parts) for file in part.files(table)}
            if key is None or len(set(files.values())) < 2:
                continue
            count = scalar(con, "select sum(num_rows) from parquet_file_metadata(?)", [list(files)])
            slices = int(count) // KEYS_AT_ONCE + 1
            shared: Counter[tuple[int, int]] = Counter()
            for number in range(slices):
                shared.update(_shared_keys(con, files, key, (number, slices)))
            if shared:
                (one, other), count = min(shared.items())
                raise CannotCombine(
                    f"{parts[other].home} and {parts[one].home}: expected each {key} of {table} in one force, saw"
                    f" {count:,} in both. Let the references of one force begin with its code, and build its home"
                    " again."
                )


def _shared_keys(
    con: duckdb.DuckDBPyConnection, files: Mapping[str, int], key: str, of: tuple[int, int]
) -> dict[tuple[int, int], int]:
    """Parts that share keys in one slice of them, two by two, with the number of keys; `files` are those of all parts.

    All parts are read at once: pairs of 43 parts would be 903 queries for each table.
    """
    found = con.execute(
        "select one, other, count(*) from ("
        " select min(f.part) as one, max(f.part) as other from read_parquet($files, filename = true) as r"
        " inner join (select unnest($files) as file, unnest($parts) as part) as f on r.filename = f.file"
        f" where hash(r.{identifier(key)}) % $slices = $number group by r.{identifier(key)})"
        " where one < other group by all",
        {"files": list(files), "parts": list(files.values()), "number": of[0], "slices": of[1]},
    ).fetchall()
    return {(one, other): count for one, other, count in found}


def described_day(parts: Sequence[Part], wanted: date | None) -> date | None:
    """The day that the figures describe: the one asked for, else that of every part."""
    days = Counter(part.as_of for part in parts)
    if wanted is not None or len(days) == 1:
        return wanted or parts[0].as_of
    (usual, count), *_ = days.most_common()
    others = [f"{part.home}: {_words(part.as_of)}" for part in parts if part.as_of != usual]
    said = "; ".join(others[:MOST_SAID]) + (" and others" if len(others) > MOST_SAID else "")
    raise CannotCombine(
        f"the homes describe different days ({count} of {len(parts)}: {_words(usual)}; {said}). Say which with --as-of,"
        " such as 2026-03-31, or build those homes again with one --as-of."
    )


def _words(day: date | None) -> str:
    return "its last day with data" if day is None else str(day)


def take_in(home: Path, parts: Sequence[Part], as_of: date | None) -> None:
    """Put what counts in the parts into the home, in place of what it took from parts before."""
    # first: a home that was stopped on its way is taken for one of its own otherwise
    taken = [{"home": str(part.home), "forces": part.forces, "as_of": str(part.as_of)} for part in parts]
    write_whole(home / RECORD, json.dumps({"at": datetime.now(UTC).isoformat(timespec="seconds"), "parts": taken}))
    con = connect(home)
    try:
        create_log_tables(con)
        with transaction(con):
            for table in (*TAKEN, ORIGIN):
                con.execute(f"delete from {table}")
        for part in parts:
            _copy_log(con, part, _copy_files(home, part))
        _remove_others(home, parts)
        settle(con, home, sources())
        request(con, as_of)
        copy_links(con, parts)
    finally:
        con.close()


def _copy_files(home: Path, part: Part) -> dict[str, str]:
    """Copy the rows of a part; returns the hash of each delivery's file.

    A delivery whose rows were read again, or from which somebody was erased, has another file under the same name.
    """
    hashes = {}
    for table, ref in part.deliveries:
        target = parquet_of(home, table, ref)
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished = target.with_name(f".{ref}.{os.getpid()}.parquet")
        try:
            shutil.copyfile(parquet_of(part.home, table, ref), unfinished)
        except FileNotFoundError as problem:
            raise CannotCombine(f"{part.home}: its rows changed while they were taken. Run this again.") from problem
        unfinished.replace(target)
        hashes[ref] = sha256_of(target)
    return hashes


def _remove_others(home: Path, parts: Sequence[Part]) -> None:
    """Remove the rows of deliveries that no part has any more."""
    kept = {parquet_of(home, table, ref) for part in parts for table, ref in part.deliveries}
    for path in (home / "raw").glob("*/*.parquet"):
        if path not in kept:
            path.unlink()


def _copy_log(con: duckdb.DuckDBPyConnection, part: Part, hashes: dict[str, str]) -> None:
    """Deliveries, their periods and their rows in quarantine. What an earlier part has as well comes in once."""
    held = {ref for (ref,) in con.execute("select delivery_ref from raw.deliveries").fetchall()}
    fresh = [ref for _, ref in part.deliveries if ref not in held]
    with _opened(part.home):  # says so where a build has begun there since the parts were read
        pass
    con.execute(f"attach {literal(str(part.home / NAME))} as part (read_only)")
    try:
        with transaction(con):
            for table in TAKEN:
                rows = f"select * from part.{table} where list_contains(?, delivery_ref)"
                con.execute(f"insert into {table} by name {rows}", [fresh])
            # also of what an earlier part has: a file with the same content is of the forces of both homes
            con.execute(
                f"insert into {ORIGIN} select ref, code, $is_only from (select distinct unnest($refs) as ref),"
                " (select unnest($codes) as code)",
                {
                    "refs": [ref for _, ref in part.deliveries],
                    "codes": part.forces,
                    "is_only": len(part.forces) == 1,
                },
            )
            # with the hash of its file, so that changed rows make stale what rests on them
            for ref in fresh:
                con.execute(
                    "update raw.deliveries set reader_version = reader_version || '+' || ? where delivery_ref = ?",
                    [hashes[ref][:16], ref],
                )
            # files of several forces with one name would replace each other: each name says whose the file is
            con.execute(
                "update raw.deliveries set part_of = $all, snapshot_date = null, is_taken_away = false, file_name ="
                " regexp_replace(file_name, '([^/!#]*)(#.*)?$', $name || '_\\1\\2')"
                " where list_contains($tables, source) and list_contains($fresh, delivery_ref)",
                {"all": COMBINED, "name": part.name, "tables": list(extract_tables()), "fresh": fresh},
            )
    finally:
        con.execute("detach part")


def copy_links(con: duckdb.DuckDBPyConnection, parts: Sequence[Part]) -> None:
    """Who is linked to whom in each part, as one run of linkage that looked for nobody in two forces."""
    frames: dict[str, list[pl.DataFrame]] = {table: [] for table in linkage.TABLES}
    for part in parts:
        with _opened(part.home) as other:
            for table, found in frames.items():
                found.append(other.sql(f"select * from {table}").pl())
    linkage.take_combined(con, {table: pl.concat(found) for table, found in frames.items()})
