"""A build that fails at any call, is killed at any moment, or runs out of room: what is published stays whole.

The next build needs no help, and has every row once.
"""

import errno
import json
import os
import random
import re
import shutil
import subprocess
from pathlib import Path

import duckdb
import pytest
from faults import BROKEN, KILLED, KINDS, Call, Ended, Faults, fails_as
from street_home import FIRST_MONTH, FIRST_ROWS, copy_street_home, write_month
from trials import count

from casework.access import access_log
from casework.upkeep import checks
from pipelines.publication.publish import differences
from pipelines.tables import warehouse_kept
from pipelines.tables.cards import AUDIENCES
from pipelines.tables.warehouse import BLOCK_SIZE

pytestmark = [pytest.mark.kill, pytest.mark.trials]
SEED = 20261130
TRIED = Path(os.environ["FAULTS_LOG"]) if "FAULTS_LOG" in os.environ else None
LOG = """
from pathlib import Path
from casework.access import access_log
access_log.record_in(Path(arguments[0]), access_log.by_command("consultation", "integrity", "a test", "a decision"))
"""


class Street:
    """A home of a street file, to which a month is added for each build."""

    def __init__(self, root: Path, machine: Faults) -> None:
        self.data, self.home = copy_street_home(root)
        self.machine = machine
        self.expected = [(FIRST_MONTH, FIRST_ROWS)]
        self.decisions = 0
        self.decide()

    def deliver(self) -> None:
        number = len(self.expected)
        month, rows = f"{2024 + number // 12}-{number % 12 + 1:02d}", 40 + number % 50
        write_month(self.data, month, rows)
        self.expected.append((month, rows))

    def decide(self) -> None:
        access_log.record_in(self.home, access_log.by_command("consultation", "integrity", "a test", "a decision"))
        self.decisions += 1

    def build(self, **how: float) -> Ended:
        return self.machine.run(["build", "--data", self.data, "--home", self.home], [self.home], **how)

    def assert_whole(self) -> None:
        """What is published is as it was published, and no decision is lost."""
        for audience in AUDIENCES:
            assert differences(self.home / "published" / audience) == []
        assert checks.faults(self.home) == []
        assert access_log.verify_in(self.home, []).row_count >= self.decisions

    def assert_built(self) -> None:
        """A build without help ends in order; every delivered row is there once, and nothing is left over."""
        done = self.build()
        assert done.code == 0, done.said
        self.assert_whole()
        with duckdb.connect(str(self.home / "warehouse.duckdb"), read_only=True) as con:
            months = "select strftime(month, '%Y-%m'), count(*) from core.recorded_crimes group by 1 order by 1"
            assert con.execute(months).fetchall() == sorted(self.expected)
            keys = "count(distinct (delivery_ref, line_number)), count(distinct (period, crime_id))"
            found = con.execute(f"select count(*), {keys} from raw.police_uk_street").fetchall()
            assert set(found[0]) == {sum(rows for _, rows in self.expected)}
        left = [path for path in self.home.rglob(".*") if path.name not in (".lock", ".telemetry", ".logs_queue")]
        assert left == [], "what a killed build left"
        assert not (self.home / "building.json").exists() and not (self.home / "scratch").exists()


def place_of(call: Call, home: Path) -> str:
    """What a call does to which kind of file: one of them is as good as another."""
    words = call.place.replace(str(home), "")
    words = re.sub(rf"({'|'.join(AUDIENCES)})", "AUDIENCE", words)
    return re.sub(r"[a-z_]+\.[a-zN_]+\.parquet", "TABLE.parquet", words)


@pytest.mark.long
def test_a_build_that_fails_at_any_call_publishes_all_or_nothing_and_the_next_one_is_whole(
    machine: Faults, tmp_path: Path
) -> None:
    """FAULTS_LOG=FILE keeps which were tried, so that a run that was stopped goes on. All take hours."""
    street = Street(tmp_path, machine)
    street.deliver()
    before = tmp_path / "before"
    shutil.copytree(street.home, before, symlinks=True)
    ended, calls = machine.calls(["build", "--data", street.data, "--home", street.home], [street.home])
    assert ended.code == 0, ended.said
    home = str(street.home.resolve())
    places = {place_of(call, Path(home)): call for call in reversed(calls)}
    trials = [(kind, call) for kind in KINDS for call in places.values() if fails_as(call, kind)]
    # a fault that ends no build: the rules are not judged, and what rests on them is withheld until the next build
    chosen = [next(t for t in trials if t[0] == BROKEN and "write" in t[1].what and "data_docs" in t[1].path)]
    chosen += random.Random(SEED).sample(trials, min(count(2, 10_000), len(trials)))
    chosen.sort(key=lambda trial: trial[0] != BROKEN)  # each call fails once, before any fails in another way
    failed = 0
    tried = TRIED.read_text(encoding="utf-8").splitlines() if TRIED is not None and TRIED.exists() else []
    for number, (kind, call) in enumerate(chosen, start=1):
        name = f"{kind}: {place_of(call, Path(home))}"
        if name in tried:
            continue
        if number == 1 or count(0, 1):
            shutil.rmtree(street.home)
            shutil.copytree(before, street.home, symlinks=True)
        done = street.build(**fails_as(call, kind))
        failed += done.code != 0
        street.assert_whole()
        assert "Traceback" not in done.said and "unexpected:" not in done.said, (kind, call, done.said)
        if kind != KILLED and done.code != 0:
            assert done.code in (1, 3), (kind, call, done)
            done.assert_clear()
        if number == len(chosen) or count(0, 1):
            street.assert_built()
        if TRIED is not None:
            with TRIED.open("a", encoding="utf-8") as log:
                log.write(f"{name}\n")
    print(f"{len(calls)} calls of {len(places)} places; {len(chosen)} faults, {failed} builds ended by them")


