"""The force extract from the worst of suppliers: what is said, that no row is lost, and that nobody is named.

Values and what is made of them are in test_extract_reader.py, whole builds in test_extract_builds.py.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from delivered import says, zipped
from next_build import take_in
from published_workbooks import xlsx

from assets.raw import sources
from assets.readers import files
from assets.readers.source import BrokenFile, Reading
from casework.access.access_log import entries
from casework.store.database import open_store
from pipelines.cards import all_cards
from pipelines.delivery import ledger, messages
from pipelines.delivery.folder import read_folder
from pipelines.session import Session, open_session
from pipelines.standards.quality import lacking

HEADER = "crime_id,crime_ref,force_code,recorded_ts,ho_code,mo_text,s1_1a,coc_count,lat,status"
TOLD = "Jane Doe of 5 High Street was followed"  # what no message may repeat


def row(number: int, **changes: str) -> str:
    values = {
        "crime_id": f"c{number}", "crime_ref": f"42/{number}/25", "force_code": "E23000013",
        "recorded_ts": "2025-03-01T10:00:00Z", "ho_code": "8/65", "mo_text": TOLD, "s1_1a": "false",
        "coc_count": "3", "lat": "51.5", "status": "open",
    }  # fmt: skip
    assert not set(changes) - set(values)
    return ",".join((values | changes).values())


def table(*rows: str, header: str = HEADER, end: str = "\n") -> bytes:
    return "".join(line + end for line in (header, *rows)).encode()


def parquet(**columns: Any) -> bytes:
    target = io.BytesIO()
    pq.write_table(pa.table(columns), target)
    return target.getvalue()


def crimes(*keys: str) -> dict[str, list[str]]:
    """The columns that a crime needs."""
    count = len(keys)
    return {"crime_id": list(keys), "class_code": ["8Q"] * count, "recorded_ts": ["2025-03-01T10:00:00Z"] * count}


def read(folder: Path, content: bytes, name: str) -> tuple[Reading, list[dict[str, Any]]]:
    """The file read as the table that its name says, and its rows; no row is lost. Raises BrokenFile."""
    path = folder / f"delivered {name.replace('/', ' ')}"
    path.write_bytes(content)
    file, source = files.inspect(path, name), sources()[Path(name).stem]
    parts = source.parts(file)
    if not parts:
        raise files.why_not(file, source)
    reading = source.read(parts[0], "d1", folder / "rows.parquet")
    rows = pq.read_table(folder / "rows.parquet").to_pylist()
    assert reading.rows_read == reading.rows_loaded + len(reading.quarantined) and reading.rows_loaded == len(rows)
    return reading, rows


def refused(folder: Path, content: bytes, name: str) -> str:
    """The message for a file that is refused, as it is shown."""
    with pytest.raises(BrokenFile) as problem:
        read(folder, content, name)
    return f"{name}: {problem.value}"


class TestFilesThatAreRefusedWhole:
    @pytest.mark.parametrize(
        ("content", "parts"),
        [
            (table(row(1), row(2))[:-60], ("line 3: expected 10 values", "saw 5 values and the end of the file")),
            (b"", ("saw an empty file (0 bytes)", "not zero crime")),
            (b"\n\n", ("saw nothing but blanks",)),
            (b"\0" * 90, ("saw nothing but blanks or NUL bytes",)),
            (table(row(1)).decode().encode("utf-16-le"), ("UTF-16 without its byte order mark", "CSV in UTF-8")),
            (table(row(1), row(2), end="\r"), ("lone carriage returns",)),
            (b"<html><body>" + TOLD.encode(), ("saw an HTML page",)),
            (b'[{"name": "' + TOLD.encode(), ("saw XML or JSON",)),
            (b"%PDF-1.7", ("saw a PDF document",)),
            (b"sep=,\n" + table(row(1)), ("Take out the first line",)),
            (table(row(1) + ",closed", header=HEADER + ",status"), ("saw 'status' in columns 10, 11",)),
            (table(row(1) + ",closed", header=HEADER + ",STATUS"), ("in columns 10, 11",)),
            (table(row(1), row(2))[len(HEADER) + 1 :], ("a first line of 10 value(s), none of them a column",)),
            (table(row(1), header=HEADER.replace("crime_id", "CrimeId")), ("nearest: 'crimeid'", "`stra map`")),
            (table(row(1), f'"{row(2)}', row(3)), ("line 3", "a quote that opens here and is never closed")),
        ],
    )  # fmt: skip
    def test_a_csv_file(self, tmp_path: Path, content: bytes, parts: tuple[str, ...]) -> None:
        message = refused(tmp_path, content, "force/crime.csv")
        says(message, "force/crime.csv: ", "expected", *parts)
        assert "Jane" not in message

    @pytest.mark.parametrize(
        ("content", "parts"),
        [
            (b"PAR1" + TOLD.encode(), ("saw a parquet file without a readable footer", "deliver it again")),
            (parquet(crime_id=["a"], status=["open"])[:-20], ("without a readable footer",)),
            (parquet(id=["a"], who=[TOLD]), ("the columns of crime, crime_id among them",)),
            (parquet(crime_id=["a"], Crime_ID=["b"]), ("expected every column name once", "'Crime_ID' twice")),
        ],
    )
    def test_a_parquet_file(self, tmp_path: Path, content: bytes, parts: tuple[str, ...]) -> None:
        message = refused(tmp_path, content, "crime.parquet")
        says(message, "crime.parquet: ", *parts)
        assert "Jane" not in message

    def test_two_columns_of_one_name_in_a_parquet_file(self, tmp_path: Path) -> None:
        target = io.BytesIO()
        pq.write_table(pa.table([["a"], ["b"], ["c"]], names=["crime_id", "status", "status"]), target)
        says(refused(tmp_path, target.getvalue(), "crime.parquet"), "'status' twice")


class TestRowsThatAreSetAside:
    @pytest.mark.parametrize(
        ("bad", "column", "reason"),
        [
            (row(2) + "," + TOLD, "", "expected 10 values as in the header; the row has 11"),
            (row(2, mo_text=f"{TOLD}, and again"), "", "the row has 11"),
            (TOLD, "", "the row has 1"),
            (row(2, mo_text=f'"{TOLD} "again" "'), "", "expected quotes round a whole value"),
            (row(2, mo_text=f"{TOLD}\0"), "mo_text", "the value has a NUL byte"),
            (row(2, mo_text=TOLD * 300_000), "mo_text", "expected at most 1,000,000 characters"),
            (row(2, mo_text=f'"{TOLD * 300_000}"'), "mo_text", "expected at most 1,000,000 characters"),
            (row(2, recorded_ts=TOLD), "recorded_ts", "expected a date and time"),
            (row(2, crime_id=""), "crime_id", "expected a value"),
        ],
    )
    def test_the_place_and_the_reason_are_kept_and_no_text(
        self, tmp_path: Path, bad: str, column: str, reason: str
    ) -> None:
        reading, rows = read(tmp_path, table(row(1), bad, row(3)), "crime.csv")
        [set_aside] = reading.quarantined
        assert (reading.rows_read, [r["crime_id"] for r in rows]) == (3, ["c1", "c3"])
        assert (set_aside.line_number, set_aside.column_name) == (3, column)
        assert reason in set_aside.reason and "Jane" not in set_aside.reason + set_aside.value

    @pytest.mark.parametrize(
        ("changes", "column", "value", "reason"),
        [
            ({"coc_count": TOLD}, "coc_count", "(38 characters, not kept)", "expected a whole number"),
            ({"coc_count": "3e1"}, "coc_count", "3e1", "expected a whole number"),
            ({"s1_1a": "Jane"}, "s1_1a", "(4 characters, not kept)", "expected true or false"),
            *(({"lat": none}, "lat", none, "expected a number") for none in ("nan", "inf", "1e999", "1_000")),
            ({"crime_ref": "n / A"}, "crime_ref", "n / A", "the value is a placeholder"),
            ({"crime_ref": "2.02E+10"}, "crime_ref", "2.02E+10", "a spreadsheet made one number of many"),
        ],
    )
    def test_an_optional_field_costs_the_field_and_never_the_crime(
        self, tmp_path: Path, changes: dict[str, str], column: str, value: str, reason: str
    ) -> None:
        reading, rows = read(tmp_path, table(row(1), row(2, **changes)), "crime.csv")
        assert ([r["crime_id"] for r in rows], rows[1][column], reading.quarantined) == (["c1", "c2"], None, [])
        [unread] = reading.unread
        assert (unread.line_number, unread.column_name, unread.value) == (3, column, value)
        assert reason in unread.reason and f"line 3, {column}: 1 value(s)" in "".join(reading.notices)

    @pytest.mark.parametrize(
        ("keys", "left"),
        [
            ("P1 UNKNOWN unknown n/k - ... XXX 0 99999 2.02E+10 #N/A", "P1"),
            ("11110 11111 1111 999 7 AA", "11110 11111 1111 999 7 AA"),  # numbers in a row, short ones
            (f"{'9' * 5000} P1", f"{'9' * 5000} P1"),
        ],
    )
    def test_a_placeholder_is_nobody_and_its_row_is_kept(self, tmp_path: Path, keys: str, left: str) -> None:
        rows = [f"c{n},{key},suspect,true" for n, key in enumerate(keys.split())]
        content = table(*rows, header="crime_id,person_key,role,named")
        reading, found = read(tmp_path, content, "party_role.csv")
        assert [row["person_key"] for row in found if row["person_key"]] == left.split()
        assert [row["named"] == "true" for row in found] == [row["person_key"] is not None for row in found]
        assert len(found) == len(rows) and len(reading.unread) == len(rows) - len(left.split())

    def test_a_placeholder_of_several_rows_is_no_second_row_of_one_crime(self, tmp_path: Path) -> None:
        rows = [row(n, crime_id=key) for n, key in enumerate(("TBC", "c1", "tbc", "TBC", "0", "2.02E+10", "2.02E+10"))]
        reading, found = read(tmp_path, table(*rows), "crime.csv")
        assert [r["crime_id"] for r in found] == ["c1", "tbc", "0"], "what occurs once may be a key"
        assert [q.line_number for q in reading.quarantined] == [2, 5, 7, 8]
        assert "the value is a placeholder" in reading.quarantined[0].reason
        assert {"a spreadsheet made one number of many" in q.reason for q in reading.quarantined[2:]} == {True}

    @pytest.mark.parametrize("value", ["31/02/25 10:00", "2025-02-30T10:00:00Z", "1 Mar 25"])
    def test_a_value_that_can_tell_of_no_one_is_kept(self, tmp_path: Path, value: str) -> None:
        reading, _ = read(tmp_path, table(row(1, recorded_ts=value)), "crime.csv")
        assert [q.value for q in reading.quarantined] == [value]

    @pytest.mark.parametrize("code", ["NFA", "1B", "No crime: see the log"])
    def test_an_outcome_that_is_no_code_is_kept_whatever_else_is_wrong(self, tmp_path: Path, code: str) -> None:
        """STR-06 lists it: of a row with several faults the outcome's comes first."""
        text = f"outcome_id,crime_id,seq,code,outcome_ts,is_current\no1,c1,first,{code},some day,perhaps\n"
        reading, _ = read(tmp_path, text.encode(), "outcome.csv")
        assert [(q.line_number, q.column_name, q.value) for q in reading.quarantined] == [(2, "code", code)]

    def test_a_month_of_birth_is_not_kept(self, tmp_path: Path) -> None:
        reading, _ = read(tmp_path, b"person_key,birth_ym\np1,29/02/1980 or so\n", "person.csv")
        assert [q.value for q in reading.unread] == ["(16 characters, not kept)"]

    def test_a_key_twice_and_a_whole_row_twice(self, tmp_path: Path) -> None:
        reading, rows = read(tmp_path, table(row(1), row(1, status="closed"), row(2), row(2)), "crime.csv")
        assert [(r["crime_id"], r["status"]) for r in rows] == [("c1", "open"), ("c2", "open")]
        assert [(q.line_number, q.column_name) for q in reading.quarantined] == [(3, "crime_id"), (5, "crime_id")]


