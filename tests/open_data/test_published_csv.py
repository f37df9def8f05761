"""Tables made for reading on paper, saved as CSV: ONS Table C2, and the Metropolitan Police's wide table by ward.

Every quirk that the real files have is made here in small, to the same layout. `test_published_figures` reads the
real files.
"""

from collections.abc import Sequence
from pathlib import Path

import pytest
from published_workbooks import Cell, cells, delivered, take, text, xlsx

from assets.raw.open_data.mps_ward_offences import SOURCE as WARDS
from assets.raw.open_data.ons_csp_offences import SOURCE as PARTNERSHIPS
from assets.raw.open_data.ons_pfa_offences import SOURCE as OFFENCES
from assets.readers.files import why_not
from assets.readers.source import BrokenFile

C2_HEAD = (
    '"Table C2: Number of police recorded crimes by Community Safety Partnership area, year ending June 2025 [note 1]'
    '[note 2]",,,,,,,\r\n'
    "Police recorded crime statistics are published as official statistics,,,,,,,\r\n"
    "This worksheet contains one table.,,,,,,,\r\nSome shorthand is used in this table.  [x] ...,,,,,,,\r\n"
    "Link to Notes page,,,,,,,\r\nLink to Table of contents,,,,,,,\r\nSource: the Home Office,,,,,,,\r\n"
    '"Police Force\nArea code","Police Force\nArea name","Community Safety\nPartnership code",'
    '"Community Safety\nPartnership name",Local Authority code,Local Authority name,'
    '"Total recorded crime\n (excluding fraud)",Stalking and harassment\r\n'
)  # the header begins on line 8 and ends on line 13
C2_ROWS = (
    'E23000012,Humberside [note 4],,,,,"92,817 ","14,462 "\r\n'
    'E23000036,Avon and Somerset,E22000002,"Bristol, City of",E06000023,"Bristol, City of ","64,114 ",818 \r\n'
    "E23000032,Surrey,,unassigned Surrey,,,,\r\n"
    "W15000003,Gwent,,Unassigned Gwent,,,1 ,0 \r\n"
    'E23000017,Warwickshire,E22000359,South Warwickshire,Combined Local Authorities,,"16,786 ",9 \r\n'
    "E23000025,Suffolk,,Unassigned Suffolk,,Unassigned Suffolk,677 ,130 \r\n"
    "E23000038,Wiltshire ,E22000350,Swindon,E06000030,Swindon,1 ,2 \r\n"
)


def c2(tmp_path: Path, rows: str = C2_ROWS) -> Path:
    return text(tmp_path / "policeforceareatablesyejune25final.csv", C2_HEAD + rows)


def test_table_c2_is_found_below_its_title_lines_and_lines_are_those_of_the_file(tmp_path: Path) -> None:
    """Seven title lines, then a header with line breaks inside its labels."""
    taken = take(PARTNERSHIPS, c2(tmp_path))
    assert (taken.rows_read, taken.rows_loaded, len(taken.rows)) == (7, 7, 14)
    assert sorted(set(taken.column("line_number"))) == list(range(14, 21))  # type: ignore[type-var]
    assert set(taken.column("offence_group")) == {"Total recorded crime (excluding fraud)", "Stalking and harassment"}
    assert set(taken.column("period_end")) == {"2025-06-30"}
    assert "Total recorded crime\n (excluding fraud)" in taken.column("offence_group_published")


def test_table_c2_reads_alike_from_a_workbook(tmp_path: Path) -> None:
    rows: list[Sequence[Cell]] = [
        ["Table C2: Number of police recorded crimes, year ending June 2025 [note 1]"], ["Contents"], [None],
        ["Police Force\nArea code", "Police Force\nArea name", "Community Safety\nPartnership code",
         "Community Safety\nPartnership name", "Local Authority code", "Local Authority name", "Homicide",
         "Stalking and harassment"],
        ["E23000001", "Metropolitan Police", None, None, None, None, 100, 56518],
    ]  # fmt: skip
    taken = take(PARTNERSHIPS, xlsx(tmp_path / "csp.xlsx", {"Cover": [["x"]], "Table C2": rows}))
    assert cells(taken.rows, "line_number", "force_code", "offence_group", "crime_count") == [
        (5, "E23000001", "Homicide", "100"), (5, "E23000001", "Stalking and harassment", "56518"),
    ]  # fmt: skip


@pytest.mark.parametrize(("line", "column"), [
    ("E23000017,Warwickshire,E22,South Warwickshire,,,1 ,2 \r\n", "csp_code"),
    (",Warwickshire,,,,,1 ,2 \r\n", "force_code"),
    ("E23000017,Warwickshire,,,,,one,2 \r\n", "crime_count"),
    ("E23000017,Warwickshire,,,,,1 \r\n", ""),
    ("E23000017,Warwick\0shire,,,,,1 ,2 \r\n", ""),
    ('E23000017,"Warwick"shire,,,,,1 ,2 \r\n', ""),
])  # fmt: skip
def test_a_line_of_table_c2_that_cannot_be_understood_is_set_aside(tmp_path: Path, line: str, column: str) -> None:
    taken = take(PARTNERSHIPS, c2(tmp_path, line + C2_ROWS))
    assert [(fault.line_number, fault.column_name) for fault in taken.quarantined] == [(14, column)]
    assert taken.rows_loaded == 7


