"""Which columns of several files are the same key: the files of one export are judged together.

The crimes' key is the one column that is different in every row of the file of crimes and that other files repeat. So a
file of people or outcomes is known by what it joins to, whatever its columns are called.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from statistics import median

from pipelines.mapping.headings import OFFICER, TELLING, Meaning
from pipelines.mapping.sheets import MARKS, Sheet
from pipelines.mapping.wide_columns import Wide
from pipelines.mapping.words import Column, words

CRIME, PERSON, INCIDENT = Meaning("crime", "crime_id"), Meaning("party", "person_key"), Meaning("crime", "incident_id")
ENOUGH = 0.95  # share of a column's values that are in the other
FEWEST = 8  # different values that say that equal ones are no accident
Known = dict[str, dict[str, Meaning]]  # file -> column -> what it is


def share_in(one: Column, other: Column) -> float:
    """The share of a column's different values that are in another, by those that both would show."""
    if not one.marks or not other.marks:
        return 0.0
    top = min((column.marks[-1] for column in (one, other) if len(column.marks) == MARKS), default=None)
    shown = {mark for mark in one.marks if top is None or mark <= top}
    return len(shown & set(other.marks)) / len(shown) if shown else 0.0


def keys_of(sheets: Mapping[str, Sheet], read: Mapping[str, Wide]) -> Known:
    """The columns that joins between files show to be keys of crimes, people or incidents."""
    found: Known = {name: {} for name in sheets}
    crimes = max(read, key=lambda name: _crime_fields(read[name]), default=None)
    if crimes is None or _crime_fields(read[crimes]) < 2:
        return found
    named = {label for wide in read.values() for label, guess in wide.columns.items() if guess.meaning == CRIME}
    if (key := _key(sheets, crimes, named)) is not None:
        for name, label in _same(sheets, crimes, key):
            found[name][label] = CRIME
    for meaning, kinds in ((PERSON, ("party", "victim", "suspect")), (INCIDENT, ("crime", "incident"))):
        owners = [
            (name, guess.label) for name in read for kind in kinds for guess in read[name].of(kind)
            if name != crimes and guess.meaning.field == meaning.field and sheets[name].columns[guess.label].is_unique
        ]  # fmt: skip
        for name, label in owners[:1]:
            for other, its in _same(sheets, name, label):
                if its not in found[other]:
                    found[other][its] = meaning
    for label, guess in read[crimes].columns.items():
        if guess.meaning == OFFICER:
            staff = (
                (name, its) for name, sheet in sheets.items() for its, column in sheet.columns.items()
                if name != crimes and column.is_unique and share_in(sheets[crimes].columns[label], column) >= ENOUGH
            )  # fmt: skip
            for name, its in list(staff)[:1]:
                found[name].setdefault(its, OFFICER)
    return found


def _crime_fields(found: Wide) -> int:
    return len(found.fields("crime") & TELLING)


def _key(sheets: Mapping[str, Sheet], name: str, named: set[str]) -> str | None:
    """The column of a file that most other files repeat; of those that as many do, the one that headings say."""
    counts = {
        label: (len(list(_same(sheets, name, label))), label in named)
        for label, column in sheets[name].columns.items()
        if column.is_unique and column.filled == 1
    }
    best = max(counts, key=lambda label: counts[label], default=None)
    return best if best is not None and counts[best][0] > 1 else None


def _same(sheets: Mapping[str, Sheet], name: str, label: str) -> Iterator[tuple[str, str]]:
    """A key, and the column of each other file that holds values of it."""
    key = sheets[name].columns[label]
    yield name, label
    for other, sheet in sheets.items():
        if other == name:
            continue
        alike = {
            its: (words(its) == words(label), share_in(column, key))
            for its, column in sheet.columns.items()
            if share_in(column, key) >= ENOUGH and (words(its) == words(label) or _is_no_accident(column, key))
        }
        if alike:
            yield other, max(alike, key=lambda its: alike[its])


def _is_no_accident(column: Column, key: Column) -> bool:
    """Whether equal values are keys, and not small numbers that any two columns may share."""
    lengths = [median(map(len, one.sample)) for one in (column, key)]
    return len(column.marks) >= FEWEST and min(lengths) >= 4 and max(lengths) - min(lengths) <= 1
