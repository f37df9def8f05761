"""Dagster's records of old runs, removed at the end of a build: no figure and no later build needs them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from dagster import DagsterRunStatus, RunsFilter
from dagster._core.instance import DagsterInstance

from pipelines.dagster_records.event_log import OpenEventLog

ENDED = [DagsterRunStatus.SUCCESS, DagsterRunStatus.FAILURE, DagsterRunStatus.CANCELED]
MOST = 200  # runs that one build removes: a home with thousands takes some nights


def remove(instance: DagsterInstance, before: datetime) -> int:
    """Remove the runs that ended and began before a moment, with their events; how many."""
    log = instance.event_log_storage
    assert isinstance(log, OpenEventLog), "dagster.yaml names another storage"
    old = instance.get_run_records(RunsFilter(created_before=before, statuses=ENDED), limit=MOST, ascending=True)
    for record in old:
        run = record.dagster_run.run_id
        instance.delete_run(run)
        log.forget(run)
        shard = Path(log.path_for_shard(run))
        for path in (shard, shard.with_name(f"{shard.name}-wal"), shard.with_name(f"{shard.name}-shm")):
            path.unlink(missing_ok=True)
    return len(old)
