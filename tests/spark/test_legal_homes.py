"""Twelve legal extracts, small and odd, are built whole on both engines: every table has the same rows.

`make long` builds all. SPARK_LOG=FILE keeps what came of each, so that a run that was stopped goes on behind the last
one that was equal. Without it the first is built.
"""

import json
import os
import random
import shutil
import time
from datetime import date
from pathlib import Path

import pytest
from compare_engines import SMALL
from compare_homes import compare
from legal_builds import build, fresh_home
from legal_extract import Case
from legal_forms import FORMS

from pipelines.tables.lake import OWN

pytest.importorskip("pyspark", reason="Spark is not in this environment: make spark-test has one")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java 17 or 21: apt-get install openjdk"),
]
LOG = os.environ.get("SPARK_LOG", "")
AS_OF = date(2026, 3, 31)
CASES = {
    "one month": Case(0, 900, ("one_month",)),
    "no outcomes": Case(1, 40, ("no_outcomes",)),
    "one person": Case(2, 30, ("one_person",)),
    "two forces and strays": Case(3, 25, ("more_forces", "orphans")),
    "no suspects": Case(4, 40, ("no_suspects",)),
    "a single crime": Case(5, 40, ("one_crime",)),
    "all dates before 1900": Case(6, 30, ("before_1900",)),
    "one district, odd numbers": Case(7, 40, ("one_district", "odd_numbers")),
    "only cancelled crimes": Case(8, 30, ("only_cancelled",)),
    "a long gap between months": Case(9, 40, ("long_gap",)),
    "nights of clock changes": Case(10, 40, ("clock_changes", "nulls")),
    "headers alone": Case(11, 30, ("headers_alone", "future")),
}


@pytest.mark.parametrize("name", CASES if LOG else list(CASES)[:1])
def test_a_legal_extract_gives_the_same_home_on_both_engines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    from pipelines.engines.in_spark import started

    logged = Path(LOG).read_text(encoding="utf-8").splitlines() if LOG and Path(LOG).exists() else []
    if any(line["equal"] and line["case"] == repr(CASES[name]) for line in map(json.loads, logged)):
        return
    (tmp_path / "spark-defaults.conf").write_text("".join(f"{key} {value}\n" for key, value in SMALL.items()))
    monkeypatch.setenv("SPARK_CONF_DIR", str(tmp_path))
    began, extract = time.monotonic(), CASES[name].make()
    FORMS["csv"](extract, tmp_path / "data", random.Random(0))
    homes = fresh_home(tmp_path / "duckdb"), fresh_home(tmp_path / "spark")
    in_duckdb = build(tmp_path / "data", homes[0], extract, AS_OF)
    with started(homes[1], "local[2]", None) as start:
        in_spark = build(tmp_path / "data", homes[1], extract, AS_OF, start)
    assert (homes[1] / OWN).stat().st_mode & 0o777 == 0o700
    assert not [path for path in (homes[1] / OWN).rglob(".*") if path.is_dir()], "what was not finished is gone"
    wrong = sorted({*in_duckdb} ^ {*in_spark})
    wrong += compare(*homes, tolerance=1e-9, work=tmp_path / "compared")[1]
    print(f"{name}: {'differs' if wrong else 'equal'}, {time.monotonic() - began:.0f} s")
    if LOG:
        with open(LOG, "a", encoding="utf-8") as stream:
            line = {"name": name, "case": repr(CASES[name]), "equal": not wrong, "seconds": time.monotonic() - began}
            stream.write(json.dumps(line | {"wrong": wrong[:40]}) + "\n")
    assert wrong == []
