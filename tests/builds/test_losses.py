"""Before a build: which files are known, and what will not be measured for want of which table or field?"""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from assets.raw import extract_tables, sources
from pipelines.commands import cli
from pipelines.commands.folder_check import Sections, check
from pipelines.commands.losses import losses

WHOLE = dict.fromkeys(sources(), ())


def table(folder: Path, name: str, *left_out: str) -> None:
    fields = [field for field in extract_tables()[name] if field not in left_out]
    (folder / f"{name}.csv").write_text(",".join(fields) + "\n", encoding="utf-8")


def sentence(sections: Sections, heading: str, start: str) -> str:
    (found,) = [said for said in sections[heading] if said.startswith(start)]
    return found


def test_nothing_is_lost_where_everything_is_delivered() -> None:
    assert losses(WHOLE) == {}


def test_what_is_made_from_a_missing_table_is_lost_and_the_rest_is_not() -> None:
    lost = losses({name: fields for name, fields in WHOLE.items() if name != "party_role"})
    assert lost["metrics.repeat_suspects"].rows == {"party_role"}
    assert lost["core.crimes"].rows == frozenset(), "a crime without people is still a crime"
    assert lost["core.crimes"].columns["relationships"] == {"party_role"}
    assert "crime_ref" not in lost["core.crimes"].columns
    assert not {"metrics.recording_delays", "metrics.order_funnel", "core.outcomes"} & lost.keys()


def test_a_table_that_another_can_replace_is_not_missed() -> None:
    lost = losses({name: fields for name, fields in WHOLE.items() if name != "force"})
    assert not lost["core.extract_forces"].rows, "the codes in crime name the forces"
    assert set(lost["core.extract_forces"].columns) == {"record_system"}


def test_a_missing_field_costs_its_own_columns() -> None:
    lost = losses(WHOLE | {"crime": ("reported_ts",)})
    assert lost["core.crimes"].columns == {"reported_at": {"crime.reported_ts"}}
    assert lost["metrics.recording_delays"].columns["median_hours"] == {"crime.reported_ts"}


def test_a_folder_of_one_table(tmp_path: Path) -> None:
    table(tmp_path, "crime")
    sections, is_known = check(tmp_path)
    assert is_known and sections["Files"] == ["crime.csv is the table crime."]
    assert "allocation, bail" in sentence(sections, "Not delivered", "Tables of the extract or beside it")
    assert "STR-12: for want of party_role.role." in sections["Rules that will not be measured"]
    first = "metrics.ranking_choice, metrics.repeat_suspects"
    empty = sentence(sections, "Tables that will be empty or lack columns", first)
    assert empty.endswith("empty for want of party_role.")
    page = sentence(sections, "Pages", "Repeat and serial suspects (command)")
    assert "tables will be empty (" in page and "for want of bail, custody, management, party_role" in page
    assert [len(said) for said in sections["Files"]] == sorted(len(said) for said in sections["Files"])


def test_a_field_that_is_missing_is_named_with_its_rules_and_an_unknown_file_with_what_it_holds(tmp_path: Path) -> None:
    for name in extract_tables():
        table(tmp_path, name, *(["mo_text"] if name == "crime" else []))
    (tmp_path / "notes.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    sections, _ = check(tmp_path)
    count = len(extract_tables()["crime"])
    assert f"crime.csv is the table crime, without mo_text (1 of {count} fields)." in sections["Files"]
    assert sentence(sections, "Files", "notes.csv is not used: comma-separated text with the columns a, b")
    (rules,) = [said for said in sections["Rules that will not be measured"] if "crime.mo_text" in said]
    assert "CLS-05" in rules and "TIM-01" not in rules
    assert "rules are not measured" in sentence(sections, "Pages", "Records to correct (integrity)")
    assert sentence(sections, "Pages", "Accounts") == "Accounts (integrity): no table or column is lost."


@pytest.mark.parametrize("content", [{}, {"notes.csv": "a,b\n1,2\n"}])
def test_a_folder_without_anything_known_says_what_was_looked_for(tmp_path: Path, content: dict[str, str]) -> None:
    for name, text in content.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    said = CliRunner().invoke(cli.app, ["doctor", "--data", str(tmp_path)])
    assert said.exit_code == 1
    assert "No file is known, so a build would publish nothing. It looks for crime.csv and" in said.output
    assert ("notes.csv is not used" if content else "has no file") in said.output
    assert {"Files:", "Result:"} < set(said.output.splitlines()), "each sentence has a line of its own"


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    said = CliRunner().invoke(cli.app, ["doctor", "--data", str(tmp_path / "none")])
    assert said.exit_code == 1 and "expected a folder with delivered files" in said.output
