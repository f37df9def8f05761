"""Which table of the extract a file is, and which field each of its columns.

A guess uses names and values, and says how certain it is. If two answers are about as good there is none: a person is
asked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.optimize import linear_sum_assignment

from assets.raw import extract_tables
from assets.readers.csv.reader import plain
from assets.readers.extract.columns import columns_of, is_made
from assets.readers.extract.identities import FIELDS as IDENTITY_FIELDS
from assets.readers.extract.identities import TABLE as IDENTITIES
from assets.readers.extract.tables import required
from pipelines.mapping.offences import class_of, class_of_code, may_be_in_scope
from pipelines.mapping.sheets import MANY, Folder, Sheet
from pipelines.mapping.values import force_of, outcome_of, slashed
from pipelines.mapping.words import Column, code_of, fit, is_readable, likeness

_FORCE_CODE = re.compile(r"[EWNS]\d{8}")
LIKELY = 0.5  # a column below this is not proposed
SURE = 0.6  # a table from here on is taken without a question where --yes says so
CLOSE = 0.05  # two answers that differ by less are as good
BY_TITLE = "the class by the offence's title"
BY_CODE = "the class by the Home Office code"
_TOLD_BY_VALUES = ("ts", "date", "month", "bool", "ho", "outcome", "set:")  # kinds that few columns can be


@dataclass
class FieldGuess:
    """The column that a field may be; None if none is likely.

    A column, or a text made of columns and words (see `assets.readers.extract.columns`). `rivals` are other columns
    that may be the field. `also` are other fields that the column may be. `unfit` is a column of the field's name whose
    values it cannot hold. `note` is said beside the field.
    """

    label: str | None = None
    score: float = 0.0
    rivals: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    unfit: str | None = None
    note: str = ""


@dataclass
class TableGuess:
    """What one file, or a group of its columns, may be. `rivals` are tables that it may as well be.

    A row makes a row of the table only if one of the columns `only_if` has a value. `group` is what the columns are of.
    """

    sheet: Sheet
    table: str
    score: float
    fields: dict[str, FieldGuess]
    rivals: tuple[str, ...] = ()
    values: dict[str, dict[str, str | None]] = field(default_factory=dict)  # field -> theirs -> ours, None: unknown
    only_if: tuple[str, ...] = ()
    group: str = ""

    def lacking(self) -> list[str]:
        """The fields without which no row can be used and that no column is."""
        return [name for name in required(fields_of(self.table)) if self.fields[name].label is None]

    def known(self) -> dict[str, dict[str, str]]:
        """What its codes mean, as far as that is known."""
        found = {
            name: {theirs: ours for theirs, ours in meant.items() if ours is not None}
            for name, meant in self.values.items()
        }
        return {name: meant for name, meant in found.items() if meant}

    def in_each_file(self) -> list[TableGuess]:
        """The same table of the file and of every other file with the same columns."""
        others = [replace(self, sheet=replace(self.sheet, stem=stem)) for stem in self.sheet.others]
        return [self, *others]

    def unused(self) -> list[str]:
        """Columns that are no field."""
        used = {column for chosen in self.fields.values() if chosen.label for column in columns_of(chosen.label)}
        return [label for label in self.sheet.columns if label not in used]


def fields_of(table: str) -> Mapping[str, str]:
    """The fields of a table that a mapping may have, with their kinds."""
    return IDENTITY_FIELDS if table == IDENTITIES else extract_tables()[table]


def guess(folder: Folder) -> list[TableGuess]:
    """The most likely table of each file, each table once; unlike files left out."""
    sheets = [sheet for sheet in folder.sheets if sheet.table is None]
    tables = [table for table in extract_tables() if table not in folder.known]
    guesses = [[as_table(sheet, table) for table in tables] for sheet in sheets]
    scores = np.array([[g.score for g in row] for row in guesses]).reshape(len(sheets), len(tables))
    taken = dict(zip(*linear_sum_assignment(-scores), strict=True))
    known = [as_table(sheet, sheet.table) for sheet in folder.sheets if sheet.table is not None]
    # of a file that is known in part, more columns may be fields
    found = [replace(g, score=1.0) for g in known if any(f.label and plain(f.label) != n for n, f in g.fields.items())]
    for number, choice in taken.items():
        best = guesses[number][choice]
        others = [g for n, g in enumerate(guesses[number]) if n != choice and g.score >= best.score - CLOSE]
        spoken_for = {tables[c] for n, c in taken.items() if n != number and scores[n, c] > scores[number, c] + CLOSE}
        best.rivals = tuple(g.table for g in others if g.table not in spoken_for)
        if best.score >= LIKELY * 0.8:
            found.append(best)
    return sorted(map(with_open_questions, found), key=lambda g: -g.score)


def as_table(sheet: Sheet, table: str) -> TableGuess:
    """The file read as this table: its columns handed out to the fields, each once."""
    fields, labels = extract_tables()[table], list(sheet.columns)
    scores = np.array([[_score(sheet, label, table, name) for label in labels] for name in fields])
    scores = scores.reshape(len(fields), len(labels))
    pairs = [(f, c) for f, c in zip(*linear_sum_assignment(-scores), strict=True) if scores[f, c] >= LIKELY]
    free = [c for c in range(len(labels)) if c not in {taken for _, taken in pairs}]
    unmet = [f for f in range(len(fields)) if f not in {taken for taken, _ in pairs}]
    names = list(fields)
    found = {name: FieldGuess() for name in fields}
    for f, c in pairs:
        limit = scores[f, c] - CLOSE
        rivals = [labels[other] for other in free if scores[f, other] >= limit]
        also = [names[other] for other in unmet if scores[other, c] >= limit]
        found[names[f]] = FieldGuess(labels[c], float(scores[f, c]), tuple(rivals), tuple(also))
    total = sum(scores[f, c] for f, c in pairs)
    covered = 0.6 * total / max(1, len(labels)) + 0.4 * total / len(fields)
    named = 0.45 * likeness(sheet.stem, table, table) + 0.55 * covered
    guess = TableGuess(sheet, table, float(named), found)
    guess.score *= 0.6 if guess.lacking() else 1.0
    return guess


def _score(sheet: Sheet, label: str, table: str, name: str) -> float:
    kind = extract_tables()[table][name]
    column = sheet.columns[label]
    if kind.startswith("set:") and 2 < len(column.different) <= MANY and fit(kind, column) > 0.95:
        return max(0.6, likeness(label, name, table))  # the codes themselves say what it is
    named = likeness(label, name, table)
    return named * (0.3 + 0.7 * fit(kind, column)) if named else 0.0


def with_open_questions(found: TableGuess) -> TableGuess:
    """Add, to fields without a column of their name, columns whose values fit."""
    free = found.unused()
    for name, chosen in found.fields.items():
        if chosen.label is None:
            kind = extract_tables()[found.table][name]
            columns = {label: found.sheet.columns[label] for label in free}
            fitting = [label for label, column in columns.items() if column.sample and fit(kind, column) > 0.95]
            called = [label for label in free if label not in fitting and likeness(label, name, found.table) > 0.8]
            chosen.unfit = called[0] if called else None
            # of texts that need not be there nearly any column may be one
            chosen.rivals = tuple(fitting[:9]) if kind.startswith(_TOLD_BY_VALUES) or not kind.endswith("?") else ()
    return found


def with_values(found: TableGuess) -> TableGuess:
    """Adds what the codes of its columns mean, where that is beyond doubt."""
    found.values = {name: meant for name, meant in found.values.items() if found.table == "crime_flag"}
    for name, chosen in found.fields.items():
        kind = fields_of(found.table)[name].removesuffix("?")
        if chosen.note == BY_CODE and chosen.label is not None:
            found.values[name] = _classes([found.sheet.columns[column] for column in columns_of(chosen.label)])
        if chosen.label is None or is_made(chosen.label) or name in found.values:
            continue
        if meant := _meant(name, kind, found.sheet.columns[chosen.label].different, chosen):
            found.values[name] = meant
    return found


def _classes(columns: Sequence[Column]) -> dict[str, str | None]:
    """Home Office codes, in one column or in two, with their classes; '' for those of other offences."""
    codes = columns[0].different
    if len(columns) == 2:
        codes = tuple(f"{one}/{other}" for one in columns[0].different for other in columns[1].different)
        codes = tuple(code for code in codes if class_of_code(code))
    return {code: class_of_code(slashed(code)) for code in codes}


def _meant(name: str, kind: str, seen: Sequence[str], chosen: FieldGuess) -> dict[str, str | None]:
    """Their values that are not ours, with what they mean; None: unknown."""
    if kind.startswith("set:"):
        codes = {value: code_of(kind.removeprefix("set:"), value) for value in seen}
        return {value: code for value, code in codes.items() if code is None or code.lower() != value.lower()}
    if kind == "ho":
        return {value: slashed(value) for value in seen if slashed(value) != value}
    if kind == "outcome":
        return {value: outcome_of(value) for value in seen if not is_readable(kind, value)}
    if kind == "bool":
        return {value: None for value in seen if not is_readable(kind, value)}
    if name == "class_code" and chosen.note == BY_TITLE:
        classes = {title: class_of(title) for title in seen}
        return {title: code for title, code in classes.items() if code is not None or may_be_in_scope(title)}
    if name == "force_code":
        codes = {value: force_of(value) for value in seen}
        return {value: code for value, code in codes.items() if not _FORCE_CODE.fullmatch(value)}
    return {}
