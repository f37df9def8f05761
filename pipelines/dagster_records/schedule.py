"""When Dagster starts a build by itself, and the session that such a build works with."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import dagster as dg

from casework.store import builds, event_log
from pipelines.builds.session import Session, open_session
from pipelines.fetching.folder import read_folder

FRESHNESS = dg.FreshnessPolicy.time_window(fail_window=timedelta(days=40), warn_window=timedelta(days=35))

build_job = dg.define_asset_job("build", selection=dg.AssetSelection.all(), executor_def=dg.in_process_executor)

monthly = dg.ScheduleDefinition(
    name="monthly",
    job=build_job,
    cron_schedule="0 6 8 * *",
    execution_timezone="Europe/London",
    description="Open data for a month appear about two months later; the eighth leaves publishers a week.",
)


@dg.sensor(name="new_deliveries", job=build_job, minimum_interval_seconds=60)
def new_deliveries(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Start a build if the data folder holds something new that has settled.

    It has settled if it is the same at two looks.
    """
    seen = read_folder(Path(os.environ["STRA_DATA"])).fingerprint
    if context.cursor == f"built {seen}":
        return dg.SkipReason("nothing new in the data folder")
    if context.cursor != f"seen {seen}":
        context.update_cursor(f"seen {seen}")
        return dg.SkipReason("something new is in the data folder; waiting until it stops changing")
    context.update_cursor(f"built {seen}")
    return dg.RunRequest(run_key=seen)


@dg.run_failure_sensor(
    name="failed_builds", monitored_jobs=[build_job], default_status=dg.DefaultSensorStatus.RUNNING
)
def failed_builds(context: dg.RunFailureSensorContext) -> None:
    """Record in the home that a build which Dagster started has failed, as `stra build` does of its own.

    Without this, pages would show the earlier figures as if nothing had happened.
    """
    home = Path(os.environ["STRA_HOME"])
    words = context.failure_event.message or "the run failed; see Dagster's own pages"
    builds.record_end(home, builds.FAILED, words.split("\n")[0])
    event_log.write(home, "build ended", result=builds.FAILED, exit_code=1)


@dg.resource
def session_of_environment(context: dg.InitResourceContext) -> Iterator[Session]:
    """A session for a run started from Dagster's pages, schedule or sensor."""
    folder = read_folder(Path(os.environ["STRA_DATA"]))
    tell = context.log.info if context.log is not None else lambda line: None
    with open_session(Path(os.environ["STRA_HOME"]), folder, tell=tell) as session:
        yield session
