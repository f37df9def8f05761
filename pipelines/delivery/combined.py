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
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import polars as pl

from assets.raw import extract_tables, sources
from assets.readers.sql import identifier, literal
from pipelines.cards import FORCE
from pipelines.delivery import intake
from pipelines.delivery import parts as repeats
from pipelines.delivery.inputs import sha256_of
from pipelines.delivery.ledger import create_log_tables, parquet_of, request_as_of, settle
from pipelines.disk import write_whole
from pipelines.people import linkage
from pipelines.sql import scalar
from pipelines.warehouse import connect, transaction

RECORD = "combined.json"  # in the home: what it was combined from
NAME = "warehouse.duckdb"
COMBINED = "combined"  # all deliveries of a table are parts of this one
TAKEN = ("raw.deliveries", "raw.delivered_periods", "raw.quarantined_rows")


class CannotCombine(Exception):
    """Why these homes cannot be one: a home, what was expected, what was seen, what to do."""


@dataclass(frozen=True)
class Part:
    """A home that is read."""

    home: Path
    forces: tuple[str, ...]
    as_of: date | None
    deliveries: tuple[tuple[str, str], ...]  # (table, delivery_ref) of those that count

    @property
    def name(self) -> str:
        """Its word in the names of its files: E23000013, or the codes of several forces."""
        return "_".join(self.forces)

    def files(self, table: str) -> list[str]:
        """The files with the rows of a table."""
        return [str(parquet_of(self.home, of, ref)) for of, ref in self.deliveries if of == table]


def read_parts(homes: Sequence[Path]) -> list[Part]:
    """The homes as parts. Raises CannotCombine before anything is written."""
    if len(homes) < 2:
        raise CannotCombine(f"expected two homes or more after --homes, saw {len(homes)}.")
    parts = [_part(home.resolve()) for home in homes]
    _check_forces(parts)
    _check_references(parts)
    return parts


def _part(home: Path) -> Part:
    if not (home / NAME).is_file():
        raise CannotCombine(f"{home}: expected a home with a warehouse, saw none. Build it first: stra build.")
    if (home / RECORD).is_file():
        raise CannotCombine(f"{home}: is itself combined from other homes. Name those in its place.")
    try:
        con = duckdb.connect(str(home / NAME), read_only=True)
    except duckdb.IOException as problem:
        raise CannotCombine(f"{home}: a build has it open. Wait until it is done, then run this again.") from problem
    with con:
        try:
            deliveries = con.execute(
                "select p.source, p.delivery_ref, d.reader_version from core.current_periods as p"
                " inner join raw.deliveries as d using (delivery_ref) group by all order by all"
            ).fetchall()
            forces = con.execute(f"select distinct {FORCE} from core.extract_forces where has_figures order by 1")
            codes = tuple(code for (code,) in forces.fetchall())
            day = "max(cast(timezone('Europe/London', as_of_at) as date))"
            as_of = scalar(con, f"select {day} from raw.requested_as_of")
        except duckdb.CatalogException as problem:
            raise CannotCombine(f"{home}: its build did not finish. Run stra build there again.") from problem
    for table, ref, version in deliveries:
        if not version.startswith(intake.reader_version(table)):
            raise CannotCombine(
                f"{home}: {table} was read by another version of the product. Run stra build there again with this one."
            )
        if not parquet_of(home, table, ref).is_file():
            raise CannotCombine(
                f"{home}: expected {parquet_of(home, table, ref)}, the rows of a delivery; it is not there. Restore it "
                "from a backup, or build the home again from its deliveries."
            )
    return Part(home, codes, as_of, tuple((table, ref) for table, ref, _ in deliveries))


def _check_forces(parts: Sequence[Part]) -> None:
    """Each force comes from one part."""
    held: dict[str, Part] = {}
    for part in parts:
        if not part.forces:
            raise CannotCombine(f"{part.home}: expected an extract with figures of a force, saw none.")
        for code in part.forces:
            if code in held:
                raise CannotCombine(
                    f"{part.home}: has figures of {code}, and so has {held[code].home}. Expected each force in one "
                    "home. Take one of the two out."
                )
            held[code] = part


def _check_references(parts: Sequence[Part]) -> None:
    """No record of people has the reference of another force's: one of the two would be set aside as a repeat."""
    with duckdb.connect() as con:
        for table in sorted(intake.of_people()):
            key = repeats.key_of(sources()[table])
            if key is None:
                continue
            held = [(part, part.files(table)) for part in parts if part.files(table)]
            for number, (part, files) in enumerate(held):
                for other, others in held[:number]:
                    rows = f"select {identifier(key)} from read_parquet(?)"
                    count = scalar(con, f"select count(*) from ({rows} intersect {rows})", [files, others])
                    if count:
                        raise CannotCombine(
                            f"{part.home} and {other.home}: expected each {key} of {table} in one force, saw {count:,} "
                            "in both. Let the references of one force begin with its code, and build its home again."
                        )


def described_day(parts: Sequence[Part], wanted: date | None) -> date | None:
    """The day that the figures describe: the one asked for, else that of every part."""
    days = {part.as_of for part in parts}
    if wanted is not None or len(days) == 1:
        return wanted or days.pop()
    seen = ", ".join(f"{part.name} {part.as_of or 'its last day with data'}" for part in parts)
    raise CannotCombine(f"the homes describe different days ({seen}). Say which with --as-of, such as 2026-03-31.")


def take_in(home: Path, parts: Sequence[Part], as_of: date | None) -> None:
    """Put what counts in the parts into the home, in place of what it took from parts before."""
    # first: a home that was stopped on its way is taken for one of its own otherwise
    taken = [{"home": str(part.home), "forces": part.forces, "as_of": str(part.as_of)} for part in parts]
    write_whole(home / RECORD, json.dumps({"at": datetime.now(UTC).isoformat(timespec="seconds"), "parts": taken}))
    con = connect(home)
    try:
        create_log_tables(con)
        with transaction(con):
            for table in TAKEN:
                con.execute(f"delete from {table}")
        for part in parts:
            _copy_log(con, part, _copy_files(home, part))
        _remove_others(home, parts)
        settle(con, home, sources())
        request_as_of(con, as_of)
        _copy_links(con, parts)
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
        shutil.copyfile(parquet_of(part.home, table, ref), unfinished)
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
    con.execute(f"attach {literal(str(part.home / NAME))} as part (read_only)")
    try:
        with transaction(con):
            for table in TAKEN:
                rows = f"select * from part.{table} where list_contains(?, delivery_ref)"
                con.execute(f"insert into {table} by name {rows}", [fresh])
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


def _copy_links(con: duckdb.DuckDBPyConnection, parts: Sequence[Part]) -> None:
    """Who is linked to whom in each part, as one run of linkage that looked for nobody in two forces."""
    frames: dict[str, list[pl.DataFrame]] = {table: [] for table in linkage.TABLES}
    for part in parts:
        with duckdb.connect(str(part.home / NAME), read_only=True) as other:
            for table, found in frames.items():
                found.append(other.sql(f"select * from {table}").pl())
    linkage.take_combined(con, {table: pl.concat(found) for table, found in frames.items()})
