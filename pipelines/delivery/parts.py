"""Parts of a table: the files of one table in one folder, such as outcome_2024.csv and outcome_2025.csv.

Which files are parts of what is in `assets/readers/extract/tables.py`, and which count in core.current_periods.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import duckdb

from assets.raw import extract_tables, tables_of_people
from assets.readers.extract.columns import LINES_A_GROUP
from assets.readers.source import ExtractMapping, Source
from assets.readers.sql import identifier
from pipelines.tables.warehouse import transaction

_DATE = "[0-9]{4}-[0-9]{2}(-[0-9]{2})?"  # in the name of a folder, of a snapshot: it does not part folders
_FOLDER = f"regexp_replace(regexp_extract('/' || replace(file_name, '!', '/'), '^(.*/)', 1), '{_DATE}', '', 'g')"
SCOPES = "build.key_scopes"  # folders of forces that number their crimes alike
REPEATS = "build.repeated_rows"  # loaded rows of a part whose key an earlier part has: no view shows them
_REASON = "among the files of this table"  # in the words for such a row, and in no others


def note_taken_away(con: duckdb.DuckDBPyConnection, names: Iterable[str]) -> None:
    """Note which parts of a table are no longer in the folder while others of its parts are.

    The parts that are there are the table. Where none is, the last ones stay. `names`: the files below the folder.
    """
    con.execute(
        "update raw.deliveries as d set is_taken_away = (not p.is_there) from ("
        "  select *, bool_or(is_there) over (partition by source, part_of, snapshot_date) as has_parts from ("
        # the same content may be there under another name
        "   select d.delivery_ref, d.source, d.part_of, d.snapshot_date,"
        "    bool_or(list_contains($names, split_part(split_part(c.file_name, '!', 1), '#', 1))) as is_there"
        "   from raw.deliveries as d inner join raw.deliveries as c on d.source = c.source and d.sha256 = c.sha256"
        "   where d.part_of is not null and d.status in ('loaded', 'superseded') group by all)) as p"
        " where d.delivery_ref = p.delivery_ref and p.has_parts and d.is_taken_away is distinct from (not p.is_there)",
        {"names": list(names)},
    )


def note_forces(con: duckdb.DuckDBPyConnection, home: Path) -> None:
    """Note of which force the folder of each delivery of an extract is: two forces' files do not replace each other.

    That is the force of most crimes in the folder, or below the nearest folder above it that has crimes.
    """
    ours = "from raw.deliveries where part_of is not null and status in ('loaded', 'superseded')"
    refs = con.execute(f"select delivery_ref {ours} and source = 'crime'").fetchall()
    if not refs:
        return
    con.execute(
        f"with folders as (select delivery_ref, {_FOLDER} as folder {ours}),"
        " crimes as (select folder, force_code, count(*) as crime_count from read_parquet($paths)"
        "  inner join folders using (delivery_ref) where force_code <> '' group by all),"
        " above as (select delivery_ref, folder[:n] as start from folders, unnest(range(1, length(folder) + 1)) r (n)),"
        " counts as (select delivery_ref, start, force_code, sum(crime_count) as crime_count from above"
        "  inner join crimes on ends_with(start, '/') and starts_with(folder, start) group by all)"
        " update raw.deliveries as d set of_force = f.of_force from (select delivery_ref,"
        "  arg_max(force_code, (length(start), crime_count, force_code)) as of_force from counts group by all) as f"
        " where d.delivery_ref = f.delivery_ref and d.of_force is distinct from f.of_force",
        {"paths": [str(home / "raw" / "crime" / f"{ref}.parquet") for (ref,) in refs]},
    )


def note_alike(
    con: duckdb.DuckDBPyConnection, home: Path, names: Iterable[str], before: Mapping[str, str]
) -> bool:  # fmt: skip
    """Note the folders of forces of which one number is of two crimes: another force, recorded at another moment.

    Where the moment is the same, a crime may be in the files of both. A folder above those of several such forces,
    without crimes of its own, is of nobody knows which. True if folders are new in this: their files are to be read
    again, with the force before each key, and what was read of them is taken out.
    """
    rows = con.execute(
        "select delivery_ref, of_force from raw.deliveries"
        " where source = 'crime' and status = 'loaded' and of_force is not null"
    ).fetchall()
    if len({force for _, force in rows}) < 2:
        return False
    con.execute(
        f"create or replace temp table alike as select distinct force_code from {SCOPES}; insert into alike"
        " with crimes as (select of_force, recorded_ts, if(starts_with(crime_id, of_force || '/'),"
        "  substr(crime_id, length(of_force) + 2), crime_id) as number from read_parquet($paths)"
        "  inner join raw.deliveries using (delivery_ref) where force_code = of_force)"
        " select distinct unnest([a.of_force, b.of_force]) from crimes as a"
        " inner join crimes as b on a.number = b.number and a.of_force < b.of_force and a.recorded_ts <> b.recorded_ts",
        {"paths": [str(home / "raw" / "crime" / f"{ref}.parquet") for ref, _ in rows]},
    )
    con.execute(
        f"create or replace temp table found as with d as (select distinct {_FOLDER} as folder, of_force, source"
        "  from raw.deliveries semi join alike on of_force = force_code"
        "  where part_of is not null and status in ('loaded', 'superseded'))"
        " select d.folder, any_value(d.of_force), bool_or(d.source = 'crime') or count(o.folder) = 0 from d"
        "  left join d as o on o.source = 'crime' and starts_with(o.folder, d.folder) and o.of_force <> d.of_force"
        " group by d.folder"
    )
    with transaction(con):
        con.execute(f"delete from {SCOPES}; insert into {SCOPES} from found")
        changed = [folder for folder, force in scopes(con).items() if before.get(folder) != force]
        gone = con.execute(
            f"delete from raw.deliveries where {_FOLDER} in $changed and list_contains($names, split_part("
            " split_part(file_name, '!', 1), '#', 1)) returning source, delivery_ref",
            {"changed": changed, "names": list(names)},
        ).fetchall()
        for table in ("delivered_periods", "quarantined_rows", "unread_values"):
            con.execute(f"delete from raw.{table} where list_contains(?, delivery_ref)", [[ref for _, ref in gone]])
    for source, ref in gone:
        (home / "raw" / source / f"{ref}.parquet").unlink(missing_ok=True)
    return bool(changed)


def scopes(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Folder -> the force that its keys are read with, of forces that number their crimes alike."""
    return dict(con.execute(f"select folder, force_code from {SCOPES} where is_of_one").fetchall())


