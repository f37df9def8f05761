"""The published measures of what the bar of choices asks for, beside the whole force and a year before.

Pure but for `offered`, `measures` and `read`, which read the copy.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from polars import selectors

from assets.methods.comparison import CHANCE_ALONE, Spread
from dashboards.charts.breaks import Regime
from dashboards.data import measure_rows
from dashboards.data.published import Copy
from dashboards.parts import filter_bar, filters
from dashboards.parts.filter_bar import Chosen
from dashboards.text import comparisons, numbers
from dashboards.text.comparisons import Change
from dashboards.text.small_numbers import TOO_FEW, SmallNumbers

VALUES, MEASURES = "metrics.measure_values", "reference.measures"
FORCE = ("none", "all")  # the breakdown and the part of the whole force
TO_DATE, YEAR = "to_date", "rolling_12"  # the period that has all that the extract covers, and twelve months
PART_OF_PERIOD = "part of the period"
WORDED = ("measure_code", "measure", "label", "counted", "of", "whole", "before", "changed", "state", "address")
SHARES = ("share", "lower", "upper")
SHOWN: Mapping[str, Any] = {**dict.fromkeys(WORDED, pl.String), **dict.fromkeys(SHARES, pl.Float64)}


@dataclass(frozen=True)
class Words:
    """A page's words for its measures: one and many of them, headings, and why one has no figure."""

    one: str
    many: str
    share: str
    counted: str
    of: str
    nothing: str


@dataclass(frozen=True)
class Compared:
    """What changes are judged with: the z of intervals, the recording changes, how counts of measures vary, and a rate.

    The rate is the most that may be by chance of the changes that are called clear.
    """

    z: float
    changes: Sequence[Regime]
    spreads: Mapping[str, Spread]
    rate: float


def offered(copy: Copy) -> tuple[list[tuple[str, str]], list[tuple[str, dt.date]]]:
    """The parts and the whole periods that measures have a value for. Raises Missing."""
    parts = copy.select(
        VALUES, columns="distinct breakdown, breakdown_value", order_by="breakdown, breakdown_value",
        where="period_type = 'to_date' and breakdown in ('district', 'unit', 'class', 'relationship')",
    ).rows()  # fmt: skip
    periods = copy.select(
        VALUES, columns="distinct period_type, period_start", order_by="period_start desc",
        where="breakdown = 'none' and is_whole and period_type in ('financial_year', 'quarter', 'rolling_12')",
    )  # fmt: skip
    order = list(filter_bar.BREAKDOWNS)
    years = periods.filter(pl.col("period_type") == YEAR).head(1)
    rest = periods.filter(pl.col("period_type") != YEAR)
    rest = rest.sort("period_type", "period_start", descending=[False, True])
    return sorted(parts, key=lambda row: (order.index(row[0]), row[1])), [*years.rows(), *rest.rows()]


def measures(copy: Copy, subjects: Sequence[str], first: Sequence[str] = ()) -> pl.DataFrame:
    """Code, name and kind of the measures of some subjects: those of `first`, then the rest by name. Raises Missing.

    Medians are left out: days have no place on an axis of shares. Explore has them.
    """
    rows = copy.select(
        MEASURES, columns="measure_code, measure_name, kind",
        where="list_contains($subjects, subject) and kind <> 'median'",
        order_by="measure_name", subjects=tuple(subjects),
    )  # fmt: skip
    place = pl.col("measure_code").replace_strict({code: i for i, code in enumerate(first)}, default=len(first))
    return rows.sort(place, maintain_order=True)


def read_measures(copy: Copy, chosen: Chosen, listed: pl.DataFrame, rule: SmallNumbers) -> pl.DataFrame:
    """The measures of `listed`, in its order, with their figures of what is chosen. Raises Missing.

    Every part of the breakdown is read: one that is small hides another from which it could be worked out. Of a year
    each measure has its latest, up to the one chosen, in which each case had its time.
    """
    by, _ = chosen.part or FORCE
    kind, start = chosen.period or (TO_DATE, None)
    earliest = start.replace(year=start.year - 2) if start is not None and kind == YEAR else start
    rows = copy.select(
        VALUES,
        columns="measure_code, period_type, period_start, period_end, is_whole, is_drawn, breakdown, breakdown_value, "
        "numerator, denominator, value, lower, upper",
        where="period_type = $kind and breakdown in ('none', $by) "
        "and ($start is null or period_start = $before or period_start between $earliest and $start) "
        "or period_type = 'to_date' and breakdown = $by",
        may_be_empty=True, kind=kind, by=by, start=start, earliest=earliest,
        before=None if start is None else start.replace(year=start.year - 1),
    )  # fmt: skip
    rows = rows.join(listed, on="measure_code", how="semi")
    return of_part(rows if kind != YEAR else latest_years(rows), listed, chosen, rule)


