"""Parts of a table: the files of one table in one folder, such as outcome_2024.csv and outcome_2025.csv.

Which files are parts of what is in `assets/readers/extract/tables.py`, and which count in core.current_periods.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb

from assets.readers.extract.columns import LINES_A_GROUP
from assets.readers.source import Source
from assets.readers.sql import identifier

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


def key_of(source: Source) -> str | None:
    """The column that identifies a row of the table; None where there is none."""
    return next((name for name, kind in source.fields.items() if kind == "key"), None)


def set_repeats_aside(con: duckdb.DuckDBPyConnection, home: Path, source: Source) -> str:
    """Put the rows of a part into quarantine whose key an earlier part has, by the names of the files.

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
    con.execute(
        f"insert into {REPEATS}"
        " select $table, delivery_ref, line_number, earliest.delivery_ref, earliest.line_number from ("
        f"  select delivery_ref, line_number, first_value({{'delivery_ref': delivery_ref, 'line_number': line_number}})"
        f"   over (partition by {identifier(key)} order by list_position($refs, delivery_ref), line_number) as earliest"
        "   from read_parquet($paths)) where earliest.delivery_ref <> delivery_ref",
        {"table": source.table, "refs": refs, "paths": paths},
    )
    con.execute(
        "insert into raw.quarantined_rows by name select r.delivery_ref, r.line_number % $lines as line_number,"
        " r.line_number // $lines as group_number, $key as column_name, '' as value,"
        " 'expected every ' || $key || ' once ' || $reason || '; ' || d.file_name"
        " || ', line ' || (r.first_line % $lines) || ', has it already: take one of the two out' as reason,"
        f" '' as row_refs from {REPEATS} as r inner join raw.deliveries as d on r.first_ref = d.delivery_ref"
        " where r.source = $table",
        {"table": source.table, "key": key, "reason": _REASON, "lines": LINES_A_GROUP},
    )
    _count_again(con, refs)
    ((mark,),) = con.execute(
        "select coalesce(md5(string_agg(delivery_ref || line_number, ',' order by delivery_ref, line_number)), '')"
        f" from {REPEATS} where source = ?",
        [source.table],
    ).fetchall()
    return str(mark)


def _put_back(con: duckdb.DuckDBPyConnection, table: str) -> None:
    """Take the repeats of the last time out of quarantine: their parts may be others by now."""
    held = con.execute(f"delete from {REPEATS} where source = ? returning delivery_ref", [table]).fetchall()
    refs = sorted({ref for (ref,) in held})
    if refs:
        con.execute(
            "delete from raw.quarantined_rows where contains(reason, ?) and list_contains(?, delivery_ref)",
            [_REASON, refs],
        )
        _count_again(con, refs)


def _count_again(con: duckdb.DuckDBPyConnection, refs: list[str]) -> None:
    """Count the rows in quarantine of these deliveries, and the rest as loaded."""
    con.execute(
        "update raw.deliveries as d set rows_quarantined = q.held, rows_loaded = d.rows_read - q.held from"
        " (select r.delivery_ref, count(q.delivery_ref) as held from (select unnest($refs) as delivery_ref) as r"
        "  left join raw.quarantined_rows as q using (delivery_ref) group by all) as q"
        " where d.delivery_ref = q.delivery_ref",
        {"refs": refs},
    )
