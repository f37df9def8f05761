"""The workload sections of the page on demand.

Each reads its table, states a finding and draws it.
"""

from __future__ import annotations

import polars as pl
import streamlit as st

from dashboards.charts.breaks import Regime, crossed, regimes_of
from dashboards.data import regimes
from dashboards.data.published import Copy, NotAvailable
from dashboards.pages.demand import demand_charts, workload_text
from dashboards.parts import figure, filters, page
from dashboards.text import numbers
from dashboards.text.small_numbers import SmallNumbers

CASELOAD, DEMAND = "metrics.open_caseload", "metrics.investigator_demand"
NOT_SUPPLIED = NotAvailable(
    "absent",
    "Not loaded: a force's extract with allocations (allocation) and a list of investigators (investigator), and "
    "twelve complete months before the day measured.",
)
SPREAD = {"crimes_per_investigator": "mean", "median_count": "median", "percentile_90_count": "90th percentile"}
NUMBERS = {"crimes_per_investigator": workload_text.each, "median_count": workload_text.middle}


@page.section("open caseload")
def caseload(copy: Copy, rule: SmallNumbers, heads: SmallNumbers) -> None:
    """Draw open crimes per investigator over time, and by unit, level and risk.

    The parts are of the latest day.
    """
    rows = _of_the_largest(copy.select(CASELOAD, order_by="measured_at, is_as_of", instead=NOT_SUPPLIED))
    bearing = regimes_of(regimes.read_regimes(copy).filter("moves_counts"), source="crime", codes={"S&H"})
    force = rows.filter(pl.col("breakdown") == "force")
    page.note(workload_text.WHAT_IT_IS)
    _over_time(copy, force, bearing, rule, heads)
    _by_part(copy, rows, rule, heads)


