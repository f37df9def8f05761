"""Attacks on the other forms and on words: bombs of parquet and JSON, hours, years, paths, SQL, signs of Unicode."""

import ast
import io
import zipfile
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from delivered import deliver, refused, says, street_row, table, zipped
from published_workbooks import delivered, take
from sound_files import as_json, as_xlsx

from assets.raw import sources
from assets.readers.extract.identities import read_identities
from assets.readers.source import BrokenFile, ExtractMapping

ROOT = Path(__file__).resolve().parents[2]
HEADER = "crime_id,class_code,recorded_ts,mo_text\n"


def crimes(folder: Path, *rows: str, name: str = "crime.csv") -> Path:
    path = folder / name
    path.write_text(HEADER + "".join(row + "\n" for row in rows), encoding="utf-8")
    return path


def test_a_parquet_file_of_many_groups_or_of_one_great_value_is_refused_by_its_footer(tmp_path: Path) -> None:
    rows = pa.table({"crime_id": ["C1"], "class_code": ["8Q"], "recorded_ts": ["2026-01-19"]})
    many = tmp_path / "crime.parquet"
    with pq.ParquetWriter(many, rows.schema) as writer:
        for _ in range(10_001):
            writer.write_table(rows)
    great = tmp_path / "outcome.parquet"
    pq.write_table(pa.table({"outcome_id": ["x" * 300_000_000]}), great, compression="zstd", write_statistics=False)
    for path, seen in ((many, "10,001 groups of rows"), (great, "bytes that unpack to 300")):
        with pytest.raises(BrokenFile, match=f"footer: expected .*; saw .*{seen}"):
            take(sources()[path.stem], path)
    assert great.stat().st_size < 1_000_000


def test_a_file_of_names_is_measured_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "person_identity.parquet"
    duckdb.sql(
        "copy (select 'P1' as person_key, 'Invented' as forename, 'Name' as surname from range(2_000_000))"
        f" to '{path}' (format parquet, compression zstd)"
    )
    with pytest.raises(BrokenFile, match="2,000,000 rows"):
        read_identities(path, ExtractMapping())


def test_a_file_of_names_with_a_nul_in_a_label_is_refused(tmp_path: Path) -> None:
    """The database's reader of frames panicked at it, which is no exception that a build expects."""
    path = tmp_path / "person_identity.xlsx"
    rows = [["person_key", "forename", "surname", "\0"], ["P1", "Invented", "Name", "x"]]
    path.write_bytes(as_xlsx(rows, tmp_path))
    with pytest.raises(BrokenFile, match="names of columns without NUL bytes"):
        read_identities(path, ExtractMapping())


def test_a_json_file_of_thousands_of_names_is_read_at_once_or_refused(tmp_path: Path) -> None:
    """3,000 names took 16 seconds for eight objects, though the table has three of them."""
    more = [f"z{number}" for number in range(3_000)]
    grid = [["crime_id", "class_code", "recorded_ts", *more]]
    grid += [[f"C{n}", "8Q", "2026-01-19 10:00", *["1"] * len(more)] for n in range(8)]
    path = tmp_path / "crime.json"
    path.write_bytes(as_json(grid))
    taken = take(sources()["crime"], path)
    assert taken.column("crime_id") == [f"C{n}" for n in range(8)]
    assert len(taken.notices) >= 3_000, "each name that was left out"
    path = tmp_path / "person_identity.json"
    path.write_bytes(as_json([["person_key", "forename", "surname", *more], ["P1", "Invented", "Name", *more]]))
    with pytest.raises(BrokenFile, match="3,003 different names"):
        read_identities(path, ExtractMapping())


@pytest.mark.parametrize(("given", "read"), [
    ("2026-01-19 00:00", "2026-01-19T00:00:00.000000Z"), ("2026-01-19 24:00", "2026-01-20T00:00:00.000000Z"),
    ("2026-01-19T24:00:00Z", "2026-01-20T00:00:00.000000Z"), ("31/12/2025 24:00", "2026-01-01T00:00:00.000000Z"),
    ("2024-02-28 24:00", "2024-02-29T00:00:00.000000Z"),
])  # fmt: skip
def test_midnight_at_the_end_of_a_day_is_the_begin_of_the_next(tmp_path: Path, given: str, read: str) -> None:
    assert take(sources()["crime"], crimes(tmp_path, f"C1,8Q,{given},")).column("recorded_ts") == [read]


@pytest.mark.parametrize("given", [
    "2026-01-19 24:01", "2026-01-19 25:00", "19/01/26", "19-Jan-26 10:00", "31/02/2025", "2025-02-30",
    "2026-01-19 23:60", "45000 days",
])  # fmt: skip
def test_a_moment_that_is_none_or_has_a_year_of_two_digits_is_set_aside(tmp_path: Path, given: str) -> None:
    taken = take(sources()["crime"], crimes(tmp_path, "C0,8Q,2026-01-19 10:00,", f"C1,8Q,{given},"))
    assert taken.column("crime_id") == ["C0"]
    assert [(row.line_number, row.column_name) for row in taken.quarantined] == [(3, "recorded_ts")]


