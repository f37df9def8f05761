"""What a build removes because it is old: Dagster's records and copies of refused files.

Rows of deliveries stay. Superseded ones too are named by the register of deliveries and by the manifests of earlier
publications, and `stra verify` compares them. Casework stays, since every chain rests on its first row. Logs have a
bounded size, and the setting publish.copies_kept is for published copies.
"""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    from dagster._core.instance import DagsterInstance

RUNS, REFUSED = "keep.dagster_days", "keep.refused_days"
SHIPPED = {RUNS: 90.0, REFUSED: 365.0}  # where the reference lists of the home lack them


def remove_old(
    home: Path, con: duckdb.DuckDBPyConnection, instance: DagsterInstance, now: datetime | None = None
) -> list[str]:
    """Remove what is older than the settings say; what was removed, in words."""
    from pipelines.dagster_records import old_runs

    at = now or datetime.now(UTC)
    held = dict(con.execute("select key, value from reference.settings where key like 'keep.%'").fetchall())
    limits = {key: at - timedelta(days=float(held.get(key, days))) for key, days in SHIPPED.items()}
    runs = old_runs.remove(instance, limits[RUNS])
    files = _remove_refused(home / "quarantine", limits[REFUSED])
    removed = ((runs, "runs in Dagster's records"), (files, "copies of refused files"))
    return [f"removed, as older than the settings keep: {count} {what}" for count, what in removed if count]


def _remove_refused(folder: Path, before: datetime) -> int:
    """Remove the copies of files that were refused before a moment. Which and why stays in raw.deliveries."""
    there = [path for path in folder.iterdir() if path.is_dir()] if folder.is_dir() else []
    old = [path for path in there if path.stat().st_mtime < before.timestamp()]
    for path in old:
        shutil.rmtree(path)
    return len(old)