def scoped(mapping: ExtractMapping, name: str, scopes: Mapping[str, str]) -> ExtractMapping:
    """The mapping for a file of this name."""
    folder = re.sub(_DATE, "", f"/{name.replace('!', '/')}".rpartition("/")[0] + "/")
    return replace(mapping, scope=scopes[folder]) if folder in scopes else mapping


def apart(con: duckdb.DuckDBPyConnection, home: Path) -> list[tuple[str, str, str, bool]]:
    """(file, table, reason, True) of each file of which nobody can say whose records it has.

    It gives way to one in another folder, and has none of its records: it may be of another district or year. Or it is
    of forces that number their crimes alike, and in the folder of neither.
    """
    found = con.execute(
        "select file_name, source, 'the forces of the folders below number their crimes alike: put it into the folder"
        " of its force', true from raw.deliveries"
        f" where status = 'loaded' and {_FOLDER} in (select folder from {SCOPES} where not is_of_one)"
        "  and list_contains(?, source)",
        [sorted(tables_of_people())],
    ).fetchall()
    for name, table, ref, newer, refs, rows in con.execute(
        "select d.file_name, d.source, d.delivery_ref, max(n.file_name), list(n.delivery_ref), d.rows_loaded"
        " from raw.deliveries as d inner join raw.deliveries as n on d.source = n.source and n.status = 'loaded'"
        "  and d.of_force is not distinct from n.of_force and d.snapshot_date is not distinct from n.snapshot_date"
        "  and d.part_of <> n.part_of"
        " where d.status = 'superseded' and d.rows_loaded > 0 and not d.is_taken_away and d.received_at = ("
        "  select max(o.received_at) from raw.deliveries as o where o.file_name = d.file_name)"
        " group by d.file_name, d.source, d.delivery_ref, d.rows_loaded order by all"
    ).fetchall():
        key = next(name for name, kind in extract_tables()[table].items() if kind in ("key", "ref"))
        files = [[str(home / "raw" / table / f"{one}.parquet") for one in group] for group in ([ref], refs)]
        both = f"{identifier(key)}{', recorded_ts' if table == 'crime' else ''}"  # numbers alike are no record of both
        shared = f"select 1 from read_parquet($a) semi join read_parquet($b) using ({both}) limit 1"
        if not con.execute(shared, {"a": files[0], "b": files[1]}).fetchall():
            why = f"{rows:,} rows; {newer} counts instead, and no {key} is in both. Put both into one folder as parts"
            found.append((name, table, f"{why} ({table}_1, {table}_2), or take one of them away", True))
    return found