def test_footnotes_below_table_c2_are_no_rows(tmp_path: Path) -> None:
    taken = take(PARTNERSHIPS, c2(tmp_path, C2_ROWS + ",,,,,,,\r\n1. Excludes fraud.,,,,,,,\r\n"))
    assert (taken.rows_read, taken.quarantined) == (7, [])


def test_a_cut_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BrokenFile, match="cut on the way"):
        take(PARTNERSHIPS, c2(tmp_path, C2_ROWS[:-8]))


def test_a_last_row_without_a_line_end_is_told(tmp_path: Path) -> None:
    taken = take(PARTNERSHIPS, c2(tmp_path, C2_ROWS.removesuffix("\r\n")))
    assert taken.rows_loaded == 7
    assert [notice.partition(":")[0] for notice in taken.notices] == ["line 20"]


def test_a_file_of_that_name_without_the_table_is_refused_with_the_reason(tmp_path: Path) -> None:
    other = text(tmp_path / "policeforceareatablesyejune25final.csv", "a,b\n1,2\n")
    html = text(tmp_path / "policeforceareatables.csv", "<html>")
    assert PARTNERSHIPS.looks_like(f"ons/{other.name}")
    assert "force_code" in str(why_not(delivered(other), PARTNERSHIPS))
    assert "HTML" in str(why_not(delivered(html), PARTNERSHIPS))
    book = xlsx(tmp_path / "policeforceareatablesyearendingjune2019.xlsx", {"Sheet1": [["x"]]})
    assert OFFENCES.looks_like(f"ons/{book.name}")
    assert not PARTNERSHIPS.looks_like(f"ons/{book.name}")
    assert "'Sheet1'" in str(why_not(delivered(book), OFFENCES))


WARD_HEAD = "MajorText,MinorText,WardName,WardCode,LookUp_BoroughName,202311,202312\n"
STALKING = "VIOLENCE AGAINST THE PERSON,STALKING AND HARASSMENT"


def wards(tmp_path: Path, rows: str, head: str = WARD_HEAD) -> Path:
    return text(tmp_path / "MPSCrime.csv", head + rows)


def test_months_that_are_columns_become_rows(tmp_path: Path) -> None:
    rows = f"{STALKING},Westbourne,E05013809,Westminster,13,12\nDRUGS,POSSESSION,Abbey,E05009317,Camden,0,1\n"
    taken = take(WARDS, wards(tmp_path, rows))
    assert (taken.rows_read, taken.rows_loaded) == (2, 2)
    assert cells(taken.rows, "line_number", "minor_category", "ward_code", "month", "crime_count") == [
        (2, "STALKING AND HARASSMENT", "E05013809", "202311", "13"),
        (2, "STALKING AND HARASSMENT", "E05013809", "202312", "12"),
        (3, "POSSESSION", "E05009317", "202311", "0"), (3, "POSSESSION", "E05009317", "202312", "1"),
    ]  # fmt: skip


def test_a_column_that_is_no_month_is_told(tmp_path: Path) -> None:
    head = WARD_HEAD.replace("202312", "202313")
    taken = take(WARDS, wards(tmp_path, f"{STALKING},Abbey,E05009317,Camden,1,2\n", head))
    assert set(taken.column("month")) == {"202311"}
    assert [notice.partition(" is ")[0] for notice in taken.notices] == ["line 1, column 7: '202313'"]


def test_a_ward_table_without_a_month_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BrokenFile, match="crime_count"):
        take(WARDS, wards(tmp_path, f"{STALKING},Abbey,E05009317,Camden\n", WARD_HEAD[:-15] + "\n"))


@pytest.mark.parametrize(("row", "column"), [
    (f"{STALKING},Abbey,E05009317,Camden,1,x\n", "crime_count"),
    (f"{STALKING},Abbey,,Camden,1,2\n", "ward_code"),
    (f"{STALKING},Abbey,E05009317,Camden,1\n", ""),
    (f"{STALKING},Abbey,E05009317,Camden,1,2,3\n", ""),
])  # fmt: skip
def test_a_ward_row_that_cannot_be_used_is_set_aside(tmp_path: Path, row: str, column: str) -> None:
    good = f"{STALKING},Westbourne,E05013809,Westminster,13,12\n"
    taken = take(WARDS, wards(tmp_path, good + row + good))
    assert [(fault.line_number, fault.column_name) for fault in taken.quarantined] == [(3, column)]
    assert taken.rows_loaded == 2


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_is_no_part_of_the_first_label(tmp_path: Path, encoding: str) -> None:
    rows = f"{STALKING},Abbey,E05009317,Camden,1,2\n"
    taken = take(WARDS, text(tmp_path / "MPSCrime.csv", WARD_HEAD + rows, encoding))
    assert taken.column("crime_count") == ["1", "2"]
    assert bool(taken.notices) == (encoding == "utf-16")
