"""`stra export-case`: everything held of one person, nothing of anybody else, logged first. All data is invented."""

import csv
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import duckdb
import pytest
from commands import stra

from casework.access import access_log
from casework.people import links
from casework.store.database import open_store
from casework.upkeep import checks

BY = ("--by", "A Protection Officer", "--reason", "request 4")
TABLES = """
create schema raw; create schema core; create schema metrics; create schema quality;
create table core.crimes as select * from (values ('C1', '2026-01-05', 'E1'), ('C2', '2026-01-06', 'E1'),
  ('C3', '2026-01-07', 'E1')) t(crime_ref, recorded_date, force_code);
create table core.parties as select * from (values
  ('C1', 'V1', 'V1', 'victim'), ('C1', 'S1', 'S1', 'suspect'), ('C1', 'W1', 'W1', 'witness'),
  ('C2', 'S1b', 'S1b', 'victim'), ('C2', 'S2', 'S2', 'suspect'),
  ('C3', 'V3', 'V3', 'victim')) t(crime_ref, person_key, record_key, party_role);
create table core.people as select * from (values ('P-V1', 'V1'), ('P-S1', 'S1'), ('P-S1', 'S1b'), ('P-S2', 'S2'),
  ('P-W1', 'W1'), ('P-V3', 'V3')) t(person_ref, person_key);
create table core.breakdowns as select * from (values ('C1', 'female', '30', 'male', '41', 'high', 2),
  ('C2', 'male', '41', 'male', '50', 'standard', 1), ('C3', 'female', '22', null, null, 'medium', 1))
  t(crime_ref, victim_sex, victim_age, suspect_sex, suspect_age, risk_grade, victim_count);
create table core.risk_facts as select * from (values ('C1', 'high'), ('C2', 'standard')) t(crime_ref, grade);
create table core.crime_links as select * from (values ('C1', 'C3')) t(crime_ref, other_id);
create table core.pairs as select * from (values ('V1', 'S1', 30), ('S1b', 'S2', 41))
  t(victim_key, suspect_key, victim_age);
create table metrics.repeat_suspects as select * from (values ('P-S1', 3, 2), ('P-S2', 9, 7))
  t(person_ref, event_count, victim_count);
create table quality.rule_breaches as select * from (values ('TIM-02', 'crime', 'C1'), ('TIM-02', 'incident', 'I1'),
  ('TIM-02', 'incident', 'I3'), ('TIM-02', 'order', 'C1')) t(rule_code, record_type, record_ref);
create table raw.crime as select * from (values ('C1', 'I1', 'V1 said that S1 came'), ('C2', 'I2', '=S2 rang'),
  ('C3', 'I3', 'V3')) t(crime_id, incident_id, mo_text);
create table raw.incident as select * from (values ('I1', 'called by W1', 'phone'), ('I2', 'x', '=phone'),
  ('I3', 'y', 'phone')) t(incident_id, log_text, channel);
create table raw.custody as select * from (values ('K1', 'C1', 'S1'), ('K2', 'C2', 'S2'))
  t(custody_id, crime_id, person_key);
create table raw.bail as select * from (values ('K1', '2026-02-01'), ('K2', '2026-02-02')) t(custody_id, until);
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("STRA_CASEWORK_URL", raising=False)
    made = tmp_path / "home"
    made.mkdir(mode=0o700)
    with closing(duckdb.connect(str(made / "warehouse.duckdb"))) as con:
        con.execute(TABLES)
    engine = open_store(made)
    for pair in (("S1", "S1b"), ("V1", "V3"), ("S1", "W1")):
        links.decide(engine, "Reader Quill", "first", pair, "same", links.REASONS_FOR["same"][0])
    for subject in ("dyad_timeline: person_ref = P-S1", "timeline of P-S2", "core.people: 12 rows", "crime C2"):
        who = "viewer.quill@force.invented"
        seen = access_log.Action("consultation", who, "signed in", "integrity", "p", subject)
        access_log.record_in(made, seen)
    return made


def export(home: Path, out: Path, *more: str, code: int = 0) -> str:
    return stra("export-case", "--home", home, "--out", out, *BY, *more, code=code)


def rows(out: Path, table: str) -> list[dict[str, str]]:
    with (out / f"{table}.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_everything_of_the_person_and_nothing_of_anybody_else(home: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    said = export(home, out, "--person", "S1b")  # a key of the person leads to the reference, and to both records
    assert "person P-S1" in said and "Review it before it is handed out" in said
    assert {row["crime_ref"] for row in rows(out, "core.crimes")} == {"C1", "C2"}
    assert {(r["crime_ref"], r["person_key"]) for r in rows(out, "core.parties")} == {("C1", "S1"), ("C2", "S1b")}
    assert rows(out, "metrics.repeat_suspects") == [{"person_ref": "P-S1", "event_count": "3", "victim_count": "2"}]
    # the suspect of C1 does not read about its victim, the victim of C2 not about its suspect
    hidden = "[withheld: about another person]"
    assert [list(row.values()) for row in rows(out, "core.breakdowns")] == [
        ["C1", hidden, hidden, "male", "41", hidden, "2"], ["C2", "male", "41", hidden, hidden, "standard", "1"],
    ]  # fmt: skip
    assert [row["crime_ref"] for row in rows(out, "core.risk_facts")] == ["C2"]
    assert [list(row.values()) for row in rows(out, "core.pairs")] == [
        ["S1b", "[another person]", "41"], ["[another person]", "S1", hidden],
    ]  # fmt: skip
    assert rows(out, "core.crime_links") == [{"crime_ref": "C1", "other_id": "[another crime]"}]
    assert [(r["record_type"], r["record_ref"]) for r in rows(out, "quality.rule_breaches")] == [
        ("crime", "C1"), ("incident", "I1"),
    ]  # fmt: skip
    # what hangs on the crime or on a record of the person; formulas are text
    assert [row["channel"] for row in rows(out, "raw.incident")] == ["phone", "'=phone"]
    assert [row["custody_id"] for row in rows(out, "raw.custody")] == ["K1"]
    assert [row["custody_id"] for row in rows(out, "raw.bail")] == ["K1"]
    assert {row["mo_text"] for row in rows(out, "raw.crime")} == {"[withheld: free text, to be reviewed]"}
    # decisions and viewings
    assert [(r["person_key_l"], r["person_key_r"], r["reader_ref"]) for r in rows(out, "casework.link_decisions")] == [
        ("S1", "S1b", "member of staff 1"), ("S1", "[another person]", "member of staff 1"),
    ]  # fmt: skip
    seen = [(row["who"], row["where"]) for row in rows(out, "access_log")]
    assert seen == [("member of staff 1", "casework")] * 2 + [("member of staff 2", "p")] * 2
    page = (out / "what_is_held.html").read_text(encoding="utf-8")
    assert "1 entry of that kind may have shown this one too" in page and "section 45" in page
    for path in out.iterdir():
        named = set(re.findall(r"[\w-]+", path.read_text(encoding="utf-8")))
        assert not named & {"V1", "V3", "S2", "W1", "P-V1", "P-S2", "P-W1", "C3", "I3", "quill"}, path.name
        assert "Quill" not in path.read_text(encoding="utf-8") and path.stat().st_mode & 0o777 == 0o600
    assert out.stat().st_mode & 0o777 == 0o700 and {path.name for path in tmp_path.iterdir()} == {"home", "out"}
    assert checks.faults(home) == []


def test_who_reviews_it_sees_everything_and_the_file_says_so(home: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    export(home, out, "--person", "P-S1", "--with-others")
    assert len(rows(out, "core.parties")) == 5
    assert {row["mo_text"] for row in rows(out, "raw.crime")} == {"V1 said that S1 came", "'=S2 rang"}
    assert {row["reader_ref"] for row in rows(out, "casework.link_decisions")} == {"reader quill"}
    assert "NOT FOR THE PERSON" in (out / "what_is_held.html").read_text(encoding="utf-8")


def test_of_a_crime_nobody_is_named(home: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    export(home, out, "--case", "C1")
    assert not (out / "core.parties.csv").exists() and not (out / "raw.custody.csv").exists()
    assert [row["crime_ref"] for row in rows(out, "core.crimes")] == ["C1"]
    named = set(re.findall(r"[\w-]+", "".join(path.read_text(encoding="utf-8") for path in out.iterdir())))
    assert not named & {"V1", "S1", "W1", "P-S1", "P-V1", "female", "male", "K1"}


def test_it_is_logged_with_who_and_why_before_a_file_is_there(home: Path, tmp_path: Path) -> None:
    export(home, tmp_path / "out", "--person", "P-S1")
    [entry] = access_log.entries(open_store(home), 1)
    assert (entry["kind"], entry["place"], entry["purpose"]) == ("disclosure", "stra export-case", "lawfulness")
    assert entry["subject"] == "all that is held of person P-S1: request 4"
    assert entry["recipient"] == "A Protection Officer, folder out" and entry["record_count"] > 10
    with closing(sqlite3.connect(home / "casework.sqlite")) as con:
        con.execute("create trigger full before insert on processing_log begin select raise(abort, 'full'); end")
    said = export(home, tmp_path / "second", "--person", "P-S1", code=1)
    assert "could not be written" in said
    assert {path.name for path in tmp_path.iterdir()} == {"home", "out"}


@pytest.mark.parametrize(
    ("more", "code", "words"),
    [
        (("--person", "NOBODY"), 1, "Expected a person of this home with --person, saw 'NOBODY'"),
        (("--case", "C9"), 1, "Expected a crime of this home with --case, saw 'C9'"),
        (("--person", "P-S1", "--case", "C1"), 2, "expected --person or --case, one of them"),
        ((), 2, "expected --person or --case, one of them"),
    ],
)
def test_what_cannot_be_answered_is_one_sentence(
    home: Path, tmp_path: Path, more: tuple[str, ...], code: int, words: str
) -> None:
    said = " ".join(export(home, tmp_path / "out", *more, code=code).replace("│", " ").split())
    assert words in said and not (tmp_path / "out").exists()


def test_a_folder_that_is_there_or_in_the_home_is_refused(home: Path, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    assert "expected a new folder" in export(home, tmp_path / "there", "--person", "P-S1", code=1)
    assert "outside the home" in export(home, home / "out", "--person", "P-S1", code=1)
