"""Hidden, zero and missing in every chart: in its marks, in the words over them, and in the data that a page is sent.

Each function that draws a chart is given a row of zero, one that is hidden, and one that is not there. A function
that is not tried here fails a test.
"""

import ast
import datetime as dt
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import invented_demand as demand
import invented_figures as invented
import invented_suspect_figures as suspects
import plotly.graph_objects as go
import polars as pl
import pytest
from charts_read import NO_WORDS, Mark, as_json, data_of, marks
from published_home import FORCES

from dashboards.charts import across, district_map, force_map, intervals, over_time
from dashboards.charts.blanks import WITHHELD
from dashboards.pages.assessment import assessment_charts, explorer_charts, explorer_gaps_section
from dashboards.pages.demand import demand_charts
from dashboards.pages.outcomes import outcomes_charts
from dashboards.pages.people import repeats_charts
from dashboards.pages.protection import protection_charts
from dashboards.pages.support import held_to_account_chart
from dashboards.registry import FOLDER
from dashboards.text import numbers
from dashboards.text.comparisons import HIDDEN
from dashboards.text.people import repeats_text
from dashboards.text.small_numbers import TOO_FEW, SmallNumbers

RULE = SmallNumbers(50, 60)  # so that a hidden count has two digits of its own
SECRET, SECRET_SHARE = 37, 0.3719  # what is hidden; nothing else in the examples has these digits
ZERO, SHUT, SOME = "Zero", "Shut", "Some"
SAYS_0 = re.compile(r"(?<![\d.,])0(?:\.0+)?%?(?![\d.,]*\d)")
MONTHS = [dt.date(2025, n, 1) for n in range(1, 9)]
AT_ZERO, AT_HIDDEN, AT_GAP = MONTHS[2], MONTHS[4], MONTHS[6]  # of a series by month: a row of 0, a hidden one, no row


@dataclass(frozen=True)
class Case:
    """A chart, how its words name the row of zero and the hidden one, and what they say of the latter."""

    figure: go.Figure
    zero: str
    axis: str = "x"
    hidden: str = ""
    why: str = ""
    gap: str = ""  # how words would name what is missing
    gap_at: Any = None  # where it would be, if it were drawn


def named(**columns: Sequence[Any]) -> pl.DataFrame:
    """A frame of a row each for some, zero and hidden."""
    return pl.DataFrame({"name": [SOME, ZERO, SHUT], **columns}, strict=False)


def by_month(**other: Any) -> pl.DataFrame:
    """A control chart's points: zero in March, hidden in May, July not delivered."""
    held = [month for month in MONTHS if month != AT_GAP]
    values = {AT_ZERO: 0.0, AT_HIDDEN: None}
    none = pl.lit(None, pl.Float64)
    return pl.DataFrame({"month": held, "value": [values.get(month, 80.0) for month in held]}).with_columns(
        is_hidden=pl.col("month") == AT_HIDDEN, segment=1, centre_line=none, lower_limit=none, upper_limit=none,
        signal=pl.lit(""), signal_direction=pl.lit(""), limits_status=pl.lit(""),
        numerator=pl.when(pl.col("month") == AT_HIDDEN).then(SECRET).otherwise(80), **other,
    )  # fmt: skip


def of_months(figure: go.Figure, *, hidden: bool = True) -> Case:
    return Case(
        figure, "Mar 2025", "y", "May 2025" if hidden else "", HIDDEN if hidden else "", "Jul 2025",
        over_time.position(AT_GAP, 1),
    )  # fmt: skip


def funnel() -> Case:
    rows = invented.funnel(FORCES).filter(pl.col("measure") == "stalking_share")
    code = rows["force_code"]
    rows = rows.join(pl.DataFrame({"force_code": [f[0] for f in FORCES], "short_name": [f[2] for f in FORCES]}),
                     on="force_code").with_columns(
        value=pl.when(pl.col("force_code") == code[0]).then(0.0).when(pl.col("force_code") != code[1]).then("value"),
        numerator=pl.when(pl.col("force_code") == code[0]).then(0).otherwise("numerator"),
    )  # fmt: skip
    one, gone = rows["short_name"][0], rows["short_name"][1]
    return Case(across.funnel(rows, measure="stalking_share", unit="share", denominator_name="crimes"), one, "y",
                gap=gone)  # fmt: skip


