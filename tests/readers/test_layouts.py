"""`stra map` on layouts of record systems that nobody of its guesser had seen: `tests/worlds/layouts`."""

from pathlib import Path

import pytest
from layout_export import Column, ExportFile, layouts
from score_layouts import HEAD, compare_builds, score, score_all
from trials import count

from assets.raw import extract_tables
from assets.readers.extract import identities

EXAMPLE = """
[[tables.crime]]
file = "list"
fields = {crime_id = "Ref", ho_code = "Code", mo_text = "Town"}
[[tables.party_role]]
file = "list"
fields = {person_key = "Victim", role = "=victim", age_at_offence = "Age of suspect", crime_id = "=[Ref]/victim 1"}
[[tables.outcome]]
file = "list"
fields = {code = "Outcome 1", outcome_ts = "Date 2", seq = "=1"}
"""


def test_a_column_is_right_asked_wrong_missed_or_foreign() -> None:
    made = {
        "Ref": "crime.crime_id", "Code": "crime.ho_code", "Victim": "victim1.person_key", "Outcome 1": "outcome1.code",
        "Age of suspect": "suspect1.age_at_offence", "Date 2": "outcome2.outcome_ts", "Town": "none.",
        "Status": "crime.status", "Sex": "victim1.sex", "Printed": "none.", "Recorded": "crime.recorded_ts",
    }  # fmt: skip
    columns = tuple(Column(heading, of.partition(".")[0], of.partition(".")[2], (), "") for heading, of in made.items())
    files = (ExportFile("list.csv", "crime", columns, {}),)
    asked = {"file": "list.csv", "words": "Column 'Status': what is it?", "options": ["crime.status", "none of them"]}
    seen = [{"label": "Recorded", "options": ["crime.updated_ts"]}, {"label": "Sex", "options": ["person.sex"]}]
    reply = {"questions": [asked | {"otherwise": "none of them"}], "files": [{"name": "list.csv", "columns": seen}]}
    found = score(files, reply | {"text": EXAMPLE})
    assert (found.right, found.asked, found.foreign, found.questions) == (4, 2, 1, 1)
    assert [line.partition(" (")[0] for line in found.wrong] == [
        "list.csv: Age of suspect", "list.csv: Date 2", "list.csv: Town",
    ]  # fmt: skip
    assert [line.partition(" (")[0] for line in found.missed] == ["list.csv: Recorded"], "no true answer is offered"
    silent = score(files, {"questions": [], "files": [], "text": ""})
    assert (len(silent.missed), silent.foreign, silent.right, silent.wrong) == (9, 2, 0, [])


def test_every_true_answer_exists() -> None:
    fields = {**extract_tables(), identities.TABLE: identities.FIELDS}
    known = {f"{of}.{name}" for table, names in fields.items() for name in names for of in (table, "*")}
    every = {**layouts(described=True), **layouts(described=False)}
    assert len(every) == 24
    assert {field for files in every.values() for file in files for c in file.columns for field in c.fields} <= known


@pytest.mark.parametrize("crimes", [0, 60], ids=["described", "others"])
def test_columns_are_placed_asked_or_left_out(crimes: int, tmp_path: Path) -> None:
    """Of twelve layouts that follow public descriptions 95% of columns are placed or left out, none wrong.

    Of twelve others 80% of those that carry a field, and 95% placed or asked, none wrong, with at most 12 questions.
    """
    scores = {name: one for name, _, one in score_all(tmp_path, crimes)}
    table = "\n".join([HEAD, *(one.line(name) for name, one in scores.items())])
    assert len(scores) == 12 and not [line for one in scores.values() for line in one.wrong], table
    found = scores.values()
    right, asked, foreign = (sum(getattr(one, of) for one in found) for of in ("right", "asked", "foreign"))
    carrying = sum(one.carrying() for one in found)
    assert crimes or right + foreign >= 0.95 * (carrying + foreign), table
    assert right >= 0.8 * carrying and right + asked >= 0.95 * carrying, table
    assert [n for n, one in scores.items() if one.questions > 12] == [], table


@pytest.mark.trials
@pytest.mark.skipif(not count(0, 1), reason="takes minutes: make trials runs it")
@pytest.mark.parametrize("name", layouts(described=False))
def test_every_figure_that_an_export_could_give_is_given(name: str, tmp_path: Path) -> None:
    """Built from the mapping and true answers, five measures are those of the same rows in our own form."""
    ((_, files, _),) = score_all(tmp_path, 500, [name])
    equal, possible, codes = compare_builds(files, tmp_path / name)
    assert (equal, codes) == (possible, [0, 0])
