"""Messages of a build: on the terminal, and for the pages served meanwhile."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from assets.readers.files import holds_identities
from assets.reference import list_rows
from casework.store.builds import RUNNING, numbering, place_of
from pipelines.delivery.ledger import left_out
from pipelines.fetching.folder import DataFolder
from pipelines.system.disk import write_whole

NAMED = 5  # files of one kind that a build names


class Notice:
    """The notice `building.json`: what a running build does, for the pages served."""

    def __init__(self, home: Path, tell: Callable[[str], None]) -> None:
        self.path, self.tell = home / RUNNING, tell
        self.started_at, place = datetime.now(UTC).isoformat(timespec="seconds"), place_of(home)
        self.place = [place.copies, place.ends]

    def say(self, line: str) -> None:
        """Pass on a line and put it into the notice."""
        process = {"process": os.getpid(), "numbered_in": numbering()}
        content = {**process, "started_at": self.started_at, "place": self.place, "line": line}
        write_whole(self.path, json.dumps(content), is_flushed=False)
        self.tell(line)

    def close(self) -> None:
        """The build has ended: nothing is said after this."""
        self.path.unlink(missing_ok=True)


def progress_reporter(tell: Callable[[str], None]) -> Callable[[int, int, str], None]:
    """Progress: counts and time left on a terminal, ten lines in a log."""
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
            tell(f"loading: {done} of {total} files")

    return report


def without_any(con: duckdb.DuckDBPyConnection, folder: DataFolder) -> list[str]:
    """What to say if no delivery was ever loaded: nothing can be published. Empty if one was."""
    if con.execute("select 1 from raw.deliveries where status in ('loaded', 'superseded') limit 1").fetchone():
        return []
    return [nothing_known(folder, folder.names)]


def without_crimes(con: duckdb.DuckDBPyConnection, home: Path, folder: DataFolder) -> list[str]:
    """What to say if an extract with crimes was delivered and none was ever loaded; empty if one was, or none came."""
    if con.execute(
        "select 1 from raw.deliveries where source = 'crime' and status in ('loaded', 'superseded') and rows_loaded > 0"
    ).fetchone():
        return []
    lost = [one for one in left_out(con, home, folder.names) if one.table == "crime"]
    why = " ".join(f"{one.name}: {one.reason}" for one in lost[:NAMED])
    words = f"{folder.path}: expected crimes of the extract; none is loaded. Nothing is published. {why}"
    return [words] if lost else []


def no_such_force(con: duckdb.DuckDBPyConnection, force: str) -> list[str]:
    """What to say if mapping.toml chooses a force that has no crime in the extract; empty if it has, or chooses none.

    Without this the crimes of every other force would be added up in its place.
    """
    held = [code for (code,) in con.execute("select distinct force_code from raw.crime order by all").fetchall()]
    known = {row["force_code"] for row in list_rows("forces") if row["force_type"].endswith("territorial")}
    if not force or not held or (force in held and force in known):
        return []
    seen = ", ".join(str(code) for code in held[:NAMED]) + (", ..." if held[NAMED:] else "")
    words = (
        f"mapping.toml, [extract] force: expected a police force with crimes in the extract, which has {seen}; saw "
        f"{force!r}. Nothing is published. Correct the code, or take the line out: each force then has its own figures."
    )
    return [words]


def nothing_known(folder: DataFolder, names: Sequence[str]) -> str:
    """The message for a folder without anything to load: what was found, and what was looked for."""
    seen = f"{len(names):,} files, none of them usable ({', '.join(names[:NAMED])}{', ...' if names[NAMED:] else ''})"
    return (
        f"{folder.path}: expected open data of a known source, or a table of a force's extract such as crime.csv; "
        f"saw {seen if names else 'an empty folder'}. Nothing is published. `stra doctor --data FOLDER` says why "
        'of each file; the page "Data you can deliver" of the documentation has every table. If your files have other '
        "names: stra map."
    )


def report_deliveries(con: duckdb.DuckDBPyConnection, tell: Callable[[str], None]) -> None:
    """Deliveries in counts, with the names of files that were not accepted.

    These were refused, superseded or not recognised.
    """
    rows = con.execute(
        "select status, count(*), sum(rows_loaded), sum(rows_quarantined) from raw.deliveries"
        " group by status order by status"
    ).fetchall()
    for state, count, loaded, quarantined in rows:
        tell(f"deliveries {state}: {count:,} ({loaded:,} rows loaded, {quarantined:,} in quarantine)")
    unread = con.execute(
        "select string_agg(field || ' (' || n || ')', ', ' order by n desc, field) from (select source || '.' ||"
        " column_name as field, count(*) as n from raw.unread_values group by all)"
    ).fetchall()[0][0]
    if unread:
        tell(f'values not read, whose rows are loaded without them (page "Data received"): {unread}')
    for name, reason in con.execute(
        "select file_name, reason from raw.deliveries where status = 'refused' order by file_name"
    ).fetchall():
        tell(f"REFUSED {reason or name}")
    replaced = con.execute(
        "select file_name, reason from raw.deliveries where status = 'superseded' order by received_at desc, file_name"
    ).fetchall()
    for name, reason in replaced[:NAMED]:
        tell(f"SUPERSEDED {name}: {reason}")
    if len(replaced) > NAMED:
        tell(f"and {len(replaced) - NAMED:,} more superseded: raw.deliveries has them all")
    found = con.execute("select file_name from raw.unrecognised_files order by file_name").fetchall()
    of_names = [name for (name,) in found if holds_identities(name)]
    if of_names:
        tell(f"names of people, for linkage alone (raw.linkage_runs): {', '.join(of_names)}")
    unknown = [(name,) for (name,) in found if not holds_identities(name)]
    if unknown:
        tell(
            f"{len(unknown)} files are from no known source and were ignored: "
            + ", ".join(name for (name,) in unknown[:NAMED])
            + (" ..." if len(unknown) > NAMED else "")
        )
