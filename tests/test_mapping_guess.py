"""`stra map`: do headers and values of an export tell which table and which field they are, and is doubt asked?"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from invented_exports import CODES, EXPORTS, Export
from invented_extract import Row, invented, text_of, write_csv
from test_database import build, rows_of
from typer.testing import CliRunner

from assets.readers.extract import TABLES, required
from assets.readers.extract_values import code_sets
from assets.readers.mapping import ExtractMapping, TableMapping, read_mapping
from expectations import RULES
from pipelines import cli
from pipelines.mapping_file import gaps, propose, toml_of
from pipelines.mapping_guess import Sheet, as_table
from pipelines.mapping_words import code_of, fit, synonyms, words
from pipelines.session import open_session


@pytest.fixture(scope="module")
def extract() -> dict[str, list[Row]]:
    return {table: rows for table, rows in invented(60).items() if table in EXPORTS["niche"]}


def export(folder: Path, style: Export, extract: dict[str, list[Row]]) -> None:
    """Write the extract as this record system would."""
    folder.mkdir(parents=True, exist_ok=True)
    for table, (name, labels) in style.items():
        kept = [(f, label) for f, label in zip(TABLES[table], labels, strict=True) if label is not None]
        with open(folder / f"{name}.csv", "w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow([label for _, label in kept])
            writer.writerows([CODES.get(f, {}).get(row[f], text_of(row[f])) for f, _ in kept] for row in extract[table])


def put(folder: Path, name: str, header: str, *rows: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")


def run(folder: Path, *options: str, answers: str = "") -> Any:
    return CliRunner().invoke(cli.app, ["map", "--data", str(folder), *options], input=answers)


@pytest.mark.parametrize("style", EXPORTS)
def test_an_export_is_mapped_and_then_builds_what_our_own_names_build(
    tmp_path: Path, style: str, extract: dict[str, list[Row]]
) -> None:
    export(tmp_path / "theirs", EXPORTS[style], extract)
    done = run(tmp_path / "theirs", "--yes")
    assert done.exit_code == 0, done.output
    mapping = read_mapping(tmp_path / "theirs" / "mapping.toml", TABLES)
    keys, others = [], []
    for table, (name, labels) in EXPORTS[style].items():
        assert mapping.table(table).file == name
        for field, label in zip(TABLES[table], labels, strict=True):
            is_right = mapping.table(table).fields.get(field) == label
            (keys if field in required(TABLES[table]) else others).append((table, field, is_right))
    assert all(right for *_, right in keys), keys
    assert sum(right for *_, right in others) >= 0.9 * len(others), [found for found in others if not found[-1]]

    write_csv(tmp_path / "ours", extract)
    found = []
    for folder in ("theirs", "ours"):
        with open_session(tmp_path / f"{folder} home", tmp_path / folder) as session:
            session.take_in()
            build(session, "core.parties")
            found.append([rows_of(session, table) for table in ("raw.crime", "core.crimes", "core.parties")])
            assert session.con.execute("select sum(rows_quarantined) from raw.deliveries").fetchall() == [(0,)]
    assert found[0] == found[1] and len(found[0][1]) == len(extract["crime"])


def test_two_columns_that_are_as_good_are_asked_and_not_guessed(tmp_path: Path) -> None:
    header = "notice_number,crime_id,notice_type,issued_date_time,date_time_issued,issued_by,to_key"
    row = "n1,c1,pin,2025-03-01T10:00:00Z,2025-03-02T10:00:00Z,PC1,p1"
    put(tmp_path / "a", "notices.csv", header, row)
    done = run(tmp_path / "a", "--yes")
    assert "issued_ts" in done.output and "? issued_date_time or date_time_issued" in done.output
    assert "issued_ts" not in read_mapping(tmp_path / "a" / "mapping.toml", TABLES).table("notice").fields
    text = (tmp_path / "a" / "mapping.toml").read_text(encoding="utf-8")
    assert '# issued_ts = ""  # ts, may be "issued_date_time" or "date_time_issued"' in text

    put(tmp_path / "b", "notices.csv", header, row)
    done = run(tmp_path / "b", answers="9\n2\ny\n")
    assert "Expected a number from 1 to 3" in done.output
    assert read_mapping(tmp_path / "b" / "mapping.toml", TABLES).table("notice").fields["issued_ts"] == (
        "date_time_issued"
    )


def test_a_file_that_may_be_either_of_two_tables_is_asked(tmp_path: Path) -> None:
    put(tmp_path, "extract 7.csv", "CrimeId,HOCode,ClassCode,Reason", "c1,8/65,8Q,as reported")
    done = run(tmp_path, "--yes")
    assert "may be" in done.output and "left open" in done.output
    assert not (tmp_path / "mapping.toml").exists()
    done = run(tmp_path, answers="1\ny\n")
    assert done.exit_code == 0 and (tmp_path / "mapping.toml").exists()


def test_a_table_is_taken_only_when_a_person_says_so(tmp_path: Path) -> None:
    put(tmp_path, "GNotice.csv", "NoticeId,OccurrenceId,NoticeType,IssuedDTTM", "n1,c1,pin,2025-03-01T10:00:00Z")
    done = run(tmp_path, answers="n\n")
    assert "Is it notice?" in done.output and not (tmp_path / "mapping.toml").exists()
    done = run(tmp_path, answers="y\n")
    assert (tmp_path / "mapping.toml").exists()
    assert "notice has no column for: issued_by, to_key." in done.output
    assert "Tables not found: " in done.output and "Rules that will not be measured" in done.output


def test_rules_that_rest_on_what_is_missing_are_named() -> None:
    feedable = [r for r in RULES if r.needs and all(n.partition(".")[0] in TABLES for n in r.needs)]
    optional = next(r for r in feedable if _kind(r.needs[0]).endswith("?"))
    need = next(r for r in feedable if not _kind(r.needs[0]).endswith("?"))
    said = "\n".join(gaps({table: set() for table in TABLES} | _lack(optional.needs[0]), {}))
    assert f"{optional.code} for {optional.needs[0]}" in said and "will not be measured" in said
    assert "cannot be run" not in said
    said = "\n".join(gaps({table: set() for table in TABLES} | _lack(need.needs[0]), {}))
    assert f"{need.code} for {need.needs[0]}" in said and "cannot be run" in said
    assert list(gaps({table: set() for table in TABLES}, {})) == []


def _kind(need: str) -> str:
    table, _, name = need.partition(".")
    return TABLES[table].get(name, "")


def _lack(need: str) -> dict[str, set[str]]:
    table, _, name = need.partition(".")
    return {table: {name}}


def test_what_is_there_is_asked_for_kept_and_carried_on(tmp_path: Path) -> None:
    old = (
        '# ours\n[tables.crime]\nfile = "OCC"\n[tables.crime.values.status]\n"Filed" = "closed"\n'
        "[database]\nurl = \"env:X\"\n[database.queries]\nreview = '''\nselect \"a\" from r -- all\n'''\n"
    )
    put(tmp_path, "GNotice.csv", "NoticeId,OccurrenceId,NoticeType,IssuedDTTM", "n1,c1,pin,2025-03-01T10:00:00Z")
    path = tmp_path / "mapping.toml"
    path.write_text(old, encoding="utf-8")
    before = read_mapping(path, TABLES)
    run(tmp_path, "--yes", answers="n\n")
    assert path.read_text(encoding="utf-8") == old
    run(tmp_path, "--yes", answers="y\n")
    assert (tmp_path / "mapping.toml.bak").read_text(encoding="utf-8") == old
    after = read_mapping(path, TABLES)
    assert after.table("notice").file == "GNotice"
    assert (after.table("crime"), after.queries) == (before.table("crime"), before.queries)
    assert "Nothing to write" in run(tmp_path, "--yes").output, "what the mapping knows is not guessed again"


def test_files_that_are_known_or_no_tables_of_ours_are_left_alone(tmp_path: Path) -> None:
    write_csv(tmp_path, {"crime": invented(3)["crime"]})
    put(tmp_path, "shopping.csv", "item,price", "milk,1.20")
    put(tmp_path, "person_identity.csv", "person_key,forename,surname", "p1,A,B")
    done = run(tmp_path, "--yes")
    assert "Nothing to write" in done.output and "person_identity" not in done.output


def test_without_its_key_a_table_is_left_out(tmp_path: Path) -> None:
    put(tmp_path, "GNotice.csv", "NoticeType,IssuedDTTM,IssuedBy", "pin,2025-03-01T10:00:00Z,PC1")
    done = run(tmp_path, "--yes")
    assert "without notice_id its rows cannot be used" in done.output and not (tmp_path / "mapping.toml").exists()


def test_a_code_that_no_one_knows_stands_as_a_comment(tmp_path: Path) -> None:
    rows = [
        f"n{i},c{i},{code},2025-03-01T10:00:00Z" for i, code in enumerate(("PIN", "Words of Advice", 'Par"ked', "pin"))
    ]
    put(
        tmp_path,
        "GNotice.csv",
        "NoticeId,OccurrenceId,NoticeType,IssuedDTTM",
        *(r.replace('Par"ked', '"Par""ked"') for r in rows),
    )
    run(tmp_path, "--yes")
    text = (tmp_path / "mapping.toml").read_text(encoding="utf-8")
    assert tomllib.loads(text)["tables"]["notice"]["values"]["type"] == {"Words of Advice": "words_of_advice"}
    assert '# "Par\\"ked" = ""  # one of pin, harassment_warning' in text


def test_moments_that_the_reader_cannot_read_are_not_mapped() -> None:
    sheet = Sheet("n.csv", "notices", {"NoticeId": ("n1",), "IssuedDTTM": ("01/03/2025 10:00",)})
    assert as_table(sheet, "notice").fields["issued_ts"].label is None


def test_a_parquet_file_with_types_is_read_like_a_csv_file(tmp_path: Path, extract: dict[str, list[Row]]) -> None:
    labels = [str(label) for label in EXPORTS["niche"]["incident"][1]]
    rows = [dict(zip(labels, row.values(), strict=True)) for row in extract["incident"]]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "GIncidentLog.parquet")
    run(tmp_path, "--yes")
    fields = read_mapping(tmp_path / "mapping.toml", TABLES).table("incident").fields
    assert fields == dict(zip(TABLES["incident"], labels, strict=True))


def test_any_mapping_that_is_written_reads_back(tmp_path: Path) -> None:
    awkward = 'a "quoted" \\ name\twith é, = # ] \x7f and \u2028'
    mapping = ExtractMapping(
        {
            "crime": TableMapping(awkward, {"crime_id": awkward}, {"status": {awkward: "open"}}),
            "order_": TableMapping(),
        },
        "env:X",
        {"review": f"select '{awkward}'\nfrom x"},
    )
    (tmp_path / "mapping.toml").write_text(toml_of(mapping, {}), encoding="utf-8")
    assert read_mapping(tmp_path / "mapping.toml", TABLES) == mapping


def test_nothing_is_asked_where_nothing_lies(tmp_path: Path) -> None:
    def never(question: str, answers: Sequence[str] | bool) -> Any:
        raise AssertionError(question)

    assert propose(tmp_path, False, print, never, never) is False


@pytest.mark.parametrize(
    ("name", "cut"),
    [
        ("OccurrenceId", "occurrence id"),
        ("HOCodeRaw", "ho code raw"),
        ("OCCURRENCE_ID", "occurrence id"),
        ("Date Time Logged", "date time logged"),
        ("lsoa21", "lsoa 21"),
        ("PNCIdHash", "pnc id hash"),
    ],
)
def test_names_fall_into_words(name: str, cut: str) -> None:
    assert words(name) == tuple(cut.split())


def test_codes_have_the_same_words_or_a_listed_synonym() -> None:
    assert code_of("relationship", "Partner (Ex)") == "ex_partner"
    assert code_of("crime_status", "FILED") == "closed"
    assert code_of("crime_status", "Parked") is None


def test_values_that_do_not_fit_speak_against_a_name() -> None:
    assert fit("ts", ["2025-03-01T10:00:00Z", "2025-03-01 10:00"]) == 1
    assert fit("text", ["2025-03-01T10:00:00Z"]) < 0.2
    assert fit("key", ["a", "a"]) < 0.2


def test_every_synonym_leads_to_words_and_codes_that_are_ours() -> None:
    ours = {word for table, fields in TABLES.items() for name in (table, *fields) for word in words(name)}
    for meanings in synonyms().values():
        assert {word for meaning in meanings for word in words(meaning)} <= ours
    for name, codes in code_sets().items():
        for meanings in synonyms(name).values():
            assert set(meanings) <= set(codes)
