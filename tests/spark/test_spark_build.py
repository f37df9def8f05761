"""A home that is built on Spark has the figures of one built on DuckDB: in the environment of `make spark` alone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from compare_engines import SMALL
from compare_homes import compare

from pipelines.cards import ROOT
from pipelines.engines.lake import OWN

pytest.importorskip("pyspark", reason="Spark is not in this environment: make spark-test has one")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java 17 or 21: apt-get install openjdk"),
]
FLOATS = 1e-9
STRA = [sys.executable, "-m", "pipelines.commands.cli"]


def stra(folder: Path, *arguments: str) -> str:
    """What a command says. Spark takes its settings from `folder`, as at a site."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "SPARK_CONF_DIR": str(folder)}
    done = subprocess.run([*STRA, *arguments], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_both_engines_publish_the_same_figures(tmp_path: Path) -> None:
    (tmp_path / "spark-defaults.conf").write_text("".join(f"{name} {value}\n" for name, value in SMALL.items()))
    data = str(tmp_path / "data")
    stra(tmp_path, "synth", "--out", data, "--crimes", "3000", "--seed", "1", "--noise", "low")
    build = ("build", "--data", data, "--as-of", "2026-03-31", "--home")
    stra(tmp_path, *build, str(tmp_path / "first"))
    for home in ("duckdb", "spark"):  # references of people are drawn by chance
        shutil.copytree(tmp_path / "first" / "identity", tmp_path / home / "identity")
    stra(tmp_path, *build, str(tmp_path / "duckdb"))
    spark = (*build, str(tmp_path / "spark"), "--engine", "spark", "--spark-master", "local[2]")
    said = stra(tmp_path, *spark)
    assert "Spark at local[2] ran the SELECTs of" in said and "Workers compared the records of people in" in said
    assert compare(tmp_path / "duckdb", tmp_path / "spark", tolerance=FLOATS) == (0, [])
    lake = tmp_path / "spark" / OWN
    assert lake.stat().st_mode & 0o777 == 0o700
    assert not [path for path in lake.rglob(".*") if path.is_dir()], "what was not finished is gone"
    assert "Nothing new" in stra(tmp_path, *spark)
