"""What is coming? Crimes expected in twelve months, and investigators' workload."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import polars as pl
import streamlit as st

from dashboards.charts.breaks import Regime, crossed, regimes_of
from dashboards.data import regimes, verdicts
from dashboards.data.published import Copy, Missing, optional
from dashboards.data.settings import SMALLEST_OF_INVESTIGATORS, read_small_numbers
from dashboards.pages.demand import demand_charts, demand_sections, demand_text, districts_section
from dashboards.parts import chosen_section, extract_banner, figure, filters, page
from dashboards.parts.chosen_section import Measures
from dashboards.parts.chosen_values import Words
from dashboards.parts.filter_bar import Chosen
from dashboards.parts.outline import Section, in_sections
from dashboards.text import numbers
from dashboards.text.small_numbers import SmallNumbers
from dashboards.text.tile import Tile

STATES, AHEAD, TESTS = "metrics.forecast_states", "metrics.demand_forecast", "metrics.forecast_backtest"
MONTHS, CHARTED = "metrics.demand_months", "metrics.control_chart_series"


BY_CHOICE = Measures(
    "demand-chosen",
    Words("measure", "measures", "Share", "Crimes", "Of", "no crime, or not measured"),
    ("crimes", "demand"),
    ("recorded", "open_caseload"),
)


@dataclass(frozen=True)
class _Series:
    """A series that is forecast: its state, the months held and ahead, and the back-test of its methods."""

    state: dict[str, Any]
    held: pl.DataFrame
    ahead: pl.DataFrame
    tests: pl.DataFrame


@page.whole()
def main() -> None:
    """Draw the page."""
    copy = page.begin(
        "Recorded stalking and harassment expected in the next twelve months, and how reliable the forecast is.",
    )
    rule = read_small_numbers(copy)
    if not copy.count(STATES):
        extract_banner.sign_where_held(copy)
    heads = read_small_numbers(copy, SMALLEST_OF_INVESTIGATORS)
    chosen = chosen_section.bar(copy)
    in_sections(
        *chosen_section.lead(copy, chosen, rule, BY_CHOICE),
        *_forecast(copy, rule, say=page.answer if chosen == Chosen() else page.note),
        Section("Open crimes per investigator", lambda: demand_sections.caseload(copy, rule, heads)),
        Section("New demand per investigator", lambda: demand_sections.demand(copy, rule, heads)),
    )


def _forecast(copy: Copy, rule: SmallNumbers, *, say: Callable[[str], None]) -> list[Section]:
    """Say what is expected; returns the sections of the series chosen, and of districts."""
    states = _states(copy, say)
    if states is None:
        return []
    series = _chosen(copy, states, rule, say)
    found = [] if series is None else [
        Section("What is expected?", lambda: _expected(copy, series, rule)),
        Section("How reliable is the forecast?", lambda: _tests(copy, series)),
    ]  # fmt: skip
    own = states.filter((pl.col("source") == "extract") & (pl.col("offence_code") == "S&H")).sort("force_name")
    if not own.is_empty():
        force = own["force_code"][0]
        found.append(Section("Where is it expected?", lambda: districts_section.draw_districts(copy, force, rule)))
    found.append(Section("What is not forecast, and why", lambda: _not_forecast(copy, states)))
    return found


@page.section("the forecast")
def _states(copy: Copy, say: Callable[[str], None]) -> pl.DataFrame | None:
    try:
        return copy.select(STATES, order_by="source, offence_code")
    except Missing:
        say("Not measured. No monthly series is loaded.")
        raise


@page.section("the forecast")
def _chosen(copy: Copy, states: pl.DataFrame, rule: SmallNumbers, say: Callable[[str], None]) -> _Series | None:
    """Say what is expected of the series chosen; returns it, or None where it is not forecast or suppressed."""
    # an extract's whole subgroup first, as the page's subject; then the series that can be forecast
    ordered = states.with_columns(
        place=pl.when(pl.col("source") != "extract").then(2).when(pl.col("offence_code") != "S&H").then(1).otherwise(0)
    ).sort("place", "is_forecast", "offence_code", descending=[False, True, False])
    names = {r["series_ref"]: f"{r['offence_label']}: {r['force_name']}" for r in ordered.iter_rows(named=True)}
    ref = filters.choose("Offence and force", names, "series", place=st.columns(2)[0])
    state = states.filter(pl.col("series_ref") == ref).row(0, named=True)
    is_own = state["source"] == "extract"
    extract_banner.sign_where_held(copy, extract_banner.ALONE if is_own else extract_banner.BESIDE_PUBLIC_DATA)
    ahead = copy.select(AHEAD, where="series_ref = $ref", order_by="month", may_be_empty=True, ref=ref)
    if not state["is_forecast"]:
        say(f"No forecast of {demand_text.offence(state)}: {state['refused_reason']}.")
        page.note("Where a forecast would be a guess, none is given.")
        return None
    held = copy.select(MONTHS, where="series_ref = $ref", order_by="month", ref=ref)
    tests = copy.select(TESTS, where="series_ref = $ref", order_by="scaled_error nulls last, model", ref=ref)
    held = held.filter(pl.col("month") >= state["first_month"])
    say(demand_text.answer(state, ahead, held, tests, rule))
    if demand_text.is_small(ahead, held, rule):
        page.note(f"Numbers that would reveal {rule.small_counts} crimes are suppressed for this audience.")
        return None
    return _Series(state, held, ahead, tests)


@page.section("the forecast")
def _expected(copy: Copy, series: _Series, rule: SmallNumbers) -> None:
    """Draw what is expected of a series, with its intervals."""
    state, held, ahead, tests = series.state, series.held, series.ahead, series.tests
    page.tiles([_tile(copy, state, ahead, rule)])
    page.facts(demand_text.facts(state, tests))
    outlook = demand_text.outlook(state, held, ahead, tests)
    if outlook:
        page.note(outlook)
    page.note(demand_text.ASSUMES)
    warning = demand_text.caution(tests)
    if warning:
        page.note(warning)
    source = None if state["source"] == "extract" else state["source"]
    changes = regimes.read_regimes(copy).filter("moves_counts")
    bearing = regimes_of(changes, source=source or "crime", codes={str(state["offence_code"])})
    _chart(copy, state, held, ahead, bearing, rule)


def _tile(copy: Copy, state: dict[str, Any], ahead: pl.DataFrame, rule: SmallNumbers) -> Tile:
    """The next month, with the control chart's verdict on the months held."""
    charted = optional(copy.select, CHARTED, where="series_ref = $ref", may_be_empty=True, ref=state["series_ref"])
    row = None if charted is None or charted.is_empty() else charted.row(0, named=True)
    over_time = verdicts.NOT_WATCHED if row is None else verdicts.chart_words(row)
    return demand_text.tile(state, ahead, over_time, verdicts.watch(copy).owner("demand"), rule)


