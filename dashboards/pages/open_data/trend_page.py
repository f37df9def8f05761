"""Is it changing? A control chart with breaks, its verdict, the rate, freshness."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from dashboards.charts import over_time
from dashboards.charts.breaks import crossed, regimes_of
from dashboards.data import regimes
from dashboards.data.published import Copy, Missing, optional
from dashboards.pages.open_data import street_outcomes
from dashboards.parts import extract_banner, figure, filters, findings_section, page
from dashboards.text import findings, numbers
from dashboards.text.front import glance_text
from dashboards.text.numbers import Format

SERIES, POINTS = "metrics.control_chart_series", "metrics.control_chart_points"
RATES = "metrics.recorded_rates"
CHARTED = ("no_change", "higher", "lower")
GAP = "A period that was not supplied is a gap in the line, not a zero."
NO_LIMITS = {  # why a series has no limits
    "overlapping_periods": "No limits are drawn: points share months with their neighbours, so limits would mislead.",
    "too_few_points": "No limits are drawn: there are too few points since the last recording change.",
    "no_variation": "No limits are drawn: the points that they would be based on are all equal.",
}


@page.whole()
def main() -> None:
    """Draw the page."""
    copy = page.begin(
        "Recorded stalking and harassment over time, and whether a difference is more than chance.",
        by_force=False,
    )
    chosen = _series_section(copy)
    if copy.forces:  # of the extract; open data have series alone
        findings_section.draw_findings(copy.of(chosen[0]) if chosen and chosen[0] in copy.forces else copy)
    street_outcomes.draw_outcomes(copy, chosen)


@page.section("recorded stalking and harassment over time")
def _series_section(copy: Copy) -> tuple[str, str] | None:
    """Draw the series of the force chosen; returns its code and name, None if there is none to choose."""
    series, changes = copy.select(SERIES), regimes.read_regimes(copy)
    left, right = st.columns(2)
    # series with limits first, because they can answer the question; then the longest
    series = series.with_columns(is_charted=pl.col("verdict").is_in(CHARTED)).sort(
        "is_charted", "point_count", "force_name", descending=[True, True, False]
    )
    series = series.with_columns(force_key=_force_key())
    forces = dict(series.select("force_key", "force_name").sort("force_name").unique(maintain_order=True).iter_rows())
    first = series.sort(pl.col("source") == "crime", descending=True, maintain_order=True)["force_key"][0]  # one's own
    force = filters.choose("Force", forces, "force", default=first, place=left)
    own = series.filter(pl.col("force_key") == force)
    titles = {row["series_ref"]: findings.short_title(row) for row in own.iter_rows(named=True)}
    ref = filters.choose("Series", titles, "series", place=right)
    chosen = own.filter(pl.col("series_ref") == ref).row(0, named=True)
    if chosen["source"] == "crime":
        extract_banner.sign_where_held(copy, extract_banner.ALONE)
    page.answer(_answer(copy, chosen))
    page.facts(_facts(copy, chosen))
    with page.section(chosen["title"]):
        _show_series(copy, chosen, changes, is_lead=True)
    longer = own.filter((pl.col("period_months") > chosen["period_months"]) & (pl.col("verdict") == "not_charted"))
    if not longer.is_empty():
        page.heading("Longer trend")
        longest = longer.sort("point_count", descending=True).row(0, named=True)
        with page.section(longest["title"]):
            _show_series(copy, longest, changes)
    return force, forces[force]


def _answer(copy: Copy, series: dict[str, Any]) -> str:
    """The verdict on the series, and of the extract's force how much differs among all series and parts."""
    said = findings.series_finding(series)
    if series["source"] != "crime" or series["force_code"] not in copy.forces:
        return said
    found = optional(copy.of(series["force_code"]).select, glance_text.ATTENTION, may_be_empty=True)
    return said if found is None else f"{said} Of all measures and parts: {glance_text.in_short(found)[0]}."


def _force_key() -> pl.Expr:
    """What a force is chosen by: its code. An invented force has a real one's code, and none of its figures."""
    is_invented = pl.col("force_name").str.to_lowercase().str.contains("invented")
    return pl.when((pl.col("source") == "crime") & is_invented).then(pl.lit("invented")).otherwise("force_code")