def stacked() -> Case:
    part = across.Part("count", "breaches", "#12436D", "#FFFFFF")
    return Case(across.stacked(named(count=[7, 0, None]), label="name", parts=[part]), ZERO, gap=SHUT)


def districts() -> Case:
    square = [[0.0, 0.0], [0.0, 1.0], [1.0, 1.0], [1.0, 0.0], [0.0, 0.0]]
    rows = pl.DataFrame({
        "district": list("abcd"), "name": [SOME, ZERO, SHUT, "Gone"], "value": [90.0, 0.0, float(SECRET), None],
        "rings_json": [json.dumps([[[x + 2 * n, y] for x, y in square]]) for n in range(4)],
        "is_hidden": [False, False, True, False], "detail": [""] * 4,
        "words": ["90", "0", HIDDEN, "not known for most"],
    })  # fmt: skip
    return Case(district_map.district_map(rows, unit="crimes"), ZERO, "", SHUT, HIDDEN, "Gone")


def forces() -> Case:
    squares = invented.squares(FORCES)
    rows = pl.DataFrame({"force_code": [f[0] for f in FORCES], "short_name": [f[2] for f in FORCES]}).with_columns(
        value=pl.Series([0.0, None, *(float(n) for n in range(3, len(FORCES) + 1))]), outlier=pl.lit(""),
    ).join(squares.select("force_code", "geometry_json"), on="force_code")  # fmt: skip
    chart = force_map.force_map(rows, measure="rate_per_1000", unit="per 1,000")
    return Case(chart, FORCES[0][2], "", gap=FORCES[1][2])


def shares() -> Case:
    rows = pl.DataFrame({"month": [m for m in MONTHS if m != AT_GAP]}).with_columns(
        line=pl.lit("a"), share=pl.when(pl.col("month") == AT_ZERO).then(0.0).otherwise(0.5), lower=pl.lit(0.0),
        upper=pl.lit(0.6), count=pl.when(pl.col("month") == AT_ZERO).then(0).otherwise(50), of=pl.lit(100),
    )  # fmt: skip
    return of_months(intervals.shares_over_time(rows, (), unit="share", names={"a": "A"}), hidden=False)


def quarters() -> Case:
    def row(start: dt.date, met: str, of: str, value: float | None) -> dict[str, Any]:
        return {"period_start": start, "numerator_text": met, "denominator_text": of, "value": value,
                "lower": None if value is None else 0.0, "upper": None if value is None else 0.6}  # fmt: skip

    rows = [row(dt.date(2024, 1, 1), "50", "100", 0.5), row(dt.date(2024, 4, 1), "0", "100", 0.0),
            row(dt.date(2024, 7, 1), "*", "100", None), row(dt.date(2025, 1, 1), "50", "100", 0.5)]  # fmt: skip
    chart = held_to_account_chart.by_quarter([("Force", pl.DataFrame(rows, infer_schema_length=None))], (), "share")
    return Case(chart, "Q1 2024/25", "y", "Q2 2024/25", "too few", "Q3 2024/25: 0")


def parts_by_period() -> Case:
    rows = pl.DataFrame({
        "name": [SOME, ZERO, SHUT] * 2, "period_start": [MONTHS[0]] * 3 + [MONTHS[1]] * 3,
        "period_end": [MONTHS[0]] * 3 + [MONTHS[1]] * 3, "shown": [80.0, 0.0, None] * 2,
    })  # fmt: skip
    said = {SOME: "80", ZERO: "0", SHUT: HIDDEN}
    words = {(name, start): said[name] for start in MONTHS[:2] for name in said}
    return Case(explorer_charts.heat_map(rows, words, (), period_type="month"), ZERO, "", SHUT, HIDDEN)


def pairs() -> Case:
    rows = pl.DataFrame({"name": [SOME, ZERO, SHUT], "second": ["x"] * 3, "value": [80.0, 0.0, None]})
    words = {(SOME, "x"): "80", (ZERO, "x"): "0", (SHUT, "x"): HIDDEN}
    return Case(explorer_charts.pairs(rows, words, "2025"), ZERO, "", SHUT, HIDDEN)


