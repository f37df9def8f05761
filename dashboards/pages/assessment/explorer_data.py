"""The rows that the explorer shows: a measure by period and part, small numbers marked, last year beside them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import polars as pl

from assets.methods.comparison import Spread
from casework.assessment import notes as annotation_notes
from casework.assessment.notes import Series
from casework.store.database import UNUSABLE, exists, in_words, open_store
from casework.store.refusal import Refused
from casework.store.words import shown_name
from dashboards.charts.breaks import Regime
from dashboards.data import measure_rows
from dashboards.data.published import Copy, Missing, optional
from dashboards.data.regimes import NO_CLASSES
from dashboards.text import comparisons
from dashboards.text.assessment import explorer_text as text
from dashboards.text.breakdowns import CLASSES, IS_NOT_KNOWN, in_order
from dashboards.text.small_numbers import SmallNumbers

MEASURES, VALUES = "reference.measures", "metrics.measure_values"
NOWCASTS = "metrics.outcome_nowcasts"
POINTS, VERDICTS, TARGETS = "metrics.measure_points", "metrics.measure_verdicts", "core.measure_targets"
CALENDAR, ROLLING = "calendar_year", "rolling_12"  # a calendar year is the year to its December
WHOLE = "all"  # the part of a measure that is not broken down


@dataclass(frozen=True)
class Choice:
    """What is asked for: a measure (its row in reference.measures), by what, of which part, in which period."""

    measure: Mapping[str, Any]
    period_type: str
    breakdown: str
    part: str
    start: dt.date

    @property
    def code(self) -> str:
        """The measure's code."""
        return str(self.measure["measure_code"])

    @property
    def name(self) -> str:
        """The measure's name."""
        return str(self.measure["measure_name"])

    @property
    def is_count(self) -> bool:
        """Whether it counts, and is no share."""
        return str(self.measure["kind"]).startswith("count")

    @property
    def recording_classes(self) -> str:
        """The classes whose recording changes bear on it, as in reference.measures; of a class chosen that class."""
        classes = str(self.measure["recording_classes"])
        is_class = self.breakdown == "class" and self.part in CLASSES and classes != NO_CLASSES
        return self.part if is_class else classes

    @property
    def events(self) -> str:
        """What a median is of, such as charges; "" for a count or share."""
        return str(self.measure["numerator_words"]).lower() if self.measure["kind"] == "median" else ""


@dataclass(frozen=True)
class Shown:
    """What the parts of the page share: the copy, the rules, the recording changes, and the breakdown to look into."""

    copy: Copy
    rule: SmallNumbers
    z: float
    changes: Sequence[Regime]
    spread: Spread  # of the measure chosen, if it counts
    rate: float  # the most that may be by chance of several changes that are called clear
    by: str  # the breakdown chosen, else the first that the measure has; none where it has none

    def crossed(self, row: Mapping[str, Any]) -> list[Regime]:
        """The recording changes after the start of the period a year before, until the end of this one."""
        return measure_rows.crossed(self.changes, row["period_start"], row["period_end"])

    def changed(self, choice: Choice, rows: pl.DataFrame) -> list[str]:
        """The change of each row on a year before, in words. Give all rows that are shown at once."""
        is_count, events, spread = choice.is_count, choice.events, self.spread
        found = [
            comparisons.compare(row, self.z, is_count=is_count, breaks=self.crossed(row), events=events, spread=spread)
            for row in rows.iter_rows(named=True)
        ]
        return comparisons.among(found, self.rate)


@dataclass(frozen=True)
class Note:
    """An annotation of the series shown, numbered by day; its revision is the one on screen."""

    number: int
    ref: str
    revision: int
    day: dt.date
    words: str
    author: str
    written_at: str


def measures(copy: Copy) -> dict[str, dict[str, Any]]:
    """Measure code -> its row, of those with a value; by subject and name, recording last. Raises Missing."""
    held = set(copy.select(VALUES, columns="distinct measure_code")["measure_code"])
    # the standards, four in five of them, come last
    rows = copy.select(MEASURES, order_by="subject = 'recording', subject, measure_name, measure_code")
    return {row["measure_code"]: row for row in rows.iter_rows(named=True) if row["measure_code"] in held}


