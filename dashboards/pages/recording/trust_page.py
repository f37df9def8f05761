"""Can we trust our recording? What is tested, what is not, and the consequences.

The consequences are for every other figure.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
import streamlit as st

from dashboards.charts import intervals, over_time
from dashboards.charts.breaks import crossed, regimes_of
from dashboards.data import extract, regimes
from dashboards.data.published import Copy, Missing, NotAvailable, optional
from dashboards.data.register import Reader
from dashboards.data.settings import read_small_numbers
from dashboards.pages.recording import compliance
from dashboards.parts import extract_banner, figure, filters, page
from dashboards.text import findings, numbers
from dashboards.text.recording import trust_text
from dashboards.text.recording.trust_text import AUDITS, TRUST
from dashboards.text.small_numbers import TOO_FEW

POINTS, SERIES = "metrics.recording_trust_chart", "metrics.recording_trust_series"
RESULTS = "quality.rule_results"
UNIT = "share of tests met"
NO_AUDIT = NotAvailable(
    "absent",
    "Tests see only crimes that were recorded. Only an audit of whole reports shows whether each report led to the "
    "crimes that it should have. None has been signed off.",
    "On the page Audit, draw whole reports (strata E and H) as well as recorded crime. Once they are rated twice and "
    "the registrar has signed off the cycle, the next build shows the figure here.",
)


@page.whole("our recording", "Not measured. Open data cannot show how a crime was recorded.")
def main() -> None:
    """Draw the page."""
    copy = page.begin("Compliance with the recording standards, and what it means for every other figure.")
    of = extract.find_extract(copy)
    extract_banner.sign(of)
    _draw(copy, of)


@page.section("our recording")
def _draw(copy: Copy, of: extract.Extract) -> None:
    rows = copy.select(TRUST)
    measures = trust_text.by_code(rows)
    audits = optional(copy.select, AUDITS, may_be_empty=True)
    audit = None if audits is None else trust_text.whole_force(audits)
    page.answer(Reader(copy).in_words(trust_text.headline(measures, audit)))
    page.facts(_facts(measures, audit))
    _show_dimensions(copy, rows, measures)
    series = _show_trend(copy, of)
    _show_meanings(copy, measures, audit, series)
    _show_audit(copy, audit)


def _facts(measures: Mapping[str, dict[str, Any]], audit: dict[str, Any] | None) -> list[tuple[str, str, str]]:
    kept, delay = measures["standards|all"], measures["recorded_within_limit"]
    partner = measures["former_partner_stalking|principal"]
    items = [
        trust_text.fact(
            kept,
            "Compliance",
            f"{numbers.number(kept['judged_count'])} tests by {numbers.plural(kept['rule_count'] or 0, 'rule')}; "
            f"{trust_text.interval(kept)}, on {numbers.number(kept['record_count'])} records",
        ),
        trust_text.fact(
            delay,
            "Recorded within 24 hours",
            f"{numbers.number(delay['kept_count'])} of {numbers.number(delay['judged_count'])} crimes of stalking and "
            f"harassment; {trust_text.interval(delay)}",
        ),
        trust_text.fact(
            partner,
            "Former partners: recorded as stalking",
            f"{numbers.number(partner['kept_count'])} of {numbers.number(partner['judged_count'])} crimes of classes "
            f"8Q and 8L; {trust_text.interval(partner)}",
        ),
    ]
    if audit is None:
        return [*items, ("Reported crime that was recorded", "Not measured", "no audit of whole reports is signed off")]
    limits = "" if audit["lower"] is None else f"{trust_text.interval(audit, 'lower', 'upper')} of all such reports; "
    said = f"crimes that the audited reports required; {limits}{audit['title']}"
    return [*items, ("Reported crime that was recorded", trust_text.audited(audit), said)]


def _show_dimensions(copy: Copy, rows: pl.DataFrame, measures: Mapping[str, dict[str, Any]]) -> None:
    order = pl.DataFrame({"dimension": list(trust_text.DIMENSIONS), "asks": list(trust_text.DIMENSIONS.values())})
    shown = order.join(rows.filter(pl.col("measure_code").str.starts_with("standards|")), on="dimension", how="left")
    has_share = pl.col("state") == "measured"
    shown = shown.with_columns(
        pl.when(has_share).then(pl.col(name)).alias(name) for name in ("kept_share", "kept_lower", "kept_upper")
    ).with_columns(
        pl.struct("dimension", "kept_share", "judged_count", "state", "failed_rule_count")
        .map_elements(_dimension_label, return_dtype=pl.String)
        .alias("label")
    ).sort("kept_share", nulls_last=True, maintain_order=True)
    kept = measures["standards|all"]
    figure.Figure(
        key="standards-kept",
        finding=trust_text.dimension_finding(shown),
        chart=intervals.dots(shown, label="label") if shown["kept_share"].null_count() < shown.height else None,
        alt="Share of tests met with 95% interval, by dimension of the national data dictionary: "
        + "; ".join(
            f"{r['dimension']} {numbers.share(r['kept_share'])}"
            + (f", {trust_text.interval(r)}" if trust_text.is_measured(r) else "")
            for r in shown.iter_rows(named=True)
        )
        + ".",
        data=figure.Data(
            shown,
            (
                "dimension",
                {"asks": "Asks for"},
                "kept_share",
                "kept_lower",
                "kept_upper",
                "kept_count",
                "judged_count",
                "record_count",
                "rule_count",
                "breached_rule_count",
                "unmeasured_rule_count",
                "failed_rule_count",
            ),
            dict.fromkeys(("kept_share", "kept_lower", "kept_upper"), numbers.share),
        ),
        tables=(TRUST,),
        period=trust_text.span(kept),
        is_lead=True,
        caveats=("The axis does not start at zero.",),
    ).draw(copy)


def _dimension_label(row: dict[str, Any]) -> str:
    name = numbers.capital(row["dimension"])
    if row["failed_rule_count"] and row["kept_share"] is None:
        return f"{name}\ncould not be checked"
    if row["state"] == "too few":
        return f"{name}\n{TOO_FEW}"
    if row["kept_share"] is None:
        return f"{name}\nnot measured"
    return f"{name}\n{numbers.share(row['kept_share'])} of {numbers.number(row['judged_count'])}"


@page.section("compliance over time", heading="Is our recording changing?")
def _show_trend(copy: Copy, of: extract.Extract) -> dict[str, Any] | None:
    """Draw the control chart of the dimension chosen.

    Returns the series of all dimensions together.
    """
    series, changes = copy.select(SERIES), regimes.read_regimes(copy)
    names = {"all": "All dimensions"} | {
        f"dimension|{d}": numbers.capital(d)
        for d in trust_text.DIMENSIONS
        if f"dimension|{d}" in set(series["series_ref"])
    }
    ref = filters.choose("Dimension", names, "trend", place=st.columns(2)[0])
    row = series.filter(pl.col("series_ref") == ref).row(0, named=True)
    points = copy.select(POINTS, where="series_ref = $ref", order_by="month", ref=ref)
    words = row["verdict_sentence"] if compliance.is_charted(points) else compliance.why_no_limits(points)
    points = trust_text.window(points)
    bearing = regimes_of(changes, source="crime", codes={"S&H", "8L", "8Q"})
    # one month is no trend: the note above it says how many are needed
    chart = over_time.control_chart(points, bearing, unit=UNIT) if points.height > 1 else None
    described = {
        "title": f"Compliance, {names[ref].lower()}",
        "force_name": of.force_name,
        "unit": UNIT,
        "period_months": 1,
    } | row
    page.note(words)
    figure.Figure(
        key=f"recording-trend-{ref}",
        finding=findings.chart_finding(described, points)
        if chart is not None
        else f"{described['title']}: one month alone, {numbers.month(points['month'][0])}, so no trend is shown",
        chart=chart,
        alt=findings.chart_words(described, points, len(crossed(chart, bearing)) if chart is not None else 0),
        data=figure.Data(
            points,
            ("month", "value", "numerator", "denominator", "centre_line", "lower_limit", "upper_limit", "signal"),
            dict.fromkeys(("value", "centre_line", "lower_limit", "upper_limit"), numbers.share)
            | {"month": numbers.month, "signal": lambda s: numbers.SIGNALS.get(s, s) or "none"},
        ),
        tables=(POINTS,),
        regimes=bearing,
        period=f"{numbers.month(points['month'][0])} to {numbers.month(points['month'][-1])}",
        caveats=("At most the last 36 months are shown; the limits use the whole series.",),
    ).draw(copy)
    whole: dict[str, Any] = series.filter(pl.col("series_ref") == "all").row(0, named=True)
    return whole


def _show_meanings(
    copy: Copy, measures: Mapping[str, dict[str, Any]], audit: dict[str, Any] | None, series: dict[str, Any] | None
) -> None:
    page.heading("What it means for every other figure")
    results = optional(
        copy.select, RESULTS, where="rule_code like 'OUT-%' and severity <> 'info' and status in ('PASS', 'BREACH')"
    )
    tests = None
    if results is not None:
        examined, unknown, breached = (
            int(results[name].cast(pl.Int64).sum())
            for name in ("examined_count", "not_evaluable_count", "breach_count")
        )
        tests = (examined - unknown - breached, examined - unknown)
        if not read_small_numbers(copy).is_enough(tests[1]):
            tests = None
    page.meanings(trust_text.meanings(measures, audit, series, tests))


@page.section("recording accuracy", heading="Was every crime recorded?")
def _show_audit(copy: Copy, audit: dict[str, Any] | None) -> None:
    audits = copy.select(AUDITS, instead=NO_AUDIT)
    if audit is None:
        raise Missing(*NO_AUDIT)
    rows = audits.filter((pl.col("cycle_ref") == audit["cycle_ref"]) & (pl.col("stratum") == "overall"))
    figure.Figure(
        key="recording-accuracy",
        finding=f"{trust_text.audited(audit)} crimes that should have been recorded were recorded: "
        f"{audit['title']}, signed off {numbers.day(audit['signed_off_at'].date())}",
        data=figure.Data(
            rows.with_columns(measure=pl.col("metric").map_elements(numbers.readable, return_dtype=pl.String)),
            ("measure", "passed", "rated", "share", "lower", "upper", "strata", "caveat"),
            dict.fromkeys(("share", "lower", "upper"), numbers.share)
            | dict.fromkeys(("passed", "rated"), numbers.number),
        ),
        tables=(AUDITS,),
        period=f"{numbers.month(audit['period_from'])} to {numbers.month(audit['period_to'])}",
    ).draw(copy)


main()