class TestFilesThatAreOddAndRead:
    @pytest.mark.parametrize(
        "content",
        [
            table(row(1), row(2)),
            b"\xef\xbb\xbf" + table(row(1), row(2)),
            table(row(1), row(2), end="\r\n"),
            table(row(1), row(2)).decode().encode("utf-16"),
            table(row(1) + ",,", row(2)),
            table(row(1), "", row(2)),
            table(row(1), row(2), header=HEADER.upper()),
            table(row(1, status=" open\t"), row(2, status="\u00a0open\u00a0")),
        ],
    )
    def test_a_csv_file(self, tmp_path: Path, content: bytes) -> None:
        reading, rows = read(tmp_path, content, "crime.csv")
        assert [(r["crime_id"], r["status"]) for r in rows] == [("c1", "open"), ("c2", "open")]
        assert not reading.quarantined

    def test_a_header_alone_says_that_there_were_none(self, tmp_path: Path) -> None:
        for content in (table(), HEADER.encode()):
            reading, rows = read(tmp_path, content, "crime.csv")
            assert (reading.rows_read, rows) == (0, [])

    def test_a_column_of_nothing(self, tmp_path: Path) -> None:
        reading, rows = read(tmp_path, table(row(1, status="", lat="")), "crime.csv")
        assert (rows[0]["status"], rows[0]["lat"]) == (None, None)
        assert "status" not in reading.absent and "reported_ts" in reading.absent

    def test_the_word_null_is_nothing_and_told_of(self, tmp_path: Path) -> None:
        reading, rows = read(tmp_path, table(row(1, status="NULL", lat="NULL"), row(2)), "crime.csv")
        assert (rows[0]["status"], rows[0]["lat"], len(rows)) == (None, None, 2)
        assert "status, lat: a word for no value in 2 cells was read as empty" in reading.notices

    @pytest.mark.parametrize(
        ("given", "separator", "kept"),
        [
            ("54,57 -1,2", ";", "54.57 -1.2"),
            ("54,570 51,500", ";", "54.57 51.5"),  # the separator says it
            ("54,570 1,2", ",", "54.57 1.2"),  # the other value says it
            ("54,570 51,500", ",", "54570.0 51500.0"),  # thousands
            ("1,234.5 1,234", ";", "1234.5 1234.0"),
            ("54,57 51.5 1,234", ",", "54.57 51.5 None"),  # nobody knows what the last one is
            ("1.234,5 12,5", ",", "1234.5 12.5"),
        ],
    )
    def test_decimal_commas_are_read(self, tmp_path: Path, given: str, separator: str, kept: str) -> None:
        rows = [["crime_id", "recorded_ts", "class_code", "lat"]]
        rows += [[f"c{n}", "2025-03-01T10:00:00Z", "8Q", f'"{lat}"'] for n, lat in enumerate(given.split())]
        _, found = read(tmp_path, "".join(separator.join(line) + "\n" for line in rows).encode(), "crime.csv")
        assert [str(row["lat"]) for row in found] == kept.split()

    def test_parquet_of_other_types(self, tmp_path: Path) -> None:
        zoned = pa.timestamp("ms", "Europe/London")
        content = parquet(
            crime_id=pa.array([1.0, 2.0]),  # a key that was a number
            class_code=pa.array(["8Q", "8Q"]),
            incident_id=pa.array([1001.0, None]),
            recorded_ts=pa.array([datetime(2025, 7, 1, 10), datetime(2025, 1, 1, 10)], pa.timestamp("ns")),  # noqa: DTZ001
            reported_ts=pa.array([datetime(2025, 7, 1, 10, tzinfo=UTC), None], zoned),
            s1_1a=pa.array([1.0, 0.0]),
            dmm_flag=pa.array([1, 0]),
            course_of_conduct=pa.array(["Y", "N"]),
            vcop_enhanced=pa.array([True, None]),
            status=pa.array(["open", "closed"]).dictionary_encode(),
            coc_count=pa.array([3.0, float("nan")]),
            lat=pa.array([51.5, float("nan")]),
            oic_id=pa.array([b"o1", "é".encode()]),
            mo_text=pa.array([{"said": "a"}, None]),
            class_label=pa.nulls(2),
        )
        reading, (one, two) = read(tmp_path, content, "crime.parquet")
        assert not reading.quarantined
        assert (one["crime_id"], one["incident_id"], two["incident_id"]) == ("1", "1001", None)
        assert one["recorded_ts"] == "2025-07-01T09:00:00.000000Z", "without a zone it is London's time"
        assert one["reported_ts"] == "2025-07-01T10:00:00.000000Z"
        truths = ("s1_1a", "dmm_flag", "course_of_conduct", "vcop_enhanced")
        assert [one[name] for name in truths] == ["true"] * 4
        assert [two[name] for name in truths] == ["false"] * 3 + [None]
        assert (one["status"], one["coc_count"], two["coc_count"], two["lat"]) == ("open", "3", None, None)
        assert (two["oic_id"], one["mo_text"], one["class_label"]) == ("é", '{"said":"a"}', None)

    def test_dates_as_moments_and_moments_as_dates(self, tmp_path: Path) -> None:
        days = pa.array([datetime(2025, 6, 1)], pa.timestamp("us"))  # noqa: DTZ001
        _, rows = read(tmp_path, parquet(person_key=["p"], dod=days), "person.parquet")
        assert rows[0]["dod"] == "2025-06-01"
        content = parquet(crime_id=["c"], recorded_ts=pa.array([date(2025, 6, 1)]))
        reading, rows = read(tmp_path, content, "crime.parquet")
        assert not rows and [q.column_name for q in reading.quarantined] == ["recorded_ts"], "a day is no moment"

    def test_a_name_that_belies_the_content(self, tmp_path: Path) -> None:
        assert read(tmp_path, table(row(1)), "crime.parquet")[1][0]["crime_id"] == "c1"
        assert read(tmp_path, parquet(**crimes("c1")), "crime.csv")[1][0]["crime_id"] == "c1"


