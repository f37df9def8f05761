"""A build from the command line: two runs of Dagster in this process, over one open session.

The first takes in what is new; only then is it known which tables are stale, and the second builds just those.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import threading
import time
import warnings
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expectations.engine import warm_up
from pipelines.cards import AUDIENCES, ROOT
from pipelines.delivery import casework_rows, intake
from pipelines.delivery.folder import DataFolder
from pipelines.disk import write_whole
from pipelines.people.identity_store import mark
from pipelines.standards import quality
from pipelines.warehouse import PERIODS

NAMED = 5  # files of one kind that a build names

if TYPE_CHECKING:  # both take half a second to import, which a build with nothing new should not spend
    import dagster as dg

    from pipelines.session import Session


def _signature(folder: DataFolder, home: Path, as_of: date | None) -> dict[str, str]:
    return {
        "data": str(folder.path),
        "tree": folder.fingerprint,
        "code": intake.code_version(),
        "as_of": str(as_of),
        "casework": casework_rows.mark(home),
        "identities": mark(),
    }


def nothing_new(folder: DataFolder, home: Path, as_of: date | None) -> bool:
    """True when the last build finished with just these files, this code and this day, and no database is asked.

    Needs no warehouse.
    """
    record = home / "build.json"
    if not record.is_file() or not (home / "warehouse.duckdb").is_file():
        return False
    if not all((home / "published" / audience / "manifest.json").is_file() for audience in AUDIENCES):
        return False
    try:
        as_before = bool(json.loads(record.read_text(encoding="utf-8")) == _signature(folder, home, as_of))
    except json.JSONDecodeError:
        return False
    return as_before and not folder.mapping.queries


def dagster_home(home: Path) -> Path:
    """The folder of Dagster's own records below the home, with the product's dagster.yaml."""
    folder = (home / "dagster").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(ROOT / "dagster.yaml", folder / "dagster.yaml")
    return folder


def build_home(folder: DataFolder, home: Path, as_of: date | None, tell: Callable[[str], None]) -> list[str]:
    """Build and publish; returns what failed, in words. Raises WarehouseBusy when another build runs."""
    from pipelines.session import open_session

    home = home.resolve()  # Great Expectations and the views need whole paths
    signature = _signature(folder, home, as_of)
    notice = _Notice(home, tell)
    say = notice.say
    # while files are read by DuckDB, Python is idle: Great Expectations takes seconds to import
    meanwhile = threading.Thread(target=warm_up, daemon=True).start
    with open_session(home, folder, as_of, say, _progress(say), meanwhile) as session, closing(notice):
        _silence()
        _no_disk_sync_for_dagster_records()
        os.environ["DAGSTER_HOME"] = str(dagster_home(home))
        with _dagster_records() as instance:
            failures = _run(session, instance, None)
            if not failures:
                _tell_deliveries(session, say)
                failures = _run(session, instance, _stale(session))
            for table, reason in quality.withheld(session.con).items() if not failures else ():
                say(f"WITHHELD {table}: {reason}")
    if not failures:
        write_whole(home / "build.json", json.dumps(signature))
        tell(f"Published to {', '.join(AUDIENCES)} in {home / 'published'}")
    return failures


class _Notice:
    """While a build runs, `building.json` says for the pages that are served what it is doing."""

    def __init__(self, home: Path, tell: Callable[[str], None]) -> None:
        self.path, self.tell = home / "building.json", tell
        self.started_at = datetime.now(UTC).isoformat(timespec="seconds")

    def say(self, line: str) -> None:
        """Tell a line and put it into the notice."""
        content = {"process": os.getpid(), "started_at": self.started_at, "line": line}
        write_whole(self.path, json.dumps(content), is_flushed=False)
        self.tell(line)

    def close(self) -> None:
        """The build has ended: nothing is said after this."""
        self.path.unlink(missing_ok=True)


def _stale(session: Session) -> set[str]:
    """The tables to make anew. What counts was settled with the intake: its step only tells Dagster so."""
    return {PERIODS, *(card.table for card in session.stale_tables())}


def _dagster_records() -> dg.DagsterInstance:
    import dagster as dg

    return dg.DagsterInstance.get()


def _run(session: Session, instance: dg.DagsterInstance, tables: set[str] | None) -> list[str]:
    """Take in (`None`), or make the named tables, judge and publish; what failed, in words."""
    import dagster as dg

    from pipelines import definitions

    chosen: list[Any] = [definitions.intake_asset]
    selection: dg.AssetSelection = dg.AssetSelection.assets(definitions.intake_asset)
    if tables is not None:
        last = [definitions.standards_asset, definitions.publication_asset]
        chosen = [*definitions.TABLE_ASSETS, *last, definitions.rule_checks]
        selection = dg.AssetSelection.assets(*(definitions.key_of(table) for table in tables), *last)
        selection = selection | dg.AssetSelection.checks(definitions.rule_checks)
    result = dg.materialize(
        chosen,
        instance=instance,
        raise_on_error=False,
        selection=selection,
        resources={"session": dg.ResourceDefinition.hardcoded_resource(session)},
        run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
    )
    failures = []
    for event in result.filter_events(lambda e: e.is_step_failure):
        error = event.step_failure_data.error
        cause = error.cause or error if error is not None else None
        failures.append(f"{event.step_key}: {(cause.message if cause else 'failed').strip()}")
    if not result.success and not failures:
        failures = ["the run failed without a failing step; see Dagster's own pages"]
    return failures


def _no_disk_sync_for_dagster_records() -> None:
    """Dagster's own SQLite records wait for the disk at every event; they can be lost without harm, time cannot."""
    from sqlalchemy import Engine, event

    @event.listens_for(Engine, "connect")
    def relax(connection: object, record: object) -> None:
        if type(connection).__module__.startswith("sqlite3"):
            connection.execute("pragma synchronous = off")  # type: ignore[attr-defined]


