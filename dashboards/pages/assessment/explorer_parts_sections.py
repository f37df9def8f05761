"""The parts of a breakdown in the explorer: ranked in one period, each over time, and all by period."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import plotly.graph_objects as go
import polars as pl

from dashboards.charts import intervals
from dashboards.pages.assessment import explorer_charts as charts
from dashboards.pages.assessment import explorer_data as data
from dashboards.pages.assessment.explorer_data import Choice, Shown
from dashboards.pages.assessment.explorer_figures import table
from dashboards.parts import figure, filters, page
from dashboards.text import comparisons, numbers
from dashboards.text.assessment import explorer_text as text
from dashboards.text.breakdowns import BREAKDOWNS, BY_TIME, IS_NOT_KNOWN, in_order, part_name

MOST_RANKED, MOST_SMALL, MOST_MAPPED = 20, 12, 40  # parts that a chart draws; the tables have all
MOST_OPEN = 40  # parts up to which their table is open


def ranked(shown: Shown, choice: Choice, parts: pl.DataFrame, wholes: pl.DataFrame, order: str) -> pl.DataFrame:
    """Draw the parts of the period; return the rows of those that have the words to find in their name, or of all."""
    named = parts.with_columns(
        name=pl.Series([part_name(choice.breakdown, part) for part in parts["breakdown_value"]], dtype=pl.String)
    )
    find = filters.search("Find a part", "find")
    rows = data.found(named, find)
    held = _ordered(shown, choice, rows.filter(pl.col("period_start") == choice.start), order)
    if find:
        of = named.filter(pl.col("period_start") == choice.start).height
        page.note(f"{numbers.number(held.height)} of {numbers.plural(of, 'part')} shown: name with “{find}”.")
    if choice.events:
        page.note(text.NOT_ADDED)
    if held.is_empty():
        page.note("No part of this measure has a figure in this period, under this choice.")
    else:
        _ranked(shown, choice, held, wholes)
    return rows


def over_time(shown: Shown, choice: Choice, rows: pl.DataFrame, order: str) -> None:
    """Draw each part over time, and all by period. `rows` are those of `ranked`."""
    if choice.period_type == "to_date" or "name" not in rows.columns:  # the second where `ranked` could not be drawn
        return
    held = _ordered(shown, choice, rows.filter(pl.col("period_start") == choice.start), order)
    drawn = rows.filter(pl.col("is_drawn"), ~IS_NOT_KNOWN)
    _small(shown, choice, drawn, held)
    _by_period(shown, choice, drawn, held)


def _ordered(shown: Shown, choice: Choice, held: pl.DataFrame, order: str) -> pl.DataFrame:
    """The parts of one period with their change and assurance, in the order chosen; what is not known comes last."""
    rows = held.with_columns(
        changed=pl.Series(shown.changed(choice, held), dtype=pl.String),
        moved=pl.col("value") - pl.col("value_before"),
        ranked=pl.when(~pl.col("is_hidden")).then("value"),
    )
    assured = data.assurances(shown.copy, choice)
    if assured:
        words = [text.ASSURANCE.get(assured.get(part, ""), "no limits") for part in rows["breakdown_value"]]
        rows = rows.with_columns(assured=pl.Series(words, dtype=pl.String))
    by_value, is_down = pl.col("ranked"), order in ("value", "change")
    keys = {"value": by_value, "lowest": by_value, "change": pl.col("moved").abs(), "name": in_order("name")}
    return rows.sort(IS_NOT_KNOWN, keys[order], "name", descending=[False, is_down, False], nulls_last=True)


def _part(choice: Choice, part: str) -> dict[str, str]:
    """The choices that lead to the series of a part."""
    return {f"part_{choice.breakdown}": part}


def _ranked(shown: Shown, choice: Choice, rows: pl.DataFrame, wholes: pl.DataFrame) -> None:
    """Draw the parts in one period. A click on a part leads to its series."""
    # of conduct over weeks no time is known: that bar alone would leave the others no room
    drawn = (rows.filter(~IS_NOT_KNOWN) if choice.breakdown in BY_TIME else rows).head(MOST_RANKED)

    def choose(point: Mapping[str, Any]) -> None:
        place = point.get("y")
        if isinstance(place, int | float) and 0 <= place < drawn.height:
            filters.go(**_part(choice, drawn["breakdown_value"][int(place)]))

    by = BREAKDOWNS[choice.breakdown]
    when = text.period(choice.period_type, rows["period_start"][0], rows["period_end"][0])
    finding = f"{choice.name} by {by.lower()}, {when}"
    left, hidden = rows.height - drawn.height, int(rows["is_hidden"].sum())
    known = rows.filter(~IS_NOT_KNOWN, pl.col("ranked").is_not_null()).to_dicts()
    said = text.extremes(known, is_count=choice.is_count, events=choice.events)
    if said:
        page.note(said)
    figure.Figure(
        key=f"explore-{choice.code}-by-{choice.breakdown}",
        finding=finding,
        chart=_chart(choice, drawn, wholes),
        alt=f"{finding}: {numbers.plural(drawn.height, 'part')}, the figures in the table below.",
        data=table(
            rows, choice, {"name": by},
            links={"name": lambda row: filters.address(**_part(choice, row["breakdown_value"]))},
        ),
        tables=(data.VALUES,),
        caveats=[
            *([f"{numbers.plural(left, 'more part')} in the table alone."] if left else []),
            *([text.hidden_parts(hidden)] if hidden else []),
        ],
        choose=choose,
        is_table_open=rows.height <= MOST_OPEN,
    ).draw(shown.copy)  # fmt: skip
    page.note(text.CLICK_PART)


def _chart(choice: Choice, rows: pl.DataFrame, wholes: pl.DataFrame) -> go.Figure:
    if choice.is_count:
        words = [comparisons.value(row, is_count=True) for row in rows.iter_rows(named=True)]
        return charts.ranked(rows.select("name", "ranked", shown=pl.Series(words)), str(choice.measure["unit"]))
    whole = wholes.filter(pl.col("period_start") == choice.start, ~pl.col("is_hidden"))["value"].to_list()
    is_shown = pl.col("ranked").is_not_null()
    limits = (pl.when(is_shown).then(name).alias(name) for name in ("lower", "upper"))
    said = [comparisons.value(row, is_count=False, events=choice.events) for row in rows.iter_rows(named=True)]
    seen = rows.select("name", "ranked", *limits, words=pl.Series(said, dtype=pl.String))
    return intervals.dots(
        seen, label="name", value="ranked", lower="lower", upper="upper", whole=whole[0] if whole else None,
        unit=str(choice.measure["unit"]), words="words",
    )  # fmt: skip


def _small(shown: Shown, choice: Choice, rows: pl.DataFrame, held: pl.DataFrame) -> None:
    """Draw each part by itself, in the order of the ranked ones, all on one axis."""
    order = held.filter(~IS_NOT_KNOWN)["breakdown_value"].to_list()
    found: list[tuple[str, str, pl.DataFrame]] = []
    for part in order:
        if len(found) == MOST_SMALL:
            break
        own = rows.filter(pl.col("breakdown_value") == part)
        points = charts.points_of(own, None, shown.changes)
        if points["value"].is_not_null().sum() > 1:
            kept = points.select("month", "value", "segment", "is_hidden")
            found.append((part, part_name(choice.breakdown, part), kept))
    if len(found) < 2:
        return
    by = BREAKDOWNS[choice.breakdown].lower()

    def choose(point: Mapping[str, Any]) -> None:
        named: list[Any] = list(point.get("customdata") or ())
        if named and named[0] in order:
            filters.go(**_part(choice, str(named[0])), until=str(named[1]))

    left = len(order) - len(found)
    unit = str(choice.measure["unit"])
    latest = rows.filter(pl.col("breakdown_value").is_in([part for part, *_ in found]))
    figure.Figure(
        key=f"explore-{choice.code}-{choice.breakdown}-small",
        finding=f"{choice.name}: each {by} by itself, all on one scale",
        chart=charts.multiples(found, shown.changes, unit, choice.period_type),
        alt=f"{numbers.plural(len(found), 'small chart')} of {choice.name} by {by}, all on one scale of {unit}: "
        f"{numbers.listed([name for _, name, _ in found], MOST_SMALL)}. The values are in the table below.",
        regimes=shown.changes,
        data=table(latest.sort("name", "period_start"), choice, {"name": numbers.capital(by), "when": "Period"}),
        tables=(data.VALUES,),
        caveats=[f"{numbers.plural(left, 'part')} not drawn here: the tables have all."] if left else [],
        choose=choose,
    ).draw(shown.copy)


def _by_period(shown: Shown, choice: Choice, parts: pl.DataFrame, held: pl.DataFrame) -> None:
    """Draw the known parts by period: of many, those that are first in the order chosen."""
    rows = parts.with_columns(shown=pl.when(~pl.col("is_hidden")).then("value")).sort(in_order("name"), "period_start")
    if rows["period_start"].n_unique() < 2:
        return
    words = {
        (row["name"], row["period_start"]): comparisons.value(row, is_count=choice.is_count, events=choice.events)
        for row in rows.iter_rows(named=True)
    }
    by = BREAKDOWNS[choice.breakdown].lower()
    latest_starts = rows["period_start"].unique().sort().tail(charts.MOST_PERIODS)
    latest = rows.filter(pl.col("period_start").is_in(latest_starts.implode()))
    first = held.filter(~IS_NOT_KNOWN)["name"].head(MOST_MAPPED)
    drawn = latest.filter(pl.col("name").is_in(first.implode()))
    left = latest["name"].n_unique() - drawn["name"].n_unique()
    if drawn.is_empty() or drawn["shown"].null_count() == drawn.height:
        return
    part_of = dict(drawn.select("name", "breakdown_value").iter_rows())

    def choose(point: Mapping[str, Any]) -> None:
        name, start = [*(point.get("customdata") or ()), "", ""][:2]
        if name in part_of:
            filters.go(**_part(choice, part_of[name]), until=str(start))

    figure.Figure(
        key=f"explore-{choice.code}-{choice.breakdown}-map",
        finding=f"{choice.name} by {by} and period: darker is higher, blank is not shown",
        chart=charts.heat_map(drawn, words, shown.changes, period_type=choice.period_type),
        alt=f"Heat map of {by} by period, with {numbers.plural(drawn.height, 'value')}, all in the table below.",
        regimes=shown.changes,
        data=table(latest, choice, {"name": numbers.capital(by), "when": "Period"}),
        tables=(data.VALUES,),
        caveats=[
            "Without the cases whose part is not known: the table above counts them.",
            *([f"{numbers.plural(left, 'part')} not drawn here: the table has all."] if left else []),
        ],
        choose=choose,
    ).draw(shown.copy)