def test_a_file_without_a_header_is_described_without_its_values(tmp_path: Path) -> None:
    (tmp_path / "names.csv").write_bytes(b"p1,Jane Doe,1980-01-02\np2,x,y\n")
    said = files.describe(files.inspect(tmp_path / "names.csv", "names.csv"))
    assert said == "comma-separated text of 3 columns whose first line is hardly a header; no source knows it"


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    (tmp_path / "data").mkdir()
    with open_session(tmp_path / "home", read_folder(tmp_path / "data")) as opened:
        yield opened


def put(session: Session, **files: bytes | str) -> None:
    for name, content in files.items():
        path = session.folder.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


def accounts(session: Session) -> dict[str, dict[str, Any]]:
    """file name -> what came of it, after taking in."""
    take_in(session)
    found = session.con.execute("select * from raw.deliveries")
    names = [d[0] for d in found.description]
    rows = [dict(zip(names, values, strict=True)) for values in found.fetchall()]
    assert all(r["rows_read"] == r["rows_loaded"] + r["rows_quarantined"] and not r["rows_lost"] for r in rows)
    return {r["file_name"]: r for r in rows}


def unknown(session: Session) -> dict[str, str]:
    return dict(session.con.execute("select file_name, reason from raw.unrecognised_files").fetchall())


