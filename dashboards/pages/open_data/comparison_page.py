"""Comparison of forces: a funnel, a map, and the forces outside the limits.

There is no league table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl
import streamlit as st

from dashboards.charts import across, force_map
from dashboards.charts.breaks import regimes_of
from dashboards.data import peers, regimes
from dashboards.data.published import Copy, optional
from dashboards.pages.open_data import comparison_sections
from dashboards.parts import figure, filters, page
from dashboards.text import findings, numbers
from dashboards.text.numbers import Format

FUNNEL, FORCES, BOUNDARIES = "metrics.force_funnel", "reference.forces", "core.force_boundaries"
RATES, SHARES = "metrics.recorded_rates", "metrics.stalking_shares"
RESIDENTS, ESTIMATES = "core.residents", {"ons_pfa_rates", "force_population"}


@dataclass(frozen=True)
class Measure:
    """One measure: its column value, name, unit, size axis, and what it counts."""

    code: str
    name: str
    unit: str
    size: str

    @property
    def is_share(self) -> bool:
        """Whether values are shares of 0 to 1."""
        return numbers.is_share(self.code)

    def words(self, value: float | None) -> str:
        """A value in this measure."""
        return numbers.measured(value, self.code)


MEASURES = {
    m.code: m
    for m in (
        Measure("rate_per_1000", "Recorded rate per 1,000 residents", "per 1,000 residents", "Residents"),
        Measure("stalking_share", "Stalking's share", "share of stalking and harassment", "Offences of both"),
    )
}


@page.whole("comparison of forces")
def main() -> None:
    """Draw the page."""
    copy = page.begin(
        "Each force compared with the average, and with the range that is usual for a force of its size.",
        by_force=False,
    )
    if not copy.count(FUNNEL) and FUNNEL not in copy.withheld:
        where, order_by = "offence_code = 'S&H' and rate_per_1000 is not null", "period_start desc, force_name"
        rates = optional(copy.select, RATES, where=where, order_by=order_by)
        if rates is not None and not rates.is_empty():
            _without_funnel(copy, rates)
            return
    rows = copy.select(FUNNEL).with_columns(
        pl.col("outlier").fill_null(""), pl.format("{}|{}|{}", "period_start", "period_end", "source").alias("period")
    )
    places = st.columns(3)
    codes = rows["measure"].unique().sort().to_list()
    measures = {code: MEASURES.get(code) or Measure(code, numbers.readable(code), "", "Denominator") for code in codes}
    code = filters.choose("Measure", {c: m.name for c, m in measures.items()}, "measure", place=places[0])
    rows = rows.filter(pl.col("measure") == code).sort("period_end", descending=True)
    period = filters.choose("Period", _periods(copy, rows), "period", place=places[1])
    names = copy.names(FORCES, "force_code, short_name")
    rows = rows.filter(pl.col("period") == period).with_columns(
        short_name=pl.col("force_code").replace_strict(names, default=pl.col("force_name"))
    )
    forces = dict(rows.sort("force_name").select("force_code", "force_name").iter_rows())
    force = page.choose_force(copy, forces, places[2])
    _compare(copy, rows, measures[code], force)
    comparison_sections.show_survey(copy, force)


def _compare(copy: Copy, rows: pl.DataFrame, measure: Measure, force: str) -> None:
    own = rows.filter(pl.col("force_code") == force).row(0, named=True)
    if findings.in_funnel(rows).height < 2:
        page.answer(f"Only {own['force_name']} has a figure for this period: a comparison needs other forces.")
        page.facts(_facts(copy, own, measure)[:1])
        page.note("Deliver tables that cover all forces (Home Office or ONS, by police force area) and build again.")
        return
    if own["value"] is None or own["upper_998"] is None:
        reason = own.get("unused_reason") or "it has no figure for this period"
        page.answer(f"{own['short_name']} is not in the funnel: {reason}.")
    else:
        page.answer(findings.force_position(own, measure.unit, findings.in_funnel(rows).height))
        page.facts(_facts(copy, own, measure))
    when = _period_words(own)
    similar = peers.find_group(copy, force, own["period_end"])
    if isinstance(similar, str):
        page.note(f"Most similar forces: {similar}. It is compared with all forces.")
    else:
        page.note(peers.standing(own, rows, similar, measure.code))
    _show_funnel(copy, peers.marked(rows, force, similar), measure, own, when, similar)
    page.heading("Map, and forces outside the limits")
    left, right = st.columns(2, gap="medium")
    with left:
        _show_map(copy, rows, measure, own, when)
    with right:
        _show_outliers(copy, rows, measure, own, when)


def _without_funnel(copy: Copy, rates: pl.DataFrame) -> None:
    """Draw one force, or too few for limits, without a comparison."""
    forces = dict(rates.sort("force_name").select("force_code", "force_name").unique(maintain_order=True).iter_rows())
    force = page.choose_force(copy, forces)
    own = rates.filter(pl.col("force_code") == force)
    latest = own.row(0, named=True)
    when = numbers.period(latest["period_start"], latest["period_months"])
    page.answer(f"{latest['force_name']} cannot be compared: a funnel needs more forces with figures for one period.")
    page.facts(_facts(copy, findings.rate_as_funnel_row(latest), MEASURES["rate_per_1000"])[:1])
    page.heading("Figures available")
    columns = {"period_start": "First day", "period_end": "Last day", "rate_per_1000": "Per 1,000 residents"}
    columns |= {"rate_lower": "Lower 95% limit", "rate_upper": "Upper 95% limit", "crime_count": "Offences"}
    columns |= {"population": "Residents", "population_year": "Year of residents"}
    rate = f"{numbers.decimal(latest['rate_per_1000'])} offences of stalking and harassment per 1,000 residents, {when}"
    page_data = figure.Data(own, columns, {"population_year": str})
    figure.Figure(key="held-rates", finding=rate, data=page_data, tables=(RATES,), period=when).draw(copy)
    page.note("Deliver tables that cover all forces (Home Office or ONS, by police force area) and build again.")
    comparison_sections.show_survey(copy, force)


def _periods(copy: Copy, rows: pl.DataFrame) -> dict[str, str]:
    publishers = {s.get("source"): s.get("publisher", "") for s in copy.manifest.get("sources", [])}
    words = {}
    for row in rows.unique("period", maintain_order=True).iter_rows(named=True):
        publisher = publishers.get(row["source"]) or numbers.readable(row["source"])
        words[row["period"]] = f"{numbers.capital(_period_words(row))}, {publisher}"
    return words


def _period_words(row: dict[str, Any]) -> str:
    start, end = row["period_start"], row["period_end"]
    return numbers.period(start, (end.year - start.year) * 12 + end.month - start.month + 1)


def _facts(copy: Copy, own: dict[str, Any], measure: Measure) -> list[tuple[str, str, str]]:
    table, kind = (SHARES, "share") if measure.is_share else (RATES, "rate")
    where = f"source = $source and force_code = $force and period_start = $start and {kind}_lower is not null"
    where += "" if measure.is_share else " and offence_code = 'S&H' and period_months = 12"
    found = optional(
        copy.select,
        table, columns=f"{kind}_lower as low, {kind}_upper as high", where=where, limit=1, source=own["source"],
        force=own["force_code"], start=own["period_start"],
    )  # fmt: skip
    interval = "no interval published"
    if found is not None and not found.is_empty():
        interval = f"95% interval {measure.words(found['low'][0])} to {measure.words(found['high'][0])}"
    count, of = numbers.number(own["numerator"]), numbers.number(own["denominator"])
    counts = f"{count} stalking offences of {of}" if measure.is_share else f"{count} offences; {of} residents"
    year = f" in {own['denominator_year']}" if own["denominator_year"] else ""
    limits = [measure.words(own[name]) for name in ("lower_95", "upper_95", "lower_998", "upper_998")]
    when = _period_words(own)
    return [
        (f"{own['short_name']}, {measure.unit}", measure.words(own["value"]), f"{interval}; {counts}{year}; {when}"),
        ("Average of the forces", measure.words(own["target"]), f"{measure.unit}; {when}"),
        (
            "Expected range for a force of this size",
            f"{limits[0]} to {limits[1]}",
            f"95% limits; 99.8% limits: {limits[2]} to {limits[3]}",
        ),
    ]


def _show_funnel(
    copy: Copy, rows: pl.DataFrame, measure: Measure, own: dict[str, Any], when: str, similar: peers.Group | str
) -> None:
    placed = findings.in_funnel(rows)
    years = placed["denominator_year"].drop_nulls()
    of_year = f" in {years[0]}" if len(years) and not measure.is_share else ""
    outliers = placed.filter(pl.col("outlier").str.ends_with("998"))["short_name"].to_list()
    far = placed.filter(pl.col("force_code").is_in(across.off_scale(placed)))["short_name"].sort().to_list()
    caveats = []
    unplaced = _not_compared(copy, placed)
    if unplaced:
        caveats.append(f"Not compared, without a figure for the period: {numbers.listed(unplaced, 12)}.")
    if far:
        caveats.append(f"Off the scale, so shown at the edge of the chart with the figure: {numbers.listed(far)}.")
    alt = (
        f"Funnel plot of {numbers.plural(placed.height, 'force')}, {when}, with 95% and 99.8% limits around "
        f"{measure.words(placed['target'][0])}. Outside the 99.8% limits: {numbers.listed(outliers, 12)}."
    )
    if own["upper_998"] is not None:
        alt += f" {findings.force_position(own, measure.unit)}"
    if not isinstance(similar, str):
        alt += f" {peers.standing(own, rows, similar, measure.code)}"
        caveats.append(peers.NOT_SYMMETRIC)
    chart = across.funnel(
        placed, measure=measure.code, unit=measure.unit[:1].upper() + measure.unit[1:], highlight=own["force_code"],
        denominator_name=f"{measure.size}{of_year} (logarithmic scale)",
        peers=() if isinstance(similar, str) else similar.members,
        peers_name="" if isinstance(similar, str) else similar.name,
    )  # fmt: skip
    shown = figure.Figure(
        key=f"where-do-we-stand-{measure.code}", finding=f"{findings.funnel_finding(rows, measure.name)}, {when}",
        chart=chart, alt=alt, data=_data(rows.sort("force_name"), measure), tables=(FUNNEL,), period=when,
        sources=_sources(copy, own, measure),
        caveats=(*caveats, *_changes(copy, own)), is_lead=True,
    )  # fmt: skip
    shown.draw(copy)


def _not_compared(copy: Copy, placed: pl.DataFrame) -> list[str]:
    territorial = "force_type = 'territorial'"
    forces = optional(copy.select, FORCES, columns="force_code, short_name", where=territorial, order_by="short_name")
    if forces is None:
        return []
    return forces.join(placed, on="force_code", how="anti")["short_name"].to_list()


def _sources(copy: Copy, own: dict[str, Any], measure: Measure) -> tuple[str, ...]:
    """The source of the counts and, for rates, those of the population."""
    people = set() if measure.is_share else ESTIMATES & figure.sources_of(copy, RESIDENTS)
    return (own["source"], *sorted(people))


def _changes(copy: Copy, own: dict[str, Any]) -> list[str]:
    """Recording changes within the period, as sentences.

    PUB-07, for charts without a time axis.
    """
    rows = optional(regimes.read_regimes, copy)
    if rows is None:
        return ["The list of recording changes is not available: the period may contain one."]
    bearing = regimes_of(rows, source=own["source"], codes={"S&H", "8L", "8Q"})
    inside = [r for r in bearing if own["period_start"] < r.valid_from <= own["period_end"]]
    return [f"The period contains a recording change, {r.date_text}: {r.title}." for r in inside]


@page.section("the map of forces")
def _show_map(copy: Copy, rows: pl.DataFrame, measure: Measure, own: dict[str, Any], when: str) -> None:
    boundaries = copy.select(BOUNDARIES, columns="force_code, force_name as boundary_name, geometry_json")
    mapped = boundaries.join(rows, on="force_code", how="left").with_columns(
        pl.col("short_name", "force_name").fill_null(pl.col("boundary_name")), pl.col("outlier").fill_null("")
    )
    blank = mapped.filter(pl.col("value").is_null())["short_name"].sort().to_list()
    without = f" No figure: {numbers.listed(blank, 12)}." if blank else ""
    areas = numbers.plural(mapped.height, "police force area")
    shown = figure.Figure(
        key=f"map-{measure.code}", finding=findings.map_finding(mapped, f"{measure.name}, {when}"), period=when,
        chart=force_map.force_map(mapped, measure=measure.code, unit=measure.unit, highlight=own["force_code"]),
        alt=f"Map of {areas} in three groups of {measure.unit}, {when}.{without}", tables=(BOUNDARIES, FUNNEL),
        sources=(*_sources(copy, own, measure), *sorted(figure.sources_of(copy, BOUNDARIES))),
        data=_data(mapped.sort("force_name"), measure),
        caveats=("Large areas are not more important: the funnel shows each force once.",),
    )  # fmt: skip
    shown.draw(copy)


def _show_outliers(copy: Copy, rows: pl.DataFrame, measure: Measure, own: dict[str, Any], when: str) -> None:
    outliers = rows.filter(pl.col("outlier") != "").sort("force_name")
    finding = f"{numbers.plural(outliers.height, 'force')} outside the 95% limits, {when}"
    columns = {"short_name": "Force", "outlier": "Position", "value": measure.unit.capitalize(), "numerator": "Count"}
    data = figure.Data(
        outliers, columns | {"denominator": "Of"}, {"value": measure.words, "outlier": numbers.short_position},
        row_heading="short_name",
    )  # fmt: skip
    shown = figure.Figure(
        key=f"outliers-{measure.code}", finding=finding, data=data, tables=(FUNNEL,), period=when,
        sources=_sources(copy, own, measure),
    )  # fmt: skip
    shown.draw(copy)


def _data(rows: pl.DataFrame, measure: Measure) -> figure.Data:
    columns = {"force_name": "Force", "value": measure.unit.capitalize(), "outlier": "Position"}
    columns |= {"in_group": "Most similar forces"} if "in_group" in rows.columns else {}
    columns |= {"numerator": "Numerator", "denominator": "Denominator", "denominator_year": "Year of denominator"}
    columns |= {"lower_95": "Lower 95% limit", "upper_95": "Upper 95% limit"}
    columns |= {"lower_998": "Lower 99.8% limit", "upper_998": "Upper 99.8% limit"}
    in_measure = ("value", "lower_95", "upper_95", "lower_998", "upper_998")
    formats: dict[str, Format] = dict.fromkeys(in_measure, measure.words)
    formats["outlier"] = lambda outlier: numbers.OUTLIERS.get(outlier or "", str(outlier))
    formats["denominator_year"] = lambda year: numbers.NO_VALUE if year is None else str(year)
    return figure.Data(rows, columns, formats, row_heading="force_name")


main()
