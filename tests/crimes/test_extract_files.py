"""Files of the force extract from the worst of suppliers: what is said, that no row is lost, and that nobody is named.

Values and what is made of them are in test_extract_reader.py, deliveries in test_extract_deliveries.py.
"""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from delivered import says
from delivered_crimes import HEADER, TOLD, crimes, parquet, row, table

from assets.raw import sources
from assets.readers import files
from assets.readers.source import BrokenFile, Reading


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
        ("name", "kept", "aside"),
        [
            ("crime_flag", "set_ts", ""),
            ("crime_link", "linked_ts", ""),
            ("included_classification", "added_ts", ""),
            ("incident", "created_ts crime_related da_flag closed_ts", ""),
            ("investigator", "pip_level", ""),
            ("order_", "conditions_n granted_ts", "interim positive_req"),
            ("outcome", "victim_informed_ts", "seq outcome_ts is_current"),
            ("pair", "first_seen last_seen n_incident n_crime", ""),
            ("party_role", "named first_added_ts age_at_offence", ""),
            ("removal", "accepted_ts", "removal_ts"),
            ("risk_assessment", "started_ts professional_judgement completed_ts", ""),
            ("bail", "end_ts", "start_ts conditions_n"),
        ],
    )
    def test_a_row_of_another_table_stays_out_only_where_none_would_be_another_answer(
        self, tmp_path: Path, name: str, kept: str, aside: str
    ) -> None:
        fields = [*kept.split(), *aside.split()]
        keys = [key for key, kind in sources()[name].fields.items() if kind in ("key", "ref")]
        rows = [",".join([f"k{n}"] * len(keys) + ["~" if of == name else "" for of in fields])
                for n, name in enumerate(fields)]  # fmt: skip
        reading, found = read(tmp_path, table(*rows, header=",".join([*keys, *fields])), f"{name}.csv")
        assert sorted(row.column_name for row in reading.unread) == sorted(kept.split())
        assert [row.column_name for row in reading.quarantined] == aside.split() and len(found) == len(kept.split())

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


def test_a_list_above_16_mb_is_cut_into_its_rows_and_one_that_does_not_end_is_refused(tmp_path: Path) -> None:
    told = '"]} and [{' * 20_000
    rows = [{"mo_text": told, **{k: v[0] for k, v in crimes(f"c{n}").items()}} for n in range(90)]
    content = json.dumps({"by": {"unit": ["A"]}, "crime": rows}, indent=1).encode()
    reading, found = read(tmp_path, content, "crime.json")
    assert len(content) > 1 << 24 and not reading.quarantined
    assert [row["crime_id"] for row in found] == [f"c{n}" for n in range(90)] and found[-1]["mo_text"] == told
    last = content[:-9].count(b"\n") + 1
    assert f"line {last}: expected a list of objects" in refused(tmp_path, content[:-9], "crime.json")


def test_a_file_without_a_header_is_described_without_its_values(tmp_path: Path) -> None:
    (tmp_path / "names.csv").write_bytes(b"p1,Jane Doe,1980-01-02\np2,x,y\n")
    said = files.describe(files.inspect(tmp_path / "names.csv", "names.csv"))
    assert said == "comma-separated text of 3 columns whose first line is hardly a header; no source knows it"
