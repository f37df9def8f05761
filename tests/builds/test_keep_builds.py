"""Going back, backup and restore of homes that were built: builds go on from them, documents are the same bytes.

Builds: by the command where it decides whether there is anything new, else without Dagster. All begin from the kept
homes: of one street file, and of a few rows of each table of an extract.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from built_home import build, build_home, select
from commands import stra
from small_home import copy_small_home
from street_home import FIRST_MONTH, FIRST_ROWS, copy_street_home, write_month

from pipelines.backup import make, restore
from pipelines.backup.sealed import KEY
from pipelines.builds.session import open_session
from pipelines.builds.signature import RECORD, signature
from pipelines.fetching.folder import read_folder
from pipelines.publication import back

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY, "an invented key of thirty characters")


def crimes(home: Path) -> list[tuple[str, int]]:
    return select(home, "select strftime(month, '%Y-%m'), count(*) from core.recorded_crimes group by 1 order by 1")


def as_built(data: Path, home: Path) -> None:
    """As if the home had been built from this folder, of which it was built under another name."""
    (home / RECORD).write_text(json.dumps(signature(read_folder(data), home.resolve(), None)), encoding="utf-8")


def test_after_going_back_a_build_with_nothing_new_publishes_again(tmp_path: Path) -> None:
    data, home = copy_street_home(tmp_path)
    with open_session(home, read_folder(data)) as session:
        session.publish()
    as_built(data, home)
    assert "Nothing new" in build(data, home)
    first, second = (each.run_ref for each in back.publications(home))
    stra("publish", "--back", "--home", home, "--by", "A Registrar", "--reason", "invented")
    assert set(back.in_use(home).values()) == {first}
    assert "All published copies match" in stra("verify", "--home", home)
    assert "Nothing new" not in build(data, home)
    assert len(back.in_use(home)) == 3 and not set(back.in_use(home).values()) & {first, second}
    assert "in use again" not in stra("status", "--home", home)
    assert crimes(home) == [(FIRST_MONTH, FIRST_ROWS)]
    damaged = home / "published" / "command" / "core.coverage.parquet"
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"?")
    assert "it was changed after publication" in stra("verify", "--home", home, code=1)
    assert "Nothing new" not in build(data, home), "the copy that the disk damaged is published again"
    assert "All published copies match" in stra("verify", "--home", home)


def test_what_a_failed_build_read_counts_no_more_once_the_sender_took_it_back(tmp_path: Path) -> None:
    """The next build found the published files again and did nothing, so later ones counted what was taken back."""
    data, home = copy_small_home(tmp_path)
    bail, mapping, before = data / "force" / "bail.csv", data / "mapping.toml", tmp_path / "before.csv"
    counted = "select sum(rows_loaded) from raw.deliveries where source = 'bail' and status = 'loaded'"
    shutil.copy2(bail, before)
    as_built(data, home)
    [(rows,)] = select(home, counted)
    bail.write_text("".join(bail.read_text("utf-8").splitlines(keepends=True)[:-1]), "utf-8")
    mapping.write_text('[extract]\nforce = "E99"\n', "utf-8")
    assert "saw 'E99'" in stra("build", "--data", data, "--home", home, code=1)
    assert select(home, counted) == [(rows - 1,)]
    shutil.copy2(before, bail)
    mapping.unlink()
    assert "Nothing new" not in build(data, home)
    assert select(home, counted) == [(rows,)]


ASIDE = """
import sys
from pathlib import Path
from built_home import build_home
from pipelines.fetching.folder import read_folder
assert build_home(read_folder(Path(sys.argv[1])), Path(sys.argv[2]), tell=lambda line: print(line, flush=True)) == []
"""


def test_a_backup_while_a_build_runs_restores_a_home_that_the_next_build_completes(tmp_path: Path) -> None:
    data, home = copy_street_home(tmp_path)
    to, numbers = tmp_path / "to", []
    write_month(data, "2024-02", 3000)
    command = [sys.executable, "-c", ASIDE, str(data), str(home)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        for line in running.stdout:
            is_building = line.startswith(("core.", "metrics."))
            if is_building and len(numbers) < 3:
                numbers.append(int(make.make(home, to).name[:6]))
    assert running.returncode == 0 and numbers == [1, 2, 3]
    for number in (1, 3):
        new = tmp_path / f"new{number}"
        restore.restore(to, new, number)
        assert "All published copies match" in stra("verify", "--home", new)
    assert build_home(read_folder(data), new) == []
    assert crimes(new) == crimes(home) == [(FIRST_MONTH, FIRST_ROWS), ("2024-02", 3000)]


def test_documents_of_a_restored_home_are_the_same_byte_for_byte(tmp_path: Path) -> None:
    _, home = copy_small_home(tmp_path)
    make.make(home, tmp_path / "to")
    new = tmp_path / "elsewhere" / "home"
    restore.restore(tmp_path / "to", new)
    assert "All published copies match" in stra("verify", "--home", new)
    written = []
    for each in (home, new):
        out = tmp_path / f"out of {each.parent.name}"
        stra("report", "assessment", "--home", each, "--out", out / "assessment")
        stra("report", "lineage", "--home", each, "--out", out / "lineage.json")
        stra("report", "model-card", "--home", each, "--out", out / "card.html")
        files = sorted(path for path in out.rglob("*") if path.is_file())
        written.append({path.relative_to(out).as_posix(): path.read_bytes() for path in files})
    assert len(written[0]) > 5 and written[0].keys() == written[1].keys()
    assert [name for name in written[0] if written[0][name] != written[1][name]] == []
