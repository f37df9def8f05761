"""The published build as events of OpenLineage 2.0.2."""

import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from commands import stra
from street_home import copy_street_home

from pipelines.publication import openlineage


@pytest.fixture(scope="module")
def events(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    folder = tmp_path_factory.mktemp("lineage")
    _, home = copy_street_home(folder)
    stra("report", "lineage", "--home", home, "--out", folder / "events.jsonl")
    return [json.loads(line) for line in (folder / "events.jsonl").read_text(encoding="utf-8").splitlines()]


def of(events: list[dict[str, Any]], table: str) -> dict[str, Any]:
    [event] = [event for event in events if event["job"]["name"] == table and event["eventType"] == "COMPLETE"]
    return event


def test_each_table_has_a_start_and_a_complete_event_of_one_run(events: list[dict[str, Any]]) -> None:
    by_run: dict[str, list[str]] = {}
    for event in events:
        assert {"eventType", "eventTime", "producer", "schemaURL", "run", "job", "inputs", "outputs"} == set(event)
        by_run.setdefault(str(uuid.UUID(event["run"]["runId"])), []).append(event["eventType"])
    assert by_run and set(map(tuple, by_run.values())) == {("START", "COMPLETE")}


def test_a_table_names_its_inputs_sql_columns_and_rows(events: list[dict[str, Any]]) -> None:
    event = of(events, "metrics.control_chart_series")
    assert {"namespace": "urn:stra", "name": "metrics.control_chart_points"} in event["inputs"]
    [output] = event["outputs"]
    assert "select" in event["job"]["facets"]["sql"]["query"]
    assert {field["name"] for field in output["facets"]["schema"]["fields"]} >= {"series_ref", "verdict"}
    assert output["facets"]["columnLineage"]["fields"]["series_ref"]["inputFields"]
    assert output["outputFacets"]["outputStatistics"]["rowCount"] >= 0


def test_a_delivered_file_is_an_input_with_its_hash_and_every_input_is_known(events: list[dict[str, Any]]) -> None:
    jobs = {event["job"]["name"] for event in events}
    files = [one["name"] for one in of(events, "raw.police_uk_street")["inputs"] if one["namespace"] == "delivered"]
    assert files and all(len(name.rpartition("#")[2]) == 64 for name in files)
    assert {one["name"] for event in events for one in event["inputs"] if one["namespace"] == "urn:stra"} <= jobs


def test_without_a_publication_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(openlineage.NothingPublished, match="Run `stra build` first"):
        openlineage.write(tmp_path, tmp_path / "events.jsonl")
