"""What a task is: what is given and asked, how an answer is checked and scored, and which methods answer it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

Frames = Mapping[str, pl.DataFrame]  # place of a file, without its ending -> its rows
Answer = Callable[[Frames], pl.DataFrame]
SUFFIXES = (".parquet", ".csv")
KINDS: dict[str, pl.DataType] = {
    "text": pl.String(), "true or false": pl.Boolean(), "whole number": pl.Int64(), "number": pl.Float64(),
    "date": pl.Date(),
}  # fmt: skip


class Malformed(ValueError):
    """An answer that cannot be scored: names its file, the column, what was expected and what was seen."""

    def __init__(self, place: str, column: str, expected: str, seen: str) -> None:
        super().__init__(f"{place}: column {column}: expected {expected}; seen {seen}")


@dataclass(frozen=True)
class Column:
    """A column of an answer: its kind, what it says, and the range of its numbers."""

    kind: str
    meaning: str
    least: float | None = None
    most: float | None = None
    may_be_empty: bool = False

    @property
    def expected(self) -> str:
        """The kind and range in words."""
        ends = [f"{word} {end:g}" for word, end in (("from", self.least), ("to", self.most)) if end is not None]
        return " ".join([self.kind, *ends, *(["or empty"] if self.may_be_empty else [])])


@dataclass(frozen=True)
class Measure:
    """A figure of a score: its form, and whether more of it is better."""

    form: str
    more_is_better: bool | None = None  # none: to be near a value, which the page states


@dataclass(frozen=True)
class Method:
    """A way to answer a task: from the given files to the rows asked for."""

    name: str
    answer: Answer


@dataclass(frozen=True)
class Given:
    """The files of one seed, and what only the scorer knows."""

    inputs: dict[str, pl.DataFrame]
    truth: dict[str, pl.DataFrame]


@dataclass(frozen=True, eq=False)  # each is one of its own
class Task:
    """One of the eight. `make` takes the number of crimes and the seed.

    `keys` gives the rows that may be answered, by the columns of `key`; with `is_whole` each of them must be.
    `perfect` makes from the truth the answer with the best score.
    """

    name: str
    question: str
    crimes: int
    seeds: Sequence[int]  # for scoring
    asked: Mapping[str, Column]
    key: tuple[str, ...]
    keys: Callable[[Frames], pl.DataFrame] | None
    is_whole: bool
    measures: Mapping[str, Measure]
    make: Callable[[int, int], Given]
    score: Callable[[pl.DataFrame, Given], dict[str, float | None]]
    perfect: Callable[[Given], pl.DataFrame]
    baseline: Method
    rival: Method
    ours: Method | None

    @property
    def methods(self) -> dict[str, Method | None]:
        """Who answers, as the page lists them."""
        return {"baseline": self.baseline, "rival": self.rival, "ours": self.ours}


def read_answer(folder: Path, task: Task, seed: int) -> tuple[str, pl.DataFrame]:
    """The place and rows of the answer to one seed. Raises Malformed where there is no such file, or it is none."""
    found = [folder / task.name / f"{seed}{suffix}" for suffix in SUFFIXES]
    file = next((file for file in found if file.is_file()), None)
    if file is None:
        raise Malformed(str(found[0]), ", ".join(task.asked), "a file, .parquet or .csv", "none")
    try:
        rows = pl.read_parquet(file) if file.suffix == ".parquet" else pl.read_csv(file, infer_schema_length=0)
    except (pl.exceptions.PolarsError, OSError) as fault:
        raise Malformed(str(file), ", ".join(task.asked), f"a {file.suffix} file", str(fault)) from fault
    return str(file), rows


def checked(task: Task, rows: pl.DataFrame, inputs: Frames, place: str) -> pl.DataFrame:
    """The rows with the columns asked for, of the right kind. Raises Malformed."""
    for name, column in task.asked.items():
        if name not in rows.columns:
            raise Malformed(place, name, column.expected, f"columns {', '.join(rows.columns) or 'none'}")
    rows = rows.select(_typed(rows[name], name, column, place) for name, column in task.asked.items())
    for name, column in task.asked.items():
        _check_values(rows[name], name, column, place)
    if "lower" in task.asked and (crossed := rows.filter(pl.col("lower") > pl.col("upper"))).height:
        lower, upper = crossed.select("lower", "upper").row(0)
        raise Malformed(place, "lower", "no more than upper", f"{lower} above {upper}")
    if task.key:
        _check_keys(task, rows, inputs, place)
    elif rows.height != 1:
        raise Malformed(place, ", ".join(task.asked), "one row", f"{rows.height} rows")
    return rows


def _typed(values: pl.Series, name: str, column: Column, place: str) -> pl.Series:
    """The values as the kind asked for; text is read, and a kind that says something else is refused."""
    kind = KINDS[column.kind]
    text = values.dtype == pl.String
    if text and column.kind == "true or false":
        known = {"true": True, "false": False, "1": True, "0": False}
        cast = values.str.to_lowercase().replace_strict(known, default=None, return_dtype=pl.Boolean)
    elif text and column.kind == "date":
        cast = values.str.to_date("%Y-%m-%d", strict=False)
    elif text or _is_like(values.dtype, kind):
        cast = values.cast(kind, strict=False)
    else:
        raise Malformed(place, name, column.expected, f"kind {values.dtype}")
    lost = values.filter(cast.is_null() & values.is_not_null() & (values.cast(pl.String) != ""))
    if lost.len():
        raise Malformed(place, name, column.expected, f"{lost[0]!r}")
    return cast


def _is_like(given: pl.DataType, kind: pl.DataType) -> bool:
    """Whether a column of the given type can say what is asked: numbers as numbers, everything else as itself."""
    if kind == pl.Int64:
        return given.is_integer()
    return given.is_numeric() if kind == pl.Float64 else given == kind or given == pl.Null


def _check_values(values: pl.Series, name: str, column: Column, place: str) -> None:
    if values.dtype.is_float() and not values.drop_nulls().is_finite().all():
        raise Malformed(place, name, column.expected, "a number that is not finite")
    if values.null_count() and not column.may_be_empty:
        raise Malformed(place, name, column.expected, f"{values.null_count()} empty values")
    outside = pl.Series([], dtype=values.dtype)
    if column.least is not None:
        outside = values.filter(values < column.least)
    if column.most is not None:
        outside = outside.append(values.filter(values > column.most))
    if outside.len():
        raise Malformed(place, name, column.expected, f"{outside[0]}")


def _check_keys(task: Task, rows: pl.DataFrame, inputs: Frames, place: str) -> None:
    key, named = list(task.key), ", ".join(task.key)
    twice = rows.filter(rows.select(key).is_duplicated())
    if twice.height:
        raise Malformed(place, named, "each once", f"{_shown(twice, key)} more than once")
    if task.keys is None:
        return
    known = task.keys(inputs).select(key).unique()
    strange = rows.join(known, on=key, how="anti")
    if strange.height:
        raise Malformed(place, named, "values of the given files", _shown(strange, key))
    missing = known.join(rows, on=key, how="anti")
    if task.is_whole and missing.height:
        lacks = f"{missing.height} missing, such as {_shown(missing, key)}"
        raise Malformed(place, named, f"all {known.height} rows", lacks)


def _shown(rows: pl.DataFrame, key: list[str]) -> str:
    values: tuple[Any, ...] = rows.select(key).sort(key).row(0)
    return " / ".join(map(str, values))