def _chart(
    copy: Copy,
    state: dict[str, Any],
    held: pl.DataFrame,
    ahead: pl.DataFrame,
    bearing: tuple[Regime, ...],
    rule: SmallNumbers,
) -> None:
    chart = demand_charts.forecast(held, ahead, bearing, rule)
    shown = ahead.select(
        "month",
        *(pl.col(c).map_elements(lambda value: demand_text.whole(value, rule), return_dtype=pl.String)
          for c in ("expected_count", "lower_80", "upper_80", "lower_95", "upper_95")),
    )  # fmt: skip
    figure.Figure(
        key="demand-ahead",
        finding=demand_text.finding(state, held, ahead, rule),
        chart=chart,
        alt=demand_text.alt(held, ahead, [regime.valid_from for regime in crossed(chart, bearing)], rule),
        data=figure.Data(
            shown,
            ("month", "expected_count", "lower_80", "upper_80", "lower_95", "upper_95"),
            {"month": numbers.month},
        ),
        tables=(AHEAD, MONTHS),
        regimes=bearing,
        is_lead=True,
    ).draw(copy)


def _tests(copy: Copy, series: _Series) -> None:
    tests = series.tests
    chosen = tests.filter("is_chosen")["model"][0]
    force = series.state["force_code"]
    used = copy.select(TESTS, where="is_chosen and force_code = $force", may_be_empty=True, force=force)
    history = demand_text.history(used, str(series.state["force_name"]))
    if history:
        page.note(history)
    figure.Figure(
        key="forecast-back-test",
        finding=(
            f"{numbers.capital(chosen)} is used"
            if tests.height == 1
            else f"{numbers.capital(chosen)} is used: it had the smallest error of {tests.height} methods"
            if tests["forecast_count"].max()
            else f"{numbers.capital(chosen)} is used: there are too few months to compare methods"
        ),
        data=figure.Data(
            tests.with_columns(used=pl.when("is_chosen").then(pl.lit("used")).otherwise(pl.lit(""))),
            ("model", "used", "origin_count", "forecast_count", "scaled_error", "coverage_80_share",
             "coverage_95_share"),
            {
                "scaled_error": lambda v: "not tested" if v is None else numbers.decimal(v),
                **dict.fromkeys(
                    ("coverage_80_share", "coverage_95_share"),
                    lambda v: "not tested" if v is None else numbers.share(v, 0),
                ),
            },
        ),
        tables=(TESTS,),
    ).draw(copy)


def _not_forecast(copy: Copy, states: pl.DataFrame) -> None:
    refused = states.filter(~pl.col("is_forecast")).sort("force_name", "offence_code")
    if refused.is_empty():
        page.note("Every monthly series is forecast.")
        return
    figure.Figure(
        key="not-forecast",
        finding=f"{numbers.plural(refused.height, 'monthly series is', 'monthly series are')} not forecast",
        data=figure.Data(
            refused,
            ("offence_label", "force_name", "point_count", "latest_month", "refused_reason"),
            {"latest_month": numbers.month},
        ),
        tables=(STATES,),
    ).draw(copy)


main()
