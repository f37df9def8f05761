"""Explore: any measure, by month, district and unit, beside last year and the rest of the force."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
import streamlit as st

from dashboards.charts.breaks import Regime, regimes_of
from dashboards.data import extract, regimes, verdicts
from dashboards.data.published import Copy
from dashboards.data.settings import read_settings, read_small_numbers
from dashboards.pages.assessment import explorer_charts as charts
from dashboards.pages.assessment import explorer_data as data
from dashboards.pages.assessment import explorer_text as text
from dashboards.pages.assessment.explorer_data import Choice
from dashboards.parts import extract_banner, figure, filters, page
from dashboards.text import numbers
from dashboards.text.small_numbers import SmallNumbers

EVERY = "every"
ORDERS = {"value": "Value, highest first", "change": "Change on a year before", "name": "Name"}


@page.whole("the measures", "Not measured. No measure has been published.")
def main() -> None:
    """Draw the page."""
    copy = page.begin(
        "Explore",
        "Any measure, by period, district, unit and more, beside the year before and the rest of the force.",
        audience="command",
    )
    of = extract.of(copy)
    extract_banner.sign(of)
    rule, z = read_small_numbers(copy), read_settings(copy).get("intervals.z", 1.96)
    choice, rows, order = _chosen(copy)
    parts = data.with_last_year(data.of_choice(rows, choice, rule))
    whole = Choice(choice.measure, choice.period_type, "none", data.WHOLE, choice.start)
    wholes = data.with_last_year(data.of_choice(rows, whole, rule))
    bearing = regimes_of(regimes.read(copy).filter("moves_counts"), source="crime", codes=data.CLASSES)
    is_part = choice.part != EVERY and choice.breakdown != "none"
    leading = choice if is_part else whole
    _first(copy, leading, parts if is_part else wholes, wholes, rule, z, bearing)
    if choice.breakdown != "none":
        with page.section(f"{text.BREAKDOWNS[choice.breakdown].lower()} by period"):
            _ranked(copy, choice, parts, order, z, bearing)
            _by_period(copy, choice, parts, bearing)
    page.note(text.BY_CHANCE)


def _chosen(copy: Copy) -> tuple[Choice, pl.DataFrame, str]:
    """What the filters ask for, the rows of its measure, and the order of the parts."""
    listed = data.measures(copy)
    top, below = st.columns([2, 1, 1]), st.columns([1, 1, 1, 1])
    names = {code: f"{numbers.capital(row['subject'])}: {row['measure_name']}" for code, row in listed.items()}
    code = filters.choose("Measure", names, "measure", default="recorded", place=top[0])
    rows = data.values(copy, code)
    held = set(rows["period_type"])
    period_type = filters.choose(
        "Period", {key: words for key, words in text.PERIODS.items() if key in held}, "period", default="quarter",
        place=top[1],
    )  # fmt: skip
    rows_held = rows.filter(pl.col("period_type") == period_type)
    until = _periods(rows_held, period_type)
    start = filters.choose("Which one", until, "until", default=_latest_whole(rows_held), place=top[2])
    by = set(rows_held["breakdown"])
    breakdown = filters.choose(
        "By", {key: words for key, words in text.BREAKDOWNS.items() if key in by}, "by", default="none", place=below[0]
    )
    parts = rows_held.filter(pl.col("breakdown") == breakdown)["breakdown_value"].unique().sort().to_list()
    named = {part: text.part_name(breakdown, part) for part in parts}
    offered = named if breakdown == "none" else {EVERY: text.EVERY_PART, **named}
    part = filters.choose("Part", offered, f"part_{breakdown}", place=below[1])
    order = "name"
    if breakdown != "none":
        order = filters.choose("Order by", ORDERS, "order", place=below[2])
    return Choice(listed[code], period_type, breakdown, part, dt.date.fromisoformat(start)), rows, order


def _periods(rows: pl.DataFrame, period_type: str) -> dict[str, str]:
    """Start -> words of each period held, the latest first; one that is not whole says so."""
    found = rows.group_by("period_start").agg(pl.col("period_end").max(), pl.col("is_whole").all())
    return {
        start.isoformat(): text.period(period_type, start, end) + ("" if is_whole else " (not whole)")
        for start, end, is_whole in found.sort("period_start", descending=True).iter_rows()
    }


def _latest_whole(rows: pl.DataFrame) -> str:
    """The latest period that is whole; the latest of all if none is."""
    whole = rows.filter("is_whole")
    latest = (rows if whole.is_empty() else whole)["period_start"].max()
    assert isinstance(latest, dt.date)
    return latest.isoformat()


def _first(
    copy: Copy, choice: Choice, rows: pl.DataFrame, wholes: pl.DataFrame, rule: SmallNumbers, z: float,
    bearing: Sequence[Regime],
) -> None:  # fmt: skip
    """Draw the answer, the figures beside it, and the part over time."""
    own = rows.filter(pl.col("breakdown_value") == choice.part)
    at = next(own.filter(pl.col("period_start") == choice.start).iter_rows(named=True), None)
    name, part = str(choice.measure["measure_name"]), text.part_name(choice.breakdown, choice.part)
    if at is None:
        page.answer(f"{name}, {numbers.lowered(part)}: nothing was due in this period, so there is no figure.")
    else:
        when = text.period(choice.period_type, at["period_start"], at["period_end"])
        shown, more = (words(at, is_count=choice.is_count) for words in (text.value, text.detail))
        before = text.value(_before(at), is_count=choice.is_count) if at["value_before"] is not None else ""
        crossed = _between(at, bearing)
        changed = text.change(at, z, is_count=choice.is_count, breaks=crossed)
        page.answer(text.answer(name, part, when, shown, more, before, changed))
        page.facts(_facts(copy, choice, at, wholes, rule))
    page.note(f"{choice.measure['definition']}. {text.direction(choice.measure)}")
    with page.section(f"{name} over time"):
        _over_time(copy, choice, own, bearing)


def _before(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"value": row["value_before"], "is_hidden": row["is_hidden_before"]}


def _between(row: Mapping[str, Any], bearing: Sequence[Regime]) -> list[Regime]:
    """The recording changes after the start of the period a year before, until the end of this one."""
    start: dt.date = row["period_start"]
    return data.between(bearing, start.replace(year=start.year - 1), row["period_end"])


def _facts(
    copy: Copy, choice: Choice, at: Mapping[str, Any], wholes: pl.DataFrame, rule: SmallNumbers
) -> list[tuple[str, str, str]]:
    """This period, the rest of the force, and the verdict of the control chart."""
    items = [("This period", text.value(at, is_count=choice.is_count), text.detail(at, is_count=choice.is_count))]
    if at["value_before"] is not None and at["is_whole_before"]:
        items.append(("A year before", text.value(_before(at), is_count=choice.is_count), ""))
    if choice.breakdown != "none":
        whole = next(wholes.filter(pl.col("period_start") == choice.start).iter_rows(named=True), None)
        items.append(("Rest of the force", *_rest(at, whole, rule, is_count=choice.is_count)))
    row = data.verdict(copy, choice)
    said = verdicts.NOT_WATCHED if row is None else verdicts.verdict_words(row | {"latest_month": row["latest_period"]})
    items.append(("Control chart by month", "", said))
    return items


def _rest(
    at: Mapping[str, Any], whole: Mapping[str, Any] | None, rule: SmallNumbers, *, is_count: bool
) -> tuple[str, str]:
    """The whole force without the part, if that reveals nothing."""
    if whole is None or at["is_hidden"] or whole["is_hidden"]:
        return text.HIDDEN, ""
    count = whole["numerator"] - at["numerator"]
    if is_count:
        return rule.suppress_count(count), ""
    total = whole["denominator"] - at["denominator"]
    if not rule.may_show_share(count, total):
        return text.HIDDEN, ""
    return numbers.share(count / total), f"{numbers.number(count)} of {numbers.number(total)}"


def _over_time(copy: Copy, choice: Choice, rows: pl.DataFrame, bearing: Sequence[Regime]) -> None:
    """Draw one part over time."""
    points = charts.points_of(rows, data.points(copy, choice), bearing)
    if choice.period_type == "to_date" or points["value"].is_not_null().sum() < 2:
        page.note("Nothing to draw over time: fewer than two whole periods have a figure that may be shown.")
        return
    unit = str(choice.measure["unit"])
    chart = charts.part_over_time(points, bearing, unit, choice.period_type)
    name = f"{choice.measure['measure_name']}, {numbers.lowered(text.part_name(choice.breakdown, choice.part))}"
    hidden = int(points["is_hidden"].fill_null(False).sum())
    caveats = [text.OVERLAP] if choice.period_type == "rolling_12" else []
    caveats += [f"{numbers.plural(hidden, 'period')} left out: {text.HIDDEN}."] if hidden else []
    table = rows.filter("is_whole").sort("period_start", descending=True)
    figure.show(
        copy,
        figure.Figure(
            key=f"explore-{choice.code}-{choice.breakdown}-{choice.period_type}",
            finding=f"{name}: {text.PERIODS[choice.period_type].lower()} that the extract covers",
            chart=chart,
            alt=f"{name}, {numbers.plural(points.height, 'period')}. The values are in the table below.",
            regimes=bearing,
            data=_table(table, choice, {"when": "Period"}),
            tables=(data.VALUES, data.MEASURES),
            caveats=caveats,
            is_lead=True,
        ),
    )


def _table(rows: pl.DataFrame, choice: Choice, first: Mapping[str, str]) -> figure.Data:
    """The rows with their figures in words where they are hidden."""
    ends = rows.select("period_start", "period_end").iter_rows()
    words = [text.value(row, is_count=choice.is_count) for row in rows.iter_rows(named=True)]
    details = [text.detail(row, is_count=choice.is_count) for row in rows.iter_rows(named=True)]
    shown = rows.with_columns(
        when=pl.Series([text.period(choice.period_type, *row) for row in ends], dtype=pl.String),
        shown=pl.Series(words, dtype=pl.String),
        detail=pl.Series(details, dtype=pl.String),
    )
    columns = {**first, "shown": numbers.capital(str(choice.measure["unit"]))}
    columns |= {} if choice.is_count else {"detail": "Interval"}
    columns |= {"changed": "On a year before"} if "changed" in rows.columns else {}
    return figure.Data(shown.select(list(columns)), columns, row_heading=next(iter(first)))


def _ranked(
    copy: Copy, choice: Choice, parts: pl.DataFrame, order: str, z: float, bearing: Sequence[Regime]
) -> None:
    """Draw the parts in one period, in the order chosen; what is not known comes last."""
    held = parts.filter(pl.col("period_start") == choice.start)
    if held.is_empty():
        page.note("Nothing of this measure was due in this period, in any part.")
        return
    crossed = _between(held.row(0, named=True), bearing)
    rows = held.with_columns(
        name=pl.Series([text.part_name(choice.breakdown, part) for part in held["breakdown_value"]]),
        changed=pl.Series(
            [text.change(row, z, is_count=choice.is_count, breaks=crossed) for row in held.iter_rows(named=True)]
        ),
        moved=pl.col("value") - pl.col("value_before"),
        ranked=pl.when(~pl.col("is_hidden")).then("value"),
    )
    by = text.BREAKDOWNS[choice.breakdown]
    keys = {"value": pl.col("ranked"), "change": pl.col("moved").abs(), "name": pl.col("name")}
    is_last = pl.col("breakdown_value") == text.NOT_KNOWN
    rows = rows.sort(is_last, keys[order], "name", descending=[False, order != "name", False], nulls_last=True)
    when = text.period(choice.period_type, held["period_start"][0], held["period_end"][0])
    figure.show(
        copy,
        figure.Figure(
            key=f"explore-{choice.code}-by-{choice.breakdown}",
            finding=f"{choice.measure['measure_name']} by {by.lower()}, {when}",
            data=_table(rows, choice, {"name": by}),
            tables=(data.VALUES,),
        ),
    )


def _by_period(copy: Copy, choice: Choice, parts: pl.DataFrame, bearing: Sequence[Regime]) -> None:
    """Draw the known parts by period."""
    if choice.period_type == "to_date":
        return
    known = parts.filter(pl.col("is_whole"), pl.col("breakdown_value") != text.NOT_KNOWN)
    rows = known.with_columns(
        name=pl.Series([text.part_name(choice.breakdown, part) for part in known["breakdown_value"]], dtype=pl.String),
        shown=pl.when(~pl.col("is_hidden")).then("value"),
    ).sort("name", "period_start")
    if rows["period_start"].n_unique() < 2:
        return
    words = {
        (row["name"], row["period_start"]): text.value(row, is_count=choice.is_count)
        for row in rows.iter_rows(named=True)
    }
    by = text.BREAKDOWNS[choice.breakdown].lower()
    latest_starts = rows["period_start"].unique().sort().tail(charts.MOST_PERIODS)
    latest = rows.filter(pl.col("period_start").is_in(latest_starts.implode()))
    figure.show(
        copy,
        figure.Figure(
            key=f"explore-{choice.code}-{choice.breakdown}-map",
            finding=f"{choice.measure['measure_name']} by {by} and period: darker is higher, blank is not shown",
            chart=charts.heat_map(latest, words, bearing, period_type=choice.period_type),
            alt=f"Heat map of {by} by period, with {numbers.plural(latest.height, 'value')}, all in the table below.",
            regimes=bearing,
            data=_table(latest, choice, {"name": numbers.capital(by), "when": "Period"}),
            tables=(data.VALUES,),
            caveats=["Without the cases whose part is not known: the table above counts them."],
        ),
    )


main()
