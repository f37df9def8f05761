"""The Home Office's open data tables (recording-standards 2.2 and 4.3; real data, home-office).

Recorded crime is laid out as the real CSV is. No real outcomes file and no real workbook was at hand: their fixtures
were made to the published layout, and nothing here proves that a real one is read.
"""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from published_workbooks import Cell, delivered, ods, take, text, xlsx

from assets.raw.open_data.home_office_outcomes import SOURCE as OUTCOMES
from assets.raw.open_data.home_office_recorded_crime import SOURCE as CRIME
from assets.readers.files import why_not
from assets.readers.source import BrokenFile

HEADER = [
    "Financial Year", "Financial Quarter", "Force Name", "Offence Description", "Offence Group", "Offence Subgroup",
    "Offence Code", "Number of Offences",
]  # fmt: skip
OUTCOME_HEADER = [
    "Financial Year", "Financial Quarter", "Force Name", "Offence Code", "Offence Description", "Offence Group",
    "Offence Subgroup", "Offence code expired", "Outcome Type", "Outcome Description", "Outcome Group",
    "Outcomes for offences that were recorded in the quarter",
    "Outcomes for investigations closed in the quarter",
]  # fmt: skip
Row = Sequence[Cell]


def crime(
    count: Cell = 5, force: str = "Kent", code: Cell = "8Q", year: Cell = "2017/18", quarter: Cell = 1
) -> list[Cell]:
    return [year, quarter, force, "Stalking", "Violence against the person", "Stalking and harassment", code, count]


def outcome(kind: Cell, recorded: Cell = 5, closed: Cell = 4, expired: Cell = None) -> list[Cell]:
    return [
        "2025/26", 1, "Kent", "8Q", "Stalking", "Violence against the person", "Stalking and harassment", expired, kind,
        "Charged/Summonsed", "Charged/Summonsed", recorded, closed,
    ]  # fmt: skip


def csv(path: Path, rows: Sequence[Row], header: Row = HEADER) -> Path:
    quoted = [['"{}"'.format("" if cell is None else cell) for cell in row] for row in [header, *rows]]
    return text(path, "".join(",".join(row) + "\n" for row in quoted))


def delivery(tmp_path: Path, kind: str, rows: Sequence[Row], header: Row = HEADER) -> Path:
    """The same table in each of the three ways in which it is delivered."""
    path = tmp_path / f"prc-pfa-mar2013-onwards-tables.{kind}"
    if kind == "csv":
        return csv(path, rows, header)
    cover: list[Row] = [["Police recorded crime open data tables"], ["Released: 23 July 2026"]]
    notes: list[Row] = [["Note", "Text"], [1, "Figures are subject to revision"]]
    sheets = {"Cover_sheet": cover, "2017_18": [header, *rows], "Notes": notes}
    return {"xlsx": xlsx, "ods": ods}[kind](path, sheets)


KINDS = pytest.mark.parametrize("kind", ["csv", "xlsx", "ods"])


@KINDS
def test_the_table_is_the_same_from_csv_xlsx_and_ods(tmp_path: Path, kind: str) -> None:
    taken = take(CRIME, delivery(tmp_path, kind, [crime(12), crime("-00", code="37.2"), crime(-3, code=80)]))
    assert taken.parts == [None if kind == "csv" else "2017_18"]
    assert taken.rows_read == taken.rows_loaded == 3
    assert [tuple(row.values())[1:] for row in taken.rows] == [
        (n, "2017/18", "1", "Kent", "Stalking", "Violence against the person", "Stalking and harassment", code, count)
        for n, code, count in [(2, "8Q", "12"), (3, "37.2", "-00"), (4, "80", "-3")]
    ]
    assert taken.notices == []


@KINDS
def test_counts_are_text_with_blanks_round_them_and_are_kept_so(tmp_path: Path, kind: str) -> None:
    """-00 is the publisher's zero, a negative count a real correction; parsing is core's task."""
    counts = [" 66776 ", "-00", " -45 ", "1,234", None]
    taken = take(CRIME, delivery(tmp_path, kind, [crime(count) for count in counts]))
    assert taken.column("offence_count") == counts
    assert taken.quarantined == []


