"""Dagster: every card is an asset, every rule a check, and runs start by hand, by month and by new deliveries.

One build: the job itself, over a copy of the kept street home, which a month more makes stale.
"""

import os
from pathlib import Path
from types import SimpleNamespace

import dagster as dg
import pytest
from sqlalchemy import create_engine
from street_home import FIRST_ROWS, copy_street_home, write_month

from casework.store import builds
from casework.store.database import open_store
from expectations import RULES
from pipelines.builds import empty_warehouse
from pipelines.builds.session import open_session
from pipelines.dagster_records import definitions
from pipelines.dagster_records.definitions import check_name, defs, key_of
from pipelines.dagster_records.event_log import dagster_home, no_disk_sync, results_alone
from pipelines.fetching.folder import read_folder
from pipelines.tables.cards import AUDIENCES, all_cards
from pipelines.tables.column_lineage import column_lineage
from pipelines.tables.lineage import build_order, downstream_of, reads

GRAPH = defs.resolve_asset_graph()


def test_every_card_is_an_asset_with_its_words_columns_and_code_version() -> None:
    for table, card in all_cards().items():
        if table == "quality.runs":  # written as each build is recorded
            continue
        node = GRAPH.get(key_of(table))
        assert node.description == card.description
        assert node.code_version == card.code_hash[:16]
        columns = node.metadata["dagster/column_schema"].columns
        assert [c.name for c in columns] == [c.name for c in card.columns]
        assert node.parent_keys == {key_of(t) for t in reads(card)} or card.schema == "quality"


def test_every_rule_is_a_check_on_its_table() -> None:
    for rule in RULES:
        assert dg.AssetCheckKey(key_of(rule.table), check_name(rule)) in GRAPH.asset_check_keys


def test_a_table_has_one_check_for_what_was_not_evaluated_and_no_pass_of_an_earlier_run_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    table, codes = "core.outcome_facts", [rule.code for rule in RULES if rule.table == "core.outcome_facts"]

    def reported(instance: dg.DagsterInstance, unknown: list[str]) -> dict[str, bool]:
        results = {r.key: {"status": "NOT_EVALUABLE" if r.code in unknown else "PASS", "message": "no"} for r in RULES}
        monkeypatch.setattr(definitions.quality, "result_metadata", lambda con: results)
        context = dg.build_op_context(instance=instance, resources={"session": SimpleNamespace(con=None)})
        made = [c for c in definitions.rule_checks(context) if c.asset_key == key_of(table)]
        for check in made:
            instance.report_runless_asset_event(
                dg.AssetCheckEvaluation(check.asset_key, check.check_name, check.passed, check.metadata)
            )
        return {check.check_name: check.passed for check in made}

    names = [code.replace("-", "_") for code in codes]
    with dg.DagsterInstance.ephemeral() as instance:
        assert reported(instance, codes) == {"all_measured": False}
        assert reported(instance, codes[1:]) == {names[0]: True, "all_measured": False}
        assert reported(instance, codes) == {names[0]: False, "all_measured": False}
        assert reported(instance, []) == {**dict.fromkeys(names, True), "all_measured": True}


def test_a_lost_row_blocks_what_rests_on_it() -> None:
    spec = next(s for s in definitions.intake_asset.check_specs if s.name == "no_row_lost")
    assert spec.blocking


def test_each_audience_is_an_asset_of_its_own_and_rests_on_the_rules() -> None:
    for audience in AUDIENCES:
        assert key_of("quality.rule_results") in GRAPH.get(dg.AssetKey(["published", audience])).parent_keys


def test_runs_stay_in_one_process() -> None:
    assert defs.executor is dg.in_process_executor


def test_the_schedule_is_monthly_on_london_time() -> None:
    schedule = defs.resolve_schedule_def("monthly")
    assert schedule.cron_schedule == "0 6 8 * *" and schedule.execution_timezone == "Europe/London"
    assert schedule.job_name == "build"


