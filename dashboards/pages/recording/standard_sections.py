"""One standard: compliance, change over time, parts, and the records in breach."""

from __future__ import annotations

import html
from typing import Any

import polars as pl
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboards.charts import intervals, over_time
from dashboards.charts.breaks import Regime, crossed, regimes_of
from dashboards.data import regimes
from dashboards.data.published import Copy, optional
from dashboards.data.settings import read_small_numbers
from dashboards.pages.recording import chosen_standards_section, compliance, failing_records
from dashboards.pages.recording.compliance import Part
from dashboards.parts import figure, filter_bar, filters, page
from dashboards.parts.filter_bar import Chosen
from dashboards.text import findings, numbers
from dashboards.text.recording import standards_text, trust_text
from dashboards.text.small_numbers import TOO_FEW, SmallNumbers

VALUES, POINTS, RESULTS = "metrics.measure_values", "metrics.measure_points", "quality.rule_results"
CLASSES = "reference.offence_classes"
UNIT = "compliance, share of records assessed"
Rule = dict[str, Any]


def draw_standard(copy: Copy, rule: Rule, head: DeltaGenerator, places: list[DeltaGenerator]) -> None:
    """Draw the view: `head` is above the filters, `places` hold the filters."""
    counts = optional(_counts, copy, rule)
    labels, small = copy.names(CLASSES, "offence_code, offence_label"), read_small_numbers(copy)
    parts = [compliance.WHOLE] if counts is None else compliance.parts_of(counts)
    names = {part.key: part.words(labels) for part in parts}
    part, chosen = compliance.WHOLE, Chosen()
    figures: pl.DataFrame | None = None
    if len(parts) > 1:  # a rule on public data has no units or classes, and nothing to choose
        usual = filter_bar.kept().part
        default = None if usual is None else Part(*usual).key
        key = filters.choose("Where", names, "part", default=default, place=places[0])
        part = next(p for p in parts if p.key == key)
        chosen, figures = optional(chosen_standards_section.of_one, copy, rule, part, small) or (chosen, figures)
    name = names[part.key]
    is_chosen = figures is not None and chosen != Chosen()
    with head:
        said = chosen_standards_section.answer(figures, chosen, copy) if figures is not None and is_chosen else ""
        _show_head(rule, counts, part, name, small, said)
    if figures is not None and is_chosen:
        chosen_standards_section.draw_one(copy, figures, chosen)
    if rule["status"] not in ("PASS", "BREACH"):
        return
    with page.section("compliance by month and by part"):
        counts = _counts(copy, rule)
        _show_months(copy, rule, counts, part, name, small)
        if part == compliance.WHOLE and rule["breach_count"]:
            _show_parts(copy, rule, counts, labels, places[1], small)
    if rule["status"] == "BREACH":
        failing_records.draw_records(copy, rule, part, name, places[2])


def _counts(copy: Copy, rule: Rule) -> pl.DataFrame:
    """The figures of the rule's measure by month and by part; none for a rule without one. Raises Missing."""
    where = "measure_code = $code and breakdown in ('none', 'unit', 'class') and period_type in ('month', 'to_date')"
    return compliance.described(copy.select(VALUES, where=where, may_be_empty=True, code=rule["measure_code"]))


