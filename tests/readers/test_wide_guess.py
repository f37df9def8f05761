"""`stra map` on wide exports: is each column taken for what it is, and is doubt asked instead of guessed?"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
from layout_export import layouts, read_described, write
from published_workbooks import xlsx
from test_mapping_guess import put, run

from assets.readers.extract.mapping import read_mapping
from pipelines.builds.session import open_session
from pipelines.commands.map_reply import reply
from pipelines.delivery.ledger import left_out
from pipelines.fetching.folder import mapped_tables, read_folder
from pipelines.mapping.effects import effect_of, figures_of
from pipelines.mapping.headings import Meaning, headings, meanings
from pipelines.mapping.offences import class_of
from pipelines.mapping.proposal import Proposal, questions, settle
from pipelines.mapping.sheets import Sheet, as_one, columns_of_text, look
from pipelines.mapping.values import day_in, outcome_of, safe_examples
from pipelines.mapping.wide import answered, read_wide
from pipelines.mapping.wide_columns import OPEN, Wide
from pipelines.mapping.words import Column

CRIMES = {
    "Crime Number": [f"99/{number}/25" for number in range(8)],
    "Recorded Date": [f"{day}/01/2026 10:00" for day in range(13, 21)],
    "HO Code": ["8/65", "8/66"] * 4,
}


def sheet(name: str = "export", **columns: list[str]) -> Sheet:
    """A file with the usual columns of crimes, and these; `_` in a name is a blank."""
    given = {**CRIMES, **{label.replace("_", " "): values for label, values in columns.items()}}
    made = {label: Column(tuple(values), tuple(sorted(set(values)))) for label, values in given.items()}
    return Sheet(f"{name}.csv", name, made)


def taken(found: Wide, label: str) -> str:
    """What a column is taken for; '?' if it is asked."""
    guess = found.columns[label]
    return "?" if guess.meaning == OPEN else f"{guess.meaning.kind}.{guess.meaning.field}"


def fields(found: Wide, table: str, place: int = 0) -> dict[str, Any]:
    """Our fields and their columns in a table that the file makes."""
    guess = [guess for guess in found.tables if guess.table == table][place]
    return {name: chosen.label for name, chosen in guess.fields.items() if chosen.label is not None}


@pytest.mark.parametrize(
    ("heading", "meant", "group"),
    [
        ("Susp2_DOB", "suspect.dob", 2),
        ("AGGRIEVED SEX", "victim.sex", 0),
        ("Offence Start Date", "crime.offence_from_ts", 0),
        ("OUTOME DATE", "outcome.outcome_ts", 0),  # a slip of six letters
        ("Committed On/After", "crime.offence_from_ts", 0),
        ("Domestic Abuse Marker (Y/N)", "flag.da", 0),
        ("ReportedTimeTZV2G", "crime.reported_ts", 0),
        ("DATE_FIRST_COMMITED", "crime.offence_from_ts", 0),
        ("Suspect's Self-defined Ethnicity", "suspect.ethnicity_self", 0),
        ("Area Code", "none.", 0),
        ("PTY_TYP", "party.role", 0),
        ("EarliestCmtdDt", "crime.offence_from_ts", 0),
        ("NOMSEX", "party.sex", 0),
        ("FINALISN_CD", "outcome.code", 0),
    ],
)
def test_a_heading_says_whose_and_what(heading: str, meant: str, group: int) -> None:
    found = headings([heading])[heading]
    best = next(meanings(found))[0]
    assert (f"{best.kind}.{best.field}", found.group) == (meant, group)


def test_groups_of_columns_make_rows_of_their_own_and_keys_that_are_missing() -> None:
    people = {"Suspect_1_Name": ["INVENTHAM, Jane"] * 8, "Suspect_2_Name": ["Jo Mockley"] * 8}
    outcomes = ["16", "1A"] * 4
    found = read_wide(sheet(**people, Suspect_2_Sex=["M", "F"] * 4, Outcome_1=outcomes, Outcome_2=outcomes))
    assert fields(found, "party_role", 1) == {
        "crime_id": "Crime Number", "person_key": "=[Crime Number]/suspect 2", "role": "=suspect", "named": "=true",
    }  # fmt: skip
    assert fields(found, "person_identity", 1)["full_name"] == "Suspect 2 Name"
    assert [fields(found, "outcome", place)["seq"] for place in (0, 1)] == ["=1", "=2"]
    assert "is_current" not in fields(found, "outcome"), "which of two is the current one is not said"


def test_a_column_of_people_that_is_of_nobody_is_asked() -> None:
    found = read_wide(sheet(Gender=["F", "M"] * 4, Suspect_Age=["30", "40"] * 4))
    assert taken(found, "Gender") == "?"
    assert set(found.columns["Gender"].rivals) == {Meaning("victim", "sex"), Meaning("suspect", "sex")}


def test_two_columns_for_one_field_are_asked() -> None:
    when = CRIMES["Recorded Date"]
    found = read_wide(sheet(Date_Reported=when, Report_Date=when))
    assert (taken(found, "Date Reported"), taken(found, "Report Date")) == ("?", "?")


def test_values_that_do_not_fit_a_heading_are_not_taken() -> None:
    found = read_wide(sheet(Victim_Age=["25-34", "35-44"] * 4, Outcome=["NFA", "Bailed"] * 4, Stage=["Parked"] * 8))
    assert fields(found, "crime").get("status") is None and not [t for t in found.tables if t.table == "outcome"]
    assert not [t for t in found.tables if t.table == "party_role"]


def test_days_alone_are_no_moments_where_hours_matter() -> None:
    days = [f"{day}/01/2026" for day in range(13, 21)]
    found = read_wide(sheet(Date_Reported=days, Offence_Date=days, Outcome=["16"] * 8, Outcome_Date=days))
    assert "reported_ts" not in fields(found, "crime"), "hours to record would be wrong"
    assert fields(found, "crime")["offence_from_ts"] == "=[Offence Date] 00:00"
    assert fields(found, "outcome")["outcome_ts"] == "=[Outcome Date] 23:59"


def test_values_decide_where_headings_do_not() -> None:
    codes = ["1", "16", "18", "15"] * 2
    days, classes = ["01-JUN-25 09:17"] * 8, ["8Q", "8L"] * 4
    found = read_wide(sheet(Disp_No=["1", "2"] * 4, Disp_Cd=codes, Disp_Dt=days, Zz=classes))
    assert (taken(found, "Disp No"), taken(found, "Disp Cd")) == ("outcome.seq", "outcome.code")
    assert taken(found, "Disp Dt") == "?", "a year of two digits cannot be read, and is no outcome 1"
    assert taken(found, "Zz") == "crime.class_code"


def test_a_team_without_an_officer_and_a_district_are_asked() -> None:
    found = read_wide(sheet(OIC_Team=["North", "South"] * 4, BCU=["D1", "D2"] * 4))
    assert (taken(found, "OIC Team"), taken(found, "BCU")) == ("?", "?")
    after = answered(found, {label: found.columns[label].rivals[0] for label in ("OIC Team", "BCU")})
    assert fields(after, "investigator") == {"person_id": "OIC Team", "unit": "OIC Team"}
    assert fields(after, "small_areas") == {"lsoa_code": "BCU", "area_code": "BCU", "area_name": "BCU"}


def test_files_of_one_export_are_known_by_the_keys_that_they_share(tmp_path: Path) -> None:
    """A table of parties and sheets of two years, whose key says nothing and whose people have a word for nobody."""
    for year in (2024, 2025):
        crimes = [f"{year}-{n:04},{n % 28 + 1:02}/01/{year} 10:00,8/65,99" for n in range(60)]
        put(tmp_path, f"ZZ_EVT_{year}X.csv", "ZZ_EVT_SEQ,ZZ_EVT_RCD_DTE,ZZ_EVT_HO_CD,ZZ_EVT_FCE", *crimes)
    parties = [f"2024-{n:04},{'UNKNOWN' if n % 9 == 0 else f'N{n:05}'},{'VIC' if n % 2 else 'SUS'}" for n in range(60)]
    put(tmp_path, "ZZ_EVT_PTY.csv", "ZZ_EVT_SEQ,ZZ_PTY_NO,ZZ_PTY_TYP", *parties)
    found = reply(tmp_path, {})
    assert [block in found["text"] for block in ('file = "ZZ_EVT_2024X"', 'file = "ZZ_EVT_2025X"')] == [True, True]
    assert 'role = "ZZ_PTY_TYP"' in found["text"] and '"VIC" = "victim"' in found["text"]
    asked = {question["words"]: question for question in found["questions"]}
    (nobody,) = [words for words in asked if words.endswith("is 'UNKNOWN', in 7 rows, a person?")]
    assert "crime.force_code: what does '99' mean?" in asked and len(asked) == 3
    after = reply(tmp_path, {"answers": {asked[nobody]["key"]: "no"}})
    assert 'no_value = ["UNKNOWN"]' in after["text"]


def test_a_table_whose_key_is_open_is_a_question_and_a_line_at_the_end_of_each_build(tmp_path: Path) -> None:
    rows = [f"QX{n}7,{n}/01/2026 10:00,8/65,S{n % 5}91,M" for n in range(10, 28)]
    put(tmp_path / "data", "list 2026-01-31.csv", "Zorb,Recorded On,HO Code,Suspect Ref,Suspect Sex", *rows)
    found = reply(tmp_path / "data", {"write": read_folder(tmp_path / "data").fingerprint})
    (key,) = [question for question in found["questions"] if question["words"] == "Column 'Zorb': what is it?"]
    assert "without which no row can be loaded. Without an answer these are not measured: " in key["effect"]
    assert "Left open: crime of list 2026-01-31.csv: no column is known to be crime_id." in found["notes"][-1]
    with open_session(tmp_path / "home", read_folder(tmp_path / "data")) as session:
        session.take_in()
        (lost,) = left_out(session.con, session.home, session.folder.names)
    assert (lost.table, lost.is_whole) == ("crime", True) and "[tables.crime]" in lost.reason
    (tmp_path / "data" / "mapping.toml").unlink()
    text = reply(tmp_path / "data", {"answers": {key["key"]: "crime.crime_id"}})["text"]
    assert 'crime_id = "Zorb"' in text and 'made_on = "2026-01-31"' in text, "the export says its day"
    assert '\nnamed = "=true"' not in text, "nobody has said that they are known"


def test_a_key_that_nothing_calls_one_of_people_is_asked(tmp_path: Path) -> None:
    crimes = (f"99/{n}/25,2025-01-02 10:00,8/65" for n in range(90))
    put(tmp_path, "crimes.csv", "Crime Number,Recorded,HO Code", *crimes)
    rows = [f"99/{n}/25,T{n % 40}01,{'SUSP' if n % 2 else 'VICT'},M" for n in range(90)]
    put(tmp_path, "parties.csv", "Crime Number,Terminal,Involvement,Sex", *rows)
    found = reply(tmp_path, {})
    assert "Column 'Terminal': what is it?" in [question["words"] for question in found["questions"]]
    assert 'person_key = "Terminal"' not in found["text"]


def test_a_day_is_no_key_and_the_order_that_a_person_has_written_stays(tmp_path: Path) -> None:
    rows = [f"C{n},{n}/04/22,{n}/04/22,8/65" for n in range(10, 29)]
    put(tmp_path, "list.csv", "Crime No,Recorded,Reported,HO Code", *rows)
    years = reply(tmp_path, {})["questions"][0]["key"]
    text = reply(tmp_path, {"answers": {years: "yes"}})["text"]
    assert 'crime_id = "Crime No"' in text and 'dates = "DD/MM/YY"' in text
    (tmp_path / "mapping.toml").write_text('[extract]\ndates = "MM/DD/YYYY"\n', encoding="utf-8")
    assert 'dates = "MM/DD/YYYY"' in reply(tmp_path, {"answers": {years: "yes"}})["text"]


def test_a_sheet_without_rows_changes_nothing_of_those_like_it() -> None:
    full, empty = sheet("2024"), replace(sheet("2025"), columns={label: Column((), ()) for label in CRIMES})
    (joined,) = as_one([full, empty])
    assert {column.filled for column in joined.columns.values()} == {1} and joined.others == ("2025",)


def test_suspects_whose_keys_never_come_back_are_named_where_a_person_says_so(tmp_path: Path) -> None:
    rows = [f"QX{n}7,{n}/01/26 10:00,8/65,S{n}91" for n in range(10, 28)]
    put(tmp_path, "list.csv", "Crime Number,Recorded On,HO Code,Suspect Ref", *rows)
    found = reply(tmp_path, {})
    years, _, named = [question["key"] for question in found["questions"]]
    assert "named = " not in found["text"] and "recorded_ts = " not in found["text"]
    after = reply(tmp_path, {"answers": {years: "yes", named: "yes"}})["text"]
    assert 'named = "=true"' in after and 'dates = "DD/MM/YY"' in after and 'recorded_ts = "Recorded On"' in after


def test_the_words_and_thresholds_of_the_intake_say_which_keys_are_doubted() -> None:
    keys = ["Unknown"] * 2 + ["NIL", "S7"] + ["S8"] * 31 + [f"P{n}" for n in range(200)]
    with duckdb.connect() as con:
        con.execute("create table text as select unnest(?) as c0", [keys])
        columns, _ = columns_of_text(con, {"c0": "Who"})
    assert columns["Who"].doubted == (("S8", 31, False), ("Unknown", 2, True)) and columns["Who"].comes_back


def test_an_answer_s_effect_is_what_measures_and_standards_say_that_they_need() -> None:
    assert figures_of("party_role.person_key")[:2] == (
        "Suspects with two or more events in twelve months", "Victims with two or more events in twelve months",
    )  # fmt: skip
    assert figures_of("crime.crime_id")[0] == "Stalking and harassment recorded", "it needs crimes alone"
    assert any(figure.endswith(")") for figure in figures_of("crime.reported_ts")), "and standards, by their codes"
    assert effect_of("crime.postcode_sector") == "No figure rests on it alone: without an answer it is left out."


@pytest.mark.parametrize(
    ("text", "day"),
    [("Crimes 2026-03-31", "2026-03-31"), ("run_20260331", "2026-03-31"), ("31/03/2026 06:00", "2026-03-31"),
     ("01/04/2026", ""), ("2026-02-30", ""), ("crimes 2026", "")],
)  # fmt: skip
def test_a_day_in_a_text_is_known_if_the_month_cannot_come_first(text: str, day: str) -> None:
    assert day_in(text) == day


def test_answers_settle_what_was_asked() -> None:
    proposal = Proposal(sheet(), [], read_wide(sheet(Gender=["F", "M"] * 4, Suspect_Age=["30", "40"] * 4)))
    assert [label for label, _ in questions(proposal)] == ["Gender"]
    after = settle(proposal, {"Gender": Meaning("suspect", "sex")})
    assert [t.fields["sex"].label for t in after.tables if t.table == "person"] == ["Gender"]
    assert not list(questions(after))


@pytest.mark.parametrize(
    ("text", "code"),
    [("Outcome 16", "16"), ("16 - Evidential difficulties", "16"), ("01A", "1A"), ("Charged/Summonsed", "1"),
     ("NFA", None), ("18: Community Resolution", None)],
)  # fmt: skip
def test_an_outcome_is_read_from_its_text_unless_it_contradicts_itself(text: str, code: str | None) -> None:
    assert outcome_of(text) == code


def test_a_class_is_known_by_a_title_beyond_doubt_alone() -> None:
    assert class_of("Stalking - Pursue course of conduct in breach of S2A (1)") == "8Q"
    assert class_of("Racially or religiously aggravated harassment or stalking with fear of violence") == "8M"
    assert class_of("Breach of a restraining order") is None, "made on conviction or on acquittal?"
    assert class_of("Threats to kill") == "3B", "by the list alone"
    assert class_of("Theft from shop") is None


def test_no_example_is_of_one_person() -> None:
    names = Column(("Inventham", "Mockley", "7"), ("7", "Inventham", "Mockley"))
    assert safe_examples(names) == ("7",)


def test_sheets_of_much_the_same_columns_are_one_table_of_the_name_of_the_file(tmp_path: Path) -> None:
    labels = ["Occ No", "Class", "Recorded", "Status", "OIC"]
    row = ["1", "8Q", "01/02/2023 10:00", "open", "7"]
    years = {"2022": [[*labels, "Victim ID"], [*row, "V1"]], "2023": [[*labels, "Area", "Unit"], [*row, "North", "A"]]}
    xlsx(tmp_path / "Extract.xlsx", {"All": [["Year", "Count"], ["2022", "1"]], **years})
    found = {sheet.name: sheet for sheet in look(read_folder(tmp_path)).sheets}
    assert {n: sheet.stem for n, sheet in found.items()} == {"Extract.xlsx#2023": "Extract", "Extract.xlsx#All": "All"}
    assert set(found["Extract.xlsx#2023"].columns) == {*labels, "Area", "Unit", "Victim ID"}, "of whichever sheet"


def test_a_wide_export_is_mapped_without_a_question_and_reads_back(tmp_path: Path) -> None:
    write(layouts(described=True)["athena_investigations"], read_described(), tmp_path)
    done = run(tmp_path, "--yes")
    assert done.exit_code == 0 and "is a wide export" in done.output, done.output
    mapping = read_mapping(tmp_path / "mapping.toml", mapped_tables())
    assert {"crime", "party_role", "person", "outcome"} <= set(mapping.tables)
    assert mapping.is_shared("crime") and len(mapping.blocks("party_role")) > 1
    assert "rules will be measured." in done.output