def _of_the_largest(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of the force with most open crimes: other forces in the extract have few."""
    sizes = rows.filter(pl.col("breakdown") == "force").group_by("force_code").agg(pl.col("open_count").max())
    largest = sizes.sort("open_count", "force_code").tail(1)
    return rows.join(largest.select("force_code"), on="force_code", how="semi", maintain_order="left")


def _over_time(
    copy: Copy, force: pl.DataFrame, bearing: tuple[Regime, ...], rule: SmallNumbers, heads: SmallNumbers
) -> None:
    last = workload_text.latest(force)
    chart, alt = None, ""
    if not force["is_as_of"].all():
        chart = demand_charts.monthly(force, SPREAD, bearing, unit="open crimes per investigator")
        marked = numbers.plural(len(crossed(chart, bearing)), "recording change")
        alt = f"{workload_text.caseload_lines(force, SPREAD)} {marked} marked."
    days = pl.Series([workload_text.day_of(row) for row in force.iter_rows(named=True)], dtype=pl.Date)
    counts = workload_text.with_words(force.with_columns(day=days), rule, heads)
    figure.Figure(
        key="open-caseload", finding=workload_text.caseload_finding(force, rule, heads), chart=chart, alt=alt,
        data=figure.Data(
            counts.sort("measured_at", descending=True),
            ("day", "open_count", "investigator_count", *SPREAD, "highest_count", "unallocated_count",
             "unknown_holder_count", "away_open_count"),
            {"day": numbers.day, **NUMBERS},
        ),
        tables=(CASELOAD,), regimes=bearing,
        caveats=(workload_text.EARLY, *workload_text.apart(last, rule), workload_text.GAP),
    ).draw(copy)  # fmt: skip


def _by_part(copy: Copy, rows: pl.DataFrame, rule: SmallNumbers, heads: SmallNumbers) -> None:
    last = workload_text.latest(rows.filter(pl.col("breakdown") == "force"))
    now = rows.filter((pl.col("measured_at") == last["measured_at"]) & (pl.col("is_as_of") == last["is_as_of"]))
    held = {key: name for key, name in workload_text.BREAKDOWNS.items() if key in now["breakdown"].to_list()}
    if not held:
        return
    chosen = filters.choose("Caseload by", held, "caseload", place=st.columns(2)[0])
    own = workload_text.in_order(now.filter(pl.col("breakdown") == chosen), chosen).with_columns(
        named=pl.col("stratum").map_elements(numbers.capital, return_dtype=pl.String)
    )
    figure.Figure(
        key="open-caseload-by-part",
        finding=f"{workload_text.part_finding(own, chosen, heads)}, {numbers.day(workload_text.day_of(last))}",
        data=figure.Data(
            _with_investigators(rule.suppress_columns(own, ["open_count"]), heads),
            ({"named": held[chosen]}, "investigator_count", "open_count", *NUMBERS),
            NUMBERS,
        ),
        tables=(CASELOAD,),
        caveats=(workload_text.joined_words(heads), *(() if "risk" in held else (workload_text.NO_RISK,))),
    ).draw(copy)  # fmt: skip


@page.section("new demand per investigator")
def demand(copy: Copy, rule: SmallNumbers, heads: SmallNumbers) -> None:
    """Draw new crimes per investigator by month, and consultations.

    Consultations are of the single point of contact.
    """
    rows = copy.select(DEMAND, order_by="month", instead=NOT_SUPPLIED)
    sizes = rows.group_by("force_code").agg(pl.col("new_crime_count").sum()).sort("new_crime_count", "force_code")
    rows = rows.filter(pl.col("force_code") == sizes["force_code"][-1]).tail(60)
    bearing = regimes_of(regimes.read_regimes(copy).filter("moves_counts"), source="crime", codes={"S&H"})
    names = {"new_crimes_per_investigator": "new crimes per investigator"}
    chart = demand_charts.monthly(rows, names, bearing, unit="new crimes per investigator")
    told = rows["new_crimes_per_investigator"].drop_nulls().to_list()
    low, high, last = (min(told), max(told), told[-1]) if told else (None, None, None)
    figure.Figure(
        key="investigator-demand", finding=workload_text.demand_finding(rows, rule, heads), chart=chart,
        alt=f"Line of new crimes of stalking and harassment per investigator, {numbers.month(rows['month'][0])} to "
        f"{numbers.month(rows['month'][-1])}: {workload_text.each(low)} to {workload_text.each(high)}, last "
        f"{workload_text.each(last)}. "
        f"{numbers.plural(len(crossed(chart, bearing)), 'recording change')} marked.",
        data=figure.Data(
            _consulted(_with_investigators(rule.suppress_columns(rows, ["new_crime_count"]), heads), rule)
            .sort("month", descending=True),
            ("month", "new_crime_count", "investigator_count", "new_crimes_per_investigator", "consulted_count"),
            {"month": numbers.month, "new_crimes_per_investigator": workload_text.each},
        ),
        tables=(DEMAND,), regimes=bearing,
        caveats=(workload_text.PRINCIPAL, workload_text.consulted_words(rows, rule),
                 "A gap is a month that is incomplete in the extract."),
    ).draw(copy)  # fmt: skip


def _with_investigators(rows: pl.DataFrame, heads: SmallNumbers) -> pl.DataFrame:
    """Investigators as numbers; in words where one is a small count."""
    if not rows["investigator_count"].null_count():
        return heads.suppress_columns(rows, ["investigator_count"])
    words = [workload_text.investigators(count, heads) for count in rows["investigator_count"]]
    return rows.with_columns(pl.Series("investigator_count", words, dtype=pl.String))


def _consulted(rows: pl.DataFrame, rule: SmallNumbers) -> pl.DataFrame:
    """Consultations in words, including small and unmeasured counts."""
    words = ["not measured" if count is None else rule.suppress_count(count) for count in rows["consulted_count"]]
    return rows.with_columns(pl.Series("consulted_count", words, dtype=pl.String))
