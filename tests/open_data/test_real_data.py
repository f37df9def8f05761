"""The real open data, when it lies beside the checkout, else the sample: totals, conservation, independent counts."""

import csv
import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from built_home import build_home

from pipelines.builds.signature import nothing_new
from pipelines.fetching.folder import read_folder
from pipelines.publication.publish import differences
from pipelines.tables.cards import AUDIENCES, ROOT, published_to

SHARED = ROOT.parent / "shared" / "data"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=["sample", "shared"])
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    data = ROOT / "sample" / "open_data" if request.param == "sample" else SHARED
    if not data.is_dir():
        pytest.skip("the whole open data does not lie beside this checkout")
    home = tmp_path_factory.mktemp(request.param)
    assert build_home(read_folder(data), home) == []
    return data, home


@pytest.fixture
def con(built: tuple[Path, Path]) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(built[1] / "warehouse.duckdb"), read_only=True) as connection:
        yield connection


def street_rows(data: Path) -> Iterator[dict[str, str]]:
    """Rows of the street files that count, read by Python's csv module and nothing of ours."""
    for path in sorted(data.rglob("*-street.csv")):
        if "vintages" not in path.as_posix():
            with path.open(encoding="utf-8", newline="") as handle:
                yield from csv.DictReader(handle)
    for path in sorted(data.rglob("*.zip")):
        with zipfile.ZipFile(path) as package:
            for name in package.namelist():
                if name.endswith("-street.csv"):
                    yield from csv.DictReader(io.StringIO(package.read(name).decode("utf-8"), newline=""))


def test_every_row_read_is_loaded_or_in_quarantine(con: duckdb.DuckDBPyConnection) -> None:
    lost = con.execute(
        "select file_name from raw.deliveries where rows_read <> rows_loaded + rows_quarantined"
    ).fetchall()
    assert lost == []
    listed = con.execute(
        "select d.file_name from raw.deliveries d left join (select delivery_ref, count(*) n from raw.quarantined_rows"
        " group by 1) q using (delivery_ref) where d.rows_quarantined <> coalesce(q.n, 0)"
    ).fetchall()
    assert listed == []


def test_recorded_crimes_equal_an_independent_count(
    built: tuple[Path, Path], con: duckdb.DuckDBPyConnection
) -> None:
    expected = Counter((r["Reported by"], r["Month"], r["Crime type"]) for r in street_rows(built[0]))
    rows = con.execute(
        "select reported_by, strftime(month, '%Y-%m'), crime_type, count(*) from core.recorded_crimes group by all"
    ).fetchall()
    assert {(force, month, kind): count for force, month, kind, count in rows} == dict(expected)
    assert con.execute("select count(*) from core.recorded_crimes where force_code is null").fetchone() == (0,)


@pytest.mark.parametrize(("total_ref", "value"), [("ew_sh_2018_12", 408_522), ("met_sh_2025_06", 56_518)])
def test_totals_meet_the_published_ones(con: duckdb.DuckDBPyConnection, total_ref: str, value: int) -> None:
    row = con.execute(
        "select value_a, value_b, agrees from metrics.reconciliations where check_ref = ?", [total_ref]
    ).fetchone()
    assert row == (value, value, True)


def test_populations_equal_table_p3_for_all_forces(con: duckdb.DuckDBPyConnection) -> None:
    rows = con.execute(
        "select p.area_code, p.persons, try_cast(f.population as bigint) from core.residents p"
        " join raw.force_population f on f.area_code = p.area_code"
        " where p.population_year = 2018 and p.source = 'ons_pfa_rates' and p.area_code similar to '(E23|W15).*'"
    ).fetchall()
    assert len(rows) == 43 and all(a == b for _, a, b in rows)


def test_partnerships_add_up_to_their_force_once_two_wrong_codes_are_corrected(con: duckdb.DuckDBPyConnection) -> None:
    rows = con.execute("select agrees from metrics.reconciliations where check_ref like 'csp_sum%'").fetchall()
    assert len(rows) == 42 and all(agrees for (agrees,) in rows)


def test_negative_corrections_stay_and_pseudo_forces_are_left_out(con: duckdb.DuckDBPyConnection) -> None:
    negative = con.execute(
        "select count(*), min(try_cast(trim(offence_count) as integer)) from raw.home_office_recorded_crime"
        " where try_cast(trim(offence_count) as integer) < 0"
    ).fetchone()
    assert negative == (36, -45)
    # rows of one code (homicide has four) are added up, corrections included, so the sums must be the same
    sums = con.execute(
        "select (select sum(crime_count) from core.recorded_counts where source = 'home_office_recorded_crime'),"
        " (select sum(try_cast(trim(offence_count) as integer)) from raw.home_office_recorded_crime"
        " where force_name not in ('Action Fraud', 'CIFAS', 'UK Finance', 'Financial Fraud Action UK'))"
    ).fetchone()
    assert sums is not None and sums[0] == sums[1]
    pseudo = con.execute("select count(*) from core.recorded_counts where force_code like 'PSEUDO%'").fetchone()
    assert pseudo == (0,)
    in_raw = con.execute(
        "select count(*) from raw.home_office_recorded_crime where force_name = 'Action Fraud'"
    ).fetchone()
    assert in_raw is not None and in_raw[0] > 0


def test_vintages_are_superseded_and_stay_in_raw(con: duckdb.DuckDBPyConnection) -> None:
    rows = con.execute(
        "select file_name, status, rows_loaded from raw.deliveries where file_name like '%vintages%'"
    ).fetchall()
    assert len(rows) == 4 and {status for _, status, _ in rows} == {"superseded"}
    assert sum(loaded for *_, loaded in rows) == 3_030


def test_each_copy_is_whole_and_holds_only_what_its_audience_may_see(built: tuple[Path, Path]) -> None:
    for audience in AUDIENCES:
        folder = built[1] / "published" / audience
        assert folder.is_symlink() and differences(folder) == []
        tables = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["tables"]
        assert tables and tables.keys() <= published_to(audience).keys()


def test_a_second_build_finds_nothing_new_and_a_changed_file_is_something_new(
    built: tuple[Path, Path], tmp_path: Path
) -> None:
    data, home = built
    assert nothing_new(read_folder(data), home, None)
    (tmp_path / "other").mkdir()
    assert not nothing_new(read_folder(tmp_path / "other"), home, None)


def test_the_met_chart_calls_a_change_only_within_its_present_system(con: duckdb.DuckDBPyConnection) -> None:
    row = con.execute(
        "select point_count, segment_point_count, verdict from metrics.control_chart_series"
        " where source = 'mps_ward_offences'"
    ).fetchone()
    assert row is not None and row[:2] == (24, 21)
    segments = con.execute(
        "select segment, min(month)::varchar, bool_or(upper_limit is not null) from metrics.control_chart_points"
        " where series_ref like 'mps%' group by 1 order by 1"
    ).fetchall()
    assert segments == [(1, "2023-11-01", False), (2, "2024-02-01", True)]
