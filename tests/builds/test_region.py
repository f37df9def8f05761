"""A partition a force, and the region of all of them: what Dagster runs, and what a failure says."""

import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import dagster as dg
import pytest

NAME = "pipelines.dagster_records.region"
# in place of stra: notes what it was asked for, and ends as the test wants
ASKED = """
import json, pathlib, sys
notes = pathlib.Path({folder!r})
with (notes / "asked.jsonl").open("a") as file:
    file.write(json.dumps(sys.argv[1:]) + chr(10))
print("a line")
ends = json.loads((notes / "ends.json").read_text())
code = ends.get(sys.argv[-1].rpartition("/")[2], 0)
if code not in (0, 3):
    print("stra: " + sys.argv[-1] + " has no crime.csv", file=sys.stderr)
sys.exit(code)
"""


@pytest.fixture
def region(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The code location of a region of two forces."""
    for force in ("north", "south"):
        (tmp_path / "data" / force).mkdir(parents=True)
    (tmp_path / "data" / "README.txt").touch()
    for name, folder in (("FORCES_DATA", "data"), ("FORCES_HOMES", "homes"), ("REGION_HOME", "region")):
        monkeypatch.setenv(f"STRA_{name}", str(tmp_path / folder))
    sys.modules.pop(NAME, None)
    module = importlib.import_module(NAME)
    monkeypatch.setattr(module, "STRA", (sys.executable, "-c", ASKED.format(folder=str(tmp_path))))
    (tmp_path / "ends.json").write_text("{}")
    yield module
    sys.modules.pop(NAME, None)


def asked(tmp_path: Path) -> list[list[str]]:
    return [json.loads(line) for line in (tmp_path / "asked.jsonl").read_text().splitlines()]


def test_each_force_is_a_partition_with_a_build_of_its_own(region: ModuleType, tmp_path: Path) -> None:
    assert list(region.FORCES.get_partition_keys()) == ["north", "south"]
    for force in ("south", "north"):
        assert dg.materialize([region.force_home], partition_key=force).success
    assert asked(tmp_path) == [
        ["build", "--data", f"{tmp_path}/data/{force}", "--home", f"{tmp_path}/homes/{force}"]
        for force in ("south", "north")
    ]


def test_the_region_waits_for_every_force_and_combines_all_homes(region: ModuleType, tmp_path: Path) -> None:
    [spec] = region.region_home.specs
    [dependency] = spec.deps
    assert isinstance(dependency.partition_mapping, dg.AllPartitionMapping)
    assert dg.materialize([region.region_home]).success
    homes = [f"{tmp_path}/homes/{force}" for force in ("north", "south")]
    assert asked(tmp_path) == [["combine", "--home", f"{tmp_path}/region", "--homes", *homes]]


def test_a_build_that_withheld_something_is_a_success_that_says_so(region: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "ends.json").write_text(json.dumps({"north": 3}))
    result = dg.materialize([region.force_home], partition_key="north")
    [event] = result.asset_materializations_for_node("force_home")
    assert result.success and event.metadata["something_withheld"].value is True


def test_a_build_that_published_nothing_fails_with_the_sentence_of_the_command(
    region: ModuleType, tmp_path: Path
) -> None:
    (tmp_path / "ends.json").write_text(json.dumps({"south": 1}))
    with pytest.raises(dg.Failure, match=r"stra: .*/south has no crime\.csv"):
        dg.materialize([region.force_home], partition_key="south")
    assert dg.materialize([region.force_home], partition_key="north").success, "the other force is built all the same"


def test_without_forces_it_says_what_to_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    sys.modules.pop(NAME, None)
    for text in ("", str(tmp_path / "nowhere"), str(tmp_path)):
        monkeypatch.setenv("STRA_FORCES_DATA", text)
        with pytest.raises(ValueError, match=r"STRA_FORCES_DATA: saw .*; expected a folder with a data folder"):
            importlib.import_module(NAME)
