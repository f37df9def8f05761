"""The two ways of reading comma-separated text agree, and no damage loses a row or stops the reader."""

import csv as standard
import io
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from delivered import OUTCOMES_HEADER, STREET_HEADER, outcome_row, street_row, table
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from assets.raw.open_data import police_uk_outcomes, police_uk_street
from assets.readers import files
from assets.readers.csv import reader, records
from assets.readers.csv.layout import layout_of
from assets.readers.csv.reader import Check, CsvSpec
from assets.readers.source import BrokenFile, Part, Source

SPEC = CsvSpec(columns={"place": ("place",), "count": ("count",), "note": ("note",)})
CHECKED = CsvSpec(SPEC.columns, checks=(Check("count", "try_cast(count as integer) >= 0", "expected a count"),))

# Surrogates are no text, NULs are damage; everything else may stand in a value.
characters = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
awkward = st.sampled_from(
    ["", " ", '"', ",", "\n", "\r", "\r\n", '""', " a ", "'", "\\", "\ufeff", "\u2028", "NULL", "#"]
)
cells = st.lists(st.one_of(awkward, st.text(characters, max_size=4)), max_size=3).map("".join)
plain_cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters='\0\r\n"'), max_size=8)


def written(rows: list[list[str]], end: str, quoting: int) -> bytes:
    """A clean file as the standard library writes it, which leaves lone carriage returns unquoted."""
    if any("\r" in cell for row in rows for cell in row):
        quoting = standard.QUOTE_ALL
    text = io.StringIO()
    writer = standard.writer(text, lineterminator=end, quoting=quoting)  # type: ignore[arg-type]
    writer.writerows([list(SPEC.columns), *rows])
    return text.getvalue().encode()