def latest_years(rows: pl.DataFrame) -> pl.DataFrame:
    """Of each measure the latest year in which each case of the force had its time, and the year before it.

    Where there is none, the latest is that year. Rows of other periods stay.
    """
    is_year, starts = pl.col("period_type") == YEAR, pl.col("period_start")
    had_time = starts.filter(is_year & (pl.col("breakdown") == FORCE[0]) & pl.col("is_drawn")).max()
    latest = pl.coalesce(had_time, starts.filter(is_year).max()).over("measure_code")
    return rows.filter(~is_year | (starts == latest) | (starts == latest.dt.offset_by("-1y")))


def of_part(rows: pl.DataFrame, listed: pl.DataFrame, chosen: Chosen, rule: SmallNumbers) -> pl.DataFrame:
    """Each measure with its figure of the part chosen, that of a year before, and the whole force's (`whole_`).

    `rows` are of every part of the breakdown, and of all to date. A measure without a row keeps its name, and its
    figures are null. Where the parts have no row, but have one to date, all of them have too few cases.
    """
    found = measure_rows.with_last_year(measure_rows.marked(rows, rule))
    by, part = chosen.part or FORCE
    is_part = (pl.col("breakdown") == by) & (pl.col("breakdown_value") == part)
    to_date = found.filter(pl.col("period_type") == TO_DATE, is_part)
    if chosen.period is not None:
        kind, start = chosen.period
        # of a year each measure has its own
        own_start = pl.col("period_start").max().over("measure_code") if kind == YEAR else pl.lit(start)
        found = found.filter(pl.col("period_type") == kind).filter(pl.col("period_start") == own_start)
    wholes = found.filter(pl.col("breakdown") == FORCE[0])
    few = wholes.join(to_date, on="measure_code", how="semi").join(
        found.filter(pl.col("breakdown") == by), on="measure_code", how="anti"
    )
    few = few.with_columns(
        pl.when(pl.lit(value=False)).then(selectors.numeric()).name.keep(), is_hidden=pl.lit(value=True),
        hidden_words=pl.lit(None, pl.String),
        is_hidden_before=pl.when(pl.col("is_hidden_before").is_not_null()).then(pl.lit(value=True)),
    )  # fmt: skip
    own = pl.concat([found.filter(is_part), few])
    whole = wholes.select(
        "measure_code", pl.col("numerator", "denominator", "value", "is_hidden", "hidden_words").name.prefix("whole_")
    )
    joined = listed.join(own, on="measure_code", how="left", maintain_order="left")
    return joined.join(whole, on="measure_code", how="left", maintain_order="left")


def has_figure(row: Mapping[str, Any]) -> bool:
    """Whether the measure has a figure of what is chosen that may be shown."""
    return row["value"] is not None and not row["is_hidden"]


