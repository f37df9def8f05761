"""Ctrl-C and a request to end (SIGTERM): a command ends within seconds, removes what it had begun, and says why."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from faults import Faults, faults
from street_home import copy_street_home, write_month
from trials import count

from casework.store.builds import FAILED, last_build
from pipelines.backup.sealed import KEY
from pipelines.cards import AUDIENCES
from pipelines.publication.publish import differences

pytestmark = [pytest.mark.kill, pytest.mark.trials]
LONGEST = 5.0
CODES = {signal.SIGTERM: 143, signal.SIGINT: 130}


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Faults]:
    with faults(tmp_path_factory.mktemp("machine"), FAULTS_IMPORT="sample.synth pipelines.backup.make") as made:
        yield made


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return copy_street_home(tmp_path_factory.mktemp("stops"))


@pytest.mark.parametrize("number", CODES)
def test_a_build_that_is_stopped(machine: Faults, street: tuple[Path, Path], number: signal.Signals) -> None:
    data, home = street
    write_month(data, "2024-02", 90 + number)
    stopped = 0
    for after in (1.0, 4.0, 0.5, 2.0, 3.0, 6.0)[: count(2, 6)]:
        before = {path for path in home.rglob("*") if "dagster" not in path.parts}
        done = machine.run(["build", "--data", data, "--home", home], [home], kill_after=after, signal=number)
        if done.code == 0:
            continue  # it was quicker
        stopped += 1
        assert done.code == CODES[number], done
        assert done.seconds < LONGEST, done
        assert done.said.splitlines()[-1] == "stra: the build was stopped. The published copy is unchanged.", done.said
        ended = last_build(home)
        assert ended is not None and ended.result == FAILED and "the build was stopped" in ended.words
        new = {path for path in home.rglob("*") if "dagster" not in path.parts} - before
        assert not [path for path in new if path.name.startswith((".", "building", "scratch")) and path.name != ".lock"]
        for audience in AUDIENCES:
            assert differences(home / "published" / audience) == []
    assert stopped, "the build was quicker each time"


@pytest.mark.parametrize("number", CODES)
def test_an_invented_extract_or_a_backup_that_is_stopped_leaves_nothing(
    machine: Faults, street: tuple[Path, Path], tmp_path: Path, number: signal.Signals
) -> None:
    _, home = street
    out, to = tmp_path / "extract", tmp_path / "backup"
    synth = ["synth", "--out", out, "--crimes", 60_000]
    for after in (1.5, 2.5):
        done = machine.run(synth, [tmp_path], kill_after=after, signal=number)
        if done.code != 0:  # else polars kept the signal to itself, which is rare: a person asks again
            break
        shutil.rmtree(out)
    assert (done.code, list(tmp_path.iterdir())) == (CODES[number], []), done
    assert done.seconds < LONGEST
    key = {KEY: "an invented key of thirty characters"}
    backup = ["backup", "--home", home, "--to", to]
    for after in (0.5, 0.25, 0.1):
        done = machine.run(backup, [home, to], kill_after=after, signal=number, environment=key)
        if done.code != 0:  # else it was quicker
            break
        shutil.rmtree(to)
    assert done.code == CODES[number], done
    assert done.seconds < LONGEST and not list(home.glob(".backup-*"))
    assert not list(to.glob("lists/*"))
