"""Compare every table of two homes: `python tests/tools/compare_warehouses.py HOME_BEFORE HOME_AFTER [TOLERANCE]`.

As `compare_homes.py`, with the tables of the warehouse before those of the published copies. Prints one row for each
place: its tables, their rows, how many are empty in both, equal or differ. Then the names of the empty ones, and what
differs. Exit code 1 where something does. The schema `build` is not compared: it says how and when a home was made.
"""

import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
from compare_homes import Table, compare_table, published

from pipelines.cards import all_cards

SCHEMAS = ("raw", "reference", "core", "quality", "metrics")


@dataclass
class Place:
    """What was compared in a warehouse or a copy."""

    name: str
    rows: int = 0  # of the second home
    equal: list[str] = field(default_factory=list)
    differ: list[str] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)  # of those that are equal
    lines: list[str] = field(default_factory=list)

    @property
    def table_count(self) -> int:
        """Tables of either home."""
        return len(self.equal) + len(self.differ)


def warehouse(home: Path, keys: Mapping[str, list[str]], work: Path) -> dict[str, Table]:
    """The tables of a warehouse, each as a Parquet file below `work`."""
    work.mkdir(parents=True)
    found = {}
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
        con.execute("set timezone = 'UTC'")
        listed = "select table_schema || '.' || table_name from information_schema.tables where table_schema in ?"
        for (name,) in con.execute(f"{listed} order by 1", [list(SCHEMAS)]).fetchall():
            file = work / f"{name}.parquet"
            con.execute(f"copy (from {name}) to '{file}' (format parquet)")
            types = {column: kind for column, kind, *_ in con.execute(f"describe {name}").fetchall()}
            found[name] = Table(file, keys.get(name, []), types)
    return found


def compare_places(before: Path, after: Path, tolerance: float = 0) -> list[Place]:
    """The warehouse, then each published copy."""
    keys = {card.table: list(card.grain) for card in all_cards().values()}
    copies = [published(home) for home in (before, after)]
    with tempfile.TemporaryDirectory() as work:
        old = warehouse(before, keys, Path(work) / "before")
        new = warehouse(after, keys, Path(work) / "after")
        places = [_compared("warehouse", old, new, tolerance)]
    for audience in sorted({*copies[0], *copies[1]}):
        old, new = (copy.get(audience, {}) for copy in copies)
        places.append(_compared(audience, old, new, tolerance))
    return places


def _compared(name: str, old: Mapping[str, Table], new: Mapping[str, Table], tolerance: float) -> Place:
    place = Place(name)
    for table in sorted({*old, *new}):
        if table not in old or table not in new:
            place.differ.append(table)
            place.lines.append(f"{name} {table}: in one home alone")
            continue
        count, lines = compare_table(f"{name} {table}", table, old[table], new[table], tolerance)
        (place.differ if count else place.equal).append(table)
        place.lines += lines
        counts = [_row_count(side[table]) for side in (old, new)]
        place.rows += counts[1]
        place.empty += [] if any(counts) else [table]
    return place


def _row_count(table: Table) -> int:
    ((count,),) = duckdb.execute("select count(*) from read_parquet(?)", [str(table.file)]).fetchall()
    return int(count)


def main(arguments: list[str]) -> int:
    """Print the comparison of two homes; the exit code."""
    if len(arguments) not in (2, 3):
        print(__doc__, file=sys.stderr)
        return 2
    before, after, *tolerance = arguments
    places = compare_places(Path(before), Path(after), float(*tolerance))
    print("| place | tables | rows | empty in both | equal | differ |\n|---|--:|--:|--:|--:|--:|")
    for p in places:
        print(f"| {p.name} | {p.table_count} | {p.rows:,} | {len(p.empty)} | {len(p.equal)} | {len(p.differ)} |")
    for p in places:
        print(f"empty in both, {p.name}: {', '.join(p.empty) or 'none'}")
    for p in places:
        for line in (*(f"differs, {p.name}: {table}" for table in p.differ), *p.lines):
            print(line)
    return 1 if any(p.differ for p in places) else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
