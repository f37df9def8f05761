"""Compare the published figures of two homes value by value: `python tests/tools/compare_homes.py HOME_BEFORE
HOME_AFTER [TOLERANCE] [--warehouse]`.

Every table of every audience is compared, whatever the order of rows and columns; with --warehouse those of the
warehouse too, but for the schema `build`, which says how and when a home was made. Floats are equal to a relative
TOLERANCE, which is 0 unless it is given; everything else exactly. Prints what was added,
removed or changed and the number of differences; exit code 1 where there is one, 2 where a home has nothing published.

Both homes are built from the same data folder, each by one build with the same --as-of: without it the limit of what
can have happened is the minute of the build. Both begin with a copy of one identity folder, since references of people
are drawn by chance: build a home SEED first, then `mkdir HOME; cp -r SEED/identity HOME/` for each of the two.
"""

import json
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb

from pipelines.tables.cards import all_cards

# Not compared: each differs between two builds of the same data by the same code, or by code that was only moved.
# TABLE.COLUMN or a column of any table -> why.
VOLATILE = {
    "run_ref": "named by the minute of the build",
    "first_run_ref": "named by the minute of the build",
    "ended_run_ref": "named by the minute of the build",
    "last_run_ref": "named by the minute of the build",
    "quality.runs.started_at": "the minute of the build",
    "quality.runs.code_version": "hash of the code",
    "first_seen_at": "the minute of the build that first saw a breach",
    "metrics.ended_breaches.ended_at": "the minute of the build that saw a breach no more",
    "received_at": "the minute in which the build took a file in",
    "raw.linkage_runs.run_at": "the minute of the build",
    "raw.released_cells.published_at": "the minute of the publication",
    "raw.deliveries.reader_version": "hash of the code that read the file",
}
RULES_OF_FILES = ("DEL-01", "DEL-02", "DEL-03", "DEL-04", "DEL-05")  # they count files, and notices of files
FLOATS = ("DOUBLE", "FLOAT")
SAMPLE = 5  # differing rows shown of a table


@dataclass(frozen=True)
class Table:
    """One published table: its Parquet file, the columns of its key ([] where it has none), DuckDB type by column."""

    file: Path
    key: list[str]
    types: dict[str, str]
    of_files: bool = True  # whether rows of the rules about files are compared
    force_code: str = ""  # of the rows that are compared, if not all are


def published(home: Path) -> dict[str, dict[str, Table]]:
    """Audience -> table -> what is published. Raises SystemExit(2) where the home has nothing published."""
    found: dict[str, dict[str, Table]] = {}
    for manifest in sorted((home / "published").glob("*/manifest.json")):
        tables = json.loads(manifest.read_text(encoding="utf-8"))["tables"]
        found[manifest.parent.name] = {name: _table(manifest.parent, entry) for name, entry in tables.items()}
    if not found:
        print(f"{home}: nothing is published there", file=sys.stderr)
        raise SystemExit(2)
    return found


def _table(folder: Path, entry: dict[str, Any]) -> Table:
    file = folder / entry["file"]
    described = duckdb.execute("describe select * from read_parquet(?)", [str(file)]).fetchall()
    return Table(file, entry["grain"], {row[0]: row[1] for row in described})


def _warehouse(home: Path, work: Path) -> dict[str, Table]:
    """The tables of a warehouse, each as a Parquet file below `work`."""
    work.mkdir(parents=True)
    found, keys = {}, {card.table: list(card.grain) for card in all_cards().values()}
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
        con.execute("set timezone = 'UTC'")
        listed = "select table_schema || '.' || table_name from information_schema.tables where table_schema <> 'build'"
        for (name,) in con.execute(f"{listed} order by 1").fetchall():
            file = work / f"{name}.parquet"
            con.execute(f"copy (from {name}) to '{file}' (format parquet)")
            found[name] = _table(work, {"file": file.name, "grain": keys.get(name, [])})
    return found