@contextmanager
def placed(content: bytes, name: str = "a.csv") -> Iterator[tuple[Part, Path]]:
    """The file as a part, and where its rows may go."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        yield Part(files.inspect(path, name)), Path(folder) / "rows.parquet"


def loaded(out: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(out).to_pylist()
    return rows


def fast(part: Part, out: Path, spec: CsvSpec) -> list[dict[str, Any]] | None:
    """Rows by the fast path alone; None where it declines."""
    rows = reader._read_fast(part.file, layout_of(part.file, spec), "ref", reader._kept_in_file(out), spec)
    return loaded(out) if rows else None


def careful(part: Part, out: Path, spec: CsvSpec) -> list[dict[str, Any]]:
    """Rows by the careful path alone."""
    reader._read_carefully(part.file, layout_of(part.file, spec), "ref", out, spec)
    return loaded(out)


@given(
    rows=st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=6),
    end=st.sampled_from(["\n", "\r\n"]),
    quoting=st.sampled_from([standard.QUOTE_MINIMAL, standard.QUOTE_ALL]),
)
@example(rows=[["a\nb", " c", '"']], end="\n", quoting=standard.QUOTE_MINIMAL)
@settings(max_examples=300, deadline=None)
def test_a_clean_file_gives_the_rows_that_were_written(rows: list[list[str]], end: str, quoting: int) -> None:
    content = written(rows, end, quoting)
    with placed(content) as (part, out):
        slow_rows = careful(part, out, SPEC)
        fast_rows = fast(part, out, SPEC)
    assert [[r["place"], r["count"], r["note"]] for r in slow_rows] == [[c or None for c in row] for row in rows]
    starts, line = [], 2
    for row in rows:
        starts.append(line)
        line += 1 + sum(cell.count("\n") for cell in row)
    assert [r["line_number"] for r in slow_rows] == starts
    assert fast_rows is None or fast_rows == slow_rows


@given(
    rows=st.lists(st.lists(plain_cells, min_size=3, max_size=3), min_size=1, max_size=6),
    end=st.sampled_from(["\n", "\r\n"]),
)
@settings(max_examples=200, deadline=None)
def test_the_fast_path_does_not_decline_an_ordinary_file(rows: list[list[str]], end: str) -> None:
    content = written(rows, end, standard.QUOTE_MINIMAL)
    assume(not reader._BLANK_BESIDE_QUOTE.search(content))
    with placed(content) as (part, out):
        fast_rows = fast(part, out, SPEC)
        assert fast_rows is not None
        assert fast_rows == careful(part, out, SPEC)


@given(st.lists(st.sampled_from(['a', "é", ",", ",", '"', '"', " ", "\n", "\n", "\r", "\r\n", "\ufeff"]), max_size=40))
@example(["\r", ",", ",", "\n"])
@example([",", ",", " ", " ", '"', "\n", "a", ",", '"', '"', ",", "\n"])
@settings(max_examples=500, deadline=None)
def test_what_the_fast_path_accepts_of_an_unclean_file_the_careful_path_reads_alike(pieces: list[str]) -> None:
    with placed(("place,count,note\n" + "".join(pieces)).encode()) as (part, out):
        fast_rows = fast(part, out, SPEC)
        if fast_rows is not None:
            assert fast_rows == careful(part, out, SPEC)


@given(st.lists(st.sampled_from(["1", "0", "-1", "x", "", "7 "]), min_size=1, max_size=20))
@settings(max_examples=100, deadline=None)
def test_the_checks_are_the_same_on_both_paths(counts: list[str]) -> None:
    rows = [["a", count, "b"] for count in counts]
    usable = [count in ("1", "0", "7 ") for count in counts]
    with placed(written(rows, "\n", standard.QUOTE_MINIMAL)) as (part, out):
        assert (fast(part, out, CHECKED) is not None) == all(usable)
        reading = reader.read_csv(part, "ref", out, CHECKED)
        lines = [r["line_number"] for r in loaded(out)]
    assert lines == [n for n, good in enumerate(usable, start=2) if good]
    assert [q.line_number for q in reading.quarantined] == [n for n, good in enumerate(usable, start=2) if not good]
    assert {(q.column_name, q.reason) for q in reading.quarantined} <= {("count", "expected a count")}


inserted = st.sampled_from([b"", b'"', b"\n", b",", b"\0", b"\r", b"\xff", b'"\n', b"\n\n"])
change = st.tuples(st.integers(0, 1500), st.integers(0, 80), st.one_of(inserted, st.binary(max_size=6)))
damage = st.lists(change, min_size=1, max_size=4)


def damaged(content: bytes, changes: list[tuple[int, int, bytes]]) -> bytes:
    """Bytes taken out and others put in, here and there."""
    for position, length, put in changes:
        at = position % (len(content) + 1)
        content = content[:at] + put + content[at + length :]
    return content


def conserved(source: Source, content: bytes, name: str) -> None:
    """Either the file is refused, or every row is loaded or set aside, once, with its line."""
    with placed(content, name) as (part, out):
        try:
            if not source.parts(part.file):
                assert files.why_not(part.file, source).do
                return
            reading = source.read(part, "ref", out)
        except BrokenFile as problem:
            refusal = problem
        else:
            refusal = None
            lines = [row["line_number"] for row in loaded(out)]
    if refusal is not None:
        assert all((refusal.place, refusal.seen, refusal.expected, refusal.do))
        return
    assert reading.rows_read == reading.rows_loaded + len(reading.quarantined)
    assert reading.rows_loaded == len(lines)
    aside = [row.line_number for row in reading.quarantined]
    assert lines == sorted(lines)
    assert aside == sorted(aside)
    assert len({*lines, *aside}) == reading.rows_read, "no line twice"
    if b'"' not in content and part.file.head[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        held = [n for n, line in enumerate(content.split(b"\n"), start=1) if line.removesuffix(b"\r")]
        assert sorted({*lines, *aside}) == held[1:], "every line that is not blank is accounted for"


@given(damage, st.sampled_from(["\n", "\r\n"]))
@settings(max_examples=400, deadline=None)
def test_damage_loses_no_row_of_a_street_file(changes: list[tuple[int, int, bytes]], end: str) -> None:
    rows = [street_row(1), street_row(2, location='"A, B"'), *(street_row(n) for n in range(3, 8))]
    conserved(police_uk_street.SOURCE, damaged(table(*rows, end=end), changes), "2025-01-kent-street.csv")


@given(damage)
@settings(max_examples=200, deadline=None)
def test_damage_after_the_header_loses_no_row_of_an_outcomes_file(changes: list[tuple[int, int, bytes]]) -> None:
    header = (OUTCOMES_HEADER + "\n").encode()
    rows = "".join(outcome_row(n) + "\n" for n in range(1, 8)).encode()
    conserved(police_uk_outcomes.SOURCE, header + damaged(rows, changes), "2025-01-kent-outcomes.csv")


@given(st.binary(max_size=300), st.booleans())
@settings(max_examples=300, deadline=None)
def test_any_bytes_at_all_are_read_or_refused(content: bytes, has_header: bool) -> None:
    header = (STREET_HEADER + "\n").encode() if has_header else b""
    conserved(police_uk_street.SOURCE, header + content, "2025-01-kent-street.csv")


def test_a_path_that_looks_like_a_pattern_or_holds_a_quote_is_just_a_path(tmp_path: Path) -> None:
    for folder in ("x", "a'b", "[x]", "month=2024-12"):
        path = tmp_path / folder / "2025-01-kent-street.csv"
        path.parent.mkdir()
        path.write_bytes(table(street_row(1, location=folder)))
        out = path.parent / "rows.parquet"
        police_uk_street.SOURCE.read(Part(files.inspect(path, path.name)), "it's", out)
        # read by handle: the reader of the test would take the folder for a partition
        with open(out, "rb") as stream:
            [row] = pq.read_table(stream).to_pylist()
        assert (row["delivery_ref"], row["month"], row["location"]) == ("it's", "2025-01", folder)


def test_many_files_are_read_at_once(tmp_path: Path) -> None:
    parts = []
    for number in range(24):
        path = tmp_path / f"2025-01-{number}-street.csv"
        bad = [street_row(0, crime_type="")] if number % 3 == 0 else []
        path.write_bytes(table(*(street_row(n, location=f"place {number}") for n in range(500)), *bad))
        parts.append(Part(files.inspect(path, path.name)))

    def read(number: int) -> tuple[int, int, set[str]]:
        out = tmp_path / f"{number}.parquet"
        reading = police_uk_street.SOURCE.read(parts[number], str(number), out)
        return reading.rows_loaded, len(reading.quarantined), {r["location"] for r in loaded(out)}

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(read, range(24)))
    assert found == [(500, int(n % 3 == 0), {f"place {n}"}) for n in range(24)]


def test_more_rows_than_a_batch_keep_their_order_and_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "_BATCH", 7)
    path = tmp_path / "2025-01-kent-street.csv"
    path.write_bytes(table(*(street_row(n, crime_type="" if n % 10 == 0 else "Drugs") for n in range(1, 41))))
    out = tmp_path / "rows.parquet"
    reading = police_uk_street.SOURCE.read(Part(files.inspect(path, path.name)), "ref", out)
    assert [q.line_number for q in reading.quarantined] == [11, 21, 31, 41]
    assert [r["line_number"] for r in loaded(out)] == [n + 1 for n in range(1, 41) if n % 10]


def test_a_line_without_end_is_refused_before_it_fills_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "RECORD_LIMIT", 5_000)
    monkeypatch.setattr(reader, "_read_fast", lambda *arguments: 0)
    path = tmp_path / "2025-01-kent-street.csv"
    for content in (street_row(1) + "x" * 6_000, '"' + "x\n" * 6_000, '"' + "é" * 6_000):
        path.write_bytes(table(content))
        with pytest.raises(BrokenFile, match="line 2") as caught:
            police_uk_street.SOURCE.read(Part(files.inspect(path, path.name)), "ref", tmp_path / "out")
        assert "ask for" in caught.value.do
