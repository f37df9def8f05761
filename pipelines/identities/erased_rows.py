"""Erasing people from the rows of deliveries, and keeping them out of later ones.

Each step may be repeated: the next run completes a killed one, and a later delivery goes the same way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import polars as pl

from assets.methods.text_signals import ERASED as ERASED_TEXT
from assets.methods.text_signals import erased_text, text_signals
from assets.raw import extract_tables
from assets.readers.sql import literal
from assets.reference import list_path
from pipelines.delivery import inputs
from pipelines.delivery.key_checks import SPELLINGS
from pipelines.identities.erased_list import TOKEN, Erased
from pipelines.system.disk import replace_whole
from pipelines.system.machine import spill_folder
from pipelines.tables.sql import scalar
from pipelines.tables.warehouse import transaction

WORDS = "[erased]"  # in place of a free text of which only that it was written counts
NARRATIVES = {"crime": "mo_text", "incident": "log_text"}  # of these what the words showed counts too
EMPTIED = {"person": ("pncid_hash",), "custody": ("asn",)}  # numbers of the person in other systems
_PARQUET = "format parquet, compression zstd, compression_level 1, parquet_version v2"
_IS_GONE = f"({{0}} like '{TOKEN}%' or {{0}} in (select person_key from gone))"
_CRIME = "lower(t.crime_id) in (select crime_id from cleared_crimes)"
# whose words they are, where it is not the crime's alone
OWNERS = {
    "incident": "lower(t.incident_id) in (select incident_id from cleared_incidents)",
    "custody": "lower(t.custody_id) in (select custody_id from cleared_custodies)",
    "bail": "lower(t.custody_id) in (select custody_id from cleared_custodies)",
    "risk_plan": "lower(t.ra_id) in (select ra_id from cleared_assessments)",
    "order_": "lower(t.order_id) in (select order_id from cleared_orders)",
    "order_breach": f"case when t.crime_id is not null then {_CRIME}"
    " else lower(t.order_id) in (select order_id from cleared_orders) end",
    "referrals": f"({_CRIME} or {_IS_GONE.format('t.victim_key')})",
}


def fields_of_people(table: str) -> tuple[str, ...]:
    """The fields of a table of the extract that hold the key of a person."""
    return tuple(name for name in extract_tables()[table] if name.endswith("_key"))


def free_fields(table: str) -> tuple[str, ...]:
    """The fields of a table of the extract that hold free text."""
    return tuple(name for name, kind in extract_tables()[table].items() if kind.startswith("free"))


@dataclass
class Rewritten:
    """Result of a run over the kept rows: files rewritten, rows changed by table."""

    files: list[Path] = field(default_factory=list)
    rows: Counter[str] = field(default_factory=Counter)


def erase_rows(home: Path, erased: Erased) -> Rewritten:
    """Rewrite every kept file that still holds a person of the list.

    Words about such people alone count too. Each file is written beside and renamed. The caller holds the build lock.
    """
    done = Rewritten()
    with duckdb.connect() as con:
        spill = spill_folder(home)
        spill.mkdir(mode=0o700, exist_ok=True)
        con.execute("set temp_directory = ?", [str(spill)])
        con.execute("set memory_limit = '1200MB'")
        held = _Kept(con, home)
        _find_people(con, held, erased)
        _find_cleared(con, held)
        for table, paths in sorted(held.files.items()):
            for path in paths:
                if changed := _rewrite(con, held, erased, table, path):
                    done.files.append(path)
                    done.rows[table] += changed
    return done


def kept_files(home: Path) -> list[Path]:
    """Every file of kept rows that may hold people or words about them."""
    tables = [table for table in extract_tables() if fields_of_people(table) or free_fields(table)]
    return sorted(path for table in tables for path in (home / "raw" / table).glob("*.parquet"))


class _Kept:
    """The files of rows below a home, by table of the extract, with columns."""

    def __init__(self, con: duckdb.DuckDBPyConnection, home: Path) -> None:
        for unfinished in (home / "raw").glob("*/.*.parquet"):  # what a killed intake left
            unfinished.unlink()
        found = {table: sorted((home / "raw" / table).glob("*.parquet")) for table in extract_tables()}
        self.files = {table: paths for table, paths in found.items() if paths}

    def rows(self, table: str, *columns: str) -> str:
        """SQL: these columns of all files of a table; no rows where there are none. Keys of records in small letters.

        A row may write the key of its crime in other capitals (`key_checks`).
        """
        names = ", ".join(f"lower({name}) as {name}" if name.endswith("_id") else name for name in columns)
        if table not in self.files:
            return f"select {', '.join(f'cast(null as varchar) as {name}' for name in columns)} where false"
        paths = ", ".join(literal(path) for path in self.files[table])
        return f"select {names} from read_parquet([{paths}], union_by_name = true)"


def _find_people(con: duckdb.DuckDBPyConnection, held: _Kept, erased: Erased) -> None:
    """`gone`: the listed keys that some file holds, with their tokens."""
    parts = [held.rows(table, name).replace(f"select {name}", f"select {name} as person_key", 1)
             for table in held.files for name in fields_of_people(table)]  # fmt: skip
    keys = con.execute(f"select distinct person_key from ({' union '.join(parts)})").fetchall() if parts else []
    tokens = erased.tokens(key for (key,) in keys if key)
    con.execute("create temp table gone (person_key varchar primary key, token varchar)")
    if tokens:
        frame = pl.DataFrame({"person_key": list(tokens.keys()), "token": list(tokens.values())})
        con.register("found", frame.to_arrow())
        con.execute("insert into gone select * from found")
        con.unregister("found")


def _find_cleared(con: duckdb.DuckDBPyConnection, held: _Kept) -> None:
    """`cleared_*`: the records that hold nobody who was not erased.

    A record that never held anybody is not among them.
    """
    parts = {"party_role": "person_key", "custody": "person_key", "notice": "to_key", "referrals": "victim_key"}
    people = " union all ".join(
        f"select crime_id, {key} as person_key from ({held.rows(table, 'crime_id', key)})"
        for table, key in parts.items()
    )
    con.execute(
        f"create temp table cleared_crimes as select crime_id from ({people})"
        " where crime_id is not null and coalesce(person_key, '') <> ''"
        f" group by crime_id having bool_and({_IS_GONE.format('person_key')})"
    )
    is_cleared = "coalesce(crime_id in (select crime_id from cleared_crimes), false)"
    con.execute(
        "create temp table cleared_incidents as select incident_id from ("
        f" {held.rows('crime', 'incident_id', 'crime_id')} union all"
        f" select other_id, crime_id from ({held.rows('crime_link', 'other_id', 'other_kind', 'crime_id')})"
        " where other_kind = 'incident') where incident_id is not null"
        f" group by incident_id having bool_and({is_cleared})"
    )
    con.execute(
        f"create temp table cleared_custodies as select custody_id from"
        f" ({held.rows('custody', 'custody_id', 'crime_id', 'person_key')}) group by custody_id"
        f" having bool_and({is_cleared} or coalesce({_IS_GONE.format('person_key')}, false))"
    )
    con.execute(
        "create temp table cleared_assessments as select ra_id"
        f" from ({held.rows('risk_assessment', 'ra_id', 'crime_id')})"
        f" group by ra_id having bool_and({is_cleared})"
    )
    con.execute(
        "create temp table cleared_orders as select order_id from ("
        f" select order_id, unnest([victim_key, respondent_key]) as person_key"
        f" from ({held.rows('order_', 'order_id', 'victim_key', 'respondent_key')}))"
        f" where coalesce(person_key, '') <> '' group by order_id having bool_and({_IS_GONE.format('person_key')})"
    )
    # words that are used word for word of people who stay are of nobody alone: a rule counts how often they are used
    con.execute(
        f"create temp table words_of_others as select distinct {_plain('mo_text')} as words"
        f" from ({held.rows('crime', 'crime_id', 'mo_text')}) where not {is_cleared} and mo_text is not null"
    )


def _plain(text: str) -> str:
    """SQL: a text as the rule on boilerplate compares it (core.crime_structure_facts)."""
    return f"regexp_replace(lower(trim({text})), '\\s+', ' ', 'g')"


def _rewrite(con: duckdb.DuckDBPyConnection, held: _Kept, erased: Erased, table: str, path: Path) -> int:
    """Rewrite one file if something in it has to go; return the rows changed."""
    people, free = fields_of_people(table), free_fields(table)
    if not people and not free:
        return 0
    columns = [name for name, *_ in con.execute("describe select * from read_parquet(?)", [str(path)]).fetchall()]
    narrative = NARRATIVES.get(table)
    if narrative is not None:
        _prepare_narratives(con, erased, table, path)
    forms, tests = _forms(table, people, free, narrative)
    joins = " ".join(f'left join gone as g_{name} on t."{name}" = g_{name}.person_key' for name in people)
    if narrative is not None:
        joins += " left join narratives_erased as n on t.line_number = n.line_number"
    source = f"from read_parquet({literal(path)}) as t {joins}"
    counted = int(scalar(con, f"select count(*) {source} where {' or '.join(tests)}"))
    if counted:
        chosen = ", ".join(f'{forms[name]} as "{name}"' if name in forms else f't."{name}"' for name in columns)
        fresh = path.with_name(f".{path.stem}.erasing.parquet")
        con.execute(f"copy (select {chosen} {source} order by t.line_number) to ? ({_PARQUET})", [str(fresh)])
        replace_whole(fresh, path)
    return counted


def _forms(
    table: str, people: tuple[str, ...], free: tuple[str, ...], narrative: str | None
) -> tuple[dict[str, str], list[str]]:
    """(field -> SQL of its value afterwards, SQL tests for a changed row).

    A row changes if one of the tests is true.
    """
    owner = f"coalesce({OWNERS.get(table, _CRIME)}, false)"
    forms = {name: f'coalesce(g_{name}.token, t."{name}")' for name in people}
    tests = [f"g_{name}.token is not null" for name in people]
    for name in free:
        if name != narrative:
            forms[name] = f'case when {owner} and t."{name}" is not null then \'{WORDS}\' else t."{name}" end'
            tests.append(f"({owner} and t.\"{name}\" <> '{WORDS}')")
    for name in EMPTIED.get(table, ()):
        is_gone = f"coalesce({_IS_GONE.format('t.person_key')}, false)"
        forms[name] = f'case when not {is_gone} then t."{name}" end'
        tests.append(f'({is_gone} and t."{name}" is not null)')
    if narrative is not None:
        forms[narrative] = f'coalesce(n.text, t."{narrative}")'
        tests.append("n.text is not null")
    if table == "crime":  # to about a kilometre: a home is a person's address
        for name in ("lat", "lon"):
            coarse = f"cast(round(try_cast(t.{name} as double), 2) as varchar)"
            forms[name] = f"case when {owner} then coalesce({coarse}, t.{name}) else t.{name} end"
            tests.append(f"({owner} and t.{name} <> {coarse})")
    return forms, tests


def _prepare_narratives(con: duckdb.DuckDBPyConnection, erased: Erased, table: str, path: Path) -> None:
    """`narratives_erased`: line, and what replaces its text."""
    name = NARRATIVES[table]
    own = f" and {_plain(f't.{name}')} not in (select words from words_of_others)" if table == "crime" else ""
    is_cleared = f"coalesce({OWNERS.get(table, _CRIME)}, false)"
    texts = con.execute(
        f"select t.line_number, t.{name}, length(trim(t.{name})), {_plain(f't.{name}')}"
        f" from read_parquet({literal(path)}) as t"
        f" where {is_cleared} and t.{name} is not null and not starts_with(t.{name}, '{ERASED_TEXT}'){own}"
    ).fetchall()
    con.execute("create or replace temp table narratives_erased (line_number bigint, text varchar)")
    if not texts:
        return
    lexicon = pl.read_csv(list_path("text_lexicon"), infer_schema=False)
    frame = pl.DataFrame({"record_type": table, "record_ref": [str(line) for line, *_ in texts],
                          "text": [text for _, text, *_ in texts]})  # fmt: skip
    shown = text_signals(frame, lexicon).iter_rows(named=True)
    made = [(line, erased_text(signals, length, erased.store.keyed_hash(plain)[:12]))
            for (line, _, length, plain), signals in zip(texts, shown, strict=True)]  # fmt: skip
    con.register("made", pl.DataFrame(made, schema=["line_number", "text"], orient="row").to_arrow())
    con.execute("insert into narratives_erased select * from made")
    con.unregister("made")


def hold_back(con: duckdb.DuckDBPyConnection, home: Path, erased: Erased, tell: Callable[[str], None]) -> Erased:
    """Erase listed people who were delivered again, after the intake.

    People with a new crime come back: a new event begins the period again.
    """
    kept = _without_returned(home, erased)
    if kept.height < erased.rows.height:
        tell(f"erased people with a new crime, held again: {erased.rows.height - kept.height:,} person keys")
        erased = erased.saved(kept)
    done = erase_rows(home, erased)
    if done.files:
        told = ", ".join(f"{table} {count:,}" for table, count in sorted(done.rows.items()))
        tell(f"erased people were delivered again and removed: rows of {told}")
        note_hashes(con, home, done.files)
    spelt = con.execute(f"select distinct unnest([spelling, kept]) from {SPELLINGS}").fetchall()
    con.execute(f"delete from {SPELLINGS} where list_contains(?, kept)", [list(erased.tokens(k for (k,) in spelt))])
    clean_quarantined(con)
    return erased


def _without_returned(home: Path, erased: Erased) -> pl.DataFrame:
    """The list without people who have a crime reported after their last event."""
    with duckdb.connect() as con:
        held = _Kept(con, home)
        _find_people(con, held, erased)
        latest = con.execute(
            "select g.token, max(cast(greatest(cast(c.reported_ts as timestamptz), cast(c.recorded_ts as timestamptz))"
            " at time zone 'Europe/London' as date))"
            f" from gone as g inner join ({held.rows('party_role', 'crime_id', 'person_key')}) as p using (person_key)"
            f" inner join ({held.rows('crime', 'crime_id', 'reported_ts', 'recorded_ts')}) as c using (crime_id)"
            " group by g.token"
        ).fetchall()
    if not latest:
        return erased.rows
    frame = pl.DataFrame(latest, schema={"token": pl.String, "latest": pl.Date}, orient="row")
    whose = pl.coalesce("person_ref", "token")
    rows = erased.rows.with_columns(_whose=whose)
    back = rows.join(frame, on="token").filter(pl.col("latest") > pl.col("last_event"))["_whose"].unique()
    return rows.filter(~pl.col("_whose").is_in(back.implode())).drop("_whose")


def note_hashes(con: duckdb.DuckDBPyConnection, home: Path, files: Iterable[Path]) -> None:
    """Take the hashes of the rewritten files again.

    The old ones are deleted first, so that a kill leaves none that is wrong.
    """
    with transaction(con):
        con.execute("delete from build.kept_files where list_contains(?, delivery_ref)", [[p.stem for p in files]])
    inputs.record_kept(con, home)


def clean_quarantined(con: duckdb.DuckDBPyConnection) -> None:
    """Remove the keys of people from quarantined rows and unread values; place and reason stay.

    Digests of rows about one person alone go too: anybody can compute those of a key.
    """
    of_one = [
        table
        for table, fields in extract_tables().items()
        if any(fields[name] != "text" and not fields[name].endswith("?") for name in fields_of_people(table))
    ]
    for listed in ("quarantined_rows", "unread_values"):
        con.execute(
            f"update raw.{listed} set value = '' where column_name like '%\\_key' escape '\\' and value <> ''"
        )
    con.execute(
        "update raw.quarantined_rows as q set row_refs = '' from raw.deliveries as d"
        " where d.delivery_ref = q.delivery_ref and list_contains(?, d.source) and q.row_refs <> ''",
        [of_one],
    )
