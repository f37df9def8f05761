"""Tables made for reading on paper, in workbooks: ONS Tables P1 and P3.

Every quirk that the real files have is made here in small, to the same layout. `test_published_figures` reads the
real files.
"""

from collections.abc import Sequence
from pathlib import Path

import pytest
from published_workbooks import Cell, Sheets, cells, delivered, ods, take, xlsx

from assets.raw.open_data.ons_csp_offences import SOURCE as PARTNERSHIPS
from assets.raw.open_data.ons_pfa_offences import SOURCE as OFFENCES
from assets.raw.open_data.ons_pfa_rates import SOURCE as RATES
from assets.readers.published.table import year_ending
from assets.readers.source import BrokenFile

Row = Sequence[Cell]

# Headers over three rows, a spacer column, footnote numbers glued to the words.
P1_TITLE = "Table P1:  Police recorded crime by offence group and police force area, year ending June 181,2"
P1_HEAD: list[Row] = [
    [P1_TITLE], [None], ["England and Wales"],
    [None, None, "Total recorded crime (excluding fraud3)", None, "Victim-based crime", None, None],
    ["Area Code", "Area Name", None, None, "Homicide", "Stalking and harassment5", "Non-residential  burglary5,6"],
    [None, None, "Numbers"],
]  # fmt: skip
P1_ROWS: list[Row] = [
    ["K04000001", "ENGLAND AND WALES7", 4978455, None, 719, 332327, 126599],
    ["E12000002", "North West9", 733777, None, 139, 48000, 20000],
    ["E23000006", "Cheshire", 91500, None, 19, 7000, 2000],
    [None, "British Transport Police", 60973, None, 3, 169, 12],
]
P1_NOTES: list[Row] = [
    ["Source: Police recorded crime, Home Office"], ["1. Police recorded crime data are not designated ..."],
    ["7. Includes British Transport Police."],
]  # fmt: skip
P3_TITLE = "Table P3:  Police recorded crime, rate of offences, year ending June 20191,2"
P3_HEAD: list[Row] = [
    [P3_TITLE], [None], ["England and Wales"], [None, None, None, None, None, None, None, "Victim-based crime"],
    ["Area Code", "Area Name", "Population figures\n (mid-2018)3  rounded to 100",
     "Household figures\n (mid-2017)4  rounded to 100 ", None, "Homicide", None, "Stalking\nand harassment",
     "Residential burglary\n(households)6,8"],
    [None, None, None, None, None, "Rate per 1,000 population"],
]  # fmt: skip
P3_ROWS: list[Row] = [
    ["E12000007", "London12", 8908100, 3480700, None, 0.0138, None, 5.832457069, 10.5],
    ["E23000034", "City of London13", 8700, 3700, None, "+", None, "+", "+"],
]


def p1(rows: Sequence[Row] = P1_ROWS, head: Sequence[Row] = P1_HEAD) -> Sheets:
    return {"Correction": [["A small error"]], "Notes": [["x"]], "Table P1": [*head, *rows, *P1_NOTES]}


@pytest.mark.parametrize("maker", [xlsx, ods])
def test_one_row_of_table_p1_becomes_one_row_for_every_offence_group(tmp_path: Path, maker: object) -> None:
    taken = take(OFFENCES, maker(tmp_path / f"a.{maker.__name__}", p1()))  # type: ignore[operator,attr-defined]
    assert taken.parts == ["Table P1"]
    assert (taken.rows_read, taken.rows_loaded, len(taken.rows)) == (4, 4, 16)
    found = cells(taken.rows, "line_number", "area_code", "area_name", "offence_group", "crime_count")
    assert found[:4] == [
        (7, "K04000001", "ENGLAND AND WALES", "Total recorded crime (excluding fraud)", "4978455"),
        (7, "K04000001", "ENGLAND AND WALES", "Homicide", "719"),
        (7, "K04000001", "ENGLAND AND WALES", "Stalking and harassment", "332327"),
        (7, "K04000001", "ENGLAND AND WALES", "Non-residential burglary", "126599"),
    ]
    assert taken.notices == taken.quarantined == []


@pytest.mark.parametrize(("row", "column", "value"), [
    (["E2300006", "Cheshire", 1, None, 1, 1, 1], "area_code", "E2300006"),
    (["E23000006", None, 1, None, 1, 1, 1], "area_name", ""),
    (["E23000006", "Cheshire", 1, None, 1, "about 12", 1], "crime_count", "about 12"),
    (["E23000006", "Cheshire", 1, 99, 1, 1, 1], "", "99"),  # a value under no header
    (["E23000006"], "area_name", ""),
    (["See the notes on Cheshire"], "area_name", ""),  # a remark between the rows
])  # fmt: skip
def test_a_row_that_cannot_be_understood_is_set_aside(tmp_path: Path, row: Row, column: str, value: str) -> None:
    taken = take(OFFENCES, xlsx(tmp_path / "a.xlsx", p1([P1_ROWS[0], row, P1_ROWS[1]])))
    (fault,) = taken.quarantined
    assert (fault.line_number, fault.column_name, fault.value) == (8, column, value)
    assert taken.rows_loaded == 2