def left_out(session: Session) -> dict[str, bool]:
    """What stays out of the files that are there -> whether the whole of it does."""
    names = read_folder(session.folder.path).names
    return {one.name: one.is_whole for one in ledger.left_out(session.con, session.home, names)}


def current(session: Session, table: str) -> list[str]:
    """The keys in the delivery that counts."""
    key = session.con.execute(f"select * from raw.{table} limit 0").description[2][0]
    found = session.con.execute(
        f"select t.{key} from raw.{table} as t inner join raw.deliveries as d"
        " on t.delivery_ref = d.delivery_ref and d.status = 'loaded' order by 1"
    )
    return [value for (value,) in found.fetchall()]


def kept(session: Session) -> str:
    """All that the home keeps as text: what quarantine and the log tables hold."""
    texts = [p.read_bytes().decode(errors="replace") for p in (session.home / "quarantine").rglob("*") if p.is_file()]
    for name in ("deliveries", "quarantined_rows", "unrecognised_files"):
        texts += map(str, session.con.execute(f"select * from raw.{name}").fetchall())
    return "\n".join(texts)


def test_a_broken_table_leaves_its_last_delivery_and_the_others_alone(session: Session) -> None:
    put(session, **{"crime.csv": table(row(1)), "incident.csv": "incident_id\ni1\n"})
    accounts(session)
    put(session, **{"crime.csv": table(row(1), row(2))[:-60], "incident.csv": "incident_id\ni1\ni2\n"})
    found = accounts(session)
    assert found["crime.csv"]["status"] == "refused" and current(session, "crime") == ["c1"]
    assert current(session, "incident") == ["i1", "i2"]
    put(session, **{"crime.csv": table(row(1), row(2))})
    assert accounts(session)["crime.csv"]["status"] == "loaded" and current(session, "crime") == ["c1", "c2"]


