"""A whole build of a legal extract in this process, and what must be true of it."""

import json
from datetime import date
from pathlib import Path

import polars as pl
from built_home import run
from legal_extract import Extract

from assets.raw import extract_tables
from assets.readers.extract.identities import TABLE as IDENTITIES
from pipelines.builds import empty_warehouse
from pipelines.builds.session import Session, open_session
from pipelines.engines.choice import usual
from pipelines.engines.engine import Start
from pipelines.fetching.folder import read_folder
from pipelines.tables.cards import AUDIENCES, FORCE


def fresh_home(home: Path) -> Path:
    """A home as a first build finds it: with the warehouse that every new home begins with."""
    home.mkdir(parents=True)
    empty_warehouse.provide(home.resolve())
    return home


def build(data: Path, home: Path, extract: Extract, as_of: date | None = None, start: Start = usual) -> list[str]:
    """Build and publish as `stra build` does, without Dagster's records; what is wrong of it, in words."""
    with open_session(home, read_folder(data), as_of, start=start) as session:
        run(session)
        of_tables = (*_withheld(session), *_scattered(session))
        return [*of_tables, *_unaccounted(session, extract), *_measured_of_nothing(session, extract)]


def _scattered(session: Session) -> list[str]:
    """Files in which the rows of a force are not together: a page that reads one force would read them all."""
    found = []
    for audience in AUDIENCES:
        copy = session.home / "published" / audience
        tables = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))["tables"]
        for table in [table for table, entry in tables.items() if entry["by_force"] and entry["grain"]]:
            forces = pl.read_parquet(copy / f"{table}.parquet", columns=[FORCE])[FORCE]
            if forces.rle_id().n_unique() > forces.n_unique():
                found.append(f"{audience}: {table}: the rows of a force are not together")
    return found


def _measured_of_nothing(session: Session, extract: Extract) -> list[str]:
    """Rules with a result although a table that they need was not delivered, or no row was there to examine."""
    absent = extract_tables().keys() - extract.keys()
    results = session.con.execute("select rule_code, status, examined_count, needs from quality.rule_results")
    return [
        f"rule: {code}: {status} of nothing" for code, status, examined, needs in results.fetchall()
        if (status == "PASS" and not examined)
        or (status != "NOT_EVALUABLE" and {need.partition(".")[0] for need in needs.split(", ")} & absent)
    ]  # fmt: skip


def _withheld(session: Session) -> list[str]:
    """Tables that are not published, and rules and linkage that failed."""
    found = [f"not built: {table}: {reason}" for table, reason in session.failed.items()]
    for audience in AUDIENCES:
        manifest = json.loads((session.home / "published" / audience / "manifest.json").read_text(encoding="utf-8"))
        found += [f"withheld: {table}: {why}" for table, why in manifest["withheld"].items() if "rests on" not in why]
    errors = "select distinct rule_code || ' ' || table_name || ': ' || message from quality.rule_results"
    found += [f"rule: {said}" for (said,) in session.con.execute(f"{errors} where status = 'ERROR'").fetchall()]
    linked = session.con.execute("select * from raw.linkage_runs where contains(reason, 'stopped with')").fetchall()
    return sorted({*found, *(f"linkage: {row}" for row in linked)})


def _unaccounted(session: Session, extract: Extract) -> list[str]:
    """Files that were refused, and rows that are neither loaded nor in quarantine."""
    rows = session.con.execute(
        "select source, file_name, status, reason, rows_read, rows_loaded, rows_quarantined from raw.deliveries"
    ).fetchall()
    found = [f"{status}: {name}: {reason}" for _, name, status, reason, *_ in rows if status == "refused"]
    lost = [(name, read - loaded - aside) for _, name, _, _, read, loaded, aside in rows if read != loaded + aside]
    found += [f"{name}: {count} rows lost" for name, count in lost]
    read_of: dict[str, int] = {}
    for source, _, status, _, read, _, _ in rows:
        read_of[source] = read_of.get(source, 0) + (read if status in ("loaded", "superseded") else 0)
    for table, frame in extract.items():
        if table != IDENTITIES and read_of.get(table, 0) != frame.height:
            found.append(f"{table}: {frame.height} rows delivered, {read_of.get(table)} read")
    return found