@KINDS
@pytest.mark.parametrize("spelling", [
    "NA", "N/A", "N/A - Offence code expired", "N/A - offence code expired", "N/A - data not provided",
    "N/A – data not provided",
])  # fmt: skip
def test_the_five_spellings_of_not_applicable_are_no_numbers_and_no_faults(
    tmp_path: Path, kind: str, spelling: str
) -> None:
    taken = take(CRIME, delivery(tmp_path, kind, [crime(spelling)]))
    assert taken.column("offence_count") == [spelling]
    assert taken.quarantined == []


@KINDS
@pytest.mark.parametrize("count", ["many", "5.5", "#DIV/0!", "N/A - who knows", "--1", "1,23"])
def test_a_count_that_is_neither_makes_its_row_unusable(tmp_path: Path, kind: str, count: str) -> None:
    taken = take(CRIME, delivery(tmp_path, kind, [crime(1), crime(count), crime(2)]))
    assert taken.column("line_number") == [2, 4]
    (fault,) = taken.quarantined
    assert (fault.line_number, fault.column_name, fault.value) == (3, "offence_count", count)
    assert "expected a whole number" in fault.reason


@KINDS
@pytest.mark.parametrize(("row", "column"), [
    (crime(year="2017"), "financial_year"),
    (crime(year=None), "financial_year"),
    (crime(quarter=5), "financial_quarter"),
    (crime(force=" "), "force_name"),
    (crime(code=None), "offence_code"),
])  # fmt: skip
def test_a_row_of_no_quarter_force_or_code_is_unusable(tmp_path: Path, kind: str, row: Row, column: str) -> None:
    taken = take(CRIME, delivery(tmp_path, kind, [crime(), row]))
    assert [(fault.line_number, fault.column_name) for fault in taken.quarantined] == [(3, column)]
    assert taken.rows_loaded == 1


@KINDS
def test_bodies_that_are_no_force_and_the_city_s_odd_name_are_kept(tmp_path: Path, kind: str) -> None:
    names = ["British Transport Police", "Action Fraud", "CIFAS", "UK Finance", "Financial Fraud Action UK",
             "London, City of"]  # fmt: skip
    taken = take(CRIME, delivery(tmp_path, kind, [crime(force=name) for name in names]))
    assert taken.column("force_name") == names


def test_a_workbook_has_a_sheet_for_every_financial_year_and_each_is_a_delivery(tmp_path: Path) -> None:
    years = ["2012_13", "2013_14", "2025_26"]
    sheets = {year: [HEADER, crime(n, year=year.replace("_", "/"))] for n, year in enumerate(years)}
    taken = take(CRIME, ods(tmp_path / "prc-pfa.ods", {"Cover": [["x"]], **sheets, "Notes": [["y"]]}))
    assert taken.parts == years
    assert taken.column("financial_year") == ["2012/13", "2013/14", "2025/26"]


@KINDS
@pytest.mark.parametrize(
    "label", ["Offence Count", "NUMBER OF  OFFENCES", "Number_of_offences", "Number of Offences [note 3]"]
)
def test_header_wording_varies_from_year_to_year(tmp_path: Path, kind: str, label: str) -> None:
    taken = take(CRIME, delivery(tmp_path, kind, [crime(7)], [*HEADER[:7], label]))
    assert taken.column("offence_count") == ["7"]


@KINDS
def test_a_column_that_is_not_known_stops_the_table(tmp_path: Path, kind: str) -> None:
    """It may split the counts: adding up rows that differ in it would count twice."""
    path = delivery(tmp_path, kind, [[*crime(7), "x"]], [*HEADER, "Weapon used"])
    with pytest.raises(BrokenFile, match="'Weapon used'") as refused:
        take(CRIME, path)
    assert refused.value.place == ("line 1" if kind == "csv" else "sheet '2017_18'")


@KINDS
def test_a_column_that_is_missing_stops_the_table_with_what_stands_there(tmp_path: Path, kind: str) -> None:
    path = delivery(tmp_path, kind, [crime(7)], [*HEADER[:7], "Anzahl"])
    with pytest.raises(BrokenFile, match=r"Anzahl.*number of offences|number of offences.*Anzahl"):
        take(CRIME, path)


@KINDS
def test_a_column_that_stands_twice_stops_the_table(tmp_path: Path, kind: str) -> None:
    path = delivery(tmp_path, kind, [[*crime(7), 8]], [*HEADER, "Number of Offences"])
    with pytest.raises(BrokenFile, match="every column name once"):
        take(CRIME, path)