@pytest.mark.parametrize("other", ["b/crime.csv", "a/crime.parquet"])
def test_of_two_files_for_one_table_one_counts_and_is_named(session: Session, other: str) -> None:
    content = table(row(2), row(3)) if other.endswith("csv") else parquet(**crimes("c2", "c3"))
    put(session, **{"a/crime.csv": table(row(1)), other: content})
    found = accounts(session)
    assert sorted(d["status"] for d in found.values()) == ["loaded", "superseded"]
    assert found["a/crime.csv"]["reason"] == f"another delivery of the same periods counts: {other}"
    assert current(session, "crime") == ["c2", "c3"]
    assert session.con.execute("select count(*) from raw.crime").fetchall() == [(3,)], "nothing is lost"
    assert left_out(session) == ({"a/crime.csv": True} if other == "b/crime.csv" else {}), "no crime is in both folders"


def test_two_forces_in_folders_of_their_own_replace_nothing_of_each_other(session: Session) -> None:
    for folder, force, start in (("A", "E23000013", 100), ("x/B", "E23000014", 200)):
        stray = row(start + 50, force_code="E23000015")  # of a neighbour of both
        rows = [row(start + n, force_code=force) for n in range(19)]
        put(session, **{f"{folder}/crime.csv": table(*rows, stray)})
        put(session, **{f"{folder}/more/incident.csv": f"incident_id,force_code\n{folder},{force}\n"})
    assert {d["status"] for d in accounts(session).values()} == {"loaded"} and left_out(session) == {}
    assert (len(current(session, "crime")), current(session, "incident")) == (40, ["A", "x/B"])
    put(session, **{"A 2026-01-31/crime.csv": table(row(1), row(2, force_code="E23000014"), row(3))})
    assert accounts(session)["A 2026-01-31/crime.csv"]["status"] == "superseded" and left_out(session) == {}
    put(session, **{"x/C/crime.csv": table(row(4), row(5))})
    assert accounts(session)["A/crime.csv"]["status"] == "superseded" and len(current(session, "crime")) == 22
    assert left_out(session) == {"A/crime.csv": True}, "a third folder of the same force has other crimes"


def test_keys_in_other_capitals_are_those_of_their_table_however_it_is_delivered(session: Session) -> None:
    """Where the table has both, they are two: b4 is no B4 where both are crimes, and ab5 may be either of two."""
    put(session, **{"outcome.csv": "outcome_id,crime_id\no1,A1\no2,b4\no3,B4\no4,ab5\no5,x9\no6,a1\no7,\n"})
    before = accounts(session)["outcome.csv"]
    keys = "select outcome_id, crime_id from raw.outcome order by all"
    as_given = session.con.execute(keys).fetchall()
    rows = [row(n, crime_id=key) for n, key in enumerate(("a1", "b4", "B4", "Ab5", "aB5"))]
    put(session, **{"crime.csv": table(*rows), "person.csv": "person_key\nP1\n"})
    put(session, **{"order_.csv": "order_id,victim_key,respondent_key\no1,p1,P2\n"})
    found = accounts(session)
    words = "{}: 1 row(s) write a key of {} in other capitals, and are read as that one, first line 2"
    said = words.format("crime_id", "crime")
    assert found["outcome.csv"]["notices"] == f"{before['notices']}; keys beside each other: {said}"
    assert found["outcome.csv"]["notice_count"] == before["notice_count"] + 1
    assert found["order_.csv"]["notices"].endswith(words.format("victim_key", "person"))
    assert session.con.execute(keys).fetchall() == [("o1", "a1"), *as_given[1:]]
    assert session.con.execute("select victim_key, respondent_key from raw.order_").fetchall() == [("P1", "P2")]
    put(session, **{"crime.csv": table(row(1, crime_id="A1"))})
    accounts(session)
    assert session.con.execute(keys).fetchall()[-2:] == [("o6", "A1"), ("o7", None)], "now a1 is the other spelling"
    put(session, **{"crime.csv": table(row(1))})
    assert accounts(session)["outcome.csv"]["notices"] == before["notices"]
    assert session.con.execute(keys).fetchall() == as_given


def test_a_key_in_very_many_crimes_is_kept_and_asked_about_until_a_person_says_that_it_is_nobody(
    session: Session,
) -> None:
    """S1 has one birth month, but for a slip: a prolific stalker. Z9 has none, Z8 several, and Z7 is in few crimes."""
    keys = ["Z9"] * 31 + ["S1"] * 60 + ["Z8"] * 40 + ["Z7"] * 30 + [f"P{n}" for n in range(120)]
    months = {"S1": "1980-02", "Z9": "", "Z7": ""}
    born = ["1980-03" if n == 80 else months.get(key, f"19{n % 90 + 10}-01") for n, key in enumerate(keys)]
    rows = [f"c{n},{key},suspect,{month}" for n, (key, month) in enumerate(zip(keys, born, strict=True))]
    mapping = "".join(f'[tables.{table}]\nfile = "export"\nfields.person_key = "Who"\n{fields}'
                      for table, fields in (("party_role", 'fields.crime_id = "C"\nfields.role = "Role"\n'),
                                            ("person", 'fields.birth_ym = "Born"\n')))  # fmt: skip
    put(session, **{"export.csv": "\n".join(["C,Who,Role,Born", *rows, ""]), "mapping.toml": mapping})
    accounts(session)
    query = "select notices from raw.deliveries where source = 'party_role'"
    [(said,)] = session.con.execute(query).fetchall()
    assert len(current(session, "party_role")) == len(keys) and said.count("placeholder?") == 2
    says(said, "person_key: that of line 2 is in 31 crimes, without a birth month: one person, as whom it counts",
         "person_key: that of line 93 is in 40 crimes, with several birth months or sexes")  # fmt: skip
    put(session, **{"mapping.toml": '[extract]\nno_value = ["z9", "Z8"]\n' + mapping})
    accounts(session)
    [(said,)], words = session.con.execute(query).fetchall(), "person_key: 'Z9' in 31 row(s) is no key, because mapping"
    assert words in said and "placeholder?" not in said
    logged = [entry["subject"] for entry in entries(open_store(session.home))]
    assert any(words in subject and subject.startswith("party_role: export") for subject in logged)