def _show_head(
    rule: Rule, counts: pl.DataFrame | None, part: Part, name: str, small: SmallNumbers, chosen: str
) -> None:
    """Draw the standard's state and what it counts in all months; `chosen` says what is asked for beside it, or ""."""
    back = html.escape(f"which_standards_are_breached?{filters.query(**{**filter_bar.in_address(), 'rule': 'all'})}")
    st.html(f'<p class="back"><a href="{back}">All standards</a></p>')
    with st.container(key="lead_standard"):
        page.heading(f"{rule['rule_code']}: {rule['title']}")
    sign, words = numbers.rule_state(rule["status"], rule["severity"])
    page.answer(f"{sign} {words[:1].upper()}{words[1:]}. {chosen or rule['description'] or ''}")
    if chosen and rule["description"]:
        page.note(str(rule["description"]))
    here = pl.DataFrame() if counts is None else compliance.to_date(counts, part)
    row = {**rule, **here.row(0, named=True)} if here.height == 1 else rule
    judged = standards_text.judged_count(row)
    of = f"of {numbers.number(judged)} records assessed"
    if judged and not small.is_enough(judged):
        of += f": {TOO_FEW}"
    elif judged and row["breach_count"] is not None:
        of += f": {numbers.share_of(row['breach_count'], judged)}"
    breaches = numbers.NO_VALUE if rule["status"] in ("NOT_EVALUABLE", "ERROR") else numbers.number(row["breach_count"])
    page.facts(
        [
            (_breaches(part, name, is_chosen=bool(chosen)), breaches, of),
            (
                "Not evaluable",
                numbers.number(row["not_evaluable_count"]),
                (
                    f"of {numbers.number(row['examined_count'])} examined: data needed are missing, so they "
                    "count neither as met nor as breaches"
                ),
            ),
            (
                "Severity",
                standards_text.severity(rule),
                f"dimension {rule['dimension']}; applies {standards_text.binding(rule)}",
            ),
            ("Authority", rule["authority"] or numbers.NO_VALUE, f"version {rule['rule_version']} of the rule"),
        ]
    )
    if rule["message"]:
        page.note(str(rule["message"]))


def _breaches(part: Part, name: str, *, is_chosen: bool) -> str:
    """Breaches, Unit B, all months."""
    words = "Breaches" if part == compliance.WHOLE else f"Breaches, {numbers.lowered(name)}"
    return f"{words}, all months" if is_chosen else words


@page.section("compliance over time")
def _show_months(copy: Copy, rule: Rule, counts: pl.DataFrame, part: Part, name: str, small: SmallNumbers) -> None:
    """Draw the months: a control chart if there are enough breaches.

    Otherwise the shares with their intervals and no verdict.
    """
    months = trust_text.window(compliance.months_of(counts, part))
    months = small.leave_out_shares(months, "of", ("share", "lower", "upper"))
    if part == compliance.WHOLE and months.is_empty():
        return
    page.heading("Is compliance changing?")
    bearing = regimes_of(regimes.read_regimes(copy), source="crime", codes={"S&H", "8L", "8Q"})
    points = copy.select(
        POINTS,
        where="measure_code = $code and breakdown = $by and breakdown_value = $part",
        order_by="month", may_be_empty=True,
        code=rule["measure_code"], by=part.breakdown, part=part.name,
    )  # fmt: skip
    if compliance.is_charted(points):
        _show_chart(copy, rule, trust_text.window(points), months, bearing, name)
    elif months.is_empty():
        page.note(compliance.why_no_limits(points))
    else:
        _show_band(copy, rule, months, bearing, name, compliance.why_no_limits(points))


def _show_chart(
    copy: Copy, rule: Rule, points: pl.DataFrame, months: pl.DataFrame, bearing: tuple[Regime, ...], name: str
) -> None:
    title = f"{rule['rule_code']} compliance, {numbers.lowered(name)}"
    described = {
        "title": title,
        "force_name": "",
        "unit": UNIT,
        "period_months": 1,
        "first_month": points["month"].min(),
        "latest_month": points["month"].max(),
    }
    chart = over_time.control_chart(points, bearing, unit=UNIT)
    unknown = months.select("month", "not_evaluable_count", "examined_count")
    figure.Figure(
        key=f"compliance-{rule['rule_code'].lower()}",
        finding=findings.chart_finding(described, points),
        chart=chart,
        alt=findings.chart_words(described, points, len(crossed(chart, bearing))),
        data=figure.Data(
            points.with_columns(breach_count=pl.col("denominator") - pl.col("numerator")).join(
                unknown, on="month", how="left"
            ),
            (
                "month",
                "value",
                {
                    "numerator": "Met",
                    "breach_count": "Breaches",
                    "denominator": "Records assessed",
                    "not_evaluable_count": "Not evaluable",
                    "examined_count": "Examined",
                },
                "centre_line",
                "lower_limit",
                "upper_limit",
                "signal",
            ),
            dict.fromkeys(("value", "centre_line", "lower_limit", "upper_limit"), numbers.share)
            | {"month": numbers.month, "signal": lambda s: numbers.SIGNALS.get(s, s) or "none"},
        ),
        tables=(POINTS, RESULTS),
        regimes=bearing,
        period=_span(points),
        caveats=(
            "At most the last 36 months are shown; the limits use the whole series.",
            "The axis does not start at zero.",
        ),
    ).draw(copy)