def test_killed_at_random_moments(machine: Faults, tmp_path: Path) -> None:
    """A build that ends before its moment comes is not counted: another is drawn, from the shortest time yet seen."""
    chance = random.Random(SEED)
    street = Street(tmp_path, machine)
    longest, killed, tries, wanted = 8.0, 0, 0, count(1, 200)
    while killed < wanted:
        tries += 1
        assert tries < 4 * wanted, f"only {killed} of {tries} builds were caught running"
        street.deliver()
        if tries % 4 == 0:
            street.decide()
        done = street.build(kill_after=chance.uniform(0.0, longest))
        if done.code == -9:
            killed += 1
        else:
            longest *= 0.8
        street.assert_whole()
        if tries % 10 == 0:
            street.assert_built()
    street.assert_built()
    print(f"{killed} builds killed, {sum(rows for _, rows in street.expected)} rows, {street.decisions} decisions")


class TestDamagedWarehouse:
    """Also a file that DuckDB itself cannot open any more needs no help, if a build that was cut off left it."""

    def damage(self, street: Street) -> None:
        path = street.home / warehouse_kept.FILE
        with path.open("r+b") as file:
            for start in range(12_288, path.stat().st_size, BLOCK_SIZE):  # each block, after three headers
                file.seek(start)
                file.write(b"damaged " * 8)

    def test_it_is_put_back_as_it_was_before_the_build_that_was_cut_off(self, machine: Faults, tmp_path: Path) -> None:
        street = Street(tmp_path, machine)
        street.deliver()
        file = street.home / warehouse_kept.FILE
        arguments = ["build", "--data", street.data, "--home", street.home]
        cut = machine.run(arguments, [file], **fails_as(Call(20, "write", str(file)), KILLED))
        assert cut.code == -9 and (street.home / warehouse_kept.KEPT).is_file()
        self.damage(street)
        street.deliver()
        done = street.build()
        assert done.code == 0 and "It was put back as it was before that build" in done.said
        assert not (street.home / warehouse_kept.KEPT).exists()
        street.assert_built()

    def test_without_a_copy_a_sentence_says_what_helps_and_what_is_published_stays(
        self, machine: Faults, tmp_path: Path
    ) -> None:
        street = Street(tmp_path, machine)
        assert not (street.home / warehouse_kept.KEPT).exists(), "the last build ended in order"
        self.damage(street)
        street.deliver()
        done = street.build()
        assert done.code == 1 and "Restore the home from its last backup with stra restore." in done.said
        done.assert_clear()
        street.assert_whole()

    def test_a_build_goes_on_without_a_copy_where_there_is_no_room(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(source: Path, target: Path) -> None:
            target.write_bytes(source.read_bytes()[:1])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        (tmp_path / warehouse_kept.FILE).write_bytes(b"a warehouse")
        monkeypatch.setattr(warehouse_kept, "_copy", full)
        said: list[str] = []
        warehouse_kept.keep(tmp_path, said.append)
        assert said == ["No copy of the warehouse is kept while this build runs (No space left on device)."]
        assert [path.name for path in tmp_path.iterdir()] == [warehouse_kept.FILE]
        monkeypatch.undo()
        little = shutil.disk_usage(tmp_path)._replace(free=21)
        monkeypatch.setattr(shutil, "disk_usage", lambda folder: little)
        warehouse_kept.keep(tmp_path, said.append)
        assert said == 2 * said[:1], "what is left is for the build"


@pytest.mark.long
@pytest.mark.skipif(os.getuid() != 0, reason="only root can mount a small disk")
@pytest.mark.parametrize(("options", "stage"), [("size={}k", "bytes"), ("nr_inodes={}", "files")])
def test_on_a_small_disk_that_fills_up_the_last_publication_is_served(
    machine: Faults, tmp_path: Path, options: str, stage: str
) -> None:
    """A disk of its own: with no bytes left, or no names for files left."""
    made = tmp_path / "made"
    made.mkdir()
    street = Street(made, machine)
    room = {"bytes": (300, 40_000), "files": (30, 1_000)}[stage]
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=500m", "tmpfs", str(disk)], check=False).returncode:
        pytest.skip("this machine lets nobody mount a small disk")
    try:
        shutil.copytree(street.home, disk / "home", symlinks=True)
        street.home = disk / "home"
        street.deliver()
        runs = {audience: (street.home / "published" / audience).readlink() for audience in AUDIENCES}
        for more in random.Random(SEED).sample(range(0, room[1], room[0]), count(1, 10)):
            held = os.statvfs(disk)
            used = (held.f_blocks - held.f_bfree) * held.f_frsize // 1024, held.f_files - held.f_ffree
            limit = options.format(used[stage == "files"] + more + 8)
            subprocess.run(["mount", "-o", f"remount,{limit}", str(disk)], check=True)
            done = street.build()
            if done.code != 0:
                done.assert_clear()
                assert re.search("No space left|disk (is|may be) full", done.said), done.said
                assert "sqlalche" not in done.said, "words of a library"
                assert {a: (street.home / "published" / a).readlink() for a in AUDIENCES} == runs
            for audience in AUDIENCES:
                assert differences(street.home / "published" / audience) == []
            decided = machine.run(LOG, [street.home])
            assert decided.code == 0 or "full" in decided.said, decided.said
        subprocess.run(["mount", "-o", "remount,size=500m,nr_inodes=100000", str(disk)], check=True)
        street.assert_built()
        last = json.loads((street.home / "last_build.json").read_text(encoding="utf-8"))
        assert last["result"] in ("published", "unchanged")
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=False)
