"""Tables of the extract in every form that forces export: the same rows, whatever the form."""

import json
from pathlib import Path

import duckdb
import polars as pl
import pytest
from published_workbooks import delivered, ods, xlsx

from assets.raw import sources
from assets.readers.source import BrokenFile, Reading

FIELDS = ["crime_id", "ho_code", "class_code", "recorded_ts", "mo_text"]
ROWS = [
    ["C1", "8/65", "8Q", "19/01/2026 17:08", "café, \"the Crown\"; £20"],
    ["C2", "8/65", "8Q", "20/01/2026 08:00", None],
]  # fmt: skip
READ = [(2, "C1", "2026-01-19T17:08:00.000000Z", ROWS[0][4]), (3, "C2", "2026-01-20T08:00:00.000000Z", None)]


def separated(path: Path, sign: str, encoding: str = "utf-8") -> Path:
    def quoted(value: str | None) -> str:
        return "" if value is None else '"' + value.replace('"', '""') + '"'

    lines = [sign.join(map(quoted, row)) for row in [FIELDS, *ROWS]]
    path.write_bytes("\r\n".join([*lines, ""]).encode(encoding))
    return path


def objects(path: Path, by_line: bool) -> Path:
    rows = [dict(zip(FIELDS, row, strict=True)) for row in ROWS]
    path.write_text("\n".join(map(json.dumps, rows)) if by_line else json.dumps(rows, indent=1), encoding="utf-8")
    return path


def parquet(path: Path) -> Path:
    pl.DataFrame(ROWS, schema=FIELDS, orient="row").write_parquet(path)
    return path


FORMS = {
    "comma": lambda folder: separated(folder / "crime.csv", ","),
    "semicolon": lambda folder: separated(folder / "crime.csv", ";"),
    "tab": lambda folder: separated(folder / "crime.tsv", "\t"),
    "bar": lambda folder: separated(folder / "crime.txt", "|"),
    "Windows": lambda folder: separated(folder / "crime.csv", ",", "cp1252"),
    "UTF-16": lambda folder: separated(folder / "crime.csv", "\t", "utf-16"),
    "xlsx": lambda folder: xlsx(folder / "crime.xlsx", {"Sheet1": [FIELDS, *ROWS], "Sheet2": [[]]}),
    "ods": lambda folder: ods(folder / "crime.ods", {"Sheet1": [FIELDS, *ROWS]}),
    "a sheet of many": lambda folder: xlsx(folder / "all.xlsx", {"Notes": [["By A"]], "crime": [FIELDS, *ROWS]}),
    "JSON": lambda folder: objects(folder / "crime.json", by_line=False),
    "JSON lines": lambda folder: objects(folder / "crime.jsonl", by_line=True),
    "parquet": lambda folder: parquet(folder / "crime.parquet"),
}


def read(path: Path, out: Path) -> tuple[Reading, list[tuple[object, ...]]]:
    source = sources()["crime"]
    [part] = source.parts(delivered(path))
    reading = source.read(part, "d1", out)
    return reading, duckdb.sql(f"select line_number, crime_id, recorded_ts, mo_text from '{out}' order by 1").fetchall()


@pytest.mark.parametrize("form", FORMS)
def test_the_same_rows_come_of_every_form(tmp_path: Path, form: str) -> None:
    reading, rows = read(FORMS[form](tmp_path), tmp_path / "out.parquet")
    assert (reading.rows_read, reading.rows_loaded) == (2, 2)
    assert [row[1:] for row in rows] == [row[1:] for row in READ]
    if form not in ("parquet", "JSON", "JSON lines"):
        assert [row[0] for row in rows] == [row[0] for row in READ], "the line or row that the file itself shows"


def test_what_was_done_to_a_file_is_noted(tmp_path: Path) -> None:
    reading, _ = read(FORMS["semicolon"](tmp_path), tmp_path / "out.parquet")
    assert "line 1: columns are separated by ';'" in reading.notices
    reading, _ = read(FORMS["Windows"](tmp_path), tmp_path / "out.parquet")
    assert "the file is not UTF-8; it was read as Windows-1252" in reading.notices


def test_two_encodings_in_one_file_are_each_read_as_what_it_is(tmp_path: Path) -> None:
    head = b"crime_id,class_code,recorded_ts,mo_text\n"
    rows = [f"c{n},8Q,2026-01-19T17:08Z,Caf\u00e9\n".encode(name) for n, name in enumerate(("cp1252", "utf-8"))]
    (tmp_path / "crime.csv").write_bytes(head + b"".join(rows))
    reading, found = read(tmp_path / "crime.csv", tmp_path / "out.parquet")
    assert [row[3] for row in found] == ["Caf\u00e9", "Caf\u00e9"]
    said = "two encodings in one file, each read as what it is: UTF-8 on 1 line(s), 3; Windows-1252 on 1 line(s), 2"
    assert said in reading.notices


def test_numbers_with_a_separator_of_thousands_are_numbers(tmp_path: Path) -> None:
    path = tmp_path / "population.csv"
    path.write_text('area_code,area_type,year,sex,age_band,persons\nE1,force,2024,all,all,"1,234,567"\n')
    source, out = sources()["population"], tmp_path / "out.parquet"
    [part] = source.parts(delivered(path))
    assert source.read(part, "d1", out).rows_loaded == 1
    assert duckdb.sql(f"select persons from '{out}'").fetchall() == [("1234567",)]


@pytest.mark.parametrize(("name", "content", "seen"), [
    ("crime.json", b'[{"crime_id": "C1",', "line 1: expected a list of objects, or one object a line; saw JSON that"),
    ("crime.json", b'[{"crime_id": "C1"},\n{"crime_id": },\n{"crime_id": "C3"}]', "line 2: expected a list of objects"),
    ("crime.json", b'{"crime": [{"crime_id": "C1"},\n{"crime_id": "C2}\n,\n{"crime_id": "C3"}]}', "line 2: expected a"),
    ("crime.json", b'[{"crime_id": "C1"},\n{"crime_id": "C2", "a": [1}]', "line 2: expected a list of objects"),
    ("crime.json", b"[" * 9_000, "line 1: expected a list of objects"),
    ("crime.json", b"{}", "the columns of crime"),
    ("crime.xlsx", b"PK\x03\x04 cut", "workbook"),
])  # fmt: skip
def test_a_damaged_file_is_refused_with_its_reason(tmp_path: Path, name: str, content: bytes, seen: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    source = sources()["crime"]
    assert source.parts(delivered(path)) == []
    problem = source.why_not(delivered(path))
    assert isinstance(problem, BrokenFile) and seen in str(problem)


def test_a_parquet_file_of_few_bytes_and_millions_of_rows_is_refused_by_its_footer(tmp_path: Path) -> None:
    """1.1 MB that name 20 million rows took 46 s and 5.2 GB."""
    path = tmp_path / "crime.parquet"
    duckdb.sql(
        "copy (select 'C1' as crime_id, '8Q' as class_code, '2026-01-19' as recorded_ts from range(2_000_000))"
        f" to '{path}' (format parquet, compression zstd)"
    )
    assert path.stat().st_size < 1_000_000
    source = sources()["crime"]
    [part] = source.parts(delivered(path))
    with pytest.raises(BrokenFile, match=r"footer: expected at least a byte a row.*; saw 2,000,000 rows in"):
        source.read(part, "d1", tmp_path / "out.parquet")