def periods(copy: Copy, code: str) -> pl.DataFrame:
    """Type, start, end and wholeness of each period of a measure, the latest first. Raises Missing."""
    rows = copy.select(
        VALUES,
        columns="force_code, period_type, period_start, period_end, is_whole, is_drawn",
        where="measure_code = $code and breakdown = 'none'", order_by="period_start desc", code=code,
    )  # fmt: skip
    if rows.is_empty():
        raise Missing("empty", "Nothing of this measure was due in any month that the extract covers.")
    return pl.concat([rows, as_asked(rows.filter(period_type=ROLLING), CALENDAR)])


def published_kind(period_type: str) -> str:
    """The kind of period under which rows of this kind are published."""
    return ROLLING if period_type == CALENDAR else period_type


def as_asked(rows: pl.DataFrame, period_type: str) -> pl.DataFrame:
    """The rows of `published_kind` that are of this kind of period."""
    if period_type != CALENDAR:
        return rows
    return rows.filter(pl.col("period_end").dt.month() == 12).with_columns(period_type=pl.lit(CALENDAR))


def parts(copy: Copy, code: str, period_type: str) -> pl.DataFrame:
    """Breakdown and part of a measure, of those with a value in some period of this type. Raises Missing."""
    rows = copy.select(
        VALUES,
        columns="distinct breakdown, breakdown_value",
        where="measure_code = $code and period_type = $kind", code=code, kind=published_kind(period_type),
    )  # fmt: skip
    return rows.sort("breakdown", in_order("breakdown_value"))


def read_parts(copy: Copy, choice: Choice, rule: SmallNumbers) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The parts of the breakdown chosen, and the whole, in every period of its type, with a year before.

    Raises Missing.
    """
    rows = copy.select(
        VALUES,
        columns="measure_code, period_type, period_start, period_end, is_whole, is_drawn, breakdown, breakdown_value, "
        "numerator, denominator, value, lower, upper",
        where="measure_code = $code and period_type = $kind and breakdown in ('none', $by)",
        order_by="period_start desc, breakdown, breakdown_value",
        code=choice.code, kind=published_kind(choice.period_type), by=choice.breakdown,
    )  # fmt: skip
    rows = as_asked(rows, choice.period_type)
    found = measure_rows.with_last_year(of_choice(rows, choice, rule))
    if choice.breakdown == "none":
        return found, found
    return found, measure_rows.with_last_year(of_choice(rows, whole_of(choice), rule))


def whole_of(choice: Choice) -> Choice:
    """The same measure in the same period, not broken down."""
    return Choice(choice.measure, choice.period_type, "none", WHOLE, choice.start)


def of_choice(rows: pl.DataFrame, choice: Choice, rule: SmallNumbers) -> pl.DataFrame:
    """The parts of the breakdown in every period, small numbers marked."""
    held = rows.filter(pl.col("period_type") == choice.period_type, pl.col("breakdown") == choice.breakdown)
    return measure_rows.marked(held, rule)


def points(copy: Copy, choice: Choice) -> pl.DataFrame | None:
    """The control chart of the part chosen; None where it has none. Raises Missing."""
    if choice.period_type != "month":
        return None
    rows = copy.select(
        POINTS,
        where="measure_code = $code and breakdown = $by and breakdown_value = $part",
        order_by="month", may_be_empty=True,
        code=choice.code, by=choice.breakdown, part=choice.part,
    )  # fmt: skip
    if rows.is_empty():
        return None
    return rows.with_columns(pl.col("signal", "signal_direction", "limits_status").fill_null(""))


def nowcasts(copy: Copy, choice: Choice) -> pl.DataFrame | None:
    """Young months of the whole force with the share to be expected; None where there are none. Raises Missing.

    None says how many had the outcome so far, so none reveals few people.
    """
    if choice.period_type != "month" or choice.breakdown != "none":
        return None
    rows = optional(
        copy.select, NOWCASTS,
        columns="month as period_start, month as period_end, crime_count, value, lower_80, upper_80, test_count, "
        "error, pooled_error, inside_80",
        where="measure_code = $code and is_shown", order_by="month", may_be_empty=True, code=choice.code,
    )  # fmt: skip
    if rows is None or rows.is_empty():
        return None
    return rows.with_columns(is_drawn=pl.lit(False), is_hidden=pl.lit(False))


def verdict(copy: Copy, choice: Choice) -> dict[str, Any] | None:
    """The verdict on the latest month of the part chosen; None where it has none. Raises Missing."""
    rows = copy.select(
        VERDICTS,
        where="measure_code = $code and breakdown = $by and breakdown_value = $part",
        may_be_empty=True,
        code=choice.code, by=choice.breakdown, part=choice.part,
    )  # fmt: skip
    return next(rows.iter_rows(named=True), None)


def target(copy: Copy, choice: Choice) -> float | None:
    """The force's target for the part chosen; None where it set none. That of a count is for the whole force alone."""
    rows = optional(copy.select, TARGETS, where="measure_code = $code", may_be_empty=True, code=choice.code)
    if rows is None or rows.is_empty() or (choice.is_count and choice.breakdown != "none"):
        return None
    return float(rows["target"][0])


