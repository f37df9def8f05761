"""Copies of a publication are numbered: no clock decides which is in use or removed, and no reader is harmed."""

import hashlib
import json
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import polars as pl
import pytest

from dashboards.data.published import Missing, open_copy
from dashboards.data.scope import WHOLE
from pipelines.publication.publish import UNFINISHED, put_in_use


def published(home: Path, moment: str, keep: int = 2) -> list[str]:
    """The copies that are left after one more is published at this moment of the clock."""
    copies = home / "published" / "copies" / "command"
    unfinished = copies / f"{UNFINISHED}{moment}"
    unfinished.mkdir(parents=True)
    (unfinished / "manifest.json").write_text(moment)
    target = put_in_use(home, {"command": unfinished}, keep)["command"]
    link = home / "published" / "command"
    assert link.resolve() == target and (link / "manifest.json").read_text() == moment
    return sorted(path.name for path in copies.iterdir())


def test_a_clock_that_is_set_back_removes_nothing_that_is_in_use(tmp_path: Path) -> None:
    """The copy of the earlier moment sorted first, so it was removed although the link pointed to it."""
    for moment in ("20260331T120000Z", "20260401T120000Z", "20250101T000000Z"):
        left = published(tmp_path, moment)
    assert left == ["000002-20260401T120000Z", "000003-20250101T000000Z"]


def test_copies_from_before_they_were_numbered_count_as_the_oldest(tmp_path: Path) -> None:
    copies = tmp_path / "published" / "copies" / "command"
    for name in ("20261124T011000000000Z", "20261125T011000000000Z"):
        (copies / name).mkdir(parents=True)
    assert published(tmp_path, "20260101T000000Z") == ["000001-20260101T000000Z", "20261125T011000000000Z"]


def test_the_copy_in_use_stays_even_if_none_is_to_be_kept_beside_it(tmp_path: Path) -> None:
    assert published(tmp_path, "20260101T000000Z", keep=1) == ["000001-20260101T000000Z"]
    assert published(tmp_path, "20250101T000000Z", keep=1) == ["000002-20250101T000000Z"]


ROWS = 300_000  # more than DuckDB hands on at once, so that a reading goes on over several replacements


def rows_of(home: Path, number: int, rows: int, keep: int = 3) -> Path:
    """Publish one table whose every value is the number of its publication; the folder it is in."""
    frame = pl.DataFrame({"force_code": [f"F{number}"] * rows, "force_name": [str(number)] * rows})
    unfinished = home / "published" / "copies" / "command" / f"{UNFINISHED}{number:06d}"
    unfinished.mkdir(parents=True)
    file = unfinished / "reference.forces.parquet"
    frame.write_parquet(file)
    entry = {"file": file.name, "rows": rows, "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
             "columns": {name: ["varchar", "", ""] for name in frame.columns}}  # fmt: skip
    held = {"reference.forces": entry}
    manifest = {"audience": "command", "tables": held, "published_at": f"2026-01-01T00:00:{number}"}
    (unfinished / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return put_in_use(home, {"command": unfinished}, keep)["command"]


def test_four_readers_see_one_publication_each_while_forty_are_put_in_use(tmp_path: Path) -> None:
    rows_of(tmp_path, 0, 50)
    is_over, seen = threading.Event(), [Counter[str]() for _ in range(4)]

    def read(mine: Counter[str]) -> None:
        while not is_over.is_set():
            copy = open_copy(tmp_path, "command", WHOLE)
            found = copy.select("reference.forces")
            assert found.height == 50 and found["force_name"].n_unique() == 1, "rows of two publications"
            mine[found["force_name"][0]] += 1

    with ThreadPoolExecutor(4) as readers:
        reading = [readers.submit(read, mine) for mine in seen]
        try:
            for number in range(1, 41):
                rows_of(tmp_path, number, 50, keep=41)
                before, until = sum(map(Counter.total, seen)), time.monotonic() + 5
                while sum(map(Counter.total, seen)) < before + 4 and time.monotonic() < until:
                    time.sleep(0.001)
        finally:
            is_over.set()
        for one in reading:
            one.result()
    assert sum(map(Counter.total, seen)) >= 160 and min(map(len, seen)) >= 5, "so few readings show nothing"


def test_a_file_that_is_being_read_is_read_to_its_end_after_its_copy_was_removed(tmp_path: Path) -> None:
    """A page that reads while four publications replace its copy: the file is gone from the folder, and still open."""
    first = rows_of(tmp_path, 0, ROWS)
    copy = open_copy(tmp_path, "command", WHOLE)
    assert copy.select("reference.forces", columns="count(*)").item() == ROWS  # its hash was found right
    with duckdb.connect() as con:
        con.execute("set threads = 1")
        reader = con.execute("select force_name from read_parquet(?)", [str(first / "reference.forces.parquet")])
        begun = reader.fetchmany(10)
        with (first / "reference.forces.parquet").open("rb") as held:
            for number in range(1, 5):
                rows_of(tmp_path, number, 50)
            assert not first.exists()
            assert hashlib.sha256(held.read()).hexdigest() == copy.tables["reference.forces"]["sha256"]
        assert Counter([*begun, *reader.fetchall()]) == {("0",): ROWS}
    # a page that opens it only now is told in words, and a new page has the copy in use
    with pytest.raises(Missing) as caught:
        copy.select("reference.forces")
    assert caught.value.what.reason == "reference.forces.parquet is no longer there: a newer copy may have replaced it."
    assert caught.value.what.remedy == "Reload the page."
    assert open_copy(tmp_path, "command", WHOLE).select("reference.forces")["force_name"].unique().to_list() == ["4"]