def test_every_sheet_and_list_is_loaded_or_named_with_its_rows(session: Session) -> None:
    fields = HEADER.split(",")
    rows = [row(number).split(",") for number in range(1, 10)]
    sheets = {
        "2022": [["Invented crimes"], ["From", "2022", "To", "2022"], ["Run 31/03/2026"], fields, *rows[:2]],
        "2023": [[*fields, "district_code"], [*rows[2], "North"]],
        "2024": [["Number", *fields[1:]], *rows[3:6]],
        "Summary": [["Year", "Count"], ["2022", "2"]],
    }
    xlsx(session.folder.path / "crime.xlsx", sheets)
    objects = [[dict(zip(fields, values, strict=True))] for values in rows[6:]]
    put(session, **{"crime_2.json": json.dumps({"by": "A", "2025": objects[0], "2026": objects[1]}),
                    "crime_3.json": json.dumps(objects[2]) + "\n" + json.dumps([]), "README.md": "Crimes"})  # fmt: skip
    accounts(session)
    assert current(session, "crime") == ["c1", "c2", "c3", "c7", "c8", "c9"]
    assert left_out(session) == {"crime.xlsx#2024": True}
    said = unknown(session)
    assert said["crime.xlsx#2024"].endswith("rows: 3; its columns are those of crime: name it so, or run `stra map`")
    assert said["crime.xlsx#Summary"] == "2 columns; no source knows it; rows: 1" and "README.md" in said
    xlsx(session.folder.path / "crime.xlsx", {"2022": [fields, *rows[:1]]})
    accounts(session)
    assert current(session, "crime") == ["c1", "c7", "c8", "c9"], "a workbook replaces all sheets of the one before"


def test_without_any_crime_of_a_delivered_extract_a_build_fails(session: Session) -> None:
    said = partial(messages.without_crimes, session.con, session.home)
    put(session, **{"Crimes 2024.csv": table(row(1)), "incident.csv": "incident_id,force_code\ni1,\n"})
    accounts(session)
    [words] = said(read_folder(session.folder.path))
    says(words, "expected crimes of the extract; none is loaded. Nothing is published. Crimes 2024.csv: ", "rows: 1;")
    put(session, **{"crime.csv": table(row(1))})
    accounts(session)
    assert said(read_folder(session.folder.path)) == [] and left_out(session) == {"Crimes 2024.csv": True}
    put(session, **{"Crimes 2024.csv": table(row(1)), "crime.csv": "crime_ref,status\n1,open\n"})
    assert "Rows that are not loaded: 1." in accounts(session)["crime.csv"]["reason"]
    assert said(read_folder(session.folder.path)) == [], "those of before are kept"


CUT_SHORT = {"crime.csv": table(row(1), row(2))[:-60], "review.csv": b"review_id,crime_id,level\nr1,c1,dci\nr2"}


@pytest.mark.parametrize(("name", "is_kept"), [("crime.csv", False), ("review.csv", True)])
def test_a_refused_table_with_free_text_stays_where_it_was_delivered(
    session: Session, name: str, is_kept: bool
) -> None:
    put(session, **{name: CUT_SHORT[name]})
    assert accounts(session)[name]["status"] == "refused"
    held = {path.name for path in (session.home / "quarantine").rglob("*") if path.is_file()}
    assert held == {"reason.txt"} | ({name} if is_kept else set())
    assert ("free text about people" in kept(session)) is not is_kept


def test_a_part_under_another_name_is_told_what_it_is(session: Session) -> None:
    theirs = "OCC_NO,FCE,RPT_DTE,CRTD_DTE,HO_OFF_CD,HO_CLS\n1,,,,8/65,8Q\n"
    put(session, **{"crimes.csv": table(row(1)), "order.csv": "order_id,type,victim_key\no1,nmo,p1\n", "X.csv": theirs})
    assert accounts(session) == {}
    said = unknown(session)
    assert "its columns are those of crime: name it so, or run `stra map`" in said["crimes.csv"]
    assert "its columns are those of order_: name it so" in said["order.csv"]
    assert said["X.csv"].endswith("rows: 1; it looks like crimes of another record system: run `stra map`")
    assert left_out(session)["X.csv"], "a build ends with code 3"


