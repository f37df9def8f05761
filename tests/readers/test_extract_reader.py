"""The force extract: given these values, what is loaded, and what is set aside with which reason?"""

import hashlib
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from published_workbooks import delivered

from assets.raw import extract_tables, sources
from assets.readers import files
from assets.readers.extract.mapping import MappingError, read_mapping
from assets.readers.source import ExtractMapping, Part, Reading

TABLES = extract_tables()
CRIME = {
    "crime_id": "c1", "crime_ref": "42/1/25", "force_code": "E23000013", "class_code": "8Q",
    "recorded_ts": "2025-03-01T10:00:00Z",
}  # fmt: skip


def read(
    tmp_path: Path, table: str, *rows: dict[str, Any], mapping: ExtractMapping | None = None, name: str = ""
) -> tuple[Reading, list[dict[str, Any]]]:
    """Write the rows as csv, or parquet where the name says so, and read them."""
    path = tmp_path / (name or f"{table}.csv")
    frame = pl.DataFrame(list(rows))
    frame.write_parquet(path) if path.suffix == ".parquet" else frame.write_csv(path)
    file = files.inspect(path, path.name)
    object.__setattr__(file, "mapping", mapping)
    source = sources()[table]
    (part,) = source.parts(file)
    reading = source.read(part, "d1", tmp_path / "out.parquet")
    written = str(tmp_path / "out.parquet")
    found = duckdb.connect().execute("select * from read_parquet(?) order by line_number", [written])
    names = [d[0] for d in found.description]
    return reading, [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def one(tmp_path: Path, table: str, row: dict[str, Any], field: str) -> str | None:
    """The value that is loaded; the field in brackets where the row was set aside, in square ones where it was not."""
    reading, loaded = read(tmp_path, table, row)
    assert reading.rows_read == reading.rows_loaded + len(reading.quarantined) == 1
    if reading.unread:
        assert [row.column_name for row in reading.unread] == [field] and loaded[0][field] is None
        return f"[{field}]"
    return loaded[0][field] if loaded else f"({reading.quarantined[0].column_name})"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("2025-03-01T10:00:00Z", "2025-03-01T10:00:00.000000Z"),
        ("2025-07-01T10:00:00+01:00", "2025-07-01T09:00:00.000000Z"),
        ("2025-07-01T10:00:00+0100", "2025-07-01T09:00:00.000000Z"),
        ("2025-07-01 10:00:00 +01:00", "2025-07-01T09:00:00.000000Z"),
        ("2025-07-01T10:00:00+01", "2025-07-01T09:00:00.000000Z"),
        ("2025-03-01T10:00:00 Z", "2025-03-01T10:00:00.000000Z"),
        ("2025-03-01T10:00:00.1234567Z", "2025-03-01T10:00:00.123456Z"),
        ("2025-03-01T10:00:00+99:00", "(recorded_ts)"),
        ("2025-03-01T10:00:60Z", "(recorded_ts)"),
        ("45717.4166667", "2025-03-01T10:00:00.000000Z"),  # a spreadsheet's, in a column that has no other
        ("2025-07-01T10:00", "2025-07-01T09:00:00.000000Z"),  # local time in summer
        ("2025-01-01 10:00:00.250", "2025-01-01T10:00:00.250000Z"),  # local time in winter
        ("2025-10-26T00:59:59", "2025-10-25T23:59:59.000000Z"),
        ("2025-10-26T01:30:00", "(recorded_ts)"),  # is run through twice
        ("2025-10-26T01:30:00+01:00", "2025-10-26T00:30:00.000000Z"),
        ("2025-10-26T02:00:00", "2025-10-26T02:00:00.000000Z"),
        ("2025-03-30T00:59:59", "2025-03-30T00:59:59.000000Z"),
        ("2025-03-30T01:30:00", "(recorded_ts)"),  # never was
        ("2025-03-30T02:00:00", "2025-03-30T01:00:00.000000Z"),
        ("2025-02-30T10:00:00Z", "(recorded_ts)"),
        ("2025-02-28", "(recorded_ts)"),  # a day is no moment
        ("28/02/2025 10:00", "2025-02-28T10:00:00.000000Z"),
        ("28/02/25 10:00", "(recorded_ts)"),  # of which century?
        ("0001-01-01T00:00:00Z", "(recorded_ts)"),  # a mark for "not known"
        ("1899-12-31T23:59:59Z", "(recorded_ts)"),
        ("1900-01-01T00:00:00Z", "1900-01-01T00:00:00.000000Z"),
        ("", "(recorded_ts)"),  # a crime without a moment of recording
    ],
)
def test_moments_are_utc_and_the_hours_of_a_clock_change_are_not_guessed(
    tmp_path: Path, given: str, kept: str | None
) -> None:
    assert one(tmp_path, "crime", CRIME | {"recorded_ts": given}, "recorded_ts") == kept


