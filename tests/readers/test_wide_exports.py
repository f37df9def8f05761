"""One file that feeds several tables: is every row accounted for, and do names go to linkage alone?"""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter
from test_database import rows_of
from worked import made

from assets.raw import sources
from assets.readers import files
from assets.readers.extract.identities import read_identities
from assets.readers.extract.mapping import MappingError
from assets.readers.source import Reading
from pipelines.builds.session import open_session
from pipelines.delivery.recognition import survey
from pipelines.fetching.folder import read_folder

HEADER = "Crime Ref,Recorded,HO Code,Status,Victim ID,Suspect 1 Surname,Suspect 1 DOB,Suspect 2 Surname,Outcome,DA"
ROWS = (
    "C1,19/01/2026 17:08,8/65,Filed,V1,Inventham,01/02/1990,,16,Y",
    "C1,19/01/2026 17:08,,Filed,V2,Inventham,01/02/1990,Mockley,16,Y",
    "C2,20/01/2026 09:00,8/66,Live,V1,,,,,N",
    "C2,20/01/2026 09:00,8/66,Filed,V3,,,,,N",
    "N/A,20/01/2026 09:00,8/66,Live,V4,,,,,N",
)
CRIME = """
[extract]
no_value = ["N/A"]
[tables.crime]
file = "export"
[tables.crime.fields]
crime_id = "Crime Ref"
recorded_ts = "Recorded"
ho_code = "HO Code"
status = "Status"
[tables.crime.values.status]
"Filed" = "closed"
"Live" = "open"
"""
PARTIES = """
[[tables.party_role]]
file = "export"
only_if = ["Victim ID"]
[tables.party_role.fields]
crime_id = "Crime Ref"
person_key = "Victim ID"
role = "=victim"
[[tables.party_role]]
file = "export"
only_if = ["Suspect 1 Surname"]
[tables.party_role.fields]
crime_id = "Crime Ref"
person_key = "=[Crime Ref]/suspect 1"
role = "=suspect"
[[tables.party_role]]
file = "export"
only_if = ["Suspect 2 Surname"]
[tables.party_role.fields]
crime_id = "Crime Ref"
person_key = "=[Crime Ref]/suspect 2"
role = "=suspect"
"""
NAMES = """
[tables.person_identity]
file = "export"
only_if = ["Suspect 1 Surname"]
[tables.person_identity.fields]
person_key = "=[Crime Ref]/suspect 1"
full_name = "Suspect 1 Surname"
date_of_birth = "Suspect 1 DOB"
"""
FLAGS = """
[tables.crime_flag]
file = "export"
only_if = ["DA"]
[tables.crime_flag.fields]
crime_id = "Crime Ref"
flag = "DA"
[tables.crime_flag.values.flag]
"Y" = "da"
"N" = ""
"""


def deliver(folder: Path, mapping: str, name: str = "export.csv", sign: str = ",") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    text = "\n".join((HEADER, *ROWS)) + "\n"
    (folder / name).write_text(text.replace(",", sign), encoding="utf-8")
    (folder / "mapping.toml").write_text(mapping, encoding="utf-8")


def read(folder: Path, table: str, name: str = "export.csv") -> tuple[Reading, list[dict[str, Any]]]:
    """What one table is read from the folder's file."""
    delivered = read_folder(folder)
    if delivered.mapping.problem is not None:
        raise delivered.mapping.problem
    file = replace(next(files.open_file(folder / name, name, folder / "s")), mapping=delivered.mapping)  # type: ignore[type-var]
    source, out = sources()[table], folder.with_suffix(".parquet")
    (part,) = source.parts(file)
    return source.read(part, "d", out), pl.read_parquet(out).to_dicts()