@KINDS
def test_a_table_without_rows_is_refused_and_not_taken_for_no_crime(tmp_path: Path, kind: str) -> None:
    with pytest.raises(BrokenFile, match="No rows"):
        take(CRIME, delivery(tmp_path, kind, []))


def test_the_table_by_partnership_looks_alike_and_is_another_one(tmp_path: Path) -> None:
    header = ["Financial Year", "Financial Quarter", "Police Force", "CSP Name", *HEADER[3:7], "Offence Count"]
    rows = [["2020/21", 1, "Kent", "Ashford", *crime()[3:]]]
    for path in (csv(tmp_path / "csp.csv", rows, header), xlsx(tmp_path / "csp.xlsx", {"2020_21": [header, *rows]})):
        assert CRIME.parts(delivered(path)) == []
        assert OUTCOMES.parts(delivered(path)) == []


def test_a_file_of_that_name_and_another_content_is_refused_with_the_reason(tmp_path: Path) -> None:
    html = text(tmp_path / "prc-pfa-mar2013-onwards-tables-230726.csv", "<!DOCTYPE html><html></html>")
    other = csv(tmp_path / "prc-pfa.csv", [["a", "b"]], ["One", "Two"])
    sheet = xlsx(tmp_path / "prc-pfa.xlsx", {"2017_18": [["One", "Two"], ["a", "b"]]})
    old = tmp_path / "prc-pfa.ods"
    old.write_bytes(b"PK\x03\x04 cut")
    for path, seen in [(html, "HTML"), (other, "'One', 'Two'"), (sheet, "'One', 'Two'"), (old, "no workbook")]:
        assert CRIME.looks_like(f"home-office/{path.name}")
        assert seen in str(why_not(delivered(path), CRIME)), path


def test_a_release_replaces_the_quarters_that_it_holds() -> None:
    assert CRIME.period == "trim(financial_year) || ' Q' || trim(financial_quarter)" == OUTCOMES.period


@pytest.mark.parametrize(("source", "name", "others"), [
    (CRIME, "prc-pfa-mar2013-onwards-tables-230726.ods", ["prc-outcomes-open-data-mar2026-tables-230726.xlsx",
                                                          "prc-csp-mar2021-onwards-tables-230726.ods"]),
    (OUTCOMES, "prc-outcomes-open-data-mar2026-tables-230726.xlsx", ["prc-pfa-mar2013-onwards-tables-230726.ods"]),
])  # fmt: skip
def test_the_publisher_s_page_is_searched_for_the_right_files(source: object, name: str, others: list[str]) -> None:
    download = source.download  # type: ignore[attr-defined]
    assert download.path.endswith("/police-recorded-crime-and-outcomes-open-data-tables")
    media = "https://assets.publishing.service.gov.uk/media/66a0/"
    assert re.search(download.link_pattern, media + name)
    assert not any(re.search(download.link_pattern, media + other) for other in others)


@pytest.mark.parametrize("kind", ["csv", "xlsx", "ods"])
def test_outcomes_laid_out_as_published(tmp_path: Path, kind: str) -> None:
    """Made to the published layout: no real outcomes file was at hand."""
    rows = [outcome(0, 7, "N/A"), outcome(1, 3, 4), outcome("1A", 1, 1), outcome(22, -1, 0), outcome(5, 0, 0, "x")]
    path = tmp_path / f"prc-outcomes-open-data-mar2026-tables-230726.{kind}"
    if kind == "csv":
        csv(path, rows, OUTCOME_HEADER)
    else:
        {"xlsx": xlsx, "ods": ods}[kind](path, {"Cover": [["x"]], "Outcomes": [OUTCOME_HEADER, *rows]})
    taken = take(OUTCOMES, path)
    assert taken.parts == [None if kind == "csv" else "Outcomes"]
    assert taken.column("outcome_type") == ["0", "1", "1A", "22", "5"]
    assert taken.column("outcome_count_of_recorded") == ["7", "3", "1", "-1", "0"]
    assert taken.column("outcome_count_of_closed") == ["N/A", "4", "1", "0", "0"]
    assert taken.column("offence_code_expired") == [None, None, None, None, "x"]
    assert CRIME.parts(delivered(path)) == []


