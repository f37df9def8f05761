"""The sections of the page Theme: over time, facts, scoring, actions."""

from __future__ import annotations

from typing import Any

import polars as pl

from dashboards.charts.breaks import crossed, regimes_of
from dashboards.data import regimes
from dashboards.data.published import Copy, optional
from dashboards.pages.assessment import assessment_charts, assessment_data, assessment_sections
from dashboards.parts import figure, page
from dashboards.text import numbers
from dashboards.text.assessment import assessment_text
from dashboards.text.assessment.assessment_text import PER_INVESTIGATOR
from dashboards.text.small_numbers import SmallNumbers


def _select_theme(copy: Copy, table: str, theme_code: str, order_by: str = "") -> pl.DataFrame:
    """The rows of a theme, none or more. Raises Missing."""
    return copy.select(table, where="theme_code = $code", order_by=order_by, may_be_empty=True, code=theme_code)


@page.section("the months")
def months(copy: Copy, row: dict[str, Any], rule: SmallNumbers) -> None:
    """Draw the control chart of a theme, or why none is drawn."""
    points = _select_theme(copy, assessment_data.MONTHS, row["theme_code"], "month")
    if points.is_empty():
        page.note(
            f"No chart: months with {rule.small_counts} crimes are suppressed for this audience. A theme that counts "
            "crimes of other themes has only a yearly figure."
        )
        return
    themes = optional(_select_theme, copy, assessment_data.THEMES, row["theme_code"])
    classes = "all" if themes is None or themes.is_empty() else str(themes["break_class"][0])
    bearing = regimes_of(regimes.read_regimes(copy).filter("moves_counts"), source="crime", codes=classes.split(","))
    chart = assessment_charts.months(points, bearing)
    counts = [int(count) for count in points["crime_count"].to_list()]
    signals = points.filter(pl.col("signal").fill_null("") != "").height
    figure.Figure(
        key="theme-months",
        finding=f"{row['theme_name']}: {signals} of {numbers.plural(points.height, 'month')} with a signal",
        chart=chart,
        alt=f"Crimes by month from {numbers.month(points['month'][0])} to {numbers.month(points['month'][-1])}, "
        f"between {numbers.number(min(counts))} and {numbers.number(max(counts))}; "
        f"recording changes marked: {len(crossed(chart, bearing))}.",
        data=figure.Data(
            points,
            ("month", "crime_count", "centre_line", "lower_limit", "upper_limit", "signal"),
            {"month": numbers.month, "signal": lambda v: numbers.SIGNALS.get(v or "", "none"),
             **dict.fromkeys(("centre_line", "lower_limit", "upper_limit"), lambda v: numbers.decimal(v, 1))},
        ),
        tables=(assessment_data.MONTHS,),
        regimes=bearing,
    ).draw(copy)  # fmt: skip


SECTIONS = {
    "scale": "Scale", "victims": "Victims", "suspects": "Suspects", "relationship": "Relationship",
    "place": "Place and online", "harm": "Harm", "outcomes": "Outcomes", "response": "Response", "forecast": "Forecast",
}  # fmt: skip


def facts_of(copy: Copy, theme_code: str) -> pl.DataFrame:
    """The facts of a theme, in order. Raises Missing."""
    return _select_theme(copy, assessment_data.FACTS, theme_code, "place")


@page.section("the facts")
def facts(copy: Copy, row: dict[str, Any], rule: SmallNumbers) -> None:
    """Draw all facts of a theme, from scale to response.

    Scale, victims, suspects, harm, outcomes, forecast and response, in this order.
    """
    held = facts_of(copy, row["theme_code"])
    measured = held.filter(pl.col("value").is_not_null()).height
    shown = held.with_columns(
        section=pl.col("section").replace_strict(SECTIONS),
        said=pl.Series([assessment_text.value(r, rule) for r in held.iter_rows(named=True)]),
        of=pl.Series([_denominator(r) for r in held.iter_rows(named=True)]),
    )
    figure.Figure(
        key="theme-facts",
        finding=f"{measured} of {held.height} facts are known about {numbers.in_sentence(row['theme_name'])}",
        data=figure.Data(
            shown,
            ("section", "label", {"said": "Value (95% interval)"}, "of", "period", "note"),
            {"note": lambda v: v or "none"},
            row_heading="label",
        ),
        tables=(assessment_data.FACTS,),
    ).draw(copy)  # fmt: skip


def _denominator(row: dict[str, Any]) -> str:
    if row["denominator"] is None:
        return "a count" if row["value"] is not None and row["unit"] not in ("share", "per 1,000") else "not given"
    counts = numbers.number(row["numerator"]), numbers.number(row["denominator"])
    return ("{} among {} investigators" if row["unit"] == PER_INVESTIGATOR else "{} of {}").format(*counts)


@page.section("the parts of the score")
def parts(copy: Copy, row: dict[str, Any], rule: SmallNumbers) -> None:
    """Draw how the score is made: each part with its inputs."""
    held = _select_theme(copy, assessment_data.PARTS, row["theme_code"], "place")
    if held.is_empty():
        return
    shown = held.with_columns(
        pl.col("dimension").str.to_titlecase(),
        scored=pl.Series([assessment_text.part_score(r) for r in held.iter_rows(named=True)]),
        said=pl.Series(
            [
                "judged"
                if r["basis"] == "entered"
                else r["note"]
                if not r["unit"] and r["note"]
                else assessment_text.value(r, rule)
                for r in held.iter_rows(named=True)
            ]
        ),
    )
    figure.Figure(
        key="theme-parts",
        finding=f"Harm {row['harm']:.0f}, likelihood {row['likelihood']:.0f}: risk {numbers.decimal(row['risk'], 1)}",
        data=figure.Data(
            shown,
            ("dimension", "part_name", {"scored": "Score, 0 to 4"}, "points", "weight",
             {"said": "Value (95% interval)"}, "indicator", "note"),
            {"note": lambda v: v or "none", "points": lambda v: numbers.decimal(v, 0)},
            row_heading="part_name",
        ),
        tables=(assessment_data.PARTS,),
    ).draw(copy)  # fmt: skip
    _confidence(copy, row)


@page.section("the confidence in the score")
def _confidence(copy: Copy, row: dict[str, Any]) -> None:
    held = _select_theme(copy, assessment_data.CONFIDENCE, row["theme_code"], "place")
    if held.is_empty():
        return
    low = held.filter(pl.col("grade").is_in(["Low", "not measured"])).height
    figure.Figure(
        key="theme-confidence",
        finding=f"Confidence is {row['confidence']}: {low} of {held.height} components are low or not measured",
        data=figure.Data(
            held.with_columns(
                said=pl.Series([_component(r) for r in held.iter_rows(named=True)])
            ),
            ("component_name", {"said": "Value"}, "grade"),
        ),
        tables=(assessment_data.CONFIDENCE,),
    ).draw(copy)


COUNTS = ("crimes_counted", "independent_sources", "months_since_break", "days_since_last_crime")


def _component(row: dict[str, Any]) -> str:
    if row["value"] is None:
        return "too few to show" if row["is_small"] else "not measured"
    return numbers.number(row["value"]) if row["component_code"] in COUNTS else numbers.share(row["value"])


@page.section("the gaps")
def gaps(copy: Copy, theme_code: str, scores: pl.DataFrame) -> None:
    """Draw the gaps of a theme."""
    assessment_sections.gaps(copy, _select_theme(copy, assessment_data.GAPS, theme_code, "place"), scores)
