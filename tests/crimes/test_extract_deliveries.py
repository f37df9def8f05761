"""Deliveries of the force extract: which count, what is named as left out, and that no row is lost.

Files by themselves are in test_extract_files.py, whole builds in test_extract_builds.py.
"""

import json
from collections.abc import Iterator
from functools import partial
from hashlib import md5
from pathlib import Path
from typing import Any

import duckdb
import pytest
from delivered import says, zipped
from delivered_crimes import HEADER, TOLD, crimes, parquet, row, table
from next_build import take_in
from published_workbooks import xlsx

from casework.access.access_log import entries
from casework.store.database import open_store
from pipelines.builds.session import Session, open_session
from pipelines.delivery import ledger, messages
from pipelines.fetching.folder import read_folder
from pipelines.standards.quality import lacking
from pipelines.tables.cards import all_cards


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


def test_forces_that_number_their_crimes_alike_are_kept_by_force_or_named(session: Session) -> None:
    for folder, force, hour in (("A", "E23000013", 9), ("B", "E23000014", 10)):
        rows = [row(n, force_code=force, recorded_ts=f"2025-03-0{n}T{hour:02}:00:00Z") for n in (1, 2)]
        put(session, **{f"{folder}/crime.csv": table(*rows), f"{folder}/person.csv": "person_key\nP1\n",
                        f"{folder}/party_role.csv": f"crime_id,person_key,role\nc1,P1,suspect\nc{hour},P1,victim\n",
                        f"{folder}/outcome.csv": f"outcome_id,crime_id,code\n1,c{hour % 9 + 1},1\n2,c1,NFA\n",
                        "services.csv": "service_id,name\nS1,Help\n"})  # fmt: skip
    assert {d["status"] for d in accounts(session).values()} <= {"loaded", "unchanged"} and left_out(session) == {}
    assert current(session, "crime") == [f"E2300001{f}/c{n}" for f in (3, 4) for n in (1, 2)]
    people = "select crime_id, person_key from raw.party_role semi join raw.crime using (crime_id) order by all"
    own = [(f"{force}/c1", f"{force}/P1") for force in ("E23000013", "E23000014")]
    assert session.con.execute(people).fetchall() == own and current(session, "services") == ["S1"]
    [(refs,)] = session.con.execute("select string_agg(row_refs, ' ') from raw.quarantined_rows").fetchall()
    assert all(md5(f"crime_id={force_crime}".encode()).hexdigest() in refs for force_crime, _ in own)
    assert session.con.execute("select distinct crime_ref from raw.crime order by 1 limit 1").fetchall() == [
        ("42/1/25",)
    ]
    put(session, **{"allocation.csv": "crime_id,investigator_id\nc1,O1\n"})
    accounts(session)
    assert left_out(session) == {"allocation.csv": True}, "nobody can say of which of the two forces it is"
    assert session.con.execute("select * from raw.allocation semi join raw.crime using (crime_id)").fetchall() == []


def test_without_a_force_a_file_with_the_numbers_of_other_crimes_is_named(session: Session) -> None:
    put(session, **{"A/crime.csv": table(row(1, force_code="", recorded_ts="2024-01-01T09:00:00Z"))})
    put(session, **{"B/crime.csv": table(row(1, force_code=""), row(2, force_code=""))})
    accounts(session)
    assert len(left_out(session)) == 1


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [("2025-01-01", "2025-12-31", False), (None, "2025-01-04", True), ("2025-03-02", None, True), (None, None, False)],
)  # fmt: skip
def test_a_stated_span_without_a_crime_is_named(start: str | None, end: str | None, said: bool) -> None:
    with duckdb.connect() as con:
        con.execute("create schema core")
        con.execute(
            "create table core.extract_moments as select ?::date as covers_from, ?::date as covers_until,"
            " timestamptz '2025-01-05 10:00Z' as first_recorded_at,"
            " timestamptz '2025-03-01 10:00Z' as last_recorded_at",
            [start, end],
        )
        found = ledger.span_outside_crimes(con)
    assert bool(found) == said
    assert all(f"{start or end}" in line and "recorded from 2025-01-05 to 2025-03-01" in line for line in found)


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
    assert "rows: 3; its columns are those" in said["crime.xlsx#2024"]
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

    def test_a_key_of_two_parts_in_other_capitals_is_one_unless_one_file_has_two(self, session: Session) -> None:
        """As between tables. 376 people were counted for 326."""
        put(session, **{"crime_1.csv": table(row(1)), "crime_2.csv": table(row(1, crime_id="C1"), row(2))})
        put(session, **{"person_1.csv": "person_key,sex\nP1,1\n", "person_2.csv": "person_key,sex\np1,\np2,2\n"})
        put(session, **{"party_role.csv": "crime_id,person_key,role\nC1,p1,victim\n"})
        found = accounts(session)
        assert (found["crime_2.csv"]["rows_loaded"], found["crime_2.csv"]["rows_quarantined"]) == (1, 1)
        says(found["person_2.csv"]["notices"], "1 row(s) repeat an earlier file of the table", "first line 2")
        assert current(session, "crime") == ["c1", "c2"]
        assert current(session, "person") == ["P1", "p2"]
        assert session.con.execute("select crime_id, person_key from raw.party_role").fetchall() == [("c1", "P1")]
        session.con.execute("insert into build.repeated_rows (source) values ('of an earlier release')")
        put(session, **{"person_2.csv": "person_key,sex\np1,\np2,2\nP2,1\n"})
        accounts(session)
        assert current(session, "person") == ["P1", "P2", "p1", "p2"]

    def test_an_officer_who_is_in_the_list_of_each_year_is_no_fault(self, session: Session) -> None:
        """One whose team is another by then is: the earlier row counts, and a person has to say which is right."""
        head = "person_id,unit\n"
        one, two = head + "s1,A\ns2,B\n", head + "s1,A\ns2,C\ns3,\n"
        put(session, **{"crime.csv": table(row(1)), "investigator_1.csv": one, "investigator_2.csv": two})
        found = accounts(session)
        kinds = ("rows_read", "rows_loaded", "rows_quarantined")
        assert [tuple(found[f"investigator_{n}.csv"][kind] for kind in kinds) for n in (1, 2)] == [(2, 2, 0), (2, 1, 1)]
        assert session.con.execute("select person_id, unit from raw.investigator order by 1").fetchall() == [
            ("s1", "A"), ("s2", "B"), ("s3", None)
        ]  # fmt: skip
        put(session, **{"mapping.toml": '[extract]\nno_value = ["XX"]\n'})
        again = accounts(session)
        assert [tuple(again[f"investigator_{n}.csv"][kind] for kind in kinds) for n in (1, 2)] == [(2, 2, 0), (2, 1, 1)]
        put(session, **{"investigator_1.csv": head + "s2,C\n"})
        assert [accounts(session)["investigator_2.csv"][f"rows_{of}"] for of in ("read", "loaded")] == [2, 2]

    def test_a_crime_whose_number_is_a_word_is_listed_though_blank_ones_are_no_rows(self, session: Session) -> None:
        rows = table(row(1), *(row(2, crime_id=number) for number in ("TBC", "TBC", "")))
        put(session, **{"mapping.toml": '[tables.crime]\nfile = "list"\nonly_if = ["crime_id"]\n', "list.csv": rows})
        found = accounts(session)["list.csv"]
        assert (found["rows_read"], found["rows_loaded"], found["rows_quarantined"]) == (3, 1, 2)

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
