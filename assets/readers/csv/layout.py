"""Layout of a comma-separated table: its columns, and their positions in one file."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from assets.readers.csv.records import encoding, header, plain
from assets.readers.files import not_csv
from assets.readers.source import BrokenFile, DeliveredFile


@dataclass(frozen=True)
class Check:
    """A condition that a usable row meets. `usable_sql` is SQL over our column names; false or null fails.

    `reason` says what was expected and what to do; `column` is the one at fault.
    """

    column: str
    usable_sql: str
    reason: str


MASK = "filled"  # in place of a value that is not to be kept
NO_VALUE = ("", "NULL", "N/A", "#N/A")  # what is no value there: see `extract.values`


@dataclass(frozen=True)
class CsvSpec:
    """Expected layout of a table: our column name -> headers it may have (in order of preference).

    Headers are compared without regard to case and runs of white space; columns may be in any order.
    """

    columns: dict[str, tuple[str, ...]]
    optional: frozenset[str] = frozenset()
    checks: tuple[Check, ...] = ()
    may_be_empty: bool = False  # a header without rows says that there were none
    masked: frozenset[str] = frozenset()  # columns of which only is kept whether there is a value
    elsewhere: frozenset[str] = frozenset()  # plain labels that another table of the same file reads
    unreported: frozenset[str] = frozenset()  # optional columns whose absence is nothing to say


@dataclass(frozen=True)
class Layout:
    """Positions of our columns in one file: index by name, -1 where an optional one is absent."""

    labels: list[str]
    positions: dict[str, int]

    @property
    def width(self) -> int:
        return len(self.labels)


def matches(file: DeliveredFile, spec: CsvSpec) -> bool:
    """Whether every required column is in the header."""
    labels = None if not_csv(file) else header(file)
    return labels is not None and not missing(labels, spec)


def why_not(file: DeliveredFile, spec: CsvSpec) -> BrokenFile | None:
    """The reason why a file does not match: it is no CSV, or its columns differ."""
    problem = not_csv(file)
    if problem is not None:
        return problem
    labels = header(file) or []
    lacking = missing(labels, spec)
    if not lacking:
        return None
    expected = ", ".join(spec.columns[name][0] for name in spec.columns if name not in spec.optional)
    seen = ", ".join(repr(label[:60]) for label in labels[:40]) or "no header"
    nearest = []
    for name in lacking:
        wanted = spec.columns[name][0]
        near = difflib.get_close_matches(plain(wanted), [plain(label) for label in labels], n=1)
        nearest.append(f"{wanted!r} is missing" + (f" (nearest: {near[0]!r})" if near else ""))
    do = "If the publisher renamed a column, add its new name to the source's module; else ask for the right file."
    if len(labels) == 1 and any(mark in labels[0] for mark in ";\t|"):
        do = "The columns are separated by something else than commas: save it as comma-separated text."
    return BrokenFile("line 1", f"{seen}; {', '.join(nearest)}", f"the columns {expected}", do)


def missing(labels: list[str], spec: CsvSpec) -> list[str]:
    """The required columns that no label names."""
    found = positions_of(labels, spec)
    return [name for name in spec.columns if name not in spec.optional and name not in found]


def positions_of(labels: list[str], spec: CsvSpec) -> dict[str, int]:
    """Index by name of the columns that are there: of the first label that is theirs."""
    places: dict[str, int] = {}
    for position, label in enumerate(labels):
        places.setdefault(plain(label), position)
    theirs = {name: next(filter(places.__contains__, map(plain, accepted)), None)
              for name, accepted in spec.columns.items()}  # fmt: skip
    return {name: places[label] for name, label in theirs.items() if label is not None}


def layout_of(file: DeliveredFile, spec: CsvSpec) -> Layout:
    """Positions of our columns. Raises BrokenFile when one is missing or a name occurs twice."""
    problem = why_not(file, spec)
    if problem is not None:
        raise problem
    labels = header(file) or []
    places: dict[str, list[int]] = {}
    for position, label in enumerate(labels):
        places.setdefault(plain(label), []).append(position)
    for found in places.values():
        if len(found) > 1 and plain(labels[found[0]]):
            raise BrokenFile(
                "line 1", f"{labels[found[0]]!r} in columns {', '.join(str(f + 1) for f in found)}",
                "every column name once", "Ask the publisher which of them is meant, or take the other out.",
            )  # fmt: skip
    positions = positions_of(labels, spec)
    return Layout(labels, {name: positions.get(name, -1) for name in spec.columns})


def notices(file: DeliveredFile, layout: Layout, spec: CsvSpec) -> list[str]:
    """Unknown or unusual parts of the layout, each with its place."""
    known = set(layout.positions.values())
    found = [
        f"line 1, column {position + 1}: {label!r} is not known and was left out"
        for position, label in enumerate(layout.labels)
        if position not in known and plain(label) not in spec.elsewhere
    ]  # fmt: skip
    found += [
        f"line 1: no column {spec.columns[name][0]!r}; taken as empty"
        for name, position in layout.positions.items() if position < 0 and name not in spec.unreported
    ]  # fmt: skip
    name = encoding(file.head)
    if not name.startswith("utf-8"):
        found.append(f"first bytes: the file is {name.upper()}, not UTF-8; it was read as that")
    return found