def _facts(copy: Copy, series: dict[str, Any]) -> list[tuple[str, str, str]]:
    items = [
        (
            "Latest figure",
            numbers.measured(series["latest_value"], series["unit"]),
            f"{series['unit']}, {numbers.period(series['latest_month'], series['period_months'])}",
        )
    ]
    items.append(_rate(copy, series["force_key"]))
    items.append(
        (
            "Latest month held",
            numbers.month(numbers.last_month(series["latest_month"], series["period_months"])),
            (
                f"{numbers.plural(series['point_count'], 'point')} from {numbers.month(series['first_month'])}; "
                f"latest delivery loaded {_received(copy, series['source'])}"
            ),
        )
    )
    if series["verdict"] in CHARTED and series["expected_false_signals"] is not None:
        items.append(
            (
                "Signals expected by chance alone",
                numbers.decimal(series["expected_false_signals"], 1),
                f"in the {numbers.plural(series['segment_point_count'] or 0, 'point')} since the last change",
            )
        )
    return items


def _show_series(copy: Copy, series: dict[str, Any], changes: pl.DataFrame, *, is_lead: bool = False) -> None:
    points = copy.select(POINTS, where="series_ref = $ref", order_by="month", ref=series["series_ref"])
    if points.is_empty():
        raise Missing("empty", f"{series['title']} has no points.")
    points = points.with_columns(pl.col("signal", "signal_direction", "limits_status").fill_null(""))
    bearing = regimes_of(changes, source=series["source"], codes=series["recording_classes"].split(","))
    chart = over_time.control_chart(points, bearing, unit=series["unit"], period_months=series["period_months"])
    has_limits = (points["limits_status"] == "drawn").any()
    finding = findings.chart_finding(series, points)
    figure.Figure(
        key=f"is-it-changing-{series['series_ref']}",
        finding=finding,
        chart=chart,
        alt=findings.chart_words(series, points, len(crossed(chart, bearing))),
        regimes=bearing,
        data=_point_data(points, series, has_limits),
        tables=(SERIES, POINTS),
        sources=(series["source"],),
        caveats=_caveats(points, series, is_crossing=bool(crossed(chart, bearing))),
        period=findings.span(series),
        is_lead=is_lead,
    ).draw(copy)


def _point_data(points: pl.DataFrame, series: dict[str, Any], has_limits: bool) -> figure.Data:
    unit = series["unit"]

    def value(v: float | None) -> str:
        return numbers.measured(v, unit)

    columns: list[str | dict[str, str]] = [
        "month" if series["period_months"] == 1 else {"month": "Period"}, {"value": unit.capitalize()}
    ]  # fmt: skip
    if points["denominator"].is_not_null().any():
        columns.append({"numerator": "Numerator", "denominator": "Denominator"})
    if has_limits:
        columns += ["centre_line", "lower_limit", "upper_limit", "signal", "signal_direction"]
    formats: dict[str, Format] = {
        "month": lambda start: numbers.period(start, series["period_months"]),
        "signal": lambda s: numbers.SIGNALS.get(s, s) or "none",
        "signal_direction": lambda s: s or "none",
    }
    return figure.Data(
        points,
        columns,
        formats | dict.fromkeys(("value", "centre_line", "lower_limit", "upper_limit"), value),
    )


def _caveats(points: pl.DataFrame, series: dict[str, Any], *, is_crossing: bool) -> tuple[str, ...]:
    statuses = set(points["limits_status"].to_list())
    why = tuple(words for status, words in NO_LIMITS.items() if status in statuses and "drawn" not in statuses)
    mixed = ("The shaded periods mix months before and after a recording change.",)
    return (*why, *(mixed if is_crossing and series["period_months"] > 1 else ()), GAP)


def _rate(copy: Copy, force: str) -> tuple[str, str, str]:
    """The force's latest yearly rate; in its place, why there is none."""
    try:
        rates = copy.select(
            RATES,
            where="force_code = $force and offence_code = 'S&H' and period_months = 12 and rate_per_1000 is not null",
            order_by="period_start desc",
            limit=1,
            force=force,
        )
    except Missing as why:
        return "Recorded rate", numbers.NO_VALUE, why.what.reason
    if rates.is_empty():
        return "Recorded rate", numbers.NO_VALUE, "no twelve months of this force with a population"
    row = rates.row(0, named=True)
    interval = (
        f"95% interval {numbers.decimal(row['rate_lower'])} to {numbers.decimal(row['rate_upper'])}; "
        if row["rate_lower"] is not None
        else ""
    )
    change = " The period contains a recording change." if row["crosses_regime"] else ""
    return (
        "Recorded rate per 1,000 residents",
        numbers.decimal(row["rate_per_1000"]),
        interval
        + f"{numbers.number(row['crime_count'])} offences, {numbers.period(row['period_start'], 12)}; "
        + f"{numbers.number(row['population'])} residents in {row['population_year']}.{change}",
    )


def _received(copy: Copy, source: str) -> str:
    times = [
        d.get("received_at", "")
        for s in copy.manifest.get("sources", [])
        if s.get("source") == source
        for d in s.get("deliveries", [])
    ]
    return numbers.moment(max(times)) if times else "at a time not known"


main()