def test_names_of_people_are_nobodys_and_kept_nowhere(session: Session) -> None:
    names = f"person_key,forename\np1,{TOLD}\n"
    put(
        session,
        **{
            "force/person_identity.csv": names,
            "Person Identity 2025.parquet": parquet(person_key=["p1"], forename=[TOLD]),
            "person_identity.xlsx": b"PK\x03\x04" + names.encode(),
            "all.zip": zipped({"f/person_identity.csv": names.encode(), "f/incident.csv": b"x\n", "f/pair.csv": b""}),
            "cut.zip": zipped({"person_identity.csv": names.encode()})[:-30],
            "mapping.toml": '[tables.person]\nfile = "person_identity"\n[tables.person.fields]\nsex = "forename"\n',
        },
    )
    found = accounts(session)
    assert {d["status"] for d in found.values()} == {"refused"}
    assert "Jane" not in kept(session)
    said = unknown(session)
    told = [name for name, reason in said.items() if reason.startswith("names of people")]
    assert len(told) == 4 and "all.zip!f/person_identity.csv" in told
    assert not list((session.home / "quarantine").rglob("*.zip")), "an archive with names in it is not copied"
    assert "has names of people and is not kept here" in kept(session)


class TestMapping:
    def test_a_broken_one_holds_the_extract_as_it_was_and_nothing_else(self, session: Session) -> None:
        street = "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,"
        street += "Last outcome category,Context\n" + f"{1:064x},2025-01,Kent Police,Kent Police,,,,,,Drugs,,\n"
        put(session, **{"crime.csv": table(row(1))})
        accounts(session)
        secret = 'url = "postgresql://user:s3cret@host/x"'
        put(session, **{"mapping.toml": f"[tables.crimes]\n[database]\n{secret}\n"})
        put(session, **{"crime.csv": table(row(1), row(2)), "2025-01-kent-street.csv": street})
        found = accounts(session)
        assert found["mapping.toml"]["status"] == "refused"
        says(found["mapping.toml"]["reason"], "mapping.toml: [tables]: expected one of", "Did you mean 'crime'?")
        assert found["2025-01-kent-street.csv"]["status"] == "loaded"
        assert current(session, "crime") == ["c1"], "names that nobody can explain are not read"
        assert "it waits until mapping.toml can be used" in unknown(session)["crime.csv"]
        assert "s3cret" not in kept(session)

        put(session, **{"mapping.toml": '[tables.crime.values.status]\n"open" = "closed"\n'})
        found = accounts(session)
        assert "mapping.toml" not in found and unknown(session) == {}
        assert current(session, "crime") == ["c1", "c2"]

    def test_two_of_them_are_one_too_many(self, session: Session) -> None:
        put(session, **{"mapping.toml": "", "a/Mapping.TOML": "", "crime.csv": table(row(1))})
        found = accounts(session)
        assert {d["status"] for d in found.values()} == {"refused"} and len(found) == 2
        says(found["mapping.toml"]["reason"], "expected one mapping.toml", "mapping.toml, a/Mapping.TOML")

    def test_a_file_that_it_names_and_that_never_came_is_missed(self, session: Session) -> None:
        put(session, **{"mapping.toml": '[tables.crime]\nfile = "OCC.csv"\n', "incident.csv": "incident_id\ni1\n"})
        found = accounts(session)
        reason = "[tables.crime]: expected a file OCC.csv or OCC.parquet; saw no such file; the folder has incident.csv"
        says(found["mapping.toml!OCC"]["reason"], reason)
        put(session, **{"Occ.csv": table(row(1))})
        found = accounts(session)
        assert "mapping.toml!OCC" not in found and current(session, "crime") == ["c1"]
        (session.folder.path / "Occ.csv").unlink()
        assert "mapping.toml!OCC" not in accounts(session), "what was taken in stays taken in"

    def test_a_file_that_it_names_is_refused_with_the_reason_where_it_is_broken(self, session: Session) -> None:
        put(session, **{"mapping.toml": '[tables.crime]\nfile = "OCC"\n', "OCC.csv": "a,status\n1,2\n"})
        found = accounts(session)
        assert list(found) == ["OCC.csv"] and found["OCC.csv"]["source"] == "crime"
        says(found["OCC.csv"]["reason"], "the columns of crime", "'crime_id' is missing")

    def test_a_file_under_our_name_that_it_names_otherwise_is_not_read_beside_the_other(self, session: Session) -> None:
        put(session, **{"mapping.toml": '[tables.crime]\nfile = "OCC"\n'})
        put(session, **{"OCC.csv": table(row(1)), "crime.csv": table(row(2))})
        found = accounts(session)
        says(found["crime.csv"]["reason"], "expected 'OCC', as mapping.toml, [tables.crime], says; saw 'crime'")
        assert current(session, "crime") == ["c1"]

    def test_a_file_of_the_same_name_in_another_layout_is_not_refused_for_it(self, session: Session) -> None:
        put(session, **{"mapping.toml": '[tables.referral]\nfile = "Referrals"\nfields.referral_id = "Referral Id"\n'})
        put(session, **{"force/Referrals.csv": "Referral Id\nr1\n", "commissioning/referrals.csv": "referral_id\nr9\n"})
        found = accounts(session)
        assert {d["status"] for d in found.values()} == {"loaded"}
        assert (current(session, "referral"), current(session, "referrals")) == (["r1"], ["r9"])


