"""The power is lost at any moment: what was not flushed is lost, and the home opens as it was or as it became."""

import itertools
import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import duckdb
import pytest
from faults import RECORD, Faults
from power_loss import LOSSES, Disk, recorded
from street_home import FIRST_MONTH, FIRST_ROWS, copy_street_home, write_month
from trials import count

from casework.access import access_log
from casework.upkeep import checks
from pipelines.dagster_records.event_log import drop_damaged
from pipelines.publication.publish import differences
from pipelines.tables.cards import AUDIENCES

pytestmark = [pytest.mark.kill, pytest.mark.trials]
SEED = 20261130
DECIDE = """
from pathlib import Path
from casework.access import access_log
for number in range(3):
    done = access_log.by_command("consultation", "integrity", "a test", f"decision {number}")
    access_log.record_in(Path(arguments[0]), done)
    print(number + 1, flush=True)
"""


@pytest.mark.skipif(not count(0, 1), reason="takes minutes: make trials runs it")
def test_a_build_whose_power_is_lost_leaves_a_home_that_opens_and_the_next_build_is_whole(
    machine: Faults, tmp_path: Path
) -> None:
    data, home = copy_street_home(tmp_path)
    access_log.record_in(home, access_log.by_command("consultation", "integrity", "a test", "before"))
    write_month(data, "2024-01", 40)
    start, log = tmp_path / "start", tmp_path / "recorded"
    shutil.copytree(home, start, symlinks=True)
    build = ["build", "--data", data, "--home", home]
    done = machine.run(build, [home], mode=RECORD, log=str(log))
    assert done.code == 0, done.said
    calls = [(what, path) for what, path, *_ in recorded(log)]
    # the moments just before and after something gets its name are those at which most can be lost
    named = [n for n, (what, path) in enumerate(calls, start=1) if what == "rename" and "building.json" not in path]
    moments = [(n, loss) for n in named for loss in LOSSES] + [(len(calls), loss) for loss in LOSSES]
    lost = 0
    for number, loss in random.Random(SEED).sample(moments, min(count(3, 1000), len(moments))):
        shutil.rmtree(home)
        shutil.copytree(start, home, symlinks=True)
        disk = Disk(home)
        disk.replay(itertools.islice(recorded(log), number))
        shutil.rmtree(home)
        disk.after(loss, home, SEED + number)
        for audience in AUDIENCES:
            assert differences(home / "published" / audience) == [], (number, loss, calls[number - 1])
        assert checks.faults(home) == []
        again = machine.run(build, [home])
        assert again.code == 0, (number, loss, calls[number - 1], again.said[-900:])
        with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
            months = "select strftime(month, '%Y-%m'), count(*) from core.recorded_crimes group by 1 order by 1"
            assert con.execute(months).fetchall() == [(FIRST_MONTH, FIRST_ROWS), ("2024-01", 40)], (number, loss)
        lost += 1
    print(f"the power was lost {lost} times; {len(calls)} calls, {len(named)} names")


def test_damaged_records_of_dagster_are_dropped_and_sound_ones_stay(tmp_path: Path) -> None:
    damaged, sound = tmp_path / "history" / "runs.db", tmp_path / "schedules" / "schedules.db"
    for file in (damaged, sound):
        file.parent.mkdir()
        with closing(sqlite3.connect(file)) as con:
            con.execute("create table t (n integer)")
            con.executemany("insert into t values (?)", [(n,) for n in range(5000)])
            con.execute("create index i on t (n)")
            con.commit()
    content = damaged.read_bytes()
    damaged.write_bytes(content[:8192] + bytes(4096) + content[12288:])
    drop_damaged(tmp_path)
    assert (damaged.exists(), sound.exists()) == (False, True)


def test_a_decision_that_was_acknowledged_is_not_lost_with_the_power(machine: Faults, tmp_path: Path) -> None:
    home, start, log = tmp_path / "home", tmp_path / "start", tmp_path / "recorded"
    home.mkdir()
    access_log.record_in(home, access_log.by_command("consultation", "integrity", "a test", "before"))
    shutil.copytree(home, start)
    done = machine.run(DECIDE, [home], mode=RECORD, log=str(log))
    assert done.said.split() == ["1", "2", "3"], done.said
    total = sum(1 for _ in recorded(log))
    kept = set()
    for number, loss in itertools.product(sorted({*range(0, total, count(9, 1)), total}), LOSSES):
        shutil.rmtree(home)
        shutil.copytree(start, home)
        disk = Disk(home)
        disk.replay(itertools.islice(recorded(log), number))
        shutil.rmtree(home)
        disk.after(loss, home, SEED + number)
        held = machine.run(VERIFY, [home])
        assert held.code == 0, (number, loss, held.said)
        kept.add(int(held.said))
        if number == total:
            assert int(held.said) == 4, loss
    assert kept == {1, 2, 3, 4}
    print(f"{total} calls, {len(LOSSES)} ways to lose them")


VERIFY = """
from pathlib import Path
from casework.access import access_log
from casework.upkeep import checks
home = Path(arguments[0])
faults = checks.faults(home)
verdict = access_log.verify_in(home, [])
print(*faults, *verdict.faults, verdict.row_count)
"""
