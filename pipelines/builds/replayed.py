"""An extract as it was known on an earlier day, from the times that its rows give.

What came later is left out: rows, times, and what came with them. The layout of each table says which these are
(`[known]`, assets/readers/extract/layout.py). The class, the state, the officer and the current outcome of a crime are
those of its history, its outcomes and its allocations up to the day. So nothing that changes later changes the extract
of the day. Cells without a time are as they are now: docs/extract-fields.md lists them.

A time says when a thing happened. What was entered days later is known too early here.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import duckdb

from assets.raw import extract_tables, sources
from assets.readers.extract.identities import TABLE as IDENTITIES
from assets.readers.extract.identities import Identities, is_identities, read_identities, together
from assets.readers.extract.layout import Known, Layout
from assets.readers.source import NO_MAPPING, ExtractMapping
from assets.readers.sql import identifier, literal
from pipelines.builds import empty_warehouse
from pipelines.builds.tables import make_table
from pipelines.delivery import intake
from pipelines.delivery.ledger import create_log_tables
from pipelines.engines.choice import usual
from pipelines.fetching.folder import DataFolder
from pipelines.tables.cards import all_cards
from pipelines.tables.sql import scalar
from pipelines.tables.warehouse import PERIODS, connect

FOLDER = "force"  # below the folder that is written
PLACE = ("delivery_ref", "line_number")  # rows keep their order


class NothingToReplay(Exception):
    """Why there is nothing to write: the folder, what was expected, what was seen, what to do."""


@dataclass
class Replay:
    """What was written: rows of each table then and now, files that were copied, and what is missing."""

    rows: dict[str, tuple[int, int]] = field(default_factory=dict)
    copied: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def replay(folder: DataFolder, day: date, out: Path, scratch: Path) -> Replay:
    """Write what a folder of deliveries held at the end of a day in London to `out`, which is there and empty.

    `scratch` is a folder that the caller removes afterwards: it has every row. Raises NothingToReplay.
    """
    scratch.mkdir()
    empty_warehouse.provide(scratch)
    con = connect(scratch)
    try:
        create_log_tables(con)
        intake.take_in(con, scratch, folder, lambda done, total, name: None)
        make_table(usual(con), all_cards()[PERIODS])
        loaded = con.execute("select distinct source, file_name from raw.deliveries where status = 'loaded'").fetchall()
        tables = [table for table in extract_tables() if any(source == table for source, _ in loaded)]
        if "crime" not in tables:
            raise NothingToReplay(
                f"{folder.path}: expected an extract with a table of crimes, saw {', '.join(tables) or 'none of one'}. "
                "Give the folder that stra build reads."
            )
        con.execute("create schema given")
        for table in extract_tables():
            con.execute(
                f"create view given.{identifier(table)} as select t.* exclude (period) from raw.{table} as t inner join"
                f" {PERIODS} as p on p.source = '{table}' and t.delivery_ref = p.delivery_ref and t.period = p.period"
            )
        done = write_known(con, tables, day, out)
        done.missing += _missing(con)
        ours = {_file_of(name) for source, name in loaded if source in extract_tables()}
        for name in sorted({_file_of(name) for _, name in loaded} - ours):
            copy_beside(folder.path / name, out / name, done)
    finally:
        con.close()
    mapping = folder.mapping
    named = [read_identities(folder.path / n, mapping) for n in folder.readable if is_identities(n, mapping)]
    write_names(named, out)
    write_mapping(mapping, day, out)
    return done


def replay_own(given: Path, day: date, out: Path, form: str) -> Replay:
    """The same of files in our own layout, whatever is in their cells: no row is set aside."""
    files = {path.stem: path for path in sorted(given.rglob("*.*")) if not {"truth", "README.txt"} & {*path.parts}}
    with duckdb.connect(config={"threads": 1, "temp_directory": ""}) as con:
        con.execute("set timezone = 'UTC'; create schema given")
        for table, kinds in extract_tables().items():
            names = ", ".join(f"null::varchar as {identifier(name)}" for name in kinds)
            con.execute(
                f"create table given.{identifier(table)} as select '' as delivery_ref, 0 as line_number, {names}"
                " where false"
            )
            if path := files.get(table):
                con.execute(
                    f"insert into given.{identifier(table)} by name"
                    f" select '' as delivery_ref, row_number() over () as line_number, * from {_rows_of(path)}"
                )
        done = write_known(con, [table for table in extract_tables() if table in files], day, out, form)
    if IDENTITIES in files:
        write_names([read_identities(files.pop(IDENTITIES), NO_MAPPING)], out, form)
    for name, path in files.items():
        if name not in extract_tables():
            copy_beside(path, out / path.relative_to(given), done)
    return done


def _rows_of(path: Path) -> str:
    if path.suffix == ".parquet":
        return f"(select columns(*)::varchar from read_parquet({literal(str(path))}))"
    # said, not guessed: the first quoted cell may come after all the rows that a guess is made from
    form = """all_varchar = true, header = true, delim = ',', quote = '"', escape = '"'"""
    return f"read_csv({literal(str(path))}, {form})"


def write_known(
    con: duckdb.DuckDBPyConnection, tables: Sequence[str], day: date, out: Path, form: str = "parquet"
) -> Replay:
    """Write these tables as they were known at the end of the day, from `given`, which has every table as text.

    The files are in `out/force`, with the names of our own layout. `known` has the same rows afterwards.
    """
    con.execute("create schema known;" + MACROS.format(day=day, next=day + timedelta(days=1)))
    layouts = {table: layout for table, source in sources().items() if (layout := source.layout) is not None}
    for table in in_order(layouts):
        con.execute(f"create table known.{identifier(table)} as {select_known(layouts[table], layouts)}")
    con.execute(AS_THEN)
    done = Replay()
    (out / FOLDER).mkdir()
    for table in tables:
        if reason := layouts[table].known.left_out:
            done.missing.append(f"{table}: left out: {reason}")
            continue
        rows = f"select * exclude ({', '.join(PLACE)}) from known.{identifier(table)} order by {', '.join(PLACE)}"
        target = literal(str(out / FOLDER / f"{table}.{form}"))
        con.execute(f"copy ({rows}) to {target} (format {form}{', header' if form == 'csv' else ''})")
        count = f"select count(*) from {{}}.{identifier(table)}"
        done.rows[table] = (scalar(con, count.format("known")), scalar(con, count.format("given")))
    return done


MACROS = """
create macro is_past(moment) as cast(moment as timestamptz) < timezone('Europe/London', timestamp '{next}');
create macro is_past_day(day) as cast(day as date) <= date '{day}';
"""


def in_order(layouts: Mapping[str, Layout]) -> Iterator[str]:
    """The tables, each after those that its rows are known by."""
    waiting = list(layouts)
    done: set[str] = set()
    while waiting:
        ready = [table for table in waiting if rests_on(layouts[table].known) <= done]
        assert ready, f"tables that rest on each other: {waiting}"
        yield from ready
        done |= set(ready)
        waiting = [table for table in waiting if table not in done]


def rests_on(known: Known) -> set[str]:
    """The tables by whose rows those of a table are known."""
    return {*known.of, *(name.partition(".")[0] for name in known.named_in)}


def select_known(layout: Layout, layouts: Mapping[str, Layout]) -> str:
    """SQL of the rows of one table that were known, with what was known of each."""
    known = layout.known
    where = [_is_since(layout), *(_is_of(layouts[parent]) for parent in known.of), _is_named(layout)]
    cells = [
        f"case when {' and '.join(conditions)} then {identifier(name)} end as {identifier(name)}"
        for name in layout.fields
        if (conditions := list(_conditions(layout, name)))
    ]
    replaced = f" replace ({', '.join(cells)})" if cells else ""
    kept = " and ".join(filter(None, where)) or "true"
    return f"select *{replaced} from given.{identifier(layout.table)} where {kept}"


def _past(layout: Layout, name: str) -> str:
    is_day = layout.kinds[name].startswith("date")
    return f"{'is_past_day' if is_day else 'is_past'}({identifier(name)})"


def _is_since(layout: Layout) -> str:
    """A row without any of the times is known: nothing says that it came later."""
    names = layout.known.since
    past = " or ".join(_past(layout, name) for name in names)
    none = " and ".join(f"{identifier(name)} is null" for name in names)
    return f"({past} or ({none}))" if names else ""


def _is_of(parent: Layout) -> str:
    """A row of a record that came later came later too; one of a record that never came is kept."""
    (key,) = parent.identity
    key, table = identifier(key), identifier(parent.table)
    later = f"select {key} from given.{table} except select {key} from known.{table}"
    return f"({key} is null or {key} not in ({later}))"


def _is_named(layout: Layout) -> str:
    if not layout.known.named_in:
        return ""
    (key,) = layout.identity
    by = [name.split(".") for name in layout.known.named_in]
    names = " union all ".join(f"select {identifier(name)} from known.{identifier(table)}" for table, name in by)
    return f"{identifier(key)} in ({names})"


def _conditions(layout: Layout, name: str) -> Iterator[str]:
    """When a cell was known, beyond its row."""
    known = layout.known
    if known.as_delivered:
        return
    is_time = layout.kinds[name].rstrip("?") in ("ts", "date")
    if is_time and name not in (*known.planned, *known.since[: len(known.since) == 1]):
        yield _past(layout, name)
    for time, fields in known.with_time.items():
        if name in fields:
            yield f"({identifier(time)} is null or {_past(layout, time)})"


# Of a crime whose history, outcomes or allocations go on after the day: what they say up to it. Labels are those that
# other crimes of the class had then.
AS_THEN = """
create temp table class_then as
select
    crime_id,
    max_by(ho_code, (changed_ts, cast(seq as integer))) filter (is_past(changed_ts)) as ho_code,
    max_by(class_code, (changed_ts, cast(seq as integer))) filter (is_past(changed_ts)) as class_code
