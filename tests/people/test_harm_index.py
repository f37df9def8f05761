"""A force's own copy of the Cambridge index: known by its header, held against what is known of it. Days are invented,
but for those that every copy must have."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from published_workbooks import Cell, delivered, ods, take, text, xlsx

from assets.raw import extract_tables, sources
from assets.raw.beside_extract.cambridge_harm_index import SOURCE
from assets.readers.source import BrokenFile

TABLES = extract_tables()
SAMPLE = Path(__file__).resolve().parents[2] / "sample" / "open_data"
HEADER = ("HO code", "Offence", "CCHI score")
KNOWN: tuple[tuple[Cell, ...], ...] = (
    ("1/1", "Murder", 5475), ("34/1", "Robbery", 365), ("46", "Shoplifting", 1), ("8/65", "Stalking", 77),
)  # fmt: skip


def csv(folder: Path, rows: Sequence[Sequence[Cell]], header: Sequence[str] = HEADER, name: str = "copy.csv") -> Path:
    lines = [",".join(f'"{cell}"' if "," in str(cell) else str(cell) for cell in row) for row in (header, *rows)]
    return text(folder / name, "\n".join(lines) + "\n")


def refusal(path: Path) -> str:
    with pytest.raises(BrokenFile) as refused:
        take(SOURCE, path)
    return str(refused.value)


@pytest.mark.parametrize("header", [
    ("HO code", "offence", "CHI"),
    ("Home Office code", "description", "CCHI"),
    ("HO classification", "Offence Description", "CCHI score"),
    ("Home Office\nclassification", "Offence title", "harm score"),
    ("HO Code", "Offence", "days"),
    ("ho_code", "offence", "Days of imprisonment"),
    ("HO Classification 2026", "Offence", "CCHI 2026"),
    ("Home Office Offence Code", "Offence name", "Cambridge Crime Harm Index (days)"),
    ("HO code", "Offence", "CHI Value Feb 2026".replace("Feb ", "")),
])  # fmt: skip
def test_a_copy_is_known_by_its_header_in_csv_xlsx_and_ods(tmp_path: Path, header: tuple[str, ...]) -> None:
    plain = [" ".join(label.split()) for label in header]
    found = [
        take(SOURCE, csv(tmp_path, KNOWN, plain)),
        take(SOURCE, xlsx(tmp_path / "copy.xlsx", {"Notes": [["Read me"]], "Values": [["A title"], header, *KNOWN]})),
        take(SOURCE, ods(tmp_path / "copy.ods", {"Values": [header, *KNOWN]})),
    ]
    for taken in found:
        assert taken.column("ho_code") == ["1/1", "34/1", "46", "8/65"]
        assert taken.column("sentencing_days") == ["5475", "365", "1", "77"]
        assert taken.column("offence_description")[0] == "Murder"
        assert set(taken.column("is_expired")) == {"false"}


@pytest.mark.parametrize("header", [
    ("HO code", "Offence", "Weight"), ("Offence", "Description", "CCHI"), ("HO code", "Offence", "Birthdays"),
    ("HO code", "Offence", "Days to outcome"),
])  # fmt: skip
def test_without_a_code_or_days_a_file_is_none(tmp_path: Path, header: tuple[str, ...]) -> None:
    assert SOURCE.parts(delivered(csv(tmp_path, KNOWN, header))) == []
    assert SOURCE.parts(delivered(xlsx(tmp_path / "copy.xlsx", {"Values": [header, *KNOWN]}))) == []


def test_it_claims_no_file_of_another_source_and_no_other_claims_it(tmp_path: Path) -> None:
    files = [p for p in sorted(SAMPLE.rglob("*")) if p.suffix in (".csv", ".xlsx", ".ods") and p.stat().st_size < 4e6]
    assert len(files) > 10
    for path in files:
        assert SOURCE.parts(delivered(path)) == [], path
        assert not SOURCE.looks_like(path.name)
    for table, fields in TABLES.items():
        assert SOURCE.parts(delivered(csv(tmp_path, [], list(fields), f"{table}.csv"))) == [], table
    for path in (csv(tmp_path, KNOWN), xlsx(tmp_path / "copy.xlsx", {"Values": [HEADER, *KNOWN]})):
        claimed = [source.table for source in sources().values() if source.parts(delivered(path))]
        assert claimed == ["cambridge_harm_index"]


def test_rows_marked_expired_stay_and_count_for_nothing(tmp_path: Path) -> None:
    rows = [
        *KNOWN, ("8/71", "EXPIRED Photographs", 999), ("8/30 (expired)", "Fear", 500), ("EXPIRED", "Old", ""),
        ("8/66", "Not expired", 20), ("195/94", "Unexpired", 20),
    ]  # fmt: skip
    taken = take(SOURCE, csv(tmp_path, rows))
    assert taken.column("is_expired")[4:] == ["true", "true", "true", "false", "false"]
    assert taken.column("ho_code")[4:] == ["8/71", "8/30", None, "8/66", "195/94"]
    assert taken.quarantined == []


@pytest.mark.parametrize(("label", "value", "is_expired"), [
    ("Status", "EXPIRED", "true"), ("Status", "Live", "false"), ("Expired", "Yes", "true"), ("Expired", "", "false"),
    ("Is expired", "No", "false"), ("Expired", "2024-01-30", "true"), ("Expired", "not yet", "false"),
])  # fmt: skip
def test_a_column_may_say_that_a_row_is_expired(tmp_path: Path, label: str, value: str, is_expired: str) -> None:
    rows = [(*row, "") for row in KNOWN] + [("8/66", "Stalking", 30, value)]
    assert take(SOURCE, csv(tmp_path, rows, (*HEADER, label))).column("is_expired")[-1] == is_expired


@pytest.mark.parametrize(("code", "days", "column"), [
    ("", 5, "offence_code"), ("Athena only", 5, "offence_code"), ("19512", 5, "offence_code"),
    ("2026-03-01", 5, "offence_code"), ("8/66", "", "sentencing_days"), ("8/66", "-5", "sentencing_days"),
    ("8/66", "n/a", "sentencing_days"), ("8/66", "5 to 10", "sentencing_days"), ("8/66", "1,5", "sentencing_days"),
])  # fmt: skip
def test_a_row_that_cannot_be_used_is_set_aside(tmp_path: Path, code: str, days: Cell, column: str) -> None:
    taken = take(SOURCE, csv(tmp_path, [*KNOWN, (code, "Something", days)]))
    assert [(row.line_number, row.column_name) for row in taken.quarantined] == [(6, column)]
    assert (taken.rows_read, taken.rows_loaded) == (5, 4)


@pytest.mark.parametrize(("given", "code"), [
    ("008/66", "8/66"), ("8/66 ", "8/66"), ("1965-08-01 00:00:00", "8/65"), ("23955", "8/65"), ("8q", "8Q"),
    ("08L", "8L"), ("104", "104"),
])  # fmt: skip
def test_codes_come_in_one_form(tmp_path: Path, given: str, code: str) -> None:
    assert take(SOURCE, csv(tmp_path, [*KNOWN, (given, "Something", 5)])).column("ho_code")[-1] == code


class TestWhatIsKnownOfTheIndex:
    @pytest.mark.parametrize(("code", "days", "expected"), [
        ("8/66", 253, "2 to 252 days for stalking and harassment"), ("195/94", 1, "2 to 252 days"),
        ("8/67", 1.5, "2 to 252 days"), ("8/72", 5475, "2 to 252 days"), ("8Q", 300, "2 to 252 days"),
        ("1/2", 730, "5,475 days for murder"), ("34/1", 364, "365 days for robbery"), ("46", 2, "1 days"),
    ])  # fmt: skip
    def test_a_copy_that_differs_is_refused_whole(
        self, tmp_path: Path, code: str, days: Cell, expected: str
    ) -> None:
        rows = [*KNOWN, (code, "Changed", days)]
        message = refusal(csv(tmp_path, rows))
        assert message.startswith(f"line 6, column 'CCHI score': expected {expected}")
        assert f"saw {days} for the code {code}. This is no copy" in message and "take a fresh one" in message
        sheet = refusal(xlsx(tmp_path / "copy.xlsx", {"V": [["Title"], HEADER, *rows]}))
        assert sheet.startswith(f"sheet 'V', row 7, column 'CCHI score': expected {expected}")
        assert not (tmp_path / "rows.parquet").exists()

    @pytest.mark.parametrize("code", ["2", "3/1", "4/1", "8/6", "49", "125/68", "105/1"])
    def test_other_offences_are_not_bound(self, tmp_path: Path, code: str) -> None:
        assert take(SOURCE, csv(tmp_path, [*KNOWN, (code, "Other", 1460)])).rows_loaded == 5

    @pytest.mark.parametrize("days", [2, 252, "252.0"])
    def test_the_limits_are_within(self, tmp_path: Path, days: Cell) -> None:
        assert take(SOURCE, csv(tmp_path, [*KNOWN, ("8/66", "Stalking", days)])).rows_loaded == 5

    def test_thousands_may_be_parted(self, tmp_path: Path) -> None:
        assert take(SOURCE, csv(tmp_path, [("1/1", "Murder", "5,475"), *KNOWN[1:]])).rows_loaded == 4

    @pytest.mark.parametrize("missing", range(4))
    def test_what_cannot_be_held_against_it_is_refused(self, tmp_path: Path, missing: int) -> None:
        rows = [row for n, row in enumerate(KNOWN) if n != missing]
        message = refusal(csv(tmp_path, [*rows, ("8/6x", "Damaged", 1)]))
        assert "expected a row of" in message
        assert "no such row among 3 that count, 1 set aside (line 5 first)" in message

    def test_several_wrong_rows_are_counted(self, tmp_path: Path) -> None:
        message = refusal(csv(tmp_path, [*KNOWN, ("8/66", "A", 1), ("8/67", "B", 1), ("8/30", "C", 1)]))
        assert "saw 1 for the code 8/66, and 2 more such rows" in message


class TestWhichIsMeant:
    def test_of_columns_with_a_year_the_latest_counts_and_the_other_is_told(self, tmp_path: Path) -> None:
        rows = [(code, name, 9999, days) for code, name, days in KNOWN]
        taken = take(SOURCE, csv(tmp_path, rows, ("HO code", "Offence", "CCHI 2023", "CCHI 2026")))
        assert taken.column("sentencing_days") == ["5475", "365", "1", "77"]
        assert taken.notices[0].startswith("line 1, column 3: 'CCHI 2023' is not known")

    @pytest.mark.parametrize("labels", [("CCHI", "CCHI 2026"), ("CHI score", "CCHI score")])
    def test_columns_that_cannot_be_told_apart_are_refused(self, tmp_path: Path, labels: tuple[str, str]) -> None:
        rows = [(code, name, days, days) for code, name, days in KNOWN]
        message = refusal(csv(tmp_path, rows, ("HO code", "Offence", *labels)))
        assert f"saw the columns '{labels[0]}', '{labels[1]}'" in message and "Take out" in message

    def test_two_sheets_of_an_index_are_refused(self, tmp_path: Path) -> None:
        message = refusal(xlsx(tmp_path / "copy.xlsx", {"A": [HEADER, *KNOWN], "B": [HEADER, *KNOWN]}))
        assert "saw the sheets 'A', 'B'" in message and "alone" in message


@pytest.mark.parametrize("name", [
    "CCHI_2026.csv", "force/Cambridge Crime Harm Index.xlsx", "a.zip!crime-harm-index.ods", "cchi.xls",
])  # fmt: skip
def test_a_file_of_such_a_name_is_refused_with_the_reason(tmp_path: Path, name: str) -> None:
    assert SOURCE.looks_like(name)
    assert [source.table for source in sources().values() if source.looks_like(name)] == ["cambridge_harm_index"]
    problem = SOURCE.why_not(delivered(csv(tmp_path, KNOWN, ("Class", "Offence", "Value"))))
    assert "'Class', 'Offence', 'Value'" in str(problem) and "CCHI score" in str(problem)
    book = SOURCE.why_not(delivered(xlsx(tmp_path / "cchi.xlsx", {"Notes": [["nothing"]]})))
    assert "the sheets 'Notes', none with such a header" in str(book)