def outcome_shares() -> Case:
    first, second, third = list(outcomes_charts.PARTS)[:3]
    rows = pl.DataFrame({"label": ["A"] * 3, "part": [first, second, third], "share": [0.4, 0.0, None],
                         "is_hidden": [False, False, True]})  # fmt: skip
    other = rows.with_columns(label=pl.lit("B"), share=pl.Series([0.4, 0.3, 0.3]), is_hidden=False)
    chart = outcomes_charts.stack(pl.concat([rows, other]))
    return Case(chart, f"<b>A</b><br>{second}", "x", f"suppressed: {third}", "suppressed")


def outcomes() -> Case:
    values = {"2024-Q1": 0.5, "2024-Q2": 0.0, "2024-Q3": None, "2025-Q1": 0.5}
    rows = pl.DataFrame({"cohort": list(values), "incidence": list(values.values())}).with_columns(
        outcome_group=pl.lit("a"), lower=pl.when(pl.col("incidence").is_not_null()).then(0.0),
        upper=pl.when(pl.col("incidence").is_not_null()).then(0.6), at_risk_count=pl.lit(1000),
    )  # fmt: skip
    chart = outcomes_charts.over_time(rows, {"a": "charged"}, (), SmallNumbers(5, 30))
    words = [numbers.quarter(name) for name in ("2024-Q2", "2024-Q3", "2024-Q4")]
    return Case(chart, words[0], "y", words[1], TOO_FEW, words[2], over_time.position(dt.date(2024, 10, 1), 3))


def event_weeks() -> Case:
    rows = suspects.next_event_weeks().with_columns(
        event_count=pl.when(pl.col("week") == 3).then(SECRET).when(pl.col("week") == 9).then(0).otherwise(60)
    ).with_columns(hazard=pl.col("event_count") / pl.col("at_risk_count"))  # fmt: skip
    chart = repeats_charts.weeks(repeats_text.shown_weeks(rows.filter(pl.col("week") != 20), RULE), RULE)
    return Case(chart, "Week 9<", "y", "Week 3<", RULE.few, "Week 20<", 20)


def forecast() -> Case:
    held = by_month().with_columns(crime_count=pl.col("value")).filter(pl.col("month") != AT_HIDDEN)
    ahead = demand.demand_forecast().head(3).with_columns(month=pl.Series([dt.date(2025, n, 1) for n in (9, 10, 11)]))
    return of_months(demand_charts.forecast(held, ahead, (), SmallNumbers(5, 30)), hidden=False)


def caseload() -> Case:
    return of_months(demand_charts.monthly(by_month(), {"value": "mean"}, (), unit="open crimes"), hidden=False)


def captured() -> Case:
    origins = suspects.ranking_backtest().filter(pl.col("method") == "score").head(4)
    rows = origins.with_columns(captured_share=pl.Series([0.4, 0.0, None, 0.4]))
    days = [numbers.day(numbers.local_day(at)) for at in rows["as_of_at"]]
    zero, gap = (f"{day}</b><br>score" for day in days[1:3])
    return Case(repeats_charts.capture(rows, ["score"], "chance", ()), zero, "y", gap=gap)


def repeat_areas() -> Case:
    rows = named(share=[0.4, 0.0, None], shrunk_share=[0.3, 0.1, None], shrunk_lower=[0.2, 0.0, None],
                 shrunk_upper=[0.5, 0.2, None]).with_columns(area_name="name", label="name")  # fmt: skip
    return Case(repeats_charts.areas(rows, 0.3), f"{ZERO}</b><br>counted", gap=f"{SHUT}</b>")


def curves() -> Case:
    rows = pl.DataFrame({"cause": ["a"] * 4, "day": [30, 90, 180, 365], "incidence": [0.0, 0.2, None, 0.4],
                         "lower": [0.0, 0.1, None, 0.3], "upper": [0.1, 0.3, None, 0.5]}).with_columns(is_headline=True)
    return Case(repeats_charts.incidence(rows, ["a"]), "day 30<", "y", gap="day 180<", gap_at=180)


