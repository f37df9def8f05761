"""Keys of the extract's tables beside each other, after the intake: other capitals, and people in very many crimes.

All is found again at each intake, from the rows as they came, and said after the other notices of a delivery.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import duckdb

from assets.readers.extract.columns import LINES_A_GROUP
from assets.readers.extract.keys import is_key, very_many
from assets.readers.source import Source
from assets.readers.sql import identifier, literal
from pipelines.delivery.parts import REPEATS

SPELLINGS = "build.key_spellings"  # keys that rows write in other capitals than the table whose key it is
OFFICERS = ("authoriser_id", "by_id", "deputy_id", "investigator_id", "oic_id", "owner_id")
_NOTE = "keys beside each other: "  # begins what is said here


def check_keys(con: duckdb.DuckDBPyConnection, home: Path, sources: Mapping[str, Source]) -> dict[str, dict[str, str]]:
    """Note what is odd; return table -> column with other spellings -> a mark of them."""
    con.execute(f"delete from {SPELLINGS}; create or replace temp table key_notes (delivery_ref varchar, note varchar)")
    loaded = con.execute("select source, list(delivery_ref) from raw.deliveries where status = 'loaded' group by 1")
    found = {
        table: [str(path) for ref in refs if (path := home / "raw" / table / f"{ref}.parquet").is_file()]
        for table, refs in loaded.fetchall() if sources[table].is_extract
    }  # fmt: skip
    every = {table: f"read_parquet([{', '.join(map(literal, paths))}])" for table, paths in found.items() if paths}
    files = {t: f"(from {rows} anti join {REPEATS} using (delivery_ref, line_number))" for t, rows in every.items()}
    keys = {t: name for t in files for name, kind in sources[t].fields.items() if kind == "key"}
    repeated = con.execute(f"select distinct source from {REPEATS} order by 1").fetchall()
    for table in [table for (table,) in repeated if table in keys]:
        con.execute(
            f"insert into {SPELLINGS} select distinct $table, $key, o.{keys[table]}, f.{keys[table]}"
            f" from {REPEATS} as r inner join {every[table]} as o using (delivery_ref, line_number)"
            f" inner join {every[table]} as f on r.first_ref = f.delivery_ref and r.first_line = f.line_number"
            f" where r.source = $table and o.{keys[table]} <> f.{keys[table]}",
            {"table": table, "key": keys[table]},
        )
    con.execute(
        "insert into key_notes select delivery_ref, format('{:,} row(s) repeat an earlier file of the table, and are"
        f" not counted again, first line {{}}', count(*), min(line_number % {LINES_A_GROUP})) from {REPEATS}"
        " where is_same group by delivery_ref"
    )
    _find_spellings(con, files, keys, sources)
    each = "md5(string_agg(spelling || chr(31) || kept, chr(31) order by spelling))"
    rows = con.execute(f"select source, column_name, {each} from {SPELLINGS} group by 1, 2 order by 1, 2").fetchall()
    marks = {table: {name: mark for of, name, mark in rows if of == table} for table in files}
    if "party_role" in files:
        parties = read_as_keys("party_role", marks["party_role"], files["party_role"])
        _find_many(con, parties, files.get("person", "(select null as person_key, null as birth_ym)"))
    con.execute(
        "update raw.deliveries as d set notices = concat_ws('; ', nullif(own, ''), said),"
        "  notice_count = d.notice_count + if(said is null, 0, 1) - if(own = d.notices, 0, 1) from ("
        f" select delivery_ref, regexp_replace(notices, '(?s)(; )?{_NOTE}.*', '') as own, '{_NOTE}' || n.note as said"
        "  from raw.deliveries left join (select delivery_ref, string_agg(note, '; ' order by note) as note"
        "   from key_notes group by 1) as n using (delivery_ref)) as s"
        " where d.delivery_ref = s.delivery_ref and d.notices <> concat_ws('; ', nullif(own, ''), said)"
    )
    return marks


def _find_spellings(
    con: duckdb.DuckDBPyConnection, files: Mapping[str, str], keys: Mapping[str, str], sources: Mapping[str, Source]
) -> None:
    """Note each spelling that is no key of its table, where one key there alone has the same letters.

    Two keys of that table that differ in capitals stay two.
    """
    owners = {key: table for table, key in keys.items()} | dict.fromkeys(OFFICERS, "investigator")
    strays = []
    for table, rows in files.items():
        for name, kind in sources[table].fields.items():
            owner = owners.get(name, "person" if name.endswith("_key") else "")
            if kind != "key" and is_key(name, kind.removesuffix("?")) and owner in keys:
                column, key = identifier(name), identifier(keys[owner])
                strays.append(
                    f"select '{table}' as source, '{name}' as column_name, '{owner}' as owner, {column} as spelling,"
                    f" delivery_ref, line_number from {rows} where {column} not in (select {key} from {files[owner]})"
                )
    if not strays:
        return
    con.execute(f"create or replace temp table strays as {' union all '.join(strays)}")
    held = con.execute("select distinct owner from strays").fetchall()
    every = [f"select distinct '{t}' as owner, {identifier(keys[t])} as kept from {files[t]}" for (t,) in held]
    if every:
        con.execute(
            f"insert into {SPELLINGS} select source, column_name, spelling, min(kept) from ("
            " select distinct source, column_name, owner, spelling from strays)"
            f" inner join ({' union all '.join(every)})"
            " using (owner) where lower(kept) = lower(spelling) group by 1, 2, 3 having count(*) = 1"
        )
        con.execute(
            f"insert into key_notes select delivery_ref, format('{{}}: {{:,}} row(s) write a key of {{}} in other"
            " capitals, and are read as that one, first line {}', column_name, count(*), owner,"
            f" min(line_number % {LINES_A_GROUP})) from strays semi join {SPELLINGS}"
            " using (source, column_name, spelling) group by delivery_ref, column_name, owner"
        )


def _find_many(con: duckdb.DuckDBPyConnection, parties: str, persons: str) -> None:
    """Note each key of a person that is in far more crimes than others, unless it has one birth month alone.

    Rows about one key that contradict each other in it are in quarantine; a slip in one of ten makes nobody two people.
    """
    con.execute(
        "insert into key_notes with counts as (select person_key, min(row(delivery_ref, line_number)) as seen,"
        f"  count(distinct crime_id) as n from {parties} where person_key is not null group by 1),"
        f" many as (select * from counts where n > {very_many('counts')}),"
        " unlike as (select row_refs from raw.quarantined_rows inner join raw.deliveries using (delivery_ref)"
        "  where source = 'person' and status = 'loaded' and column_name in ('birth_ym', 'sex')),"
        " doubted as (select m.*, count(row_refs) as others from many as m left join unlike"
        "  on contains(row_refs, md5('person_key=' || m.person_key)) group by all)"
        " select seen[1], format('person_key: that of line {} is in {:,} crimes, {}: one person, as whom it counts,"
        f" or a placeholder? If so, say in mapping.toml, [extract]: no_value', seen[2] % {LINES_A_GROUP}, n,"
        "  if(others * 10 > n, 'with several birth months or sexes', 'without a birth month'))"
        f" from doubted left join {persons} as p using (person_key) where p.birth_ym is null or others * 10 > n"
    )


def read_as_keys(table: str, names: Iterable[str], rows: str) -> str:
    """SQL of the rows of a table with each such spelling as its own table writes it."""
    kept = ", ".join(
        f"coalesce((select k.kept from {SPELLINGS} as k where k.source = {literal(table)} and"
        f" k.column_name = {literal(name)} and k.spelling = t.{identifier(name)}), t.{identifier(name)})"
        f" as {identifier(name)}"
        for name in names
    )
    return f"(select * replace ({kept}) from {rows} as t)" if kept else rows
