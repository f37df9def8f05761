"""A Cambridge index and a points table, laid into the data folder by a force that has them: wrong ones, then right.

Both in the same two builds, of three crimes and without Dagster: they take far longer than what is looked at.
"""

from pathlib import Path

import duckdb
import pytest
from built_home import build_home, select
from invented_extract import invented, write_csv
from small_home import copy_small_home
from test_points_table import TABLE, changed, csv
from test_v100 import UNAVAILABLE

from pipelines.fetching.folder import read_folder

pytestmark = pytest.mark.slow
COPY = "HO code,Offence,CCHI 2026\n1/1,Murder,5475\n34/1,Robbery,365\n46,Shoplifting,1\n8/65,A,100\n8/66,B,40\n"
V100_STATE = "select state from metrics.v100_states"
POINTS_STATE = "select state from core.list_states where list_code = 'rfgv_points'"
POINTS = "select frequency_points, victims_points from metrics.repeat_suspects where window_days = 730"


def write_extract(folder: Path) -> None:
    """Three crimes: two of one suspect against one victim, one of another suspect."""
    extract = invented(60)
    crimes = extract["crime"][:3]
    for crime, code in zip(crimes, ("8/65", "8/66", "8/66"), strict=True):
        crime |= {"ho_code": code, "ho_code_raw": code, "class_code": "8Q", "status": "open"}
    parties = [
        row | {"crime_id": crime["crime_id"], "person_key": who, "role": role, "named": True, "eliminated_ts": None,
               "first_added_ts": crime["recorded_ts"]}
        for row, (crime, who, role) in zip(extract["party_role"], [
            (crimes[0], "p1", "suspect"), (crimes[1], "p1", "suspect"), (crimes[2], "p2", "suspect"),
            (crimes[0], "p3", "victim"), (crimes[1], "p3", "victim"),
        ], strict=False)
    ]  # fmt: skip
    write_csv(folder, {"crime": crimes, "party_role": parties})


@pytest.fixture(scope="module")
def laid_in(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Data folder and home, to be built into by one test after another."""
    root = tmp_path_factory.mktemp("laid_in")
    write_extract(root / "data" / "force")
    return root / "data", root / "home"


def test_where_none_was_delivered_there_is_no_list_and_it_says_so(tmp_path: Path) -> None:
    _, home = copy_small_home(tmp_path)
    assert select(home, "select count(*) from metrics.repeat_suspects")[0][0] > 0, "there are suspects to be listed"
    assert select(home, V100_STATE) == [(UNAVAILABLE,)]
    assert select(home, "select * from metrics.v100") == []


def test_wrong_ones_say_why_there_is_no_list_and_there_are_no_points(laid_in: tuple[Path, Path]) -> None:
    data, home = laid_in
    (data / "index.csv").write_text(COPY.replace("8/66,B,40", "8/66,B,400"), encoding="utf-8")
    csv(data, changed(0, "recency", 0, 28, "high"), name="matac_matrix.csv")
    assert build_home(read_folder(data), home) == []
    ((why,),) = select(home, V100_STATE)
    assert why.startswith("unavailable: ") and ": index.csv: line 6, column" in why
    assert "'CCHI 2026': expected 2 to 252 days for stalking and harassment" in why
    assert select(home, "select * from metrics.v100") == []
    ((why,),) = select(home, POINTS_STATE)
    assert why.startswith("not loaded: the points table was refused: matac_matrix.csv: line 2, points: expected a num")
    assert set(select(home, POINTS)) == {(None, None)}


def test_right_ones_make_the_list_and_give_points(laid_in: tuple[Path, Path]) -> None:
    data, home = laid_in
    (data / "index.csv").write_text(COPY, encoding="utf-8")
    csv(data, TABLE, name="matac_matrix.csv")
    assert build_home(read_folder(data), home) == []
    assert select(home, V100_STATE) == [("loaded",)]
    ours = select(home, "select crime_count, harm_days, rank, linkage_mark from metrics.v100")
    assert ours == [(2, 140, 1, "not measured")]
    published = {
        audience: len(list((home / "published" / audience).resolve().glob("metrics.v100*.parquet")))
        for audience in ("command", "integrity", "commissioning")
    }
    assert published == {"command": 0, "integrity": 2, "commissioning": 0}
    held = str((home / "published" / "integrity").resolve() / "metrics.v100.parquet")
    assert duckdb.sql("select count(*) from read_parquet($held)", params={"held": held}).fetchall() == [(1,)]

    assert select(home, POINTS_STATE) == [("loaded",)]
    scored = select(home, f"{POINTS} and person_ref = 'p1'")
    assert len(scored) == 1 and scored[0][0] in (2, 5) and scored[0][1] == 0
    copy = (home / "published" / "command").resolve()
    found = duckdb.sql(f"select is_loaded, file_name from read_parquet('{copy}/core.list_states.parquet')"
                       " where list_code = 'rfgv_points'")
    assert found.fetchall() == [(True, "matac_matrix.csv")]