def test_a_crime_on_several_lines_is_one_crime_and_a_contradiction_is_set_aside(tmp_path: Path) -> None:
    deliver(tmp_path / "a", CRIME + PARTIES)
    reading, rows = read(tmp_path / "a", "crime")
    assert [(row["line_number"], row["crime_id"], row["ho_code"], row["status"]) for row in rows] == [
        (2, "C1", "8/65", "closed"),  # the code of the first line, the rest equal
        (4, "C2", "8/66", "open"),
    ]
    contradicting, no_crime = reading.quarantined
    assert (contradicting.line_number, contradicting.column_name, contradicting.value) == (5, "status", "closed")
    assert contradicting.reason == "expected 'open' as on line 4, which has the same crime_id: correct one of the two"
    assert (no_crime.line_number, no_crime.column_name) == (6, "crime_id")
    assert (reading.rows_read, reading.rows_loaded) == (4, 2), "five lines: two loaded, two set aside, one repeated"
    assert "rows of the file that repeat a row of this table and count once: 1" in reading.notices
    assert "status differs between rows with the same crime_id: line 5 ('closed'; line 4 has 'open')" in reading.notices


def test_each_group_of_columns_makes_its_own_row_and_an_empty_one_none(tmp_path: Path) -> None:
    deliver(tmp_path / "a", CRIME + PARTIES)
    reading, rows = read(tmp_path / "a", "party_role")
    assert [(row["crime_id"], row["person_key"], row["role"]) for row in rows] == [
        ("C1", "V1", "victim"),
        ("C1", "V2", "victim"),
        ("C2", "V1", "victim"),
        ("C2", "V3", "victim"),
        ("C1", "C1/suspect 1", "suspect"),
        ("C1", "C1/suspect 2", "suspect"),
    ]
    assert len({row["line_number"] for row in rows}) == 6, "a line and its group say which row it is"
    counts = "rows of the file in 3 groups of columns: 5; rows of this table that they make: 8; without a value: 7"
    assert counts in reading.notices
    assert [row.line_number for row in reading.quarantined] == [6], "the victim of no crime, by its line in the file"
    assert reading.rows_read == reading.rows_loaded + len(reading.quarantined)


def test_a_yes_makes_a_flag_and_a_no_makes_none(tmp_path: Path) -> None:
    deliver(tmp_path / "a", CRIME + FLAGS)
    _, rows = read(tmp_path / "a", "crime_flag")
    assert [(row["crime_id"], row["flag"]) for row in rows] == [("C1", "da")]


def test_in_a_wide_file_only_what_the_mapping_mentions_is_read(tmp_path: Path) -> None:
    deliver(tmp_path / "a", CRIME.replace('status = "Status"\n', "").split("[tables.crime.values")[0] + PARTIES)
    reading, rows = read(tmp_path / "a", "crime")
    assert "status" in reading.absent and {row["status"] for row in rows} == {None}, "Status may be of anything"


def test_a_day_and_a_time_in_two_columns_are_one_moment(tmp_path: Path) -> None:
    mapping = '[tables.crime.fields]\ncrime_id = "Id"\nrecorded_ts = "=[Day] [Time]"\nho_code = "=[Class]/[Sub]"\n'
    (tmp_path / "a").mkdir()
    text = "Id,Day,Time,Class,Sub\nC1,19/01/2026 00:00:00,17:08,8,65\nC2,20/01/2026,,8,66\n"
    (tmp_path / "a" / "crime.csv").write_text(text, encoding="utf-8")
    (tmp_path / "a" / "mapping.toml").write_text(mapping, encoding="utf-8")
    reading, rows = read(tmp_path / "a", "crime", "crime.csv")
    assert [(row["recorded_ts"], row["ho_code"]) for row in rows] == [("2026-01-19T17:08:00.000000Z", "8/65")]
    assert [row.line_number for row in reading.quarantined] == [3], "a day without its time is no moment"