@pytest.mark.parametrize(
    ("code", "keyed", "kept"),
    [
        ("8/65", "8/65", "8/65"),
        ("008/65", "", "8/65"),
        ("8/06", "", "8/6"),
        ("", "23955", "8/65"),  # recording-standards 2.3: what Excel made of the official mapping
        ("", "24320", "8/66"),
        ("", "24685", "8/67"),
        ("", "26512", "8/72"),
        ("44802", "", "8/29"),
        ("44803", "", "8/30"),
        ("Aug-65", "", "8/65"),
        ("29-Aug", "", "8/29"),
        ("2021-08-06", "", "(ho_code)"),  # keyed in 2022, no code gives the sixth of August of another year
        ("8/65", "23955", "8/65"),  # the force decoded it: what was keyed is for the rule
        ("not a code", "", "not a code"),  # for the rule to name
        ("8", "", "8"),
    ],
)
def test_codes_that_a_spreadsheet_made_a_date_of(tmp_path: Path, code: str, keyed: str, kept: str) -> None:
    row = CRIME | {"recorded_ts": "2022-11-01T10:00:00Z", "ho_code": code, "ho_code_raw": keyed}
    assert one(tmp_path, "crime", row, "ho_code") == kept


@pytest.mark.parametrize(
    ("code", "label", "kept"),
    [
        ("16", "", "16"),
        ("01a", "", "1A"),
        ("", "Charge/Summons", "1"),
        ("", "charge/summonsed  with alternate offence", "1A"),
        ("", "Further investigation to support formal action not in the public interest – police decision", "21"),
        ("Community Resolution", "", "8"),
        ("99", "", "99"),  # for the rule to name
        ("", "Filed, sort of", "(code)"),
        ("", "", None),
    ],
)
def test_outcome_labels_have_a_dictionary_that_does_not_guess(
    tmp_path: Path, code: str, label: str, kept: str | None
) -> None:
    row = {"outcome_id": "o1", "crime_id": "c1", "code": code, "code_raw": label}
    assert one(tmp_path, "outcome", row, "code") == kept


def test_booleans_numbers_dates_and_months(tmp_path: Path) -> None:
    party = {"crime_id": "c1", "person_key": "p1", "named": "TRUE", "age_at_offence": "34.0"}
    assert one(tmp_path, "party_role", party, "named") == "true"
    assert one(tmp_path, "party_role", party, "age_at_offence") == "34"
    for truth, kept in (("1", "true"), ("0.0", "false"), ("Y", "true"), ("n", "false"), ("-1", "[named]")):
        assert one(tmp_path, "party_role", party | {"named": truth}, "named") == kept
    assert one(tmp_path, "party_role", party | {"named": "perhaps"}, "named") == "[named]"
    assert one(tmp_path, "party_role", party | {"age_at_offence": "3.5"}, "age_at_offence") == "[age_at_offence]"
    person = {"person_key": "p1", "birth_ym": "1980-02-29"}
    assert one(tmp_path, "person", person, "birth_ym") == "1980-02", "a full date of birth does not stay"
    assert one(tmp_path, "person", person | {"birth_ym": "198002"}, "birth_ym") == "1980-02"
    assert one(tmp_path, "order_", {"order_id": "o", "expires": "2025-02-29"}, "expires") == "[expires]"


def test_a_code_that_no_set_knows_is_loaded_and_named(tmp_path: Path) -> None:
    row = {"crime_id": "c1", "person_key": "p1", "role": "Complainant", "relationship": "EX_PARTNER"}
    once = row | {"role": "Jane Doe's brother"}
    reading, loaded = read(tmp_path, "party_role", *[row] * 5, once)
    assert [r["role"] for r in loaded] == ["Complainant"] * 5 + ["Jane Doe's brother"]
    assert loaded[0]["relationship"] == "ex_partner"
    said = "; ".join(reading.notices)
    assert "line 2, role: 'Complainant' (5 rows) is not one of victim, suspect" in said
    assert "line 7, role: 1 value(s) in 1 row(s), not shown as they may be about one person" in said
    assert "Jane" not in said