def test_the_counts_of_outcomes_have_longer_headings_too(tmp_path: Path) -> None:
    labels = ["Number of Outcomes for offences that were recorded in the quarter",
              "Number of Outcomes for investigations that were closed in the quarter"]  # fmt: skip
    path = tmp_path / "prc-outcomes-open-data.csv"
    csv(path, [outcome(1, 3, 4)], [*OUTCOME_HEADER[:-2], *labels])
    taken = take(OUTCOMES, path)
    counts = [taken.column(f"outcome_count_of_{of}") for of in ("recorded", "closed")]
    assert counts == [["3"], ["4"]]


@pytest.mark.parametrize("kind", ["csv", "xlsx", "ods"])
def test_outcome_type_0_survives_as_a_number_and_as_text(tmp_path: Path, kind: str) -> None:
    """An integer 0 that is taken for empty would lose every crime that is not yet assigned an outcome."""
    rows = [outcome(0), outcome("0"), outcome(0.0)]
    path = tmp_path / f"prc-outcomes.{kind}"
    if kind == "csv":
        csv(path, rows[:2], OUTCOME_HEADER)
    else:
        {"xlsx": xlsx, "ods": ods}[kind](path, {"2025_26": [OUTCOME_HEADER, *rows]})
    taken = take(OUTCOMES, path)
    assert set(taken.column("outcome_type")) == {"0"}
    assert taken.rows_loaded == taken.rows_read == (2 if kind == "csv" else 3)


def test_an_outcome_type_that_is_none_makes_its_row_unusable(tmp_path: Path) -> None:
    rows = [outcome(1), outcome(None), outcome("Charged")]
    taken = take(OUTCOMES, xlsx(tmp_path / "prc-outcomes.xlsx", {"S": [OUTCOME_HEADER, *rows]}))
    assert [(f.line_number, f.column_name, f.value) for f in taken.quarantined] == [
        (3, "outcome_type", ""), (4, "outcome_type", "Charged"),
    ]  # fmt: skip


def test_the_column_of_expired_codes_may_be_missing(tmp_path: Path) -> None:
    header = [label for label in OUTCOME_HEADER if label != "Offence code expired"]
    row = outcome(1)
    del row[7]
    taken = take(OUTCOMES, csv(tmp_path / "prc-outcomes.csv", [row], header))
    assert taken.column("offence_code_expired") == [None]
    assert taken.column("outcome_type") == ["1"]


def test_the_subcode_files_look_alike_and_are_other_tables(tmp_path: Path) -> None:
    header = [*OUTCOME_HEADER[:11], "Subcode Description", "Offence Subcode",
              "Force outcomes for offences recorded in quarter", "Force outcomes recorded in quarter"]  # fmt: skip
    row = [*outcome(1)[:11], "Stalking", "195/12", 1, 1]
    path = csv(tmp_path / "prc-subcodes-vawg-offences-mar2021-mar2026.csv", [row], header)
    assert OUTCOMES.parts(delivered(path)) == [] and OUTCOMES.looks_like(f"home-office/{path.name}")
    said = str(why_not(delivered(path), OUTCOMES))
    assert "of another table Subcode Description, Offence Subcode" in said
    assert "by subcode or by partnership. Take it out of the data folder and deliver the main table." in said


@KINDS
def test_a_file_of_alternate_offences_alone_is_refused_and_one_that_holds_them_too_is_read(
    tmp_path: Path, kind: str
) -> None:
    """It has the columns of the table. The latest delivery wins by quarter: it would replace every other outcome."""
    path = tmp_path / f"prc-outcomes-alternate-open-data-mar2017-to-mar2026-tables.{kind}"

    def made(*kinds: str) -> Path:
        rows = [outcome(kind) for kind in kinds]
        if kind == "csv":
            return csv(path, rows, OUTCOME_HEADER)
        return {"xlsx": xlsx, "ods": ods}[kind](path, {"2025_26": [OUTCOME_HEADER, *rows]})

    with pytest.raises(BrokenFile, match="2 rows, all of the outcome types 1A, 2A") as refused:
        take(OUTCOMES, made("1A", " 2a"))
    assert "outcomes of every type" in str(refused.value)
    assert "deliver the main table" in str(refused.value)
    assert take(OUTCOMES, made("1", "1A")).rows_loaded == 2