def _show_band(copy: Copy, rule: Rule, months: pl.DataFrame, bearing: tuple[Regime, ...], name: str, why: str) -> None:
    page.note(why)
    lowest = months["lower"].drop_nulls().to_list()
    chart = None if not lowest else intervals.shares_over_time(
        months, bearing, unit=UNIT, names={"kept": "compliance"}, starts_at_zero=min(lowest) < 0.5
    )  # fmt: skip
    marked = len(crossed(chart, bearing)) if chart is not None else 0
    figure.Figure(
        key=f"compliance-{rule['rule_code'].lower()}",
        finding=f"{rule['rule_code']}, {numbers.lowered(name)}: "
        f"{numbers.lowered(compliance.months_finding(months))}",
        chart=chart,
        alt=f"Shares by month with their 95% intervals, without limits. {compliance.months_words(months)} "
        f"{numbers.plural(marked, 'recording change is', 'recording changes are')} marked.",
        data=figure.Data(
            months,
            (
                "month",
                {"share": "Compliance", "lower": "Lower limit", "upper": "Upper limit", "count": "Met"},
                "breach_count",
                {"of": "Records assessed"},
                "not_evaluable_count",
                "examined_count",
            ),
            dict.fromkeys(("share", "lower", "upper"), numbers.share) | {"month": numbers.month},
        ),
        tables=(VALUES, RESULTS),
        regimes=bearing,
        period=_span(months),
        caveats=("At most the last 36 months are shown, with 95% intervals. The axis may not start at zero.",),
    ).draw(copy)


def _show_parts(
    copy: Copy, rule: Rule, counts: pl.DataFrame, labels: dict[str, str], place: DeltaGenerator, small: SmallNumbers
) -> None:
    """Draw units or classes side by side, with their share of the records assessed."""
    kinds = {kind: words for kind, words in (("unit", "Units"), ("class", "Classes")) if kind in counts["breakdown"]}
    if not kinds:
        return
    kind = filters.choose("Compare", kinds, "by", place=place)
    rows = small.leave_out_shares(compliance.by_part(counts, kind), "denominator", ("value", "lower", "upper"))
    rows = rows.with_columns(
        pl.Series("name", [Part(kind, name).words(labels) for name in rows["breakdown_value"]], dtype=pl.String),
    ).sort("value", "name", nulls_last=True)
    drawn = rows.filter(pl.col("denominator") > 0).with_columns(
        label=pl.format("{}\n{} of {} in breach", "name", "breach_count", "denominator")
    )
    if drawn.is_empty():
        return
    page.heading("Where is it breached?")
    whole = compliance.to_date(counts, compliance.WHOLE).row(0, named=True)["value"]
    one, many = ("unit", "units") if kind == "unit" else ("class", "classes")
    figure.Figure(
        key=f"compliance-by-{kind}-{rule['rule_code'].lower()}",
        finding=compliance.parts_finding(drawn, whole, one, many),
        chart=intervals.dots(drawn, label="label", value="value", lower="lower", upper="upper", whole=whole)
        if drawn["value"].null_count() < drawn.height
        else None,
        alt=f"Compliance with 95% interval by {one}, and a dashed line at the whole force's: "
        + "; ".join(f"{r['name']} {numbers.share(r['value'])}" for r in drawn.iter_rows(named=True))
        + ".",
        data=figure.Data(
            rows,
            (
                {
                    "name": one.capitalize(),
                    "value": "Compliance",
                    "lower": "Lower limit",
                    "upper": "Upper limit",
                    "numerator": "Met",
                    "breach_count": "Breaches",
                    "denominator": "Records assessed",
                },
                "not_evaluable_count",
                "examined_count",
            ),
            dict.fromkeys(("value", "lower", "upper"), numbers.share),
            links={"name": lambda r: standards_text.address(rule["key"], Part(kind, r["breakdown_value"]).key)},
        ),
        tables=(VALUES, RESULTS),
        caveats=(
            "The dashed line is the whole force's compliance. Units do different work.",
            intervals.CHANCE,
        ),
    ).draw(copy)


def _span(rows: pl.DataFrame) -> str:
    months = rows["month"].sort()
    return f"{numbers.month(months[0])} to {numbers.month(months[-1])}"