def test_the_sensor_builds_once_when_something_new_has_stopped_changing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STRA_DATA", str(tmp_path))
    cursor: str | None = None
    seen = []
    for step in range(6):
        if step == 2:
            (tmp_path / "2025-01-kent-street.csv").write_text("new")
        context = dg.build_sensor_context(cursor=cursor)
        seen.append(type(definitions.new_deliveries(context)).__name__)
        cursor = context.cursor
    # an empty folder counts as new once; the file is seen, then built, then nothing is new
    assert seen == ["SkipReason", "RunRequest", "SkipReason", "RunRequest", "SkipReason", "SkipReason"]


def test_a_build_that_dagster_started_and_that_failed_is_recorded_in_the_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @dg.op
    def broken() -> None:
        raise ValueError("the disk is full")

    @dg.job(name="build")
    def build() -> None:
        broken()

    monkeypatch.setenv("STRA_HOME", str(tmp_path))
    with dg.DagsterInstance.ephemeral() as instance:
        result = build.execute_in_process(instance=instance, raise_on_error=False)
        [event] = [event for event in result.all_events if event.is_run_failure]
        context = dg.build_run_status_sensor_context("failed_builds", event, instance, result.dagster_run)
        definitions.failed_builds(context.for_run_failure())
    last = builds.last_build(tmp_path)
    assert last is not None and (last.result, bool(last.words)) == (builds.FAILED, True)
    assert defs.resolve_sensor_def("failed_builds").default_status is dg.DefaultSensorStatus.RUNNING


def test_column_lineage_reaches_the_columns_that_make_a_rate() -> None:
    lineage = column_lineage(all_cards()["metrics.recorded_rates"])
    assert ["core.residents", "persons"] in lineage["rate_per_1000"]
    assert ["core.recorded_counts", "crime_count"] in lineage["rate_per_1000"]
    assert lineage["force_name"] == [["reference.forces", "force_name"]]


def test_every_table_comes_after_the_tables_it_reads() -> None:
    place = {card.table: i for i, card in enumerate(build_order())}
    for card in build_order():
        assert all(place[t] < place[card.table] for t in reads(card))


ALLOWED = {
    "core": {"raw", "reference", "core", "quality"},
    "metrics": {"core", "reference", "quality", "metrics"},
}


@pytest.mark.parametrize("card", [c for c in all_cards().values() if c.schema in ALLOWED], ids=lambda c: c.table)
def test_a_table_reads_only_the_rooms_it_may(card: object) -> None:
    from pipelines.tables.cards import Card

    assert isinstance(card, Card)
    assert {t.split(".")[0] for t in reads(card)} <= ALLOWED[card.schema]


def test_what_rests_on_a_table_is_found_however_far_down() -> None:
    resting = downstream_of({"core.recorded_crimes"})
    assert {"core.recorded_crimes", "core.coverage", "metrics.outcome_mix"} <= resting
    assert "metrics.recorded_rates" not in resting


def test_dagster_is_told_to_send_nothing() -> None:
    import yaml

    from pipelines.tables.cards import ROOT

    settings = yaml.safe_load((ROOT / "dagster.yaml").read_text(encoding="utf-8"))
    assert settings["telemetry"]["enabled"] is False and settings["nux"]["enabled"] is False
    assert os.environ.get("DAGSTER_DISABLE_TELEMETRY", "yes") == "yes"


def test_a_build_reports_the_raw_tables_that_it_changed_and_no_other(tmp_path: Path) -> None:
    data = tmp_path / "data"
    write_month(data, "2025-01", 1)
    for changed in ({"raw/police_uk_street", "raw/deliveries", "raw/delivered_periods"}, set()):
        with open_session(tmp_path / "home", read_folder(data), prepare=empty_warehouse.provide) as session:
            result = dg.materialize(
                [definitions.changed_intake],
                instance=dg.DagsterInstance.ephemeral(),
                resources={"session": dg.ResourceDefinition.hardcoded_resource(session)},
            )
        events = result.asset_materializations_for_node("intake")
        made = {event.asset_key.to_user_string(): event.metadata["dagster/row_count"].value for event in events}
        assert made.keys() - {"raw/linkage_runs"} == changed
        assert all(count == 1 for count in made.values())
        assert [check.passed for check in result.get_asset_check_evaluations()] == [True]