def _silence() -> None:
    """Dagster and Great Expectations speak to developers; the person at the terminal gets our own lines."""
    warnings.filterwarnings("ignore")


def _progress(tell: Callable[[str], None]) -> Callable[[int, int, str], None]:
    """Counts and time left on a terminal; on a log, one line for every tenth of the files."""
    started = time.monotonic()
    said = 0

    def report(done: int, total: int, what: str) -> None:
        nonlocal said
        left = (time.monotonic() - started) / done * (total - done)
        if sys.stderr.isatty():
            end = "\n" if done == total else "\r"
            print(
                f"\x1b[2K  {done}/{total} files, about {left:.0f} s left: {what[-60:]}",
                end=end,
                file=sys.stderr,
            )
        elif done == total or done * 10 // total > said:
            said = done * 10 // total
            tell(f"taking in: {done} of {total} files")

    return report


def _tell_deliveries(session: Session, tell: Callable[[str], None]) -> None:
    rows = session.con.execute(
        "select status, count(*), sum(rows_loaded), sum(rows_quarantined) from raw.deliveries"
        " group by status order by status"
    ).fetchall()
    for state, count, loaded, quarantined in rows:
        tell(f"deliveries {state}: {count:,} ({loaded:,} rows taken in, {quarantined:,} in quarantine)")
    for name, reason in session.con.execute(
        "select file_name, reason from raw.deliveries where status = 'refused' order by file_name"
    ).fetchall():
        tell(f"REFUSED {reason or name}")
    replaced = session.con.execute(
        "select file_name, reason from raw.deliveries where status = 'superseded' order by received_at desc, file_name"
    ).fetchall()
    for name, reason in replaced[:NAMED]:
        tell(f"SUPERSEDED {name}: {reason}")
    if len(replaced) > NAMED:
        tell(f"and {len(replaced) - NAMED:,} more superseded: raw.deliveries has them all")
    unknown = session.con.execute("select file_name from raw.unrecognised_files order by file_name").fetchall()
    if unknown:
        tell(
            f"{len(unknown)} files are of no source we know and were left alone: "
            + ", ".join(name for (name,) in unknown[:NAMED])
            + (" ..." if len(unknown) > NAMED else "")
        )
