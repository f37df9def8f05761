"""A home is backed up while builds run and people work, and restored as it was; what is there is not written again."""

import json
import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from commands import stra
from home_by_hand import RUNS, log, make_home, publish, sha256

from casework.store import backups, event_log
from casework.store.builds import PUBLISHED, RUNNING, record_end
from casework.store.database import open_store
from dashboards.data import home_state
from pipelines.backup import make, restore, sealed
from pipelines.backup.sealed import KEY, open_vault
from pipelines.tables.cards import AUDIENCES

SECRET = "an invented key of thirty characters"


@pytest.fixture(autouse=True)
def key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The key, and reference lists of a product that has one: the two hundred of this one take seconds to flush."""
    monkeypatch.setenv(KEY, SECRET)
    monkeypatch.delenv("STRA_CASEWORK_URL", raising=False)
    lists = tmp_path / "product" / "reference"
    lists.mkdir(parents=True)
    (lists / "settings.csv").write_text("key,value\nshares.minimum_denominator,30\n")
    for module in (make, restore):
        monkeypatch.setattr(module, "REFERENCE", lists)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return make_home(tmp_path / "home")


def content(home: Path, *left_out: str) -> dict[str, str]:
    """Every file of a home with its hash, and every link with where it leads."""
    found = {}
    for path in sorted(home.rglob("*")):
        name = path.relative_to(home).as_posix()
        if path.is_symlink():
            found[name] = str(path.readlink())
        elif path.is_file() and not any(name.startswith(each) for each in left_out):
            found[name] = sha256(path)
    return found


MADE_AGAIN = ("dagster/", "spill/", "backup.lock", "last_backup.json", "build.lock", "casework.sqlite")


def objects(folder: Path) -> set[str]:
    return {path.name for path in (folder / "objects").glob("*/*")}


def objects_of(folder: Path, path: str, number: int = 1) -> list[Path]:
    """The objects of a file of the home, in a backup."""
    vault = open_vault(folder, is_new=False)
    files = vault.read_list(vault.lists()[number - 1])["files"]
    return next([vault.path_of(name) for name in entry["objects"]] for entry in files if entry["path"] == path)


def test_a_restored_home_is_the_same_byte_for_byte_and_verifies_whole(home: Path, tmp_path: Path) -> None:
    to, new = tmp_path / "to", tmp_path / "elsewhere" / "new"
    said = stra("backup", "--home", home, "--to", to)
    assert "Backup 1: " in said and "All of it was read back." in said and "It does not hold the keys" in said
    said = stra("restore", "--from", to, "--home", new)
    assert "each compared with its hash" in said and "reference lists differ" not in said
    assert content(new, *MADE_AGAIN) == content(home, *MADE_AGAIN)
    assert "All published copies match" in stra("verify", "--home", new)
    assert not (new / "dagster").exists() and not (new / "spill").exists()
    assert new.stat().st_mode & 0o777 == 0o700
    with duckdb.connect(str(new / "warehouse.duckdb"), read_only=True) as con:
        assert con.execute("select count(*) from t").fetchall() == [(200_000,)]
    with open_store(new).connect() as con:
        rows = con.exec_driver_sql("select kind, place, subject from processing_log order by sequence").fetchall()
    assert [(kind, place) for kind, place, _ in rows] == [
        ("consultation", "a test"), ("consultation", "stra backup"), ("collection", "stra restore"),
    ]  # fmt: skip
    assert "backup 1 of " in rows[2][2]


def test_a_restored_home_has_its_logs_and_the_state_that_it_had(home: Path, tmp_path: Path) -> None:
    """A build runs meanwhile. On the new machine none does, and none was cut off; nothing else is wrong either."""
    to, new = tmp_path / "to", tmp_path / "new"
    record_end(home, PUBLISHED, seconds=2.0)
    for number in range(3):
        event_log.write(home, "build ended", result="published", exit_code=0, seconds=2.0, process=number)
    (home / RUNNING).write_text(
        json.dumps({"started_at": "2026-03-03T01:00:00+00:00", "line": "core.crimes", "process": os.getpid()})
    )
    stra("backup", "--home", home, "--to", to)
    stra("restore", "--from", to, "--home", new)
    assert (home / backups.LAST).exists() and not (new / backups.LAST).exists(), "the new home begins its own"
    for name in ("logs/builds.jsonl", "last_build.json", "digests.toml"):
        assert (new / name).read_bytes() == (home / name).read_bytes(), name
    assert not (new / RUNNING).exists()
    now = datetime.now(UTC)
    (home / RUNNING).unlink()
    before, after = (home_state.read_state(each, now=now) for each in (home, new))
    assert before.troubles == after.troubles and before.last == after.last
    kinds = {trouble.kind for trouble in after.troubles}
    assert not kinds & {home_state.FAILED, home_state.LATE, home_state.UNBUILT}
    late = home_state.read_state(new, now=now + timedelta(hours=31))
    assert home_state.LATE in {trouble.kind for trouble in late.troubles}, "a night without a build is said"


def test_nothing_that_is_there_is_written_again(home: Path, tmp_path: Path) -> None:
    to = tmp_path / "to"
    stra("backup", "--home", home, "--to", to)
    first = {path: path.stat().st_mtime_ns for path in (to / "objects").glob("*/*")}
    publish(home, RUNS[2])
    said = stra("backup", "--home", home, "--to", to)
    second = {path: path.stat().st_mtime_ns for path in (to / "objects").glob("*/*")}
    assert {path: second[path] for path in first} == first
    # two tables of one content for three audiences, three manifests, and casework, which logs the backup
    assert len(second) - len(first) == 2 + 3 + 1 and "6 objects" in said
    for number, run_ref in ((1, RUNS[1]), (2, RUNS[2])):
        new = tmp_path / str(number)
        stra("restore", "--from", to, "--home", new, "--backup", number)
        for audience in AUDIENCES:
            assert run_ref in (new / "published" / audience / "core.coverage.parquet").read_text()


def test_nothing_of_the_home_can_be_read_without_the_key(home: Path, tmp_path: Path) -> None:
    to = tmp_path / "to"
    stra("backup", "--home", home, "--to", to)
    hashes = set(content(home).values())
    kept = [path for path in to.rglob("*") if path.is_file() and path.name != "lock"]
    assert hashes and len(kept) > 10
    for path in kept:
        held = path.read_bytes()
        assert b"invented" not in held and b"registrar" not in held and b"published" not in held
        assert path.name not in hashes and sha256(path) not in hashes
        assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("", f"expected a key of 16 characters or more in {KEY}, saw none. Make one at random"),
        ("short", f"expected a key of 16 characters or more in {KEY}, saw 5 characters"),
        ("another key of thirty characters", "expected the key that it was made with, saw another in STRA_BACKUP_KEY"),
    ],
)
def test_without_the_key_nothing_is_done(
    home: Path, tmp_path: Path, given: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    to = tmp_path / "to"
    stra("backup", "--home", home, "--to", to)
    before = content(to)
    monkeypatch.setenv(KEY, given)
    made = backups.last(home)
    assert words in stra("backup", "--home", home, "--to", to, code=1)
    status = stra("status", "--home", home, code=4)
    assert "was not made. The last one before it is of" in status and words in status
    failed = backups.last(home)
    assert made and made.is_made and failed and (failed.is_made, failed.made_at) == (False, made.ended_at)
    said = stra("restore", "--from", to, "--home", tmp_path / "new", code=1)
    assert words in said and "Nothing was written to" in said and not (tmp_path / "new").exists()
    assert content(to) == before


def test_a_damaged_object_is_found_and_the_next_backup_mends_it(home: Path, tmp_path: Path) -> None:
    to = tmp_path / "to"
    stra("backup", "--home", home, "--to", to)
    largest = max((to / "objects").glob("*/*"), key=lambda path: path.stat().st_size)
    held = largest.read_bytes()
    largest.write_bytes(held[:-1] + bytes([held[-1] ^ 1]))
    said = stra("restore", "--from", to, "--home", tmp_path / "new", code=1)
    assert f"{largest}: expected it as it was written, it was changed or cut short" in said
    assert not (tmp_path / "new").exists() and list(tmp_path.glob(".new*")) == []
    assert "1 objects of earlier backups were damaged" in stra("backup", "--home", home, "--to", to)
    stra("restore", "--from", to, "--home", tmp_path / "new", "--backup", 1)
    [other] = objects_of(to, "raw/crime/d1.parquet")
    shutil.copy(largest, other)
    said = stra("restore", "--from", to, "--home", tmp_path / "other", "--backup", 1, code=1)
    assert f"{other}: expected it" in said, "an object under another's name is not that one"


def test_a_list_that_was_cut_is_no_backup_and_the_others_are_offered(home: Path, tmp_path: Path) -> None:
    to = tmp_path / "to"
    for _ in range(2):
        stra("backup", "--home", home, "--to", to)
    first, second = sorted((to / "lists").iterdir())
    held = second.read_bytes()
    for broken in (held[:-1], b"", first.read_bytes()):
        second.write_bytes(broken)
        said = stra("restore", "--from", to, "--home", tmp_path / "new", code=1)
        assert f"{second}: expected it" in said
        assert "With --backup NUMBER another is restored. There is:\n  1: made " in said
        assert f"publication {RUNS[1]}" in said
    stra("restore", "--from", to, "--home", tmp_path / "new", "--backup", 1)
    said = stra("restore", "--from", to, "--home", tmp_path / "none", "--backup", 7, code=1)
    assert "expected backup 7; there is:\n  1: made " in said


def test_a_restore_overwrites_nothing(home: Path, tmp_path: Path) -> None:
    to = tmp_path / "to"
    stra("backup", "--home", home, "--to", to)
    before = content(home)
    said = stra("restore", "--from", to, "--home", home, code=1)
    assert "expected a new or empty folder, saw files in it" in said and content(home) == before
    (tmp_path / "empty").mkdir()
    stra("restore", "--from", to, "--home", tmp_path / "empty")
    assert "there is none" in stra("restore", "--from", tmp_path / "no", "--home", tmp_path / "new", code=1)
    assert "expected a folder with backups" in stra("restore", "--from", home, "--home", tmp_path / "new", code=1)


def test_places_that_cannot_be_right_are_refused(home: Path, tmp_path: Path) -> None:
    for wrong in (home / "backups", tmp_path):
        assert "expected a folder apart from the home" in stra("backup", "--home", home, "--to", wrong, code=1)
    other = tmp_path / "other"
    other.mkdir()
    (other / "letter.txt").write_text("of somebody")
    said = stra("backup", "--home", home, "--to", other, code=1)
    assert "expected an empty folder, or one with backups; saw other files (letter.txt)" in said
    assert "there is none" in stra("backup", "--home", tmp_path / "none", "--to", tmp_path / "to", code=1)
    (tmp_path / "letters").mkdir()
    said = stra("backup", "--home", tmp_path / "letters", "--to", tmp_path / "to", code=1)
    assert "expected the home of builds, saw another folder" in said and not list((tmp_path / "letters").iterdir())
    (home / "purge").mkdir()
    assert "Run stra purge" in stra("backup", "--home", home, "--to", tmp_path / "to", code=1)


def test_only_the_newest_are_kept_where_that_is_asked(home: Path, tmp_path: Path) -> None:
    to = tmp_path / "to"
    stra("backup", "--home", home, "--to", to)
    alone = objects(to)
    (home / "raw" / "crime" / "d9.parquet").write_bytes(b"rows that another backup has")
    stra("backup", "--home", home, "--to", to)
    (home / "raw" / "crime" / "d9.parquet").unlink()
    said = stra("backup", "--home", home, "--to", to, "--keep", 1)
    assert "2 earlier backups were removed." in said
    assert [path.name[:6] for path in (to / "lists").iterdir()] == ["000003"]
    assert len(objects(to)) == len(alone)
    stra("restore", "--from", to, "--home", tmp_path / "new")
    assert "All published copies match" in stra("verify", "--home", tmp_path / "new")


def test_a_list_that_the_force_edited_comes_back_beside_that_of_the_product(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edited = tmp_path / "edited" / "reference"
    edited.mkdir(parents=True)
    (edited / "settings.csv").write_text("key,value\nshares.minimum_denominator,40\n")
    monkeypatch.setattr(make, "REFERENCE", edited)
    stra("backup", "--home", home, "--to", tmp_path / "to")
    said = stra("restore", "--from", tmp_path / "to", "--home", tmp_path / "new")
    assert "1 reference lists differ from those of this installation (settings.csv)" in said
    assert (tmp_path / "new" / "restored_reference" / "settings.csv").read_text().endswith("40\n")


def test_a_list_cannot_lead_out_of_the_home(home: Path, tmp_path: Path) -> None:
    to = tmp_path / "to"
    stra("backup", "--home", home, "--to", to)
    vault = open_vault(to, is_new=False)
    [name] = vault.lists()
    good = vault.read_list(name)
    for change in (
        {"files": [{**good["files"][0], "path": "../out"}]},
        {"files": [{**good["files"][0], "path": "/tmp/out"}]},
        {"links": {"published/command": "../../out"}},
        {"links": {"raw/x": "copies"}},
    ):
        vault.write_list(name, {**good, **change})
        said = stra("restore", "--from", to, "--home", tmp_path / "new", code=1)
        assert "expected files below the home" in said or "expected links to publications alone" in said
        assert not (tmp_path / "out").exists() and not (tmp_path / "new").exists()


def test_a_large_file_costs_the_pieces_that_changed(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealed, "BLOCK", 1000)
    (home / "warehouse.duckdb").unlink()  # a thousand pieces
    to, path = tmp_path / "to", home / "raw" / "crime" / "d1.parquet"
    path.write_bytes(os.urandom(10_500))
    stra("backup", "--home", home, "--to", to)
    before = objects(to)
    held = bytearray(path.read_bytes())
    held[4321] ^= 1
    fresh = path.with_name("fresh")
    fresh.write_bytes(held)
    fresh.replace(path)
    log(home, "people work")
    stra("backup", "--home", home, "--to", to)
    new = tmp_path / "new"
    stra("restore", "--from", to, "--home", new)
    assert (new / "raw" / "crime" / "d1.parquet").read_bytes() == bytes(held)
    old, now = (objects_of(to, "raw/crime/d1.parquet", number) for number in (1, 2))
    assert [number for number, (a, b) in enumerate(zip(old, now, strict=True)) if a != b] == [4]
    assert {path.name for path in old} <= before
