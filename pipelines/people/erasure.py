"""Erasing people from all that a home keeps beside the rows of deliveries.

Each step may be repeated: the next run completes a killed one.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import duckdb
import polars as pl

from pipelines.delivery.ledger import LOG_TABLES, create_log_tables
from pipelines.identities.erased_list import CHANGES, LINKS, PAIRS, RUNS, Erased
from pipelines.identities.erased_rows import clean_quarantined
from pipelines.identities.identity_state import load as load_state
from pipelines.identities.identity_state import save as save_state
from pipelines.system.disk import replace_whole
from pipelines.system.machine import spill_folder
from pipelines.tables import lake, warehouse_kept
from pipelines.tables.cards import SCHEMAS, all_cards
from pipelines.tables.sql import create_from_card
from pipelines.tables.warehouse import BLOCK_SIZE, STATE, transaction

# what a build cannot make again, so that it goes from the old warehouse to the new
KEPT = (*LOG_TABLES, LINKS, PAIRS, RUNS, CHANGES, "quality.runs", "quality.breach_history")
KEPT_STATE = ("build.files", "build.kept_files")


def erase_identities(erased: Erased) -> int:
    """Remove the erased from linkage: records, marks and register.

    Returns how many records went.
    """
    state = load_state(erased.store)
    if state.model is None:
        return 0
    register = state.register
    keys = pl.concat([frame["person_key"] for frame in (state.records, state.marks, register.members)]).unique()
    gone = list(erased.tokens(keys))
    if not gone:
        return 0

    def without(frame: pl.DataFrame) -> pl.DataFrame:
        return frame.filter(~pl.col("person_key").is_in(gone))

    members = without(register.members)
    went = register.members.filter(pl.col("person_key").is_in(gone))["person_ref"].unique()
    lost = went.filter(~went.is_in(members["person_ref"].unique().implode()))
    people = register.people.filter(~pl.col("person_ref").is_in(lost.implode()))
    save_state(
        erased.store,
        replace(
            state,
            register=replace(register, members=members, people=people),
            records=without(state.records),
            marks=without(state.marks),
        ),
    )
    return len(gone)


def empty_quarantine(home: Path) -> int:
    """Remove the kept copies of refused files; the reasons stay.

    Nothing can be taken out of them. Returns how many went.
    """
    copies = [path for path in (home / "quarantine").glob("*/*") if path.name != "reason.txt"]
    for path in copies:
        path.unlink()
    return len(copies)


def renew_warehouse(home: Path, erased: Erased) -> None:
    """Write a new warehouse file with what no build can make again.

    The erased are left out, and the blocks of the old file go with it.
    """
    old, fresh = home / "warehouse.duckdb", home / ".warehouse.erasing.duckdb"
    for left in (fresh, fresh.with_name(fresh.name + ".wal")):
        left.unlink(missing_ok=True)
    con = duckdb.connect(str(fresh), config={"default_block_size": BLOCK_SIZE})
    try:
        con.execute("set timezone = 'UTC'")
        for schema in SCHEMAS:
            con.execute(f"create schema {schema}")
        con.execute(STATE)
        create_log_tables(con)
        con.execute("attach ? as old", [str(old)])
        with transaction(con):
            _copy_kept(con, erased)
        con.execute("detach old")
        con.execute("checkpoint")
    finally:
        con.close()
    replace_whole(fresh, old)
    old.with_name(old.name + ".wal").unlink(missing_ok=True)
    warehouse_kept.remove(home)


def _copy_kept(con: duckdb.DuckDBPyConnection, erased: Erased) -> None:
    there = {
        f"{schema}.{name}"
        for schema, name in con.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = 'old'"
        ).fetchall()
    }
    states = [table for table in (LINKS, PAIRS, RUNS, CHANGES) if table in there]
    for table in (table for table in (*KEPT, *KEPT_STATE) if table in there):
        if table in KEPT and table not in LOG_TABLES:
            create_from_card(con, all_cards()[table], "create table")
        con.execute(f"insert into {table} by name select * from old.{table}")
    con.execute(
        "insert into build.table_states by name"
        " select * from old.build.table_states where list_contains(?, table_name)",
        [states],
    )
    con.execute(
        "update build.table_states set fingerprint = split_part(fingerprint, '+', 1) || $mark,"
        " content = split_part(content, '+', 1) || $mark where table_name = $table",
        {"mark": f"+{erased.mark}", "table": RUNS},
    )
    _tokens_for_keys(con, erased, {LINKS: ("person_key",), PAIRS: ("person_key_l", "person_key_r")} if states else {})
    clean_quarantined(con)


def _tokens_for_keys(con: duckdb.DuckDBPyConnection, erased: Erased, columns: Mapping[str, tuple[str, ...]]) -> None:
    for table, names in columns.items():
        for name in names:
            keys = [key for (key,) in con.execute(f"select distinct {name} from {table}").fetchall()]
            tokens = list(erased.tokens(keys).items())
            if tokens:
                con.register("named", pl.DataFrame(tokens, schema=["person_key", "token"], orient="row").to_arrow())
                con.execute(f"update {table} as t set {name} = n.token from named as n where t.{name} = n.person_key")
                con.unregister("named")


def remove_traces(home: Path) -> None:
    """Remove what builds leave beside the warehouse and write again.

    Records of runs, pages of rule results, scratch, the rows in the lake. Raises OSError where that cannot be reached.
    """
    lake.empty(home)
    for place in (home / "dagster", home / "docs/data_docs", home / "scratch", spill_folder(home)):
        if place.exists():
            shutil.rmtree(place)