class TestPartsOfATable:
    """Files of one table in one folder are one delivery if their names differ in the number of the part alone."""

    def test_all_of_them_count(self, session: Session) -> None:
        ids = "incident_id,force_code\ni1,\n", "incident_id,force_code\ni2,\n"
        put(session, **{"a/crime_1.csv": table(row(1)), "a/crime.part2.parquet": parquet(**crimes("c2")),
                        "b/incident.csv": ids[0], "b/incident 2025.csv": ids[1],
                        "order_-1.csv": "order_id\no1\n", "order_2.csv": "order_id\no2\n"})  # fmt: skip
        assert {d["status"] for d in accounts(session).values()} == {"loaded"}
        for name in ("crime", "incident", "order_"):
            assert current(session, name) == [f"{name[0]}1", f"{name[0]}2"]

    def test_another_folder_or_a_full_date_is_no_part(self, session: Session) -> None:
        put(session, **{"a/crime_1.csv": table(row(1)), "b/crime_2.csv": table(row(2)),
                        "2026-01-31/crime_3.csv": table(row(3)), "a/crime_2025-01.csv": table(row(4)),
                        "a/crime (2).csv": table(row(5))})  # fmt: skip
        assert sorted(d["status"] for d in accounts(session).values()) == ["loaded", "superseded", "superseded"]
        assert unknown(session).keys() == {"a/crime_2025-01.csv", "a/crime (2).csv"}
        assert current(session, "crime") in (["c1"], ["c2"])

    def test_a_later_dated_folder_supersedes_all_parts_of_the_earlier(self, session: Session) -> None:
        put(session, **{f"2026-0{month}-28/crime_{part}.csv": table(row(10 * month + part))
                        for month in (1, 2) for part in (1, 2)})  # fmt: skip
        accounts(session)
        assert current(session, "crime") == ["c21", "c22"]

    def test_a_part_that_is_delivered_again_replaces_itself_and_what_one_part_has_is_measured(
        self, session: Session
    ) -> None:
        put(session, **{"crime_1.csv": table(row(1)), "crime_2.csv": table(row(2))})
        accounts(session)
        put(session, **{"crime_2.csv": table(*(f"c{number},8Q,2025-03-01T10:00:00Z" for number in (2, 3)),
                        header="crime_id,class_code,recorded_ts")})  # fmt: skip
        accounts(session)
        assert current(session, "crime") == ["c1", "c2", "c3"]
        session.build(all_cards()["core.current_periods"])
        assert lacking(session.con, {"crime.lat", "crime.incident_id"}) == {"crime.incident_id"}

    def test_the_parts_that_are_in_the_folder_are_the_table(self, session: Session) -> None:
        """A table that is split, or split in another way, is not counted twice; with no file left nothing changes."""
        put(session, **{"crime.csv": table(row(1), row(2), row(3))})
        accounts(session)
        (session.folder.path / "crime.csv").unlink()
        put(session, **{"crime_1.csv": table(row(1)), "crime_2.csv": table(row(2), row(3))})
        assert accounts(session)["crime.csv"]["status"] == "superseded"
        assert current(session, "crime") == ["c1", "c2", "c3"]
        (session.folder.path / "crime_1.csv").rename(session.folder.path / "crime_4.csv")
        accounts(session)
        assert current(session, "crime") == ["c1", "c2", "c3"], "the same content under another name"
        for file in session.folder.path.iterdir():
            file.unlink()
        put(session, **{"incident.csv": "incident_id\ni1\n"})
        accounts(session)
        assert current(session, "crime") == ["c1", "c2", "c3"]

    def test_a_key_in_two_parts_counts_once_and_the_other_row_is_set_aside(self, session: Session) -> None:
        put(session, **{"crime_1.csv": table(row(1), row(2)), "crime_2.csv": table(row(2), row(3))})
        found = accounts(session)
        counts = [(found[name]["rows_loaded"], found[name]["rows_quarantined"]) for name in sorted(found)]
        assert counts == [(2, 0), (1, 1)]
        [(line, reason)] = session.con.execute("select line_number, reason from raw.quarantined_rows").fetchall()
        says(reason, "expected every crime_id once among the files", "crime_1.csv, line 3, has it already")
        assert line == 2 and current(session, "crime") == ["c1", "c2", "c3"]
        put(session, **{"crime_1.csv": table(row(1))})
        assert accounts(session)["crime_2.csv"]["rows_loaded"] == 2
        assert current(session, "crime") == ["c1", "c2", "c3"]
        assert session.con.execute("select count(*) from raw.quarantined_rows").fetchall() == [(0,)]

    def test_a_mapped_name_has_parts_too_and_several_mapped_files_are_one_table(self, session: Session) -> None:
        put(session, **{"mapping.toml": '[tables.crime]\nfile = "OCC"\n', "OCC_1.csv": table(row(1)),
                        "occ_2.csv": table(row(2))})  # fmt: skip
        accounts(session)
        assert current(session, "crime") == ["c1", "c2"]
        fields = "".join(f'fields.{name} = "{name}"\n' for name in HEADER.split(","))
        two = "".join(f'[[tables.crime]]\nfile = "{name}"\n{fields}' for name in ("OCC_1", "other"))
        put(session, **{"mapping.toml": two, "other.csv": table(row(3))})
        accounts(session)
        assert current(session, "crime") == ["c1", "c3"]
