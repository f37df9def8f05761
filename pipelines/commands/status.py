"""`stra status`: what was built from what and when, and whether it may be used as it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from casework.store import sizes
from dashboards.data import home_state
from dashboards.data.home_state import CopyState, HomeState

VERSION = 1  # of the reply to --json: it moves if a key goes or changes its meaning


def lines(home: Path, state: HomeState) -> Iterator[str]:
    """The state for a person at the terminal."""
    for copy in state.copies:
        yield (
            f"{copy.audience}: {copy.table_count} tables, published {copy.published_at.isoformat()}, "
            f"as of {copy.as_of}, from {copy.delivery_count} deliveries of {copy.source_count} sources, "
            f"code {copy.code_version}"
        )
        for table, reason in copy.withheld.items():
            yield f"  withheld {table}: {reason}"
        for name, reason in copy.left_out.items():
            yield f"  not loaded {name}: {reason}"
    if state.copies:
        yield sizes.line(home)
    if state.backup is not None and state.backup.made_at is not None:
        yield f"last backup: made {state.backup.made_at.isoformat(timespec='seconds')}"
    if state.running is not None:
        yield f"A build is running since {state.running.started_at.isoformat()}."
    for trouble in state.troubles:
        yield f"{trouble.kind}: {trouble.words}"
        if trouble.cause:
            yield f"  reason: {trouble.cause}"
    if state.kind == home_state.UNBUILT:
        yield f"Run: stra build --data FOLDER --home {home}"
    yield f"State: {state.kind}."


def reply(home: Path, state: HomeState) -> dict[str, Any]:
    """The state for a program. The words of a failed build are not in it: they may quote a record."""
    last, running, backup = state.last, state.running, state.backup
    return {
        "version": VERSION,
        "state": state.kind,
        "troubles": [{"kind": trouble.kind, "words": trouble.words} for trouble in state.troubles],
        "last_build": None if last is None else {
            "ended_at": _iso(last.ended_at), "result": last.result, "seconds": last.seconds,
        },
        "last_backup": None if backup is None else {"ended_at": _iso(backup.ended_at), "made_at": _iso(backup.made_at)},
        "running": None if running is None else {"started_at": _iso(running.started_at)},
        "copies": [_copy(copy) for copy in state.copies],
        "disk": {part: {"files": count, "bytes": size} for part, (count, size) in sizes.sizes(home).items()},
    }  # fmt: skip


def _copy(copy: CopyState) -> dict[str, Any]:
    return {
        "audience": copy.audience, "published_at": _iso(copy.published_at), "as_of": copy.as_of,
        "run_ref": copy.run_ref, "code_version": copy.code_version, "tables": copy.table_count, "rows": copy.row_count,
        "deliveries": copy.delivery_count, "sources": copy.source_count, "latest_delivery": _iso(copy.received_at),
        "refused_files": copy.refused_files, "quarantined_files": copy.quarantined_files,
        "left_out": dict(copy.left_out), "withheld": dict(copy.withheld),
        "rules": None if copy.rules is None else dict(copy.rules),
    }  # fmt: skip


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="seconds")