def compare(
    before: Path, after: Path, *, has_same_files: bool = True, force_code: str = "", tolerance: float = 0,
    work: Path | None = None,
) -> tuple[int, list[str]]:  # fmt: skip
    """Number of differences, and lines that say what they are: one for each table or column that was added, removed or
    has another type; for rows their number by table, with a sample. Without `has_same_files` the same rows may have
    come in other files: what is said of the files themselves is left out. With `force_code` the rows of that force are
    compared, in the tables that go by force. Floats are equal to a relative `tolerance`. Where an empty folder is given
    for the `work`, the tables of the warehouses are compared too."""
    old, new = published(before), published(after)
    if work is not None:
        old |= {"warehouse": _warehouse(before, work / "before")}
        new |= {"warehouse": _warehouse(after, work / "after")}
    if not has_same_files:
        old, new = _without_files(old), _without_files(new)
    if force_code:
        old, new = _of_force(old, force_code), _of_force(new, force_code)
    count, lines = _names("audience", "", old, new)
    for audience in sorted(old.keys() & new.keys()):
        some, said = _names("table", f"{audience} ", old[audience], new[audience])
        count, lines = count + some, lines + said
        for name in sorted(old[audience].keys() & new[audience].keys()):
            some, said = compare_table(f"{audience} {name}", name, old[audience][name], new[audience][name], tolerance)
            count, lines = count + some, lines + said
    return count, lines


def _without_files(found: dict[str, dict[str, Table]]) -> dict[str, dict[str, Table]]:
    """The tables that say nothing of files, their form and the places of rows in them."""
    return {
        audience: {name: replace(table, of_files=False) for name, table in tables.items() if not is_of_files(name)}
        for audience, tables in found.items()
    }


def _of_force(found: dict[str, dict[str, Table]], force_code: str) -> dict[str, dict[str, Table]]:
    """The tables whose rows go by force."""
    return {
        audience: {name: replace(t, force_code=force_code) for name, t in tables.items() if "force_code" in t.key}
        for audience, tables in found.items()
    }


def is_of_files(table: str) -> bool:
    """Whether a table is the account of deliveries."""
    return table.startswith("raw.") or table == "core.current_periods"


def _names(kind: str, where: str, old: dict[str, Any], new: dict[str, Any]) -> tuple[int, list[str]]:
    lines = [f"{where}{kind} removed: {name}" for name in sorted(old.keys() - new.keys())]
    lines += [f"{where}{kind} added: {name}" for name in sorted(new.keys() - old.keys())]
    return len(lines), lines


def is_volatile(table: str, column: str) -> bool:
    """Whether a column is not compared."""
    return column in VOLATILE or f"{table}.{column}" in VOLATILE


def compare_table(where: str, table: str, old: Table, new: Table, tolerance: float) -> tuple[int, list[str]]:
    """Differences of columns, then of the rows in the columns that both have."""
    if old == replace(new, file=old.file) and old.file.read_bytes() == new.file.read_bytes():
        return 0, []  # most tables of most homes: to ask DuckDB takes thirty times as long
    count, lines = _names("column", f"{where} ", old.types, new.types)
    both = [c for c in old.types if c in new.types]
    for column in both:
        if old.types[column] != new.types[column]:
            count += 1
            lines.append(f"{where} column {column}: type {old.types[column]} became {new.types[column]}")
    columns = [c for c in both if not is_volatile(table, c)]
    if not columns:
        return count, lines
    con = duckdb.connect()
    con.execute("set timezone = 'UTC'")
    names = ", ".join(map(_quoted, columns))
    for side, mine, other in (("removed", old.file, new.file), ("added", new.file, old.file)):
        # counted, since equal rows may be published more than once
        rows = f"select {names} from read_parquet(?) where true"
        if not old.of_files:
            rows += "".join(f" and {c} not in {RULES_OF_FILES}" for c in ("rule_code", "measure_code") if c in columns)
        rows += f" and force_code = '{old.force_code}'" if old.force_code else ""
        con.execute(f"create table {side} as {rows} except all {rows}", [str(mine), str(other)])
    if tolerance:
        _take_out_close(con, columns, [c for c in columns if old.types[c] in FLOATS], tolerance)
    keyed = [c for c in old.key if c in columns]
    if keyed and keyed == old.key == new.key:
        some, said = _by_key(con, where, keyed, [c for c in columns if c not in keyed])
        count, lines = count + some, lines + said
    for side in ("removed", "added"):
        rows = con.execute(f"select * from {side} order by all limit {SAMPLE}").fetchall()
        number = _number(con, side)
        count += number
        if number:
            lines.append(f"{where}: {number} rows {side}")
            lines += [f"    {dict(zip(columns, row))}" for row in rows]
    return count, lines


