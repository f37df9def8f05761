"""What the page "Map an extract" asks `stra map` for: proposals, questions and the one writer, without a terminal."""

import json
from pathlib import Path
from typing import Any

import pytest
from test_mapping_guess import put
from typer.testing import CliRunner

from dashboards.pages.recording import mapping_text
from pipelines.commands import cli
from pipelines.commands.map_reply import CHANGED, NOTHING_NEW, REPLACES, reply

CRIMES = "Crime No,Recorded On,HO Code,Status,Gender,Suspect Age,Home Tel"
ROWS = [
    f"99/{n}/25,{n}/01/2026 10:00,8/65,{'Parked' if n == 20 else 'Filed'},F,{n},07700 9004{n}"
    for n in range(13, 21)
]
FORCE = "crimes.csv: Which force recorded the crimes? No column says so, and figures are by force."
CODE = "crimes.csv: crime.status: what does 'Parked' mean?"
GENDER = "crimes.csv: Column 'Gender': what is it?"
ANSWERS = {FORCE: "Kent Police", CODE: "open", GENDER: "sex of the suspect"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    put(tmp_path, "crimes.csv", CRIMES, *ROWS)
    return tmp_path


def questions(found: dict[str, Any]) -> dict[str, Any]:
    return {question["key"]: question for question in found["questions"]}


def test_what_is_open_is_asked_and_an_answer_settles_it(folder: Path) -> None:
    before = reply(folder, {})
    assert {FORCE, CODE, GENDER} <= set(questions(before))
    assert [questions(before)[key]["answer"] for key in ANSWERS] == [None] * 3
    assert '# "Parked" = "?"' in before["text"] and 'force_code = "=E' not in before["text"]
    after = reply(folder, {"answers": ANSWERS})
    assert [questions(after)[key]["answer"] for key in (FORCE, CODE)] == ["Kent Police", "open"]
    for line in ('force_code = "=E23000032"', '"Parked" = "open"', 'sex = "Gender"'):
        assert line in after["text"]
    assert not (folder / "mapping.toml").exists(), "looking writes nothing"


def test_an_answer_that_is_not_offered_counts_as_none(folder: Path) -> None:
    wrong = {FORCE: "Invented Constabulary", CODE: 'open"\n[database]', "another question": "yes"}
    assert reply(folder, {"answers": wrong})["text"] == reply(folder, {})["text"]


def test_it_is_written_below_what_a_person_wrote_and_only_if_the_folder_is_as_it_was_seen(folder: Path) -> None:
    mine = '# ours\n[extract]\nforce = "E23000032"\nno_value = ["Unknown"]\n'
    (folder / "mapping.toml").write_text(mine, encoding="utf-8")
    seen = reply(folder, {"answers": ANSWERS})
    assert reply(folder, {"answers": ANSWERS, "write": "as it was yesterday"})["problem"] == CHANGED
    assert (folder / "mapping.toml").read_text(encoding="utf-8") == mine
    written = reply(folder, {"answers": ANSWERS, "write": seen["seen"]})
    assert (written["problem"], written["text"]) == ("", seen["text"])
    text = (folder / "mapping.toml").read_text(encoding="utf-8")
    assert text == seen["text"] and text.startswith(mine)
    assert (folder / "mapping.toml.bak").read_text(encoding="utf-8") == mine
    again = reply(folder, {})
    assert (again["files"], again["text"]) == ([], "")
    assert reply(folder, {"write": again["seen"]})["problem"] == NOTHING_NEW


def test_what_a_person_wrote_of_the_same_table_is_not_replaced(folder: Path) -> None:
    mine = '[tables.crime]\nfile = "Crimes of 2024"\n[tables.crime.fields]\ncrime_id = "Id"\n'
    (folder / "mapping.toml").write_text(mine, encoding="utf-8")
    seen = reply(folder, {"answers": ANSWERS})
    assert not seen["is_new"]
    assert reply(folder, {"answers": ANSWERS, "write": seen["seen"]})["problem"] == REPLACES
    assert (folder / "mapping.toml").read_text(encoding="utf-8") == mine


def test_what_will_be_measured_is_known_before_anything_is_written(folder: Path) -> None:
    found = reply(folder, {"answers": ANSWERS, "measured": True})
    assert found["is_known"] and any("crimes.csv is the table crime" in said for said in found["measured"]["Files"])
    assert not (folder / "mapping.toml").exists()


def test_no_value_of_one_person_is_in_a_reply(tmp_path: Path) -> None:
    people = [f"p{n},190{n}-05-0{n},Mockley{n},ZZ9{n} 9ZZ,a{n}@b.invalid,07700 90041{n}" for n in range(1, 9)]
    put(tmp_path, "person.csv", "PersonId,Born,Called,Where,Mail,Call", *people)
    put(tmp_path, "crimes.csv", CRIMES, *ROWS)
    said = json.dumps(reply(tmp_path, {}))
    for value in ("1901-05-01", "Mockley1", "ZZ91 9ZZ", "a1@b.invalid", "07700 900411", "07700 900413"):
        assert value not in said, value


@pytest.mark.parametrize(
    ("typed", "code", "said"),
    [("[]", 2, "expected a JSON object"), ("{", 2, "expected a JSON object"), ('{"answers": 1}', 2, "an object too")],
)
def test_a_request_that_is_none_is_refused_in_a_sentence(folder: Path, typed: str, code: int, said: str) -> None:
    done = CliRunner().invoke(cli.app, ["map", "--data", str(folder), "--json"], input=typed)
    assert done.exit_code == code and said in done.output and "Traceback" not in done.output


def test_a_mapping_with_a_fault_is_named(folder: Path) -> None:
    (folder / "mapping.toml").write_text("[tables.crimes]\n", encoding="utf-8")
    done = CliRunner().invoke(cli.app, ["map", "--data", str(folder), "--json"], input="{}")
    assert done.exit_code == 1 and "mapping.toml: " in done.output and "Did you mean 'crime'?" in done.output


def test_the_page_counts_what_is_still_open(folder: Path) -> None:
    before = reply(folder, {})
    (crimes,) = before["files"]
    assert mapping_text.finding(before).startswith("1 file can be mapped; ")
    proposals = {column["label"]: mapping_text.proposal(column) for column in crimes["columns"]}
    assert proposals["HO Code"] == "crime.ho_code" and proposals["Gender"].startswith("open: may be sex of the victim")
    after = reply(folder, {"answers": ANSWERS | {GENDER: mapping_text.OPEN}})
    open_now = [question["key"] for question in mapping_text.open_questions(after["questions"])]
    assert GENDER in open_now and FORCE not in open_now and CODE not in open_now


def test_a_heading_is_no_markup_in_a_label() -> None:
    usual = "party_role.relationship: what does 'Ex-Husband/Wife' mean?"
    assert mapping_text.label({"words": usual}) == usual, "a screen reader reads every sign"
    drawn = mapping_text.label({"words": "Column '[a](b) *c* _d_ :red[e] $f$ `g` <i>'"})
    assert drawn == r"Column '\[a\](b) \*c\* \_d\_ \:red\[e\] \$f\$ \`g\` \<i\>'"


def test_text_of_a_file_is_no_html() -> None:
    assert "<b>" not in mapping_text.text_region("<b>", "a") + mapping_text.listed({"<b>": ["<b>"]})