def assurances(copy: Copy, choice: Choice) -> dict[str, str]:
    """Part -> target_verdict of the breakdown chosen, of those with one. Raises Missing."""
    rows = copy.select(
        VERDICTS,
        columns="breakdown_value, target_verdict",
        where="measure_code = $code and breakdown = $by and target_verdict is not null",
        may_be_empty=True, code=choice.code, by=choice.breakdown,
    )  # fmt: skip
    return dict(rows.iter_rows())


def series_of(choice: Choice, force: str) -> Series:
    """The series of the part chosen, of any length of period."""
    return Series(choice.code, force, choice.breakdown, choice.part)


def notes(home: Path | None, series: Series) -> list[Note]:
    """The annotations of a series as they are now, by day. Raises Missing where the store does not answer."""
    try:
        kept = annotation_notes.shown(open_store(home)) if home is not None and exists(home) else []
    except (Refused, *UNUSABLE) as problem:
        raise Missing("damaged", in_words(problem)) from problem
    own = [row for row in kept if all(row[name] == value for name, value in asdict(series).items())]
    return [
        Note(number, row["annotation_ref"], row["revision"], dt.date.fromisoformat(row["about_date"]), row["words"],
             shown_name(row["changed_by"]), row["changed_at"])
        for number, row in enumerate(own, start=1)
    ]  # fmt: skip


def by_period(rows: pl.DataFrame, notes: Sequence[Note], period_type: str) -> dict[dt.date, list[Note]]:
    """Start of a period -> its annotations. A year to a month has those of its last month, for years overlap."""
    found: dict[dt.date, list[Note]] = {}
    for note in notes:
        month = note.day.replace(day=1)
        first = pl.col("period_end") if period_type == ROLLING else pl.col("period_start")
        for start in rows.filter(first <= month, pl.col("period_end") >= month)["period_start"].to_list():
            found.setdefault(start, []).append(note)
    return found


def not_known(choice: Choice, parts: pl.DataFrame, wholes: pl.DataFrame) -> str:
    """How many have no known part in the period chosen; "" for few, for a whole, or where that is hidden."""
    if choice.breakdown == "none":
        return ""
    is_now = pl.col("period_start") == choice.start
    unknown = parts.filter(is_now, IS_NOT_KNOWN)
    return text.not_known(choice.breakdown, unknown.to_dicts(), wholes.filter(is_now).to_dicts())


def found(rows: pl.DataFrame, words: str) -> pl.DataFrame:
    """The rows whose name has all of the words, in any order and case."""
    name = pl.col("name").str.to_lowercase()
    return rows.filter(*(name.str.contains(word, literal=True) for word in words.lower().split()))