def _take_out_close(con: duckdb.DuckDBPyConnection, columns: list[str], floats: list[str], tolerance: float) -> None:
    """Take out the rows that have a partner whose floats are close, and whose other values are the same."""
    exact = [c for c in columns if c not in floats]
    groups = f"partition by {', '.join(map(_quoted, exact))}" if exact else ""
    for side in ("removed", "added"):
        order = ", ".join(map(_quoted, floats)) or "1"
        con.execute(
            f"create table numbered_{side} as select *, row_number() over ({groups} order by {order}) as numbered"
            f" from {side}"
        )
    same = [f"r.{c} is not distinct from a.{c}" for c in map(_quoted, [*exact, "numbered"])]
    near = f"<= {tolerance!r} * greatest(abs(r.%s), abs(a.%s))"
    # NaN is no number: it would be near to every one
    same += [
        f"(r.{c} is not distinct from a.{c}"
        f" or isfinite(r.{c}) and isfinite(a.{c}) and abs(r.{c} - a.{c}) {near % (c, c)})"
        for c in map(_quoted, floats)
    ]
    con.execute(
        "create table close as select r.rowid as r_row, a.rowid as a_row from numbered_removed r"
        f" join numbered_added a on {' and '.join(same)}"
    )
    names = ", ".join(map(_quoted, columns))
    for side, row in (("removed", "r_row"), ("added", "a_row")):
        con.execute(
            f"create or replace table {side} as select {names} from numbered_{side}"
            f" where rowid not in (select {row} from close)"
        )


def _by_key(con: duckdb.DuckDBPyConnection, where: str, key: list[str], values: list[str]) -> tuple[int, list[str]]:
    """Rows that have a partner of the same key: counted once and taken out, so that the rest was added or removed."""
    same = " and ".join(f"r.{c} is not distinct from a.{c}" for c in map(_quoted, key))
    pairs = [f"r.{_quoted(c)} as {_quoted('before ' + c)}, a.{_quoted(c)} as {_quoted('after ' + c)}" for c in values]
    con.execute(
        f"create table changed as select {', '.join([f'r.{_quoted(c)}' for c in key] + pairs)}"
        f" from removed r join added a on {same}"
    )
    number = _number(con, "changed")
    if not number:
        return 0, []
    lines = [f"{where}: {number} rows changed"]
    differ = [
        f"count(*) filter (where {_quoted('before ' + c)} is distinct from {_quoted('after ' + c)})" for c in values
    ]
    totals = con.execute(f"select {', '.join(differ)} from changed").fetchone() or ()
    lines += [f"    {column}: {total} rows" for column, total in zip(values, totals) if total]
    shown = con.execute(f"select * from changed order by {', '.join(map(_quoted, key))} limit {SAMPLE}")
    names = [d[0] for d in shown.description]
    for row in shown.fetchall():
        seen = dict(zip(names, row))
        moved = ", ".join(
            f"{c} {seen[f'before {c}']!r} -> {seen[f'after {c}']!r}"
            for c in values
            if repr(seen[f"before {c}"]) != repr(seen[f"after {c}"])
        )
        lines.append(f"    { ({c: seen[c] for c in key}) }: {moved}")
    for side in ("removed", "added"):
        matched = " and ".join(f"{side}.{c} is not distinct from changed.{c}" for c in map(_quoted, key))
        con.execute(f"delete from {side} where exists (select 1 from changed where {matched})")
    return number, lines


def _number(con: duckdb.DuckDBPyConnection, table: str) -> int:
    row = con.execute(f"select count(*) from {table}").fetchone()
    assert row is not None
    return int(row[0])


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def main(arguments: list[str]) -> int:
    """Print the comparison of two homes; the exit code."""
    paths = [word for word in arguments if word != "--warehouse"]
    if len(paths) not in (2, 3):
        print(__doc__, file=sys.stderr)
        return 2
    before, after, *tolerance = paths
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder) if paths != arguments else None
        count, lines = compare(Path(before), Path(after), tolerance=float(*tolerance), work=work)
    print("\n".join([*lines, f"{count} differences"]))
    return 1 if count else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
