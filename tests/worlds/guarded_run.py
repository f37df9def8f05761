"""One invented force with canaries in every text of its records, taken through a whole run under guard: built, every
page drawn, every document written. Done once; two modules look at what came of it."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
from kept_homes import kept

from assets.raw import extract_tables, tables_of_people
from pipelines.tables.cards import ROOT
from sample.synth import write_force

HERE = Path(__file__).resolve().parent
TABLES = extract_tables()
APART = ["unshare", "--map-root-user", "--net"]
CANARY = "CANARY"


def can_be_apart() -> bool:
    """Whether this machine lets us have a network namespace."""
    try:
        return subprocess.run([*APART, "true"], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


IS_APART = can_be_apart()


def guarded(record: Path) -> dict[str, str]:
    """The environment under which everything is guarded."""
    folder = record.with_name("guard")
    folder.mkdir()
    shutil.copy(HERE / "network_guard.py", folder / "sitecustomize.py")
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)]), "GUARD_RECORD": str(record)}


@dataclass(frozen=True)
class Run:
    """What came of the whole run, what the guard noted, and the home."""

    told: dict[str, Any]
    record: Path
    home: Path


def with_canaries(folder: Path) -> int:
    """Put a canary of its own into each column that takes any text; how many columns took one.

    The first row of a file and every second one take it. The others stay as they are, so that no page is empty for want
    of a class or an outcome code that can be read.
    """
    count = 0
    for path in sorted(folder.rglob("*.csv")):
        if path.stem.rstrip("_") in {name.rstrip("_") for name in tables_of_people()}:
            kinds = TABLES.get(path.stem, TABLES.get(f"{path.stem}_", {}))
            free = [c for c, kind in kinds.items() if kind.rstrip("?") in ("text", "free") and not c.endswith("_id")]
            rows = pl.read_csv(path, infer_schema=False)
            free = [c for c in free if c in rows.columns and c not in ("force_code", "person_key", "victim_key")]
            count += len(free)
            is_odd = pl.int_range(pl.len()) % 2 == 1
            rows.with_columns(
                pl.when(is_odd).then(c).otherwise(pl.lit(f"{CANARY} {path.stem} {c}")).alias(c) for c in free
            ).write_csv(path)
    return count


def in_other_forms(folder: Path) -> None:
    """Deliver some tables in other forms: each has a reader and libraries of its own."""
    review, bail, notice = (pl.read_csv(folder / f"{t}.csv", infer_schema=False) for t in ("review", "bail", "notice"))
    review.write_parquet(folder / "review.parquet")
    (folder / "bail.json").write_text(json.dumps(bail.to_dicts()))
    notice.write_excel(folder / "notice.xlsx")
    for table in ("review", "bail", "notice"):
        (folder / f"{table}.csv").unlink()
    (folder / "case_file.csv").write_text((folder / "case_file.csv").read_text("utf-8"), "utf-16")


def run_once() -> Run:
    """The run; made by whoever asks first."""
    root = kept("whole_run", _make)
    return Run(json.loads((root / "told.json").read_text(encoding="utf-8")), root / "record", root / "home")


def _make(root: Path) -> None:
    write_force(root / "data", 600, seed=1)
    assert with_canaries(root / "data") > 40
    in_other_forms(root / "data" / "force")
    command = [sys.executable, str(HERE / "whole_run.py"), *(str(root / d) for d in ("data", "home", "out"))]
    done = subprocess.run(
        [*(APART if IS_APART else []), *command],
        cwd=ROOT, env=guarded(root / "record"), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    (root / "told.json").write_text(done.stdout.splitlines()[-1], encoding="utf-8")