def test_a_title_above_the_header_of_a_sheet_is_skipped_and_said(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    with xlsxwriter.Workbook(tmp_path / "a" / "crime.xlsx") as book:
        sheet = book.add_worksheet("crime")
        sheet.write(0, 0, "Invented crimes, printed today")
        for row, cells in enumerate((("crime_id", "recorded_ts", "class_code"), ("C1", "2026-01-19T17:08Z", "8Q"))):
            sheet.write_row(row + 2, 0, cells)
    reading, rows = read(tmp_path / "a", "crime", "crime.xlsx")
    assert [(row["line_number"], row["crime_id"], row["class_code"]) for row in rows] == [(4, "C1", "8Q")]
    assert any("rows of a title" in notice and notice.endswith(": 1") for notice in reading.notices)


def test_a_sheet_without_one_group_of_columns_gives_the_rows_of_the_others(tmp_path: Path) -> None:
    """None of its suspects were loaded, without a word."""
    (tmp_path / "a").mkdir()
    with xlsxwriter.Workbook(tmp_path / "a" / "export.xlsx") as book:
        for year, names in (("2024", ("Victim ID", "Suspect")), ("2025", ("Suspect", "Area"))):
            sheet = book.add_worksheet(year)
            sheet.write_row(0, 0, ("Crime Ref", "Recorded", "HO Code", *names))
            sheet.write_row(1, 0, (f"C{year}", "19/01/2026 17:08", "8/65", *(f"{name[0]}{year}" for name in names)))
    mapping = "".join(
        f'[[tables.party_role]]\nfile = "export"\nonly_if = ["{label}"]\n[tables.party_role.fields]\n'
        f'crime_id = "Crime Ref"\nperson_key = "{label}"\nrole = "={role}"\n'
        for label, role in (("Victim ID", "victim"), ("Suspect", "suspect"))
    )
    crime = CRIME.replace('status = "Status"\n', "").split("[tables.crime.values")[0]
    (tmp_path / "a" / "mapping.toml").write_text(crime + mapping, encoding="utf-8")
    with open_session(tmp_path / "home", read_folder(tmp_path / "a")) as session:
        session.take_in()
        roles = session.con.execute("select person_key, role from raw.party_role order by 1").fetchall()
        said = "select notices from raw.deliveries where source = 'party_role' and contains(file_name, '2025')"
        [(notices,)] = session.con.execute(said).fetchall()
    assert roles == [("S2024", "suspect"), ("S2025", "suspect"), ("V2024", "victim")]
    assert "no column 'Victim ID', which mapping.toml names: nothing is made of it" in notices


@pytest.mark.parametrize("sign", [",", ";"])
def test_names_of_a_wide_file_are_nowhere_but_with_linkage(tmp_path: Path, sign: str) -> None:
    data, home = tmp_path / "data", tmp_path / "home"
    deliver(data, CRIME + PARTIES + NAMES, sign=sign)
    with open_session(home, read_folder(data)) as session:
        session.take_in()
        assert len(rows_of(session, "raw.crime")) == 2 and len(rows_of(session, "raw.party_role")) == 6
    for path in home.rglob("*"):
        if path.is_file() and path.parent.name != "identity":
            content = path.read_bytes()
            # a year alone may be in a hash
            assert re.search(rb"Inventham|Mockley|/1990|1990-", content) is None, path
    found = read_identities(data / "export.csv", read_folder(data).mapping)
    assert found.frame.select("person_key", "surname", "date_of_birth").rows() == [
        ("C1/suspect 1", "Inventham", "01/02/1990")
    ]


def test_a_blank_crime_number_sets_each_row_of_its_line_aside_and_stops_nothing(tmp_path: Path) -> None:
    deliver(tmp_path / "data", CRIME + PARTIES)
    with (tmp_path / "data" / "export.csv").open("a", encoding="utf-8") as file:
        file.write(",20/01/2026 09:00,8/66,Live,UNKNOWN,Inventham,,Mockley,16,Y\n")
        file.write("C3,20/01/2026 09:00,8/66,Live,UNKNOWN,,,,16,Y\n")
    with open_session(tmp_path / "home", read_folder(tmp_path / "data")) as session:
        session.take_in()
        held = session.con.execute(
            "select source, line_number, group_number, column_name from raw.quarantined_rows"
            " inner join raw.deliveries using (delivery_ref) where line_number > 6 order by all"
        ).fetchall()
        assert held == [("crime", 7, 0, "crime_id"), *(("party_role", 7, n, "crime_id") for n in range(3))]
        assert session.con.execute("select sum(rows_lost) from raw.deliveries").fetchone() == (0,)
        unread = session.con.execute("select source, line_number, column_name, value from raw.unread_values").fetchall()
        assert unread == [("party_role", 8, "person_key", "UNKNOWN")]


def test_a_copy_of_another_table_is_refused_by_name(tmp_path: Path) -> None:
    text = "crime_id,crime_ref,force_code,recorded_ts,class_code\nc1,1/25,E23000013,2025-03-01T10:00Z,8Q\n"
    for name in ("crime", "removal"):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    (tmp_path / "crime_flag.csv").write_text("crime_id,flag\nc1,da\n", encoding="utf-8")
    found = {one.name: (one.table, one.problem) for one in survey(read_folder(tmp_path))}
    assert found["crime.csv"] == ("crime", "") and found["crime_flag.csv"] == ("crime_flag", "")
    assert "saw those of crime, and none of removal alone. Take the file away" in found["removal.csv"][1]


def test_a_refused_wide_file_is_not_kept(tmp_path: Path) -> None:
    data, home = tmp_path / "data", tmp_path / "home"
    deliver(data, CRIME.replace('"Crime Ref"', '"Crime Number"') + PARTIES + NAMES)
    with open_session(home, read_folder(data)) as session:
        session.take_in()
        said = session.con.execute("select source, reason from raw.deliveries where status = 'refused'").fetchall()
    assert [source for source, _ in said] == ["crime"] and "'Crime Number' is missing" in said[0][1]
    assert not list(home.glob("quarantine/*/export.csv"))


def test_whole_names_are_read_in_their_parts(tmp_path: Path) -> None:
    text = 'person_key,full_name\np1,"INVENTHAM, Jane Ann"\np2,Jane Inventham\np3,Inventham\n'
    (tmp_path / "person_identity.csv").write_text(text, encoding="utf-8")
    found = read_identities(tmp_path / "person_identity.csv", read_folder(tmp_path).mapping)
    assert found.frame.select("forename", "middle_name", "surname").rows() == [
        ("Jane", "Ann", "INVENTHAM"),
        ("Jane", None, "Inventham"),
        (None, None, "Inventham"),
    ]


def test_a_person_whose_key_is_made_of_the_crime_is_nobody_in_other_crimes() -> None:
    parties = [
        {"delivery_ref": "d", "period": "all", "crime_id": "C1", "person_key": key, "role": "suspect"}
        for key in ("C1/suspect 1", "C1/suspect 2", "N7")
    ]
    rows = made(
        "core.parties",
        raw_party_role=parties,
        core_current_periods=[{"source": "party_role", "delivery_ref": "d", "period": "all"}],
        raw_person_links=[{"person_key": "C1/suspect 2", "person_ref": "P1"}],
    )
    assert {row["record_key"]: row["person_key"] for row in rows} == {
        "C1/suspect 1": None,  # no name says who it is
        "C1/suspect 2": "C1/suspect 2",  # linkage knows
        "N7": "N7",
    }


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        (
            CRIME.replace('status = "Status"', 'status = "Status"\nstatus = "State"'),
            'expected one column for each field; saw status = "Status" on line 10 and "State" on line 11.',
        ),
        (
            CRIME + '"Filed" = "open"\n',
            'expected one meaning for each code; saw "Filed" = "closed" on line 12 and "open" on line 14.',
        ),
        (CRIME + '"FILED" = "open"\n', "'Filed' = 'closed' and 'FILED' = 'open', which differ by capitals"),
        (CRIME.replace('"Recorded"', '"=[Recorded"'), "expected closed square brackets"),
        (CRIME + "only_if = 1\n", "[tables.crime.values.status] 'only_if'"),
        (
            CRIME.replace('status = "Status"', 'location_type = "Suspect 1 Surname"').split("[tables.crime.v")[0]
            + NAMES,
            "expected another column than full_name of [tables.person_identity]; saw 'Suspect 1 Surname'",
        ),
    ],
)
def test_a_mapping_that_contradicts_itself_is_refused_in_one_sentence(tmp_path: Path, mapping: str, said: str) -> None:
    deliver(tmp_path / "a", mapping)
    with pytest.raises(MappingError) as refused:
        read(tmp_path / "a", "crime")
    assert said in str(refused.value)


def test_a_mapping_that_fits_no_file_names_the_files_that_are_there(tmp_path: Path) -> None:
    deliver(tmp_path / "data", CRIME.replace('"export"', '"exports"'))
    with open_session(tmp_path / "home", read_folder(tmp_path / "data")) as session:
        session.take_in()
        ((reason,),) = session.con.execute("select reason from raw.deliveries where source = 'crime'").fetchall()
    assert "expected a file exports.csv" in reason and "the folder has export.csv" in reason