def test_a_field_that_the_layout_had_later_may_be_absent_without_a_word(tmp_path: Path) -> None:
    row = {"crime_id": "c1", "ts": "2025-03-01T10:00:00Z", "direction": "to victim", "reason": "update", "by_id": "s"}
    reading, loaded = read(tmp_path, "victim_contact", row)
    assert (reading.notices, reading.absent, loaded[0]["kind"]) == ([], ("kind",), None)
    reading, _ = read(tmp_path, "victim_contact", {name: row[name] for name in row if name != "reason"})
    assert reading.notices == ["line 1: no column 'reason'; taken as empty"]


def test_a_row_set_aside_can_be_looked_up_by_its_references_alone(tmp_path: Path) -> None:
    faulty = CRIME | {"crime_id": "c2", "incident_id": " i7 ", "recorded_ts": "yesterday", "mo_text": "a name"}
    reading, _ = read(tmp_path, "crime", CRIME, faulty)
    digests = reading.quarantined[0].row_refs.split()
    for said in ("crime_id=c2", "incident_id=i7", f"crime_ref={CRIME['crime_ref']}"):
        assert hashlib.md5(said.encode()).hexdigest() in digests
    assert "i7" not in digests


def test_a_mapping_renames_tables_fields_and_codes(tmp_path: Path) -> None:
    (tmp_path / "mapping.toml").write_text(
        '[tables.crime]\nfile = "OCCURRENCE"\n[tables.crime.fields]\ncrime_id = "OccurrenceId"\nstatus = "State"\n'
        '[tables.crime.values.status]\n"Filed" = "closed"\n',
        encoding="utf-8",
    )
    mapping = read_mapping(tmp_path / "mapping.toml", TABLES)
    needed = {"class_code": "8Q", "recorded_ts": "2025-03-01T10:00:00Z"}
    rows = [needed | {"OccurrenceId": "c1", "State": "Filed"}, needed | {"OccurrenceId": "c2", "State": "open"}]
    _, loaded = read(tmp_path, "crime", *rows, mapping=mapping, name="Occurrence.csv")
    assert [(row["crime_id"], row["status"]) for row in loaded] == [("c1", "closed"), ("c2", "open")]


def test_what_stands_in_place_of_a_code_is_translated_too(tmp_path: Path) -> None:
    (tmp_path / "mapping.toml").write_text('[tables.outcome.values.code]\n"Filed, sort of" = "18"\n', encoding="utf-8")
    mapping = read_mapping(tmp_path / "mapping.toml", TABLES)
    rows = [{"outcome_id": "o1", "code_raw": "Filed, sort of"}, {"outcome_id": "o2", "code_raw": "Parked"}]
    reading, loaded = read(tmp_path, "outcome", *rows, mapping=mapping)
    assert [(row["code"], row["code_raw"]) for row in loaded] == [("18", "Filed, sort of")]
    (unknown,) = reading.quarantined
    assert (unknown.column_name, unknown.value) == ("code", "Parked"), "the label itself has to be seen"
    assert "say in mapping.toml, [tables.outcome.values.code], what it means" in unknown.reason


def test_a_mapping_may_say_that_a_word_means_nothing(tmp_path: Path) -> None:
    (tmp_path / "mapping.toml").write_text(
        '[tables.crime.values.vcop_enhanced]\n"Unknown" = ""\n"Ja" = true\n', encoding="utf-8"
    )
    mapping = read_mapping(tmp_path / "mapping.toml", TABLES)
    rows = [CRIME | {"crime_id": str(n), "vcop_enhanced": said} for n, said in enumerate(("Unknown", "Ja", "no"))]
    reading, loaded = read(tmp_path, "crime", *rows, mapping=mapping)
    assert [row["vcop_enhanced"] for row in loaded] == [None, "true", "false"] and not reading.quarantined