def key_of(source: Source) -> str | None:
    """The column that identifies a row of the table; None where there is none."""
    return next((name for name, kind in source.fields.items() if kind == "key"), None)


def set_repeats_aside(con: duckdb.DuckDBPyConnection, home: Path, source: Source) -> str:
    """Put the rows of a part into quarantine whose key an earlier part has, in any capitals, by the names of the files.

    A row of an officer, person or area that says nothing else than the earlier one is not counted as read.
    Within one file the reader does so. Returns a mark of the rows, '' without any.
    """
    key = key_of(source)
    if key is None:
        return ""
    _put_back(con, source.table)
    files = con.execute(
        "select delivery_ref, file_name from raw.deliveries where source = ? and status = 'loaded' order by file_name",
        [source.table],
    ).fetchall()
    if len(files) < 2:
        return ""
    refs = [ref for ref, _ in files]
    paths = [str(home / "raw" / source.table / f"{ref}.parquet") for ref in refs]
    k = identifier(key)
    two = f"select 1 from read_parquet(?) group by delivery_ref, lower({k}) having count(distinct {k}) > 1 limit 1"
    # where one file has two keys that differ in capitals alone, they are two; elsewhere one, as between tables
    one = k if con.execute(two, [paths]).fetchall() else f"lower({k})"
    others = map(identifier, source.fields.keys() - {key})
    same = " and ".join(f"coalesce({name} = earliest.{name}, {name} is null)" for name in others) or "true"
    con.execute(
        f"insert into {REPEATS}"
        " select $table, delivery_ref, line_number, earliest.delivery_ref, earliest.line_number,"
        f" {same if source.layout is not None and source.layout.is_yearly else 'false'} from ("
        f"  select *, first_value(p) over (partition by {one}"
        "   order by list_position($refs, delivery_ref), line_number) as earliest"
        "   from read_parquet($paths) as p) where earliest.delivery_ref <> delivery_ref",
        {"table": source.table, "refs": refs, "paths": paths},
    )
    con.execute(
        "insert into raw.quarantined_rows by name select r.delivery_ref, r.line_number % $lines as line_number,"
        " r.line_number // $lines as group_number, $key as column_name, '' as value,"
        " 'expected every ' || $key || ' once ' || $reason || '; ' || d.file_name"
        " || ', line ' || (r.first_line % $lines) || ', has it already: take one of the two out' as reason,"
        f" '' as row_refs from {REPEATS} as r inner join raw.deliveries as d on r.first_ref = d.delivery_ref"
        " where r.source = $table and not r.is_same",
        {"table": source.table, "key": key, "reason": _REASON, "lines": LINES_A_GROUP},
    )
    _count_as_read(con, source.table, -1)
    _count_again(con, refs)
    ((mark,),) = con.execute(
        "select coalesce(md5(string_agg(delivery_ref || line_number, ',' order by delivery_ref, line_number)), '')"
        f" from {REPEATS} where source = ?",
        [source.table],
    ).fetchall()
    return str(mark)


def _put_back(con: duckdb.DuckDBPyConnection, table: str) -> None:
    """Take the repeats of the last time out of quarantine: their parts may be others by now."""
    _count_as_read(con, table, 1)
    held = con.execute(f"delete from {REPEATS} where source = ? returning delivery_ref", [table]).fetchall()
    refs = sorted({ref for (ref,) in held})
    if refs:
        con.execute(
            "delete from raw.quarantined_rows where contains(reason, ?) and list_contains(?, delivery_ref)",
            [_REASON, refs],
        )
        _count_again(con, refs)


def _count_as_read(con: duckdb.DuckDBPyConnection, table: str, sign: int) -> None:
    """Count the rows that say nothing else than an earlier one as read (1), or no longer (-1)."""
    con.execute(
        "update raw.deliveries as d set rows_read = d.rows_read + $sign * r.same_count from (select delivery_ref,"
        f"  count(*) as same_count from {REPEATS} where source = $table and is_same group by delivery_ref) as r"
        " where d.delivery_ref = r.delivery_ref",
        {"sign": sign, "table": table},
    )


def _count_again(con: duckdb.DuckDBPyConnection, refs: list[str]) -> None:
    """Count the rows in quarantine of these deliveries, and the rest as loaded."""
    con.execute(
        "update raw.deliveries as d set rows_quarantined = q.held, rows_loaded = d.rows_read - q.held from"
        " (select r.delivery_ref, count(q.delivery_ref) as held from (select unnest($refs) as delivery_ref) as r"
        "  left join raw.quarantined_rows as q using (delivery_ref) group by all) as q"
        " where d.delivery_ref = q.delivery_ref",
        {"refs": refs},
    )