from given.classification_history
group by crime_id
having bool_or(not is_past(changed_ts)) and bool_or(is_past(changed_ts));

create temp table label_then as
select ho_code, class_label, cjs_code
from known.crime
where crime_id not in (select crime_id from class_then)
group by ho_code, class_label, cjs_code
qualify row_number() over (partition by ho_code order by count(*) desc, class_label, cjs_code) = 1;

update known.crime as c
set
    ho_code_raw = t.ho_code, ho_code = t.ho_code, class_code = t.class_code, class_label = l.class_label,
    cjs_code = l.cjs_code
from class_then as t
left join label_then as l on t.ho_code = l.ho_code
where c.crime_id = t.crime_id;

create temp table officer_then as
select crime_id, max_by(investigator_id, from_ts) filter (is_past(from_ts)) as oic_id
from given.allocation
group by crime_id
having bool_or(not is_past(from_ts));

update known.crime as c set oic_id = t.oic_id from officer_then as t where c.crime_id = t.crime_id;

create temp table last_outcome as
select crime_id, max_by(outcome_id, (cast(seq as integer), outcome_ts)) filter (is_past(outcome_ts)) as outcome_id
from given.outcome
group by crime_id
having bool_or(not is_past(outcome_ts));

update known.outcome as o
set is_current = o.outcome_id = t.outcome_id
from last_outcome as t
where o.crime_id = t.crime_id;