def figures_of(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with a figure that may be shown."""
    return rows.filter(pl.col("value").is_not_null(), ~pl.col("is_hidden").fill_null(value=True))


def is_count(row: Mapping[str, Any]) -> bool:
    """Whether the measure counts, and is no share."""
    return str(row["kind"]).startswith("count")


def least(rows: pl.DataFrame, chosen: Chosen, words: Words) -> str:
    """The measure that is met least in what is chosen, in one sentence."""
    where = numbers.capital(chosen.words)
    shown = figures_of(rows).sort("value", maintain_order=True)
    if shown.is_empty():
        return f"{where}: no {words.one} has enough cases for a share."
    row, held = shown.row(0, named=True), numbers.plural(shown.height, words.one, words.many)
    if row["value"] == 1:
        return f"{where}: {held} with enough cases, each met in every case."
    return (
        f"{where}: of {held} with enough cases, “{row['measure_name']}” is met least: {numbers.share(row['value'])} "
        f"({_counted(row)}{_own_year(row, chosen)})."
    )


def first(rows: pl.DataFrame, chosen: Chosen, words: Words, compared: Compared) -> str:
    """The first measure with a figure, beside the whole force and a year before."""
    where = numbers.capital(chosen.words)
    shown = figures_of(rows)
    if shown.is_empty():
        why = TOO_FEW if rows["is_hidden"].any() else words.nothing
        return f"{where}: no {words.one} has a figure ({why})."
    row = shown.row(0, named=True)
    changed = changes(rows, compared)[row["measure_code"]]
    more = comparisons.detail(row, is_count=is_count(row))
    said = f"{where}: “{row['measure_name']}” {value(row)}{', ' + more if more else ''}{_own_year(row, chosen)}."
    said += f" Whole force: {whole(row)}." if chosen.part is not None else ""
    if chosen.period is None:
        return said
    is_said = changed not in (comparisons.NO_LAST_YEAR, comparisons.HIDDEN)
    return f"{said} A year before: {before(row)}{'; ' + changed if is_said else ''}."


def value(row: Mapping[str, Any]) -> str:
    """The figure of what is chosen: 9.5%; 812; hidden to protect few people."""
    return comparisons.value(row, is_count=is_count(row))


def whole(row: Mapping[str, Any]) -> str:
    """The whole force's figure in words."""
    if row["whole_is_hidden"] is None:
        return numbers.NO_VALUE
    names = ("value", "is_hidden", "hidden_words")
    return comparisons.value({name: row[f"whole_{name}"] for name in names}, is_count=is_count(row))


def before(row: Mapping[str, Any]) -> str:
    """The figure of a year before in words."""
    if row["is_hidden_before"] is None:
        return numbers.NO_VALUE
    earlier = {"value": row["value_before"], "is_hidden": row["is_hidden_before"]}
    return comparisons.value(earlier, is_count=is_count(row))


def changes(rows: pl.DataFrame, compared: Compared) -> dict[str, str]:
    """Measure code -> what has changed on a year before, or why that is not judged; all of them are shown at once."""
    found = {row["measure_code"]: _change(row, compared) for row in rows.iter_rows(named=True)}
    return dict(zip(found, comparisons.among(list(found.values()), compared.rate), strict=True))


def _change(row: Mapping[str, Any], compared: Compared) -> Change:
    if row["period_start"] is None:
        return Change(comparisons.NO_LAST_YEAR)
    breaks = measure_rows.crossed(compared.changes, row["period_start"], row["period_end"])
    spread = compared.spreads.get(row["measure_code"], CHANCE_ALONE)
    return comparisons.compare(row, compared.z, is_count=is_count(row), breaks=breaks, spread=spread)


def shown(rows: pl.DataFrame, chosen: Chosen, words: Words, compared: Compared, *, force: str = "") -> pl.DataFrame:
    """The measures for chart and table. Nothing due and too few are words, never a zero. Addresses keep the `force`."""
    changed = changes(rows, compared)
    found = [_shown(row, chosen, words, changed[row["measure_code"]], force) for row in rows.iter_rows(named=True)]
    return pl.DataFrame(found, schema=SHOWN)


def _shown(row: Mapping[str, Any], chosen: Chosen, words: Words, changed: str, force: str) -> dict[str, Any]:
    name = row["measure_name"]
    held: dict[str, Any] = {"measure_code": row["measure_code"], "measure": name}
    if row["period_start"] is None:
        none = dict.fromkeys(("counted", "of", "state"), words.nothing)
        return held | none | {"label": f"{name}\n{words.nothing}", "whole": whole(row), "before": numbers.NO_VALUE,
                              "changed": changed}  # fmt: skip
    held |= {"whole": whole(row), "before": before(row), "changed": changed,
             # without a row of its own it is none of the parts that Explore offers
             "address": None if row["numerator"] is None else _address_of(row, chosen, force)}  # fmt: skip
    if not has_figure(row):
        why = TOO_FEW if row["is_hidden"] and not is_count(row) else value(row)
        return held | dict.fromkeys(("counted", "of", "state"), why) | {"label": f"{name}\n{why}"}
    if is_count(row):
        count = numbers.number(row["numerator"])
        return held | {"counted": count, "of": numbers.NO_VALUE, "state": count, "label": f"{name}\n{count}"}
    beside = f"; whole force {whole(row)}" if chosen.part is not None else ""
    beside += _own_year(row, chosen) + ("" if row["is_whole"] else f"; {PART_OF_PERIOD}")
    return held | {
        "label": f"{name}\n{_counted(row)}{beside}", "share": row["value"], "lower": row["lower"],
        "upper": row["upper"], "counted": numbers.number(row["numerator"]), "of": numbers.number(row["denominator"]),
        "state": f"{numbers.share(row['value'])} ({_counted(row)}){beside}",
    }  # fmt: skip


def _counted(row: Mapping[str, Any]) -> str:
    return f"{numbers.number(row['numerator'])} of {numbers.number(row['denominator'])}"


def _own_year(row: Mapping[str, Any], chosen: Chosen) -> str:
    """; year to Feb 2026, where it is not the year that was chosen."""
    is_own = chosen.period is not None and row["period_start"] != chosen.period[1]
    return f"; {filter_bar.period_words(row['period_type'], row['period_start'])}" if is_own else ""


def _address_of(row: Mapping[str, Any], chosen: Chosen, force: str) -> str:
    own = chosen if chosen.period is None else Chosen(chosen.part, (row["period_type"], row["period_start"]))
    return address(row["measure_code"], own, force)


def address(code: str, chosen: Chosen, force: str = "") -> str:
    """Explore, at the same measure, part and period."""
    by, part = chosen.part or FORCE
    kind, start = chosen.period or (TO_DATE, None)
    asked = {"measure": code, "period": kind, "by": by}
    asked |= {} if start is None else {"until": start.isoformat()}
    asked |= {} if chosen.part is None else {f"part_{by}": part}
    asked |= {"force": force} if force else {}
    return f"explore?{filters.query(**asked)}"