def listed() -> Case:
    rows = pl.DataFrame({"cohort": ["2024"] * 3, "months_since": [0, 3, 6], "mean_score": [60.0, 0.0, None],
                         "person_count": [80] * 3})  # fmt: skip
    return Case(repeats_charts.after_listing(rows), "Month 3<", "y", gap="Month 6<")


def delivered() -> Case:
    rows = invented.coverage(FORCES).with_columns(force_name="force_code")
    first = rows.filter("is_supplied").row(0, named=True)
    rows = rows.with_columns(row_count=pl.when(pl.struct("force_code", "month") == pl.struct(
        pl.lit(first["force_code"]).alias("force_code"), pl.lit(first["month"]).alias("month"))).then(0)
        .otherwise("row_count"))  # fmt: skip
    absent = rows.filter(~pl.col("is_supplied")).row(0, named=True)
    name, gone = (f"{row['force_name']}, {numbers.month(row['month'])}<" for row in (first, absent))
    return Case(over_time.coverage_matrix(rows, ()), name, "", gap=gone)


def gaps() -> Case:
    rows = pl.DataFrame({"month": MONTHS[:4], "gap": [5, 0, 2, 3], "longest_gap": [9.5] * 4,
                         "signal_direction": ["higher"] * 4, "segment": [1] * 4,
                         "limits_status": ["drawn"] * 4})  # fmt: skip
    return Case(explorer_gaps_section.chart(rows, (), "months"), "Feb 2025", "y")


def bars() -> Case:
    rows = named(value=[80.0, 0.0, None], words=["80", "0", RULE.few])
    return Case(across.bars(rows, label="name", value="value", words="words"), "", "x", SHUT, RULE.few)


def dots() -> Case:
    rows = named(value=[0.5, 0.0, None], lower=[0.4, 0.0, SECRET_SHARE], upper=[0.6, 0.1, SECRET_SHARE],
                 why=["", "", TOO_FEW])  # fmt: skip
    chart = intervals.dots(rows, label="name", value="value", lower="lower", upper="upper", words="why")
    return Case(chart, ZERO, "x", SHUT, TOO_FEW)


def plain_dots() -> Case:
    """Where the caller gives no words, the cross sends its reader to the table."""
    rows = named(value=[0.5, 0.0, None], lower=[0.4, 0.0, SECRET_SHARE], upper=[0.6, 0.1, SECRET_SHARE])
    return Case(intervals.dots(rows, label="name", value="value", lower="lower", upper="upper"), ZERO, "x", SHUT,
                WITHHELD)  # fmt: skip


def ranked() -> Case:
    rows = named(ranked=[80.0, 0.0, None], shown=["80", "0", HIDDEN])
    return Case(explorer_charts.ranked(rows, "crimes"), ZERO, "x", SHUT, HIDDEN)


def stages() -> Case:
    labels = [f"{SOME}: 80", f"{ZERO}: 0", f"{SHUT}: {RULE.few}"]
    rows = named(count=[80, 0, None]).with_columns(label=pl.Series(labels))
    return Case(protection_charts.bars(rows, label="label", count="count", unit="orders"), ZERO, "x", SHUT, RULE.few)


def small_charts() -> Case:
    points = by_month().select("month", "value", "segment", "is_hidden")
    return of_months(explorer_charts.multiples([("a", "A", points), ("b", "B", points)], (), "crimes", "month"))


def theme() -> Case:
    points = by_month().drop("is_hidden").filter(pl.col("month") != AT_HIDDEN).with_columns(crime_count=pl.col("value"))
    return of_months(assessment_charts.months(points, ()), hidden=False)