def test_what_was_never_delivered_is_built_before_the_run_and_is_no_part_of_it(tmp_path: Path) -> None:
    write_month(tmp_path / "data", "2025-01", 1)
    with open_session(tmp_path / "home", read_folder(tmp_path / "data"), prepare=empty_warehouse.provide) as session:
        session.take_in()
        before = {card.table for card in session.stale_tables()}
        session.build_undelivered()
        left = {card.table for card in session.stale_tables()}
    assert {"core.extract_moments", "core.suspect_events", "core.recorded_crimes"} <= before
    assert "core.recorded_crimes" in left and not {"core.extract_moments", "core.suspect_events"} & left


@pytest.mark.slow
def test_a_run_started_from_dagster_itself_builds_and_publishes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The job of the schedule, the sensor and the Launch button, with a session of its own."""
    data, home = copy_street_home(tmp_path)
    write_month(data, "2025-01", 1)
    before = (home / "published" / "command").readlink()
    (data / "2025-02-kent-street.csv").write_text("<html>")
    monkeypatch.setenv("STRA_HOME", str(home))
    monkeypatch.setenv("STRA_DATA", str(data))
    result = defs.resolve_job_def("build").execute_in_process(instance=dg.DagsterInstance.ephemeral())
    assert result.success
    assert (home / "published" / "command").readlink() != before
    checks = {e.check_name: e for e in result.get_asset_check_evaluations()}
    assert checks["no_row_lost"].passed
    refused = checks["DEL_02"]
    assert not refused.passed and refused.severity == dg.AssetCheckSeverity.WARN
    assert refused.metadata["breach_count"].value == 1
    assert not checks["PUB_06"].passed, "a rule that could not be evaluated has not passed"
    assert checks["PUB_06"].metadata["status"].value == "NOT_EVALUABLE"
    made = {m.asset_key.to_user_string(): m for m in result.asset_materializations_for_node("core_tables")}
    assert made["core/recorded_crimes"].metadata["dagster/row_count"].value == FIRST_ROWS + 1
    assert "dagster/column_lineage" in made["core/recorded_crimes"].metadata


def test_only_dagsters_own_records_are_spared_the_wait_for_the_disk(tmp_path: Path) -> None:
    """The casework store has to be on the disk before a build goes on: its log proves what was done."""
    records = dagster_home(tmp_path)
    no_disk_sync(records)
    for file, level in ((records / "runs.db", 0), (tmp_path / "other.db", 2)):
        with create_engine(f"sqlite:///{file}").connect() as con:
            assert con.exec_driver_sql("pragma synchronous").scalar() == level, file
    with open_store(tmp_path).connect() as con:
        assert con.exec_driver_sql("pragma synchronous").scalar() == 2


def test_dagsters_own_pages_see_what_a_run_intends_and_a_build_stores_its_results_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @dg.asset
    def one() -> None: ...

    def stored(instance: dg.DagsterInstance) -> list[int]:
        run_ref = dg.materialize([one], instance=instance).run_id
        kinds = (dg.DagsterEventType.ASSET_MATERIALIZATION_PLANNED, dg.DagsterEventType.ASSET_MATERIALIZATION)
        return [len(instance.all_logs(run_ref, of_type=kind)) for kind in kinds]

    monkeypatch.setenv("DAGSTER_HOME", str(dagster_home(tmp_path)))
    with dg.DagsterInstance.get() as instance:
        assert stored(instance) == [1, 1]
        results_alone(instance)
        assert stored(instance) == [0, 1]