def test_a_mapping_from_a_plain_editor_is_read(tmp_path: Path) -> None:
    text = '\ufeff[tables.crime]\r\nfile = "OCC.CSV"\r\n'
    (tmp_path / "mapping.toml").write_bytes(text.encode())
    assert read_mapping(tmp_path / "mapping.toml", TABLES).blocks("crime")[0].file == "OCC"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("[tables.crimes]\n", ("[tables]", "saw 'crimes'", "Did you mean 'crime'?")),
        ('[tables.crime.fields]\ncrimeid = "X"\n', ("[tables.crime.fields]", "Did you mean 'crime_id'?")),
        ('[tabels.crime]\nfile = "X"\n', ("saw 'tabels'", "Did you mean 'tables'?")),
        ('[tables.person_identity]\nfile = "X"\n', ("[tables]", "saw 'person_identity'")),
        ('[tables]\ncrime = "X"\n', ("expected a section [tables.crime]",)),
        ("tables = [1]\n", ("expected a section [tables]",)),
        ("tables = \n", ("expected a TOML file", "line 1")),
        ('[tables.crime]\nfile = "A"\n[tables.crime]\n', ("expected a TOML file", "line 3")),
        ("[tables.crime]\nfile = \u201cOCC\u201d\n", ("expected a TOML file", "line 2")),
        ("[tables.crime]\nfile = 5\n", ("[tables.crime] file", "expected a text in quotes; saw 5")),
        ('[tables.crime]\nfile = ["A"]\n', ("[tables.crime] file", "saw ['A']")),
        ('[tables.crime]\nfile = "force/OCC.csv"\n', ("expected the name of a file without its folder",)),
        ('[tables.crime.fields]\nstatus = "?"\n', ("[tables.crime.fields] status", "put a # before the line")),
        ('[tables.crime.fields]\nstatus = ""\n', ("[tables.crime.fields] status", "saw ''")),
        ('[tables.crime.values]\nstatus = "X"\n', ("expected a section [tables.crime.values.status]",)),
        ('[tables.crime.values.status]\n"Filed" = "closd"\n', ("'Filed'", "one of open, closed", "saw 'closd'")),
        ('[tables.crime.values.crime_id]\n"Filed" = ""\n', ("'Filed'", "saw ''")),
        ('[tables.crime.values.status]\n"Filed" = "?"\n', ("'Filed'", "saw '?'")),
        ('[tables.crime.values.dmm_flag]\n"Ja" = "ja"\n', ("one of true, false", 'or "" for no value')),
        ('[tables.outcome.values.code]\n"Filed" = "Filed"\n', ("an outcome code in quotes", "saw 'Filed'")),
        ('[database]\nurl = "postgresql://user:word@host/db"\n', ("[database]", "may hold a password")),
        ("[database]\nurl = 5\n", ("[database]", 'url = "env:NAME"')),
        ('[database]\nurl = "env:X"\n[database.queries]\ncrime = 5\n', ("[database.queries] crime", "saw 5")),
        ('[database]\nurl = "env:X"\n[database.queries]\ncrimes = "select 1"\n', ("Did you mean 'crime'?",)),
    ],
)
def test_a_wrong_mapping_is_refused_with_its_place(tmp_path: Path, text: str, parts: tuple[str, ...]) -> None:
    path = tmp_path / "mapping.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(MappingError) as problem:
        read_mapping(path, TABLES)
    for part in ("expected", "saw", *parts):
        assert part in str(problem.value)
    assert "word@host" not in str(problem.value)


@pytest.mark.parametrize("content", [b"\xff\xfe[\x00", b"[tables.crime.fields]\nstatus = '\xe9'\n", b"\0\0"])
def test_a_mapping_that_is_no_text_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "mapping.toml").write_bytes(content)
    with pytest.raises(MappingError, match="expected a TOML file in UTF-8"):
        read_mapping(tmp_path / "mapping.toml", TABLES)


@pytest.mark.parametrize(("row", "field"), [
    ("C1,8Q,8/65,", "recorded_ts"),
    ("C1,,,2025-03-01T10:00Z", "class_code"),
    (",8Q,8/65,2025-03-01T10:00Z", "crime_id"),
    ("C1,8Q,,2025-03-01T10:00Z", None),
    ("C1,,8/65,2025-03-01T10:00Z", None),
])  # fmt: skip
def test_a_crime_needs_a_number_a_class_and_a_moment_of_recording(tmp_path: Path, row: str, field: str | None) -> None:
    path = tmp_path / "crime.csv"
    path.write_text(f"crime_id,class_code,ho_code,recorded_ts\n{row}\nC9,8Q,8/65,2025-03-01T10:00Z\n")
    reading = sources()["crime"].read(Part(delivered(path)), "d1", tmp_path / "out.parquet")
    assert [(r.line_number, r.column_name) for r in reading.quarantined] == ([(2, field)] if field else [])