CASES: dict[str, Callable[[], Case]] = {
    "across.funnel": funnel, "across.bars": bars, "across.stacked": stacked, "district_map.district_map": districts,
    "force_map.force_map": forces, "intervals.dots": dots, "intervals.shares_over_time": shares,
    "over_time.control_chart": lambda: of_months(over_time.control_chart(by_month(), (), unit="crimes")),
    "over_time.coverage_matrix": delivered, "assessment_charts.months": theme,
    "explorer_charts.part_over_time": lambda: of_months(
        explorer_charts.part_over_time(by_month(), pl.DataFrame(), None, (), "crimes", "month", {AT_HIDDEN: "1"})
    ),
    "explorer_charts.ranked": ranked, "explorer_charts.multiples": small_charts,
    "explorer_charts.heat_map": parts_by_period, "explorer_charts.pairs": pairs, "explorer_gaps_section.chart": gaps,
    "demand_charts.forecast": forecast, "demand_charts.monthly": caseload,
    "outcomes_charts.stack": outcome_shares, "outcomes_charts.over_time": outcomes,
    "repeats_charts.areas": repeat_areas, "repeats_charts.incidence": curves,
    "repeats_charts.weeks": event_weeks, "repeats_charts.capture": captured, "repeats_charts.after_listing": listed,
    "protection_charts.bars": stages, "held_to_account_chart.by_quarter": quarters,
}  # fmt: skip
OTHERS = {  # functions that return a figure and need no case of their own, and why
    "breaks.mark_breaks": "adds lines to a chart", "cache.drawn_once": "keeps charts", "cache.drawn": "keeps charts",
    "sentences.carry": "adds a sentence", "style.new_figure": "an empty chart",
    "assessment_charts.matrix": "every theme has its scores", "assessment_charts.places": "every theme has its rank",
    "explorer_pairs_section._map": "draws pairs", "explorer_parts_sections._chart": "draws ranked bars or dots",
    "outcomes_sections._dots": "draws dots", "chosen_section._chart": "draws dots",
    "timeline_chart.chart": "entries of one pair: there are no figures",
    "weights_chart.waterfall": "weights of one pair: one without effect is in the table alone",
}  # fmt: skip


def test_every_function_that_draws_a_chart_is_tried() -> None:
    found = {
        f"{path.stem}.{node.name}"
        for path in FOLDER.parent.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef) and node.returns is not None and "go.Figure" in ast.unparse(node.returns)
    }
    assert found == CASES.keys() | OTHERS.keys() and not CASES.keys() & OTHERS.keys()


@pytest.fixture(params=[*CASES, "plain dots"])
def case(request: pytest.FixtureRequest) -> Case:
    return plain_dots() if request.param == "plain dots" else CASES[request.param]()


def saying(case: Case, words: str) -> list[Mark]:
    return [mark for mark in marks(as_json(case.figure)) if words in mark.words]


def test_zero_is_drawn_as_zero_and_says_0(case: Case) -> None:
    found = saying(case, case.zero) if case.zero else [m for m in marks(as_json(case.figure)) if m.words == "0"]
    found = [mark for mark in found if not (case.hidden and case.hidden in mark.words)]
    assert any(SAYS_0.search(mark.words.replace(case.zero, "")) for mark in found), [m.words for m in found]
    if case.axis:
        assert any(getattr(mark, case.axis) == 0 for mark in found)


def test_what_is_hidden_says_so_is_no_zero_and_is_nowhere_in_the_data(case: Case) -> None:
    sent = as_json(case.figure)
    digits = [match for match in re.findall(r"\d+(?:\.\d+)?", data_of(sent)) if float(match) in (SECRET, SECRET_SHARE)]
    assert digits == [] and f"{SECRET / 2000}" not in data_of(sent)
    if not case.hidden:
        return
    found = saying(case, case.hidden)
    assert found and all(case.why in mark.words for mark in found), [mark.words for mark in found]
    assert not [mark for mark in found if mark.z is not None], "no colour of a value"
    if case.axis:
        assert not [mark for mark in found if getattr(mark, case.axis) == 0 and mark.template]
    assert not any(SAYS_0.search(mark.words) for mark in found)


def test_what_is_missing_is_a_gap(case: Case) -> None:
    words = [mark.words for mark in marks(as_json(case.figure))]
    assert [said for said in words if NO_WORDS.search(said)] == []
    if case.gap:
        assert not [said for said in words if case.gap in said and SAYS_0.search(said.replace(case.gap, ""))]
    if case.gap_at is not None:
        assert not [mark for mark in marks(as_json(case.figure)) if mark.x == case.gap_at and mark.y is not None]