def test_references_keep_their_zeros_and_are_never_joined_to_likes_of_them(tmp_path: Path) -> None:
    keys = [
        "007",
        "7",
        "C1",
        "С1",
        "C1\u200b",
        "e\u0301",
        "\u00e9",
        "\u202eC1",
        "👮🏽",
        "c1",
    ]  # the second C is Cyrillic
    taken = take(sources()["crime"], crimes(tmp_path, *(f"{key},8Q,2026-01-19 10:00," for key in keys)))
    assert (taken.rows_loaded, len(taken.quarantined)) == (len(keys) - 1, 1), "an accent within its letter or beside it"
    assert set(taken.column("crime_id")) == set(keys) - {"e\u0301"}
    odd = [notice for notice in taken.notices if "signs that nobody sees, or letters of another alphabet" in notice]
    assert len(odd) == 1 and "crime_id: 3 reference(s) hold" in odd[0]


@pytest.mark.parametrize("name", [
    r"\\?\C:\x.csv", r"\\server\share\x.csv", "C:x.csv", "/etc/x.csv", "a/../../x.csv", "..", "a\x00.csv", "x" * 1_001,
])  # fmt: skip
def test_a_member_whose_name_leads_elsewhere_ends_the_archive(tmp_path: Path, name: str) -> None:
    content = zipped({"2025-01-kent-street.csv": table(street_row(1)), "PLACEHOLDER" if "\x00" in name else name: b"x"})
    if "\x00" in name:
        content = content.replace(b"PLACEHOLDER", b"a\x00bcdefghi.csv"[:11])
    says(refused(tmp_path, content, "a.zip"), "a.zip", "member", "Nothing of it was unpacked")
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == ["a.zip"]


@pytest.mark.parametrize("name", ["CON.csv", "NUL", "aux.txt", "COM1.csv", "file:stream.csv", "x.csv ", "~root/x.csv"])
def test_a_member_named_like_a_device_is_a_file_of_that_name_and_lands_nowhere(tmp_path: Path, name: str) -> None:
    found = deliver(tmp_path, zipped({name: table(street_row(1))}), "a.zip")
    assert [each.name for each in found] == [f"a.zip!{name}"]
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == ["a.zip"]


HOSTILE_WORDS = (
    "'; drop table raw.deliveries; --", "' or '1'='1", '" or ""="', "x' union select 1 --", "\\'; --",
    "$$; select 1; $$",
    "); copy (select 1) to '/tmp/x'; --", "{{7*7}}", "%s%n", "' || read_text('/etc/passwd') || '",
)  # fmt: skip


@pytest.mark.parametrize("word", HOSTILE_WORDS)
def test_words_of_sql_in_labels_values_and_mappings_are_words(tmp_path: Path, word: str) -> None:
    from assets.readers.source import TableMapping

    quoted = '"' + word.replace('"', '""') + '"'
    path = tmp_path / "crime.csv"
    path.write_text(
        f"{quoted},class_code,recorded_ts,status,mo_text\nC1,8Q,2026-01-19 10:00,{quoted},{quoted}\n", encoding="utf-8"
    )
    block = TableMapping(fields={"crime_id": word}, values={"status": {word: "closed"}})
    mapping = ExtractMapping(tables={"crime": (block,)}, no_value=(f"{word}!",))
    from dataclasses import replace

    source, out = sources()["crime"], tmp_path / "rows.parquet"
    [part] = source.parts(replace(delivered(path), mapping=mapping))
    assert source.read(part, f"ref{word}", out).rows_loaded == 1
    rows = duckdb.sql(f"select delivery_ref, crime_id, status, mo_text from '{out}'").fetchall()
    assert rows == [(f"ref{word}", "C1", "closed", word)]


def test_no_part_of_the_product_depends_on_or_calls_a_language_model() -> None:
    """Free text is never sent anywhere: there is nothing that could take it."""
    wanted = {
        "openai", "anthropic", "transformers", "langchain", "llama_cpp", "litellm", "cohere", "mistralai", "ollama",
        "google.generativeai", "vllm", "huggingface_hub", "sentence_transformers", "torch", "tensorflow",
    }  # fmt: skip
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    named = {line.split("==")[0].strip().replace("-", "_") for line in lock.splitlines() if "==" in line}
    assert len(named) > 50
    assert named & {each.split(".")[0] for each in wanted} == set()
    for package in ("assets", "casework", "dashboards", "expectations", "pipelines", "sample", "stra"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                imported = [node.module or ""] if isinstance(node, ast.ImportFrom) else (
                    [each.name for each in node.names] if isinstance(node, ast.Import) else [])  # fmt: skip
                assert not {each.split(".")[0] for each in imported} & wanted, path


def test_a_zip_of_a_zip_named_as_a_table_is_refused(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as package:
        package.writestr("x.csv", "a\n")
    [outcome] = deliver(tmp_path, zipped({"2025-01-kent-street.csv": inner.getvalue()}), "a.zip")
    assert outcome.broken is not None
    says(str(outcome.broken), "a zip archive inside the zip archive")
