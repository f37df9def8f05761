"""Layouts of exports: each writes its files, and each column of a written file has an answer that exists."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import polars as pl
import pytest
from layout_crimes import COUNT, crimes
from layout_export import ALIASES, FIELDS, layouts, write
from layout_score import Score, score, table_of

BY_NAME = {layout.name: layout for layout in layouts()}


def _read(path: Path, form: dict) -> list[list[str]]:
    """The lines of a file, from its header on, without the notes below it."""
    if path.suffix == ".xlsx":
        frame = pl.read_excel(path, sheet_name=form["sheet"], has_header=False, infer_schema_length=0)
        lines = [["" if cell is None else cell for cell in row] for row in frame.rows()]
        first = next(n for n, line in enumerate(lines) if all(line))
        return lines[first : first + 1 + COUNT]
    with open(path, encoding=form.get("encoding", "utf-8"), newline="") as stream:
        return list(csv.reader(stream, delimiter=form.get("delimiter", ",")))


def test_there_are_twelve_layouts_and_each_names_its_sources() -> None:
    assert len(BY_NAME) == 12
    for layout in BY_NAME.values():
        assert layout.title and len(layout.sources) >= 2, layout.name
        assert any(re.search(r"\b20\d\d\b|no date", source) for source in layout.sources), layout.name


@pytest.mark.parametrize("name", BY_NAME)
def test_every_column_that_is_written_has_an_answer_that_exists(name: str, tmp_path: Path) -> None:
    layout = BY_NAME[name]
    write(layout, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {file.name for file in layout.files}
    written = []
    for file in layout.files:
        header, *rows = _read(tmp_path / file.name, file.form)
        assert len(set(header)) == len(header) and rows, file.name
        assert all(len(row) == len(header) for row in rows), file.name
        assert len(rows) == COUNT or file.rows != "crime", file.name
        written += [(file.name, heading) for heading in header]
        # a column without a value could be anything: it says nothing about a guesser that reads values
        empty = [heading for heading, values in zip(header, zip(*rows)) if not any(values)]
        assert empty in ([], ["Context"]), (file.name, empty)
    truth = layout.truth()
    assert written == [(file, column) for file, column, _ in truth]
    assert 15 <= len(truth) <= 45, len(truth)
    fields = {answer for *_, answers in truth for answer in answers.split(", ")} - {"none"}
    assert {f for f in fields if f.split(".")[1] not in FIELDS.get(f.split(".")[0], ())} == set()


def test_the_layouts_have_the_traps_of_real_exports() -> None:
    truth = [row for layout in BY_NAME.values() for row in layout.truth()]
    none = sum(answer == "none" for *_, answer in truth)
    assert 0.15 < none / len(truth) < 0.35  # beats, print dates, auditors: no field of the extract
    assert {answer for _, column, answer in truth if column in ("STATUS", "Crime Status")} == {"crime.status"}
    assert {answer for _, column, answer in truth if column == "caseStatus"} == {"none"}  # of the case, not the crime
    moments = Counter(a.split(",")[0] for *_, a in truth if a.startswith(("crime.reported", "crime.recorded")))
    assert min(moments.values()) >= 10  # both dates, in nearly every layout
    forms = [file.form for layout in BY_NAME.values() for file in layout.files]
    assert {form.get("encoding") for form in forms} >= {"utf-16", "cp1252", "utf-8-sig"}
    assert len({form.get("dates") for form in forms}) >= 9
    assert {form.get("delimiter") for form in forms} >= {";", "\t", "|"}


def test_two_people_of_one_row_have_parts() -> None:
    columns = BY_NAME["athena_investigations"].files[0].columns
    sexes = {column.heading: column.part for column in columns if column.answers == ALIASES["@sex"]}
    assert sexes == {"Victim Sex": "victim", "Suspect 1 Sex": "suspect1", "Suspect 2 Sex": "suspect2"}


def test_every_person_is_invented() -> None:
    records = [r[part] for r in crimes() for part in ("victim", "suspect1", "suspect2") if r[part]]
    assert len(records) > COUNT
    assert all(r["postcode"].startswith("ZZ99 ") and r["phone"].startswith("07700 900") for r in records)
    assert all(r["email"].endswith("@example.invalid") for r in records)


def test_a_column_is_right_asked_wrong_or_missed() -> None:
    layout = BY_NAME["foi_answer"]
    file = layout.files[0].name
    proposals = {
        (file, "Unique Ref"): ("crime.crime_id, outcome.crime_id", False),  # right: each is a true field
        (file, "Recorded"): ("crime.reported_ts", False),  # wrong
        (file, "Relationship"): ("person.sex", True),  # asked, so nothing is wrong in silence
        (file, "District"): ("crime.lsoa21", False),  # wrong: it is no field
        (file, "Complainant Gender"): ("person.sex@suspect1", False),  # wrong: it is the victim's
        (file, "Complainant Age at Offence"): ("party_role.age_at_offence@victim", False),  # right
        (file, "Month"): ("none", False),  # right
    }
    fields = sum(answer != "none" for *_, answer in layout.truth())
    # right as well: two other columns that are no field, left alone
    assert score(layout, proposals) == Score(right=5, asked=1, wrong=3, missed=fields - 5)
    assert score(layout, proposals).columns == len(layout.truth())
    with pytest.raises(KeyError, match="no such column"):
        score(layout, {(file, "Beat"): (None, False)})


def test_the_truth_is_right_and_silence_is_not() -> None:
    truth = {name: {(f, c): (a, False) for f, c, a in layout.truth()} for name, layout in BY_NAME.items()}
    perfect = {name: score(BY_NAME[name], proposals) for name, proposals in truth.items()}
    assert all(s.right == s.columns for s in perfect.values())
    silent = {name: score(layout, {}) for name, layout in BY_NAME.items()}
    assert all(s.missed > s.right and s.wrong == 0 for s in silent.values())
    assert table_of(perfect).splitlines()[-1].endswith("100.0%")
