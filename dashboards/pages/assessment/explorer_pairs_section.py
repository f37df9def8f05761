"""Two breakdowns at once in the explorer, in one period: a heat map of the parts with most, and a table of all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import plotly.graph_objects as go
import polars as pl

from dashboards.data.measure_rows import BY_SUSPECT
from dashboards.pages.assessment import explorer_charts as charts
from dashboards.pages.assessment import explorer_pairs_data as data
from dashboards.pages.assessment import explorer_series_section as series_of
from dashboards.pages.assessment.explorer_data import VALUES, Choice, Shown
from dashboards.pages.assessment.explorer_figures import table
from dashboards.parts import figure, filters, page
from dashboards.text import comparisons, numbers
from dashboards.text.assessment import explorer_text as text
from dashboards.text.breakdowns import BREAKDOWNS, BY_TIME, NOT_KNOWN, part_name

MOST_MAPPED = 20  # parts of a breakdown that the heat map draws
MOST_PEAKS = 12  # parts whose weekday or hour with most is named
MOST_OPEN = 20  # rows of a table that is unfolded: with more, the page would be hard to survey


def answer(shown: Shown, choice: Choice, second: str, every: str) -> bool:
    """Let the reader choose a part of the second breakdown too, and draw the answer for both; whether one is chosen."""
    names = {part: part_name(second, part) for part in data.parts(shown.copy, choice, second)}
    of = filters.choose(f"Part: {BREAKDOWNS[second].lower()}", {every: text.EVERY_PART, **names}, f"of_{second}")
    if of == every:
        return False
    rows = data.read_pairs(shown.copy, choice, second, shown.rule)
    beside = rows if rows.is_empty() else rows.filter(pl.col("breakdown_value") == choice.part)
    own = beside if beside.is_empty() else beside.filter(second_value=of)
    part = f"{part_name(choice.breakdown, choice.part)}, {numbers.lowered(names[of])}"
    if own.is_empty():
        page.answer(text.no_pair(choice.name, part, is_count=choice.is_count))
    else:
        changed = dict(zip(beside["second_value"], shown.changed(choice, beside), strict=True))[of]
        series_of.say(choice, own.row(0, named=True), part, changed)
    series_of.define(choice)
    return True


def draw(shown: Shown, choice: Choice, second: str, every: str) -> None:
    """Draw the pairs of the part chosen, or of all parts."""
    rows = data.read_pairs(shown.copy, choice, second, shown.rule)
    if choice.part != every and rows.height:
        rows = rows.filter(pl.col("breakdown_value") == choice.part)
    if rows.is_empty():
        page.note(text.NO_PAIRS)
        return
    _peaks(choice, second, rows)
    rows = rows.with_columns(
        name=_names(choice.breakdown, rows["breakdown_value"]), second=_names(second, rows["second_value"])
    )
    rows = _compared(shown, choice, rows)
    first, other = (BREAKDOWNS[by] for by in (choice.breakdown, second))
    when = text.period(choice.period_type, rows["period_start"][0], rows["period_end"][0])
    finding = f"{choice.name} by {first.lower()} and {other.lower()}, {when}"
    drawn = _leading(choice, second, rows)
    left = [rows[name].n_unique() - drawn[name].n_unique() for name in ("name", "second")]
    hidden = int(rows["is_hidden"].sum())
    caveats = [text.PAIRS, *([f"{numbers.plural(hidden, 'pair')} hidden: {comparisons.HIDDEN}."] if hidden else [])]
    caveats += [text.OF_SUSPECTS] if second.startswith(BY_SUSPECT) else []
    caveats += [f"{numbers.plural(sum(left), 'more part')} in the table alone."] if any(left) else []
    named = {(row["name"], row["second"]): row for row in drawn.iter_rows(named=True)}

    def choose(point: Mapping[str, Any]) -> None:
        row = named.get(tuple(point.get("customdata") or ()))
        if row is not None:
            parts = {f"part_{choice.breakdown}": row["breakdown_value"], f"of_{second}": row["second_value"]}
            filters.go(**parts)

    figure.Figure(
        key=f"explore-{choice.code}-{choice.breakdown}-and-{second}",
        finding=f"{finding}: darker is higher, blank is not shown",
        chart=_map(choice, drawn, when),
        alt=f"Heat map of {finding}: {numbers.plural(drawn.height, 'pair')}, all in the table below.",
        data=table(
            rows, choice, {"name": first, "second": other},
            links={"name": lambda row: filters.address(**{f"part_{choice.breakdown}": row["breakdown_value"]})},
        ),
        tables=(data.PAIRS, VALUES),
        caveats=caveats,
        choose=choose,
        is_table_open=rows.height <= MOST_OPEN,
    ).draw(shown.copy)  # fmt: skip


def _compared(shown: Shown, choice: Choice, rows: pl.DataFrame) -> pl.DataFrame:
    """The pairs with their figure a year before, and the change on it, in words."""
    is_count, events, before = choice.is_count, choice.events, []
    for row in rows.iter_rows(named=True):
        has_before = row["is_hidden_before"] is not None
        before.append(
            comparisons.value(series_of.year_before(row), is_count=is_count, events=events) if has_before else ""
        )
    return rows.with_columns(
        before=pl.Series(before, dtype=pl.String), changed=pl.Series(shown.changed(choice, rows), dtype=pl.String)
    )


def _names(breakdown: str, parts: pl.Series) -> pl.Series:
    return pl.Series([part_name(breakdown, part) for part in parts], dtype=pl.String)


def _peaks(choice: Choice, second: str, rows: pl.DataFrame) -> None:
    """Draw, by weekday or hour, which has most in each part; nothing by others."""
    found = data.peaks(rows, choice.breakdown, second) if choice.is_count else []
    if not found:
        return
    page.note(text.PEAKS)
    of = choice.breakdown if second in BY_TIME else second
    page.facts([
        (part_name(of, peak.part), *text.peak(peak.names, peak.count, peak.known, is_sure=peak.is_sure))
        for peak in found[:MOST_PEAKS]
    ])  # fmt: skip


def _leading(choice: Choice, second: str, rows: pl.DataFrame) -> pl.DataFrame:
    """The pairs of the parts with most that is shown, of each breakdown as many as the heat map draws.

    By weekday or hour without what is not known, which is often most: beside it all others would be pale.
    """
    known = rows.filter(
        *(pl.col(name) != NOT_KNOWN for by, name in ((choice.breakdown, "breakdown_value"), (second, "second_value"))
          if by in BY_TIME)
    )  # fmt: skip
    rows = rows if known.is_empty() else known
    counted = pl.when(~pl.col("is_hidden")).then("numerator").sum()
    for name in ("name", "second"):
        sizes = rows.group_by(name).agg(count=counted).sort("count", name, descending=[True, False])
        rows = rows.filter(pl.col(name).is_in(sizes[name].head(MOST_MAPPED).implode()))
    return rows


def _map(choice: Choice, rows: pl.DataFrame, when: str) -> go.Figure:
    words = {
        (row["name"], row["second"]): comparisons.value(row, is_count=choice.is_count, events=choice.events)
        for row in rows.iter_rows(named=True)
    }
    values = rows.with_columns(shown=pl.when(~pl.col("is_hidden")).then("value")).select("name", "second", "shown")
    return charts.pairs(values, words, when)
