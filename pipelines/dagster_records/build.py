"""A build from the command line: two runs of Dagster over one open session.

The first run loads what is new. Only then is it known which tables are stale; the second run builds just those.
"""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Callable
from contextlib import closing
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.builds.signature import RECORD, signature
from pipelines.dagster_records.keep import remove_old
from pipelines.delivery.messages import (
    Notice,
    no_such_force,
    nothing_known,
    progress_reporter,
    report_deliveries,
    without_any,
    without_crimes,
)
from pipelines.engines.choice import USUAL, Choice
from pipelines.fetching.folder import DataFolder
from pipelines.system.disk import write_whole
from pipelines.system.machine import limits, watched
from pipelines.tables import lake
from pipelines.tables.cards import AUDIENCES
from pipelines.tables.warehouse import PERIODS

if TYPE_CHECKING:  # both take half a second to import, which a build with nothing new should not spend
    import dagster as dg
    from dagster_shared.error import SerializableErrorInfo

    from pipelines.builds.session import Session


def build_home(
    folder: DataFolder, home: Path, as_of: date | None, tell: Callable[[str], None], chosen: Choice = USUAL
) -> list[str]:
    """Build and publish; return what failed, in words.

    Raises WarehouseBusy if another build runs, MachineSettingWrong if its memory or folder cannot be had, and
    EngineNotReady or EngineLost if the engine cannot.
    """
    if not folder.files and not (home / "warehouse.duckdb").is_file():
        return [nothing_known(folder, [])]
    import dagster as dg

    from pipelines.builds import empty_warehouse
    from pipelines.builds.session import open_session
    from pipelines.dagster_records.event_log import dagster_home, drop_damaged, no_disk_sync, results_alone
    from pipelines.publication import withheld

    home = home.resolve()  # Great Expectations and the views need whole paths
    made_from = signature(folder, home, as_of)
    notice = Notice(home, tell)
    say = notice.say
    opened = partial(open_session, home, folder, as_of, say, progress_reporter(say), empty_warehouse.provide)
    with chosen.started(home) as start, watched(limits(home)) as used, opened(start) as session, closing(notice):
        warnings.filterwarnings("ignore")  # of Dagster and Great Expectations: they address developers
        records = dagster_home(home)
        drop_damaged(records)
        no_disk_sync(records)
        os.environ["DAGSTER_HOME"] = str(records)
        with dg.DagsterInstance.get() as instance:
            results_alone(instance)
            # until the end only the folder is known: what the warehouse is made from changes
            write_whole(home / RECORD, json.dumps({"data": made_from["data"]}))
            failures = _run(session, instance, None)
            if not failures:
                report_deliveries(session.con, say)
                failures = without_any(session.con, folder) or without_crimes(session.con, home, folder)
                failures = failures or no_such_force(session.con, folder.mapping.force)
                failures = failures or _run(session, instance, _stale(session))
            is_judged = not failures and withheld.all_rules_ran(session.con)
            if not failures:
                for line in remove_old(home, session.con, instance):
                    tell(line)
        lake.tidy(home, session.con)
        for line in session.engine.words():
            tell(line)
    if not failures:
        if is_judged and not session.failed:  # else the same files are built again: memory or the disk may have failed
            write_whole(home / RECORD, json.dumps(made_from))
        tell(used.words())
        tell(f"Published to {', '.join(AUDIENCES)} in {home / 'published'}")
    return failures


def _stale(session: Session) -> set[str]:
    """The tables to build again. The intake has settled which periods count; their step only reports it."""
    session.build_undelivered()
    return {PERIODS, *(card.table for card in session.stale_tables())}


def _run(session: Session, instance: dg.DagsterInstance, tables: set[str] | None) -> list[str]:
    """Load deliveries (`None`), or build the named tables, judge and publish.

    Returns what failed, in words.
    """
    import dagster as dg

    from pipelines.dagster_records import definitions
    from pipelines.dagster_records.specs import key_of
    from pipelines.system.stops import STOPPED, asked

    chosen: list[Any] = [definitions.changed_intake]
    selection: dg.AssetSelection = dg.AssetSelection.assets(definitions.changed_intake)
    if tables is not None:
        keys = {key_of(table) for table in tables}
        last = [definitions.standards_asset, definitions.publication_asset]
        chosen = [*(step for step in definitions.TABLE_ASSETS if keys & step.keys), *last, definitions.rule_checks]
        selection = dg.AssetSelection.assets(*keys, *last) | dg.AssetSelection.checks(definitions.rule_checks)
    # as dg.materialize does, which also resolves a job of all assets beside the one that runs
    run = dg.Definitions(
        assets=chosen,
        jobs=[dg.define_asset_job("build", selection)],
        resources={"session": dg.ResourceDefinition.hardcoded_resource(session)},
    )
    result = run.resolve_job_def("build").execute_in_process(
        instance=instance,
        raise_on_error=False,
        run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
    )
    if asked():  # between two steps, or in one that took the signal for something else
        return [STOPPED]
    failures = []
    for event in result.filter_events(lambda e: e.is_step_failure):
        error = event.step_failure_data.error
        cause = error.cause or error if error is not None else None
        if cause is not None and _is_stop(cause):
            return [STOPPED]
        failures.append(f"{event.step_key}: {(cause.message if cause else 'failed').strip()}")
    if not result.success and not failures:
        failures = ["the run failed without a failing step; see Dagster's own pages"]
    return failures


def _is_stop(cause: SerializableErrorInfo) -> bool:
    """Whether a step failed because somebody stopped the build, in a query or between two."""
    from pipelines.system.stops import OF_SIGNALS, QUERY_ENDED

    return cause.cls_name in OF_SIGNALS or cause.message.strip().endswith(QUERY_ENDED)
