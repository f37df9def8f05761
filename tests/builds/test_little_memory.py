"""Much data in little memory: a build of ten million rows ends by way of the disk, with every row in its figures."""

import os
import re
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from street_home import STREET
from trials import count

from pipelines.publication.publish import differences
from pipelines.tables.cards import AUDIENCES, ROOT

pytestmark = pytest.mark.trials
ROWS, MONTHS, MEMORY = 10_000_000, 20, "512MB"
MONTH = """
copy (
    select md5('{month}' || range) || md5(range || '{month}') as "Crime ID", '{month}' as "Month",
        'Kent Police' as "Reported by", 'Kent Police' as "Falls within",
        0.2 + hash(range) % 9000 / 10000.0 as "Longitude", 51 + hash(range, 1) % 4000 / 10000.0 as "Latitude",
        'On or near Street ' || range % 5000 as "Location",
        'E0100' || lpad((range % 900)::varchar, 4, '0') as "LSOA code", 'Kent ' || range % 900 || 'A' as "LSOA name",
        ['Violence and sexual offences', 'Burglary', 'Public order', 'Drugs'][range % 4 + 1] as "Crime type",
        'Under investigation' as "Last outcome category", null as "Context"
    from range({rows})
) to '{file}' (header)
"""


@pytest.mark.skipif(not count(0, 1), reason="takes minutes, and 4 GB of disk: make trials runs it")
def test_ten_million_rows_in_512_mb(tmp_path: Path) -> None:
    data, home = tmp_path / "data", tmp_path / "home"
    for number in range(MONTHS):
        month = f"{2024 + number // 12}-{number % 12 + 1:02d}"
        file = data / "police-uk" / month / f"{month}-kent-street.csv"
        file.parent.mkdir(parents=True)
        duckdb.execute(MONTH.format(month=month, rows=ROWS // MONTHS, file=file))
        assert file.open(encoding="utf-8").readline() == STREET
    done = subprocess.run(
        [sys.executable, "-m", "pipelines.commands.cli", "build", "--data", str(data), "--home", str(home)],
        env={**os.environ, "PYTHONPATH": str(ROOT), "STRA_MEMORY": MEMORY}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, ""), done.stdout[-2000:] + done.stderr
    used = re.search(r"Memory used: .*", done.stdout)
    assert used is not None and f"DuckDB may use {MEMORY[:3]} MB" in used[0]
    print(used[0])
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
        assert con.execute("select count(*), count(distinct month) from core.recorded_crimes").fetchall() == [
            (ROWS, MONTHS)
        ]
    for audience in AUDIENCES:
        assert differences(home / "published" / audience) == []
