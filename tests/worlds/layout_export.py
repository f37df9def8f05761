"""Twelve layouts of a police record system's export, made after public descriptions: their files and the true answer.

Each is a file of `tests/worlds/layouts/`, which names its sources. None was made with a look at the guesser of
`stra map`, so that they can measure it (`layout_score`). Every value is invented.

A line of `columns` is `heading | answer | value`. The answer is the field of the extract that the column feeds as
`table.field`: several where it may feed any of them, `none` where it is no field. `@crime` and the like are in ALIASES.
The value is where it comes from in a record of `layout_crimes`, with a form behind a colon; `=word` is that word.
Without a value it is the first answer's own name.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import xlsxwriter
from layout_crimes import Record, crimes, rows_of

from assets.raw import extract_tables
from assets.readers.extract import identities
from assets.reference import list_path

SERIAL_ZERO = date(1899, 12, 30)  # of spreadsheets
FOLDER = Path(__file__).with_name("layouts")
FIELDS = {**extract_tables(), identities.TABLE: identities.FIELDS}
ALIASES = {
    "@crime": ("crime.crime_id", "crime.crime_ref", *(f"{t}.crime_id" for t in FIELDS if "crime_id" in FIELDS[t])),
    "@incident": ("incident.incident_id", "crime.incident_id"),
    "@person": ("person.person_key", "party_role.person_key", "person_identity.person_key"),
    "@born": ("person_identity.date_of_birth", "person.birth_ym"),
    "@sex": ("person.sex", "person_identity.sex"),
    "@code": ("crime.ho_code", "crime.ho_code_raw"),
    "@outcome": ("outcome.code", "outcome.code_raw"),
    "@officer": ("crime.oic_id", "investigator.collar", "investigator.person_id", "allocation.investigator_id"),
}
PARTS = ("victim", "suspect1", "suspect2", "outcome1", "outcome2")  # which row of a table a column of one row feeds
_WORDS = {
    "F": "Female", "M": "Male", "victim": "Aggrieved", "suspect": "Suspect", "open": "Under Investigation",
    "closed": "Filed", "ex_partner": "Ex-Partner", "ex_spouse": "Ex-Husband/Wife", "pre_charge_bail": "Bailed",
    "ea": "Early Advice", "rui": "RUI", "charging": "Pre-Charge Decision", "ex_civil_partner": "Ex-Civil Partner",
}  # fmt: skip


@dataclass(frozen=True)
class Column:
    """One column of a file: heading, the fields that it may feed (none: empty), part of the row, value."""

    heading: str
    answers: tuple[str, ...]
    value: str

    @property
    def part(self) -> str:
        """The person or outcome of the row that it is about, such as `suspect1`; empty where there is one only."""
        return head if (head := self.value.split(".")[0]) in PARTS else ""


@dataclass(frozen=True)
class ExportFile:
    """One file: name, what one row is, its form, its columns."""

    name: str
    rows: str
    columns: tuple[Column, ...]
    form: dict[str, Any]


@dataclass(frozen=True)
class Layout:
    """A layout: name, title, the sources of its headings, its files."""

    name: str
    title: str
    sources: tuple[str, ...]
    files: tuple[ExportFile, ...]

    def truth(self) -> list[tuple[str, str, str]]:
        """Rows of file, column, answer: several answers with a comma between them, `none` for no field."""
        return [(f.name, c.heading, ", ".join(c.answers) or "none") for f in self.files for c in f.columns]


@cache
def layouts() -> tuple[Layout, ...]:
    """All layouts, by name."""
    return tuple(_layout(path) for path in sorted(FOLDER.glob("*.toml")))


def write(layout: Layout, folder: Path) -> None:
    """Write the files of a layout into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in layout.files:
        rows = [_cells(file, row) for row in _rows(file)]
        table = [[column.heading for column in file.columns], *rows]
        above, below = ([[line] for line in file.form.get(place, ())] for place in ("above", "below"))
        _save(folder / file.name, [*above, *table, *below], file.form)


def _layout(path: Path) -> Layout:
    given = tomllib.loads(path.read_text(encoding="utf-8"))
    files = tuple(
        ExportFile(f["name"], f["rows"], tuple(map(_column, f["columns"].strip().splitlines())), f)
        for f in given["files"]
    )
    return Layout(path.stem, given["title"], tuple(given["sources"]), files)