create temp table state_then as
select
    c.crime_id,
    case
        when c.crime_id in (select crime_id from known.removal) then c.status
        when c.crime_id in (select crime_id from known.outcome where cast(is_current as boolean) and code <> '0')
            then 'closed'
        else 'open'
    end as status
from known.crime as c
where
    c.crime_id in (select crime_id from given.outcome where not is_past(outcome_ts))
    or c.crime_id in (select crime_id from given.removal where not is_past(removal_ts));

update known.crime as c set status = t.status from state_then as t where c.crime_id = t.crime_id;
"""


def _missing(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Rows of the extract that no reader could use, and files that were refused: none of them can be replayed."""
    rows = con.execute(
        "select d.source, count(distinct (q.delivery_ref, q.line_number, q.group_number))"
        " from raw.quarantined_rows as q inner join raw.deliveries as d using (delivery_ref)"
        " where list_contains($1, d.source) group by all order by 1",
        [list(extract_tables())],
    ).fetchall()
    refused = con.execute(
        "select file_name, reason from raw.deliveries where status not in ('loaded', 'superseded') order by all"
    ).fetchall()
    return [f"{table}: {count:,} rows of the delivery could not be read and are left out" for table, count in rows] + [
        f"{name}: refused: {reason}" for name, reason in refused
    ]


def _file_of(name: str) -> str:
    """The file that a delivery is in, without the member of an archive or the sheet of a workbook."""
    return name.partition("!")[0].partition("#")[0]


def copy_beside(path: Path, target: Path, done: Replay) -> None:
    """Copy a file that is not of the extract, as it is now."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, target)
    done.copied.append(path.name)


def write_names(named: Sequence[Identities], out: Path, form: str = "parquet") -> None:
    """Write the names of the people who are in the extract of the day, where names were delivered."""
    if not named:
        return
    with duckdb.connect(config={"threads": 1, "temp_directory": ""}) as con:
        con.register("named", together(named).frame.to_arrow())
        known = _rows_of(out / FOLDER / f"person.{form}")
        con.execute(
            f"copy (select * from named semi join {known} as p using (person_key) order by person_key)"
            f" to {literal(str(out / FOLDER / f'{IDENTITIES}.{form}'))}"
            f" (format {form}{', header' if form == 'csv' else ''})"
        )


def write_mapping(mapping: ExtractMapping, day: date, out: Path) -> None:
    """Say which day the extract is of, and what the delivered mapping says of the force and of the first day."""
    lines = ["[extract]", f"made_on = {day}"]
    lines += [f'force = "{mapping.force}"'] if mapping.force else []
    first, last = mapping.covers
    lines += [f"from = {first}"] if first and first < day else []
    lines += [f"until = {min(last, day)}"] if last else []
    (out / "mapping.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
