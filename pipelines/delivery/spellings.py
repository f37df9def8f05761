"""Keys that rows write in other capitals than the table whose key it is: they are read as that key.

Found after the intake, when both tables are there, however they were delivered. The kept rows stay as they came.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb

from assets.readers.extract.columns import LINES_A_GROUP
from assets.readers.extract.keys import is_key
from assets.readers.source import Source
from assets.readers.sql import identifier, literal

SPELLINGS = "build.key_spellings"
OFFICERS = ("authoriser_id", "by_id", "deputy_id", "investigator_id", "oic_id", "owner_id")
_NOTE = "other capitals: "  # begins what is said, after all other notices of a delivery


def find(con: duckdb.DuckDBPyConnection, home: Path, sources: Mapping[str, Source]) -> None:
    """Note each spelling that is no key of the other table, where one key of that table alone has the same letters.

    Two keys of that table that differ in capitals stay two.
    """
    con.execute(f"delete from {SPELLINGS}")
    loaded = "select source, list(delivery_ref) from raw.deliveries where status = 'loaded' group by source"
    files = {
        table: [str(path) for ref in refs if (path := home / "raw" / table / f"{ref}.parquet").is_file()]
        for table, refs in con.execute(loaded).fetchall() if sources[table].is_extract
    }  # fmt: skip
    files = {table: paths for table, paths in files.items() if paths}
    owners = {name: table for table in files for name, kind in sources[table].fields.items() if kind == "key"}
    owners |= dict.fromkeys(OFFICERS, "investigator")
    notes = []
    for table, paths in files.items():
        for name, kind in sources[table].fields.items():
            owner = owners.get(name, "person" if name.endswith("_key") else "")
            if kind == "key" or not is_key(name, kind.removesuffix("?")) or owner not in files:
                continue
            key = next(key for key, kind in sources[owner].fields.items() if kind == "key")
            notes += _compare(con, (table, name, paths), (owner, key, files[owner]))
    said = ", ".join(f"({literal(ref)}, {literal(_NOTE + note)})" for ref, note in notes) or "('', '')"
    con.execute(
        "update raw.deliveries as d set notices = n.notices, notice_count = d.notice_count + n.added from ("
        "  select delivery_ref, concat_ws('; ', nullif(own, ''), said) as notices,"
        f"   if(said is null, 0, 1) - if(own = notices, 0, 1) as added from (select d.*, s.said,"
        f"    regexp_replace(d.notices, '(?s)(; )?{_NOTE}.*', '') as own from raw.deliveries as d left join ("
        f"     select delivery_ref, string_agg(note, '; ' order by note) as said from (values {said})"
        "      as v (delivery_ref, note) group by all) as s using (delivery_ref))) as n"
        " where d.delivery_ref = n.delivery_ref and d.notices <> n.notices"
    )


def _compare(
    con: duckdb.DuckDBPyConnection, ours: tuple[str, str, list[str]], owner: tuple[str, str, list[str]]
) -> list[tuple[str, str]]:
    """Note the spellings of one column; return what to say of each delivery that has one."""
    (table, name, paths), (other, key, theirs) = ours, owner
    con.execute(
        f"create or replace temp table strays as select distinct {identifier(name)} as spelling"
        f" from read_parquet($ours) where {identifier(name)} is not null"
        f" and {identifier(name)} not in (select {identifier(key)} from read_parquet($theirs))",
        {"ours": paths, "theirs": theirs},
    )
    if con.execute("select 1 from strays limit 1").fetchone() is None:
        return []
    con.execute(
        f"insert into {SPELLINGS} select $table, $name, spelling, min(kept) from strays inner join"
        f" (select distinct {identifier(key)} as kept from read_parquet($theirs)) on lower(kept) = lower(spelling)"
        " group by spelling having count(*) = 1",
        {"table": table, "name": name, "theirs": theirs},
    )
    found = con.execute(
        f"select t.delivery_ref, count(*), min(t.line_number % $lines) from read_parquet($ours) as t inner join"
        f" {SPELLINGS} as s on s.source = $table and s.column_name = $name and s.spelling = t.{identifier(name)}"
        " group by all order by all",
        {"lines": LINES_A_GROUP, "ours": paths, "table": table, "name": name},
    ).fetchall()
    words = "row(s) write a {} of {} in other capitals, and are read as that one"
    return [(ref, f"{name}: {n:,} {words.format(key, other)}, first line {line}") for ref, n, line in found]


def mark_of(con: duckdb.DuckDBPyConnection, table: str) -> str:
    """A mark of the spellings in a table; '' without any."""
    whole = f"select coalesce(md5(string_agg(s::varchar, '' order by s::varchar)), '') from {SPELLINGS} as s"
    ((mark,),) = con.execute(f"{whole} where source = ?", [table]).fetchall()
    return str(mark)


def read_as_keys(con: duckdb.DuckDBPyConnection, table: str, rows: str) -> str:
    """SQL of the rows of a table with each such key as its own table writes it."""
    names = con.execute(f"select distinct column_name from {SPELLINGS} where source = ? order by all", [table])
    kept = ", ".join(
        f"coalesce((select k.kept from {SPELLINGS} as k where k.source = {literal(table)} and"
        f" k.column_name = {literal(name)} and k.spelling = t.{identifier(name)}), t.{identifier(name)})"
        f" as {identifier(name)}"
        for (name,) in names.fetchall()
    )
    return f"(select * replace ({kept}) from {rows} as t)" if kept else rows
