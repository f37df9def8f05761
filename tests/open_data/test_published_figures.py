"""The real published files: every row is there, and the totals are those that the publishers printed.

Reads the whole open data where it lies beside the checkout, else the sample, which has the same files.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest
from published_workbooks import Taken, read_part

from assets.raw import sources
from assets.readers.files import open_file
from assets.readers.source import DeliveredFile, Source

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "data"
DATA = SHARED if SHARED.is_dir() else ROOT / "sample" / "open_data"
STREET = ("data-police-uk", "data-police-uk-vintages")

# What the files hold by the account of who collected them: rows as delivered, rows as loaded.
EXPECTED = {
    "home_office_recorded_crime": (1, 23_068, 23_068),
    "recorded_crime_rolling_years": (1, 46_469, 46_469),
    "ons_pfa_offences": (4, 4 * 56, 4 * 56 * 23),
    "ons_pfa_rates": (4, 4 * 55, 4 * 55 * 24),
    "ons_csp_offences": (1, 399, 399 * 23),
    "mps_ward_offences": (1, 18_693, 18_693 * 24),
    "severity_weights": (1, 134, 134),
    "csp_lookup_2024": (1, 332, 332),
    "lsoa_lookup_2011_2021": (1, 35_795, 35_795),
    "lsoa_ward_lookup_2024": (1, 35_672, 35_672),
    "force_population": (1, 56, 56),
    "force_boundaries": (1, 43, 43),
}

SOURCES: dict[str, Source] = {table: sources()[table] for table in EXPECTED}


def files(scratch: Path) -> Iterator[DeliveredFile]:
    for path in sorted(DATA.rglob("*")):
        name = path.relative_to(DATA).as_posix()
        if path.is_file() and not name.startswith(STREET):
            for file in open_file(path, name, scratch):
                assert isinstance(file, DeliveredFile), file
                yield file


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Taken]:
    """All tables, from all files: each file is offered to every source."""
    scratch = tmp_path_factory.mktemp("figures")
    found = {table: Taken([], [], 0, 0, [], []) for table in EXPECTED}
    for file in files(scratch):
        for table in EXPECTED:
            for part in SOURCES[table].parts(file):
                read_part(SOURCES[table], part, scratch / "rows.parquet", found[table])
    return found


@pytest.fixture(scope="module")
def con(taken: dict[str, Taken]) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        for table, content in taken.items():
            connection.register(table, pl.DataFrame(content.rows, infer_schema_length=None).to_arrow())
        yield connection


def rows(con: duckdb.DuckDBPyConnection, query: str) -> list[tuple[object, ...]]:
    return con.execute(query).fetchall()


@pytest.mark.parametrize("table", EXPECTED)
def test_every_row_of_the_real_files_is_read_and_usable(taken: dict[str, Taken], table: str) -> None:
    content = taken[table]
    assert (len(content.parts), content.rows_read, len(content.rows)) == EXPECTED[table]
    assert content.quarantined == []
    assert [notice for notice in content.notices if "no line end" not in notice] == []


def test_the_home_office_file_equals_what_python_s_own_reader_finds(con: duckdb.DuckDBPyConnection) -> None:
    (path,) = DATA.glob("home-office/prc-pfa*.csv")
    with path.open(encoding="utf-8", newline="") as stream:
        expected = [tuple(row) for row in list(csv.reader(stream))[1:]]
    assert rows(con, "select * exclude (delivery_ref, line_number) from home_office_recorded_crime") == expected


def test_table_p1_equals_the_rolling_years_force_by_force(con: duckdb.DuckDBPyConnection) -> None:
    compared = rows(con, """
        select p.crime_count, r.crime_count from ons_pfa_offences as p
        join recorded_crime_rolling_years as r on p.area_name = r.force_name and r.offence_group = p.offence_group
        where p.period_end = '2018-12-31' and r.period_end = '31-12-2018'
            and p.offence_group = 'Stalking and harassment' and coalesce(p.area_code, 'BTP') not like 'E12%'""")
    assert len(compared) == 44
    assert all(printed == rolling for printed, rolling in compared)


def test_rolling_years_quirks(con: duckdb.DuckDBPyConnection) -> None:
    query = """
        select count(*) filter (crime_count like '-%'), count(distinct period_end), min(substr(period_end, 7)),
            count(*) filter (period_end = '30-12-2017') > 0, count(*) filter (period_end = '31-12-2017'),
            count(*) filter (force_name = 'City of London') > 0
        from recorded_crime_rolling_years"""
    assert rows(con, query) == [(25, 52, "2003", True, 0, True)]
    burglary = rows(con, """
        select distinct offence_group from recorded_crime_rolling_years where offence_group ilike '%domestic burglary'
            or offence_group ilike '%residential burglary' order by 1""")
    assert {("Domestic burglary",), ("Residential burglary",)} <= set(burglary)


def test_the_workbooks_are_of_four_years_and_footnotes_leave_their_names(con: duckdb.DuckDBPyConnection) -> None:
    for table in ("ons_pfa_offences", "ons_pfa_rates"):
        years = rows(con, f"select distinct period_end from {table} order by 1")
        assert years == [("2018-06-30",), ("2018-09-30",), ("2018-12-31",), ("2019-06-30",)]
        marked = rows(con, f"""
            select distinct area_name, offence_group from {table}
            where regexp_matches(area_name || offence_group, '[0-9\\n\\[]')""")
        assert marked == []
    city = "select distinct area_name from ons_pfa_offences where area_code = 'E23000034' order by 1"
    assert rows(con, city) == [("City of London",), ("London, City of",)]  # one table has it the other way round
    names = {name for (name,) in rows(con, "select distinct area_name_published from ons_pfa_offences")}
    assert {"ENGLAND AND WALES7", "North West 7,8", "Avon and Somerset9"} <= names


def test_table_c2_quirks(con: duckdb.DuckDBPyConnection) -> None:
    wrong = rows(con, """
        select distinct force_code, csp_name, max(crime_count) from ons_csp_offences
        where force_code = 'E23000032' and force_name = 'Surrey' or force_code = 'W15000003' and force_name = 'Gwent'
        group by all order by 1""")
    assert wrong == [("E23000032", "unassigned Surrey", None), ("W15000003", "Unassigned Gwent", "1 ")]
    assert rows(con, "select distinct force_name from ons_csp_offences where force_name_published like '%[note%'") == [
        ("Humberside",)
    ]
    assert rows(con, "select min(line_number), max(line_number) from ons_csp_offences") == [(14, 412)]
    combined = "select count(distinct csp_code) from ons_csp_offences where la_code = 'Combined Local Authorities'"
    assert rows(con, combined) == [(11,)]


def test_wards_have_24_months_and_heathrow(con: duckdb.DuckDBPyConnection) -> None:
    query = """select count(distinct month), min(month), max(month),
        count(distinct borough_name) filter (borough_name = 'Aviation Security (SO18)') from mps_ward_offences"""
    assert rows(con, query) == [(24, "202311", "202510", 1)]
    stalking = "select sum(crime_count::int) from mps_ward_offences where minor_category = 'STALKING AND HARASSMENT'"
    assert rows(con, stalking) == [(110_655,)]


def test_lookups_of_small_areas_are_many_to_many(con: duckdb.DuckDBPyConnection) -> None:
    query = "select change_code, count(*) from lsoa_lookup_2011_2021 group by 1 order by 1"
    assert rows(con, query) == [("M", 239), ("S", 1_900), ("U", 33_647), ("X", 9)]


def test_boundaries_lookups_and_population_are_of_the_same_43_forces(con: duckdb.DuckDBPyConnection) -> None:
    columns = {"force_boundaries": "force_code", "csp_lookup_2024": "pfa24_code", "ons_csp_offences": "force_code"}
    forces = set(rows(con, "select area_code from force_population where area_code ~ '(E23|W15).*'"))
    assert len(forces) == 43
    for table, column in columns.items():
        assert set(rows(con, f"select distinct {column} from {table}")) == forces, table


def test_names_differ_between_the_boundaries_and_the_lookups(con: duckdb.DuckDBPyConnection) -> None:
    columns = {"force_boundaries": ("force_code", "force_name"), "csp_lookup_2024": ("pfa24_code", "pfa24_name")}
    found = {
        table: [name for (name,) in rows(con, f"""
            select distinct {name} from {table} where {code} in ('E23000034', 'E23000035') order by 1""")]
        for table, (code, name) in columns.items()
    }  # fmt: skip
    assert found == {
        "force_boundaries": ["City of London", "Devon and Cornwall"],
        "csp_lookup_2024": ["Devon & Cornwall", "London, City of"],
    }