def _column(line: str) -> Column:
    heading, answer, value = (*(part.strip() for part in line.split("|")), "")[:3]
    named = [part.strip() for part in answer.split(",")] if answer != "none" else []
    answers = tuple(field for name in named for field in ALIASES.get(name, (name,)))
    return Column(heading, answers, value or (answers[0] if answers else ""))


def _rows(file: ExportFile) -> list[Record]:
    rows = [row for record in crimes() for row in rows_of(record, file.rows)]
    once = file.form.get("once")  # a row a person, however many crimes that person has
    return list({row[file.rows][once]: row for row in rows}.values()) if once else rows


def _cells(file: ExportFile, row: Record) -> list[Any]:
    return [_cell(column.value, row, file.form) for column in file.columns]


def _cell(value: str, row: Record, form: dict[str, Any]) -> Any:
    if value.startswith("="):
        return value.removeprefix("=")
    path, _, style = value.partition(":")
    part, _, field = path.partition(".")
    found = row[part].get(field) if row[part] else None
    if found is None:
        return form.get("empty", "")
    if style.isdigit():  # one answer of a questionnaire
        found = found[int(style) - 1]
    elif style:
        found = STYLES[style](found)
    if isinstance(found, bool):
        return form.get("flags", ["Y", "N"])[not found]
    if isinstance(found, date) and "dates" in form:  # else a cell of a workbook that holds a date
        return _moment(found, form)
    return found


def _moment(value: date, form: dict[str, Any]) -> str | float:
    if form["dates"] == "serial":
        at = datetime.combine(value, value.time() if isinstance(value, datetime) else time())
        return round((at - datetime.combine(SERIAL_ZERO, time())) / timedelta(days=1), 5)
    return value.strftime(form["dates"] if isinstance(value, datetime) else form["days"])


def _save(path: Path, lines: list[list[Any]], form: dict[str, Any]) -> None:
    if path.suffix == ".xlsx":
        with xlsxwriter.Workbook(path) as book:
            shown = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
            sheet = book.add_worksheet(form.get("sheet", "Sheet1"))
            for n, line in enumerate(lines):
                for at, cell in enumerate(line):
                    if isinstance(cell, date):
                        sheet.write_datetime(n, at, cell, shown)
                    else:
                        sheet.write(n, at, cell)
        return
    with open(path, "w", encoding=form.get("encoding", "utf-8"), newline="") as stream:
        csv.writer(stream, delimiter=form.get("delimiter", ",")).writerows(lines)


def _listed(name: str, key: str, value: str) -> dict[str, str]:
    with open(list_path(name), encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return {row[key]: row[value] for row in reversed(rows)}  # the first of several wins


@cache
def _titles() -> dict[str, str]:
    titles, acts = (_listed("ho_codes", "ho_code", value) for value in ("offence_title", "statute"))
    named = {code: f"{titles[code]} - {acts[code].replace(', s.', ' Sec ')}" for code in titles}
    return named | {"195/12": "Stalking - Pursue course of conduct in breach of S2A (1) of the Act of 1997"}


def _padded(code: str) -> str:
    return code.split("/")[0].zfill(3) + "/" + code.split("/")[1]


STYLES: dict[str, Callable[[Any], Any]] = {
    "day": lambda at: at.date(),
    "time": lambda at: f"{at:%H:%M}",
    "month": lambda at: f"{at:%b %Y}",
    "year": lambda at: "2025/26",
    "padded": _padded,
    "joined": lambda code: _padded(code).replace("/", ""),
    "title": lambda code: _titles()[code].split(" - ")[0],
    "titled": lambda code: _titles()[code],
    "numbered": lambda code: f"{code} {_titles()[code].split(' - ')[0]}",
    "coded": lambda code: f"{_titles()[code]} ({code})",
    "word": lambda word: _WORDS.get(word, word.replace("_", " ").title()),
    "outcome": lambda code: f"Outcome {code}",
    "label": lambda code: _listed("outcome_labels", "outcome_code", "label")[code],
    "both": lambda code: f"{code} - {_listed('outcome_labels', 'outcome_code', 'label')[code]}",
    "decade": lambda age: f"{age // 10 * 10}-{age // 10 * 10 + 9}",
    "yes": lambda answers: answers.count("Y"),
    "round": lambda number: round(number, 5),
}