@pytest.mark.parametrize("shorthand", ["[x]", "..", "-", "+", ":", None])
def test_what_the_publisher_writes_for_no_number_is_kept(tmp_path: Path, shorthand: Cell) -> None:
    taken = take(OFFENCES, xlsx(tmp_path / "a.xlsx", p1([["E23000006", "Cheshire", 1, None, shorthand, 1, 1]])))
    assert taken.column("crime_count") == ["1", shorthand, "1", "1"]


@pytest.mark.parametrize(("title", "expected"), [
    ("..., year ending June 181,2", ("year ending June 2018", "2018-06-30")),
    ("..., year ending June 20181,2", ("year ending June 2018", "2018-06-30")),
    ("..., year ending December 2018", ("year ending December 2018", "2018-12-31")),
    ("..., Year ending  march 2024 [note 1][note 2]", ("year ending March 2024", "2024-03-31")),
    ("..., year ending February 2024", ("year ending February 2024", "2024-02-29")),
    ("..., 2018", None),
])  # fmt: skip
def test_the_year_stands_in_the_title_with_footnote_numbers_right_behind_it(
    title: str, expected: tuple[str, str] | None
) -> None:
    assert year_ending(title) == expected


def test_a_table_of_no_known_year_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BrokenFile, match="year ending"):
        take(OFFENCES, xlsx(tmp_path / "a.xlsx", p1(head=[["Table P1: Police recorded crime"], *P1_HEAD[1:]])))


def test_an_offence_group_that_stands_twice_is_refused(tmp_path: Path) -> None:
    head = [*P1_HEAD[:4], [*P1_HEAD[4][:6], "Homicide4"], P1_HEAD[5]]
    with pytest.raises(BrokenFile, match="'Homicide' twice"):
        take(OFFENCES, xlsx(tmp_path / "a.xlsx", p1(head=head)))


def test_a_table_without_rows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BrokenFile, match="No rows"):
        take(OFFENCES, xlsx(tmp_path / "a.xlsx", p1([])))


def test_one_workbook_holds_deliveries_of_two_sources(tmp_path: Path) -> None:
    """And other tables with the same header, which are neither: a sheet is known by its title."""
    change = [["Table P2: percentage change, year ending June 2019"], *P1_HEAD[1:], *P1_ROWS]
    sheets = {**p1(), "Table P2": change, "Table P3": [*P3_HEAD, *P3_ROWS], "Table P4 ": [["Table P4: firearms"]]}
    path = xlsx(tmp_path / "policeforceareatablesyearendingjune2019.xlsx", sheets)
    assert take(OFFENCES, path).parts == ["Table P1"]
    assert take(RATES, path).parts == ["Table P3"]
    assert PARTNERSHIPS.parts(delivered(path)) == []


def test_table_p3_gives_rates_with_the_population_and_its_year(tmp_path: Path) -> None:
    taken = take(RATES, xlsx(tmp_path / "a.xlsx", {"Table P3": [*P3_HEAD, *P3_ROWS, *P1_NOTES]}))
    assert (taken.rows_read, len(taken.rows)) == (2, 6)
    names = ["area_code", "area_name", "population", "population_year", "households", "household_year",
             "offence_group", "rate_per_1000", "period_end"]  # fmt: skip
    assert cells(taken.rows[1:3], *names) == [
        ("E12000007", "London", "8908100", "2018", "3480700", "2017", "Stalking and harassment", "5.832457069",
         "2019-06-30"),
        ("E12000007", "London", "8908100", "2018", "3480700", "2017", "Residential burglary (households)", "10.5",
         "2019-06-30"),
    ]  # fmt: skip


def test_an_edition_of_2026_has_the_residents_of_2024(tmp_path: Path) -> None:
    """The order of its first columns is second-hand: a public project that reads it (SGilr/justice-pipeline)."""
    head: list[Row] = [
        ["Table P3: Police recorded crime, rate of offences, year ending March 2026 [note 1]"], ["England and Wales"],
        ["Area Code", "Area Name", "Population figures (mid-2024) - rounded to 100 [note 3]",
         "Household figures (mid-2023) - rounded to 100", "Total recorded crime (excluding fraud) [note 5]"],
    ]  # fmt: skip
    rows: list[Row] = [["E23000001", "Metropolitan Police", 9074600, 3700000, 101.0]]
    taken = take(RATES, xlsx(tmp_path / "pfatablesyemarch2026.xlsx", {"Table P3": [*head, *rows]}))
    names = ["area_code", "population", "population_year", "household_year", "rate_per_1000", "period_end"]
    assert cells(taken.rows, *names) == [("E23000001", "9074600", "2024", "2023", "101", "2026-03-31")]
